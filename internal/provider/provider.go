// Package provider is the Terraform side: schemas, configuration, diagnostics
// and state of the provider, its data sources, ephemeral resources and
// functions. Requests and responses are in package dts.
package provider

import (
	"context"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

var (
	_ provider.ProviderWithFunctions          = (*dtsProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*dtsProvider)(nil)
)

// New returns a constructor of the provider.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &dtsProvider{version: version, getenv: os.Getenv} }
}

type dtsProvider struct {
	version string
	getenv  func(string) string
}

func (p *dtsProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "dts"
	resp.Version = p.version
}

func (p *dtsProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = shape.ToProvider(schema.Schema{
		MarkdownDescription: "Use the DTS provider to read jobs and prechecks of [Alibaba Cloud Data Transmission Service](https://www.alibabacloud.com/product/data-transmission-service) (DTS).",
		Attributes:          shape.Arguments[credentials.Settings](),
		Blocks:              shape.Blocks[credentials.Settings](),
	})
}

// Configure does not fail if region or credentials are missing, and opens no
// connection: a configuration without data sources needs none of it.
func (p *dtsProvider) Configure(_ context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var block credentials.Settings
	unknown := decode(req.Config.Raw, &block, &resp.Diagnostics)
	c, failed := credentials.Resolve(block, p.getenv)
	for _, err := range failed {
		resp.Diagnostics.AddAttributeError(attributePath(err.Path), "Invalid Environment Variable", err.Error())
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if c.Protocol == "HTTP" && !c.Endpoints.DTS.IsLoopback() {
		resp.Diagnostics.AddAttributeWarning(path.Root("protocol"), "Unencrypted Requests",
			"With protocol set to HTTP, requests, responses and security tokens are sent unencrypted. Use HTTPS for any host other than this machine.")
	}
	if c.SendsURIUnencrypted() {
		resp.Diagnostics.AddAttributeWarning(path.Root("credentials_uri"), "Unencrypted Requests",
			"With an http:// address in credentials_uri, credentials are received unencrypted. Use https:// for any host other than this machine.")
	}
	data := newProviderData(c, unknown, userAgent(p.version, req.TerraformVersion, string(c.ConfigurationSource)))
	resp.DataSourceData, resp.EphemeralResourceData = data, data
}

func (p *dtsProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{jobSource.new, jobsSource.new, precheckSource.new, apiResponseSource.new}
}

func (p *dtsProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{jobGate.new, precheckGate.new}
}

func (p *dtsProvider) Resources(context.Context) []func() resource.Resource { return nil }

func (p *dtsProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{newPrecheckVerdict}
}
