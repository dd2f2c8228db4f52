package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
)

// Environment is what an empty provider block comes to: what the environment
// says, for commands that sign in as the provider does.
type Environment struct {
	SignIn   credentials.Config
	Region   string // empty: that of the profile
	Endpoint string // of the DTS API; empty: the region's own
}

// ReadEnvironment reads the variables that stand for provider arguments.
func ReadEnvironment() Environment {
	v := readSettings(tftypes.NewValue(tftypes.DynamicPseudoType, nil))
	var diags diag.Diagnostics // Only blocks have numbers that count here, and there are none.
	return Environment{SignIn: signIn(v, &diags), Region: v.text("region"), Endpoint: v.text("endpoints.dts")}
}
