package provider

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// gateResult is what a gate that is open shows: some of the attributes of the
// data source that it is about.
type gateResult struct {
	shape *shape.Shape
	names []string
}

// attributes returns the attributes of a gate with the given arguments.
func (r gateResult) attributes(arguments map[string]schema.Attribute) map[string]schema.Attribute {
	attributes := selectKeys(r.shape.Attributes(), r.names)
	maps.Copy(attributes, arguments)
	return attributes
}

// set sets the result of a gate to its arguments and to what was read.
func (r gateResult) set(req ephemeral.OpenRequest, resp *ephemeral.OpenResponse, read any) error {
	var config map[string]tftypes.Value
	if err := req.Config.Raw.As(&config); err != nil {
		return err
	}
	resp.Result.Raw = overlaid(req.Config.Raw.Type(), config, selectKeys(r.shape.Values(read), r.names))
	return nil
}

func selectKeys[V any](all map[string]V, names []string) map[string]V {
	selected := make(map[string]V, len(names))
	for _, name := range names {
		selected[name] = all[name]
	}
	return selected
}
