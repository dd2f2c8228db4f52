package provider

import "github.com/dts-community/terraform-provider-dts/internal/dts/api"

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*precheckGate)(nil)

func newPrecheckGate() ephemeral.EphemeralResource { return &precheckGate{} }

type precheckGate struct{ provider *providerData }

// precheckGateConfig is the configuration of dts_precheck_gate.
type precheckGateConfig struct {
	Region string `param:"RegionId" tf:"region" doc:"Region of the DTS instance of the job. Defaults to the region of the provider."`
	api.PrecheckSelection
	precheckRules

	Timeouts *openTimeouts `doc:"Timeouts of the ephemeral resource."`
}

var precheckGateResult = gateResult{precheckShape, []string{"result", "started_at", "finished_at"}}

func (g *precheckGate) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_precheck_gate"
}

func (g *precheckGate) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Fails unless a DTS precheck, or a later migration subtask, has passed. " +
			"An ephemeral resource is opened during plan and again during apply, so resources that depend on this one are not changed if the precheck no longer passes when a saved plan is applied. " +
			"Requires Terraform 1.10 or OpenTofu 1.11.",
		Attributes: shape.Ephemeral(precheckGateResult.attributes(shape.Arguments[precheckGateConfig]())),
		Blocks:     shape.EphemeralBlocks(shape.Blocks[precheckGateConfig]()),
	}
}

func (g *precheckGate) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	g.provider = configureEphemeral(req, resp)
}

func (g *precheckGate) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var config precheckGateConfig
	decode(req.Config.Raw, &config, &resp.Diagnostics)
	region := g.provider.regionFor(config.Region, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := config.Timeouts.limit(ctx)
	defer cancel()
	closed := fmt.Sprintf("Precheck Gate Closed: DTS Job %s", config.DtsJobID)
	report, judgment, err := config.judge(ctx, g.provider, region, api.PrecheckRequest{PrecheckSelection: config.PrecheckSelection}, &resp.Diagnostics)
	switch {
	case err != nil:
		resp.Diagnostics.Append(readDiagnostic[precheckGateConfig](ctx, g.provider, closed, err))
		return
	case !judgment.Passed:
		resp.Diagnostics.AddError(closed, g.provider.credentials.Redact(judgment.FailureSummary))
		return
	}
	if err := precheckGateResult.set(req, resp, precheckState{judgment.Verdict, report.Precheck}); err != nil {
		resp.Diagnostics.AddError("Unexpected Configuration", err.Error())
	}
}
