package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// decode reads a configuration into a struct, and returns the arguments that
// are known only after apply.
func decode(raw tftypes.Value, into any, diags *diag.Diagnostics) (unknown []string) {
	unknown, err := shape.Decode(raw, into)
	if err != nil {
		diags.AddError("Unexpected Configuration", err.Error()+". Please report this issue to the provider developers.")
	}
	return unknown
}

// attributePath is the path of an argument, or of one in a block.
func attributePath(names []string) path.Path {
	p := path.Empty()
	for _, name := range names {
		p = p.AtName(name)
	}
	return p
}
