package provider

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// stateOf is the state of a data source: the arguments as written, with the
// computed values over them.
func stateOf(config tftypes.Value, computed map[string]tftypes.Value) tftypes.Value {
	values := map[string]tftypes.Value{}
	maps.Copy(values, arguments(config))
	maps.Copy(values, computed)
	return tftypes.NewValue(config.Type(), values)
}
