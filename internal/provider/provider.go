// Package provider is the Terraform side: schemas, configuration, diagnostics
// and state of the provider and its data sources. What is asked and answered
// over the network is the business of package dts.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

var _ provider.ProviderWithFunctions = (*dtsProvider)(nil)

// New returns a constructor of the provider, which tells the API its version.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &dtsProvider{version: version} }
}

type dtsProvider struct{ version string }

func (p *dtsProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "dts"
	resp.Version = p.version
}

func (p *dtsProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	attributes, blocks := settingSchema()
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads jobs and prechecks of [Alibaba Cloud Data Transmission Service](https://www.alibabacloud.com/product/data-transmission-service) (DTS).",
		Attributes:          attributes,
		Blocks:              blocks,
	}
}

// Configure never fails for want of a region or credentials, and makes no
// connection: a configuration without data sources needs none of it.
func (p *dtsProvider) Configure(_ context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	v := readSettings(req.Config.Raw)
	c := newConnection(v, userAgent(p.version, req.TerraformVersion, v.text("configuration_source")), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	warnOfPlainHTTP(v, &resp.Diagnostics)
	resp.DataSourceData = c
}

func (p *dtsProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{newJobsDataSource, newPrecheckDataSource}
}

func (p *dtsProvider) Resources(context.Context) []func() resource.Resource { return nil }

func (p *dtsProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{newPrecheckVerdictFunction}
}
