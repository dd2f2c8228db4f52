package provider

import "github.com/dts-community/terraform-provider-dts/internal/dts/api"

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

var _ datasource.DataSourceWithConfigure = (*precheckStatusDataSource)(nil)

func newPrecheckStatusDataSource() datasource.DataSource { return &precheckStatusDataSource{} }

type precheckStatusDataSource struct{ provider *providerData }

// precheckConfig is the configuration of dts_precheck_status.
type precheckConfig struct {
	Region string `param:"RegionId" tf:"region" doc:"Region of the DTS instance of the job. Defaults to the region of the provider."`
	api.PrecheckRequest
	precheckRules

	Timeouts *readTimeouts `doc:"Timeouts of the data source."`
}

// precheckState is what a read computes.
type precheckState struct {
	verdict.Verdict
	api.Precheck
}

var precheckShape = shape.Of[precheckState]()

func (d *precheckStatusDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_precheck_status"
}

func (d *precheckStatusDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := precheckShape.Attributes()
	maps.Copy(attributes, shape.Arguments[precheckConfig]())
	resp.Schema = schema.Schema{
		MarkdownDescription: "Provides the result of a DTS precheck, or of a later migration subtask, with all items and an overall result for gating deployments. " +
			"A failed precheck does not fail the read. Use `passed` and `failure_summary` in a postcondition, precondition or check block.",
		Attributes: attributes,
		Blocks:     shape.Blocks[precheckConfig](),
	}
}

func (d *precheckStatusDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.provider = configureDataSource(req, resp)
}

func (d *precheckStatusDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config precheckConfig
	decode(req.Config.Raw, &config, &resp.Diagnostics)
	region := d.provider.regionFor(config.Region, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := config.Timeouts.limit(ctx)
	defer cancel()
	state, err := d.read(ctx, region, config, &resp.Diagnostics)
	if err != nil {
		resp.Diagnostics.Append(readDiagnostic[precheckConfig](ctx, d.provider, "Unable to Read DTS Precheck Status", err))
		return
	}
	if err := setState(ctx, req, resp, precheckShape, state); err != nil {
		resp.Diagnostics.AddError("DTS Precheck Status Exceeds the State Limit", fmt.Sprintf(
			"%d items were read, but %s. Set name or struct_phase to store fewer items; they do not affect the result.", len(state.JobProgress), err))
	}
}
