package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

var (
	_ ephemeral.EphemeralResourceWithConfigure      = (*jobGate)(nil)
	_ ephemeral.EphemeralResourceWithValidateConfig = (*jobGate)(nil)
)

func newJobGate() ephemeral.EphemeralResource { return &jobGate{} }

type jobGate struct{ provider *providerData }

// jobGateConfig is the configuration of dts_job_gate.
type jobGateConfig struct {
	Region string `param:"Region,RegionId" tf:"region" doc:"Region of the DTS instances. Defaults to the region of the provider."`
	dts.JobQuery
	jobCondition

	Wait     bool          `doc:"Whether to poll until the job meets the condition, for at most 'timeouts.open'. Defaults to 'false'. A wait ends early if three consecutive polls find a status that the job does not leave by itself."`
	Timeouts *openTimeouts `doc:"Timeouts of the ephemeral resource."`
}

var jobGateResult = gateResult{jobShape, []string{"dts_job_id", "dts_instance_id", "dts_job_name", "status", "delay_seconds"}}

func (g *jobGate) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_job_gate"
}

func (g *jobGate) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Fails unless a DTS job has a given status and a small enough delay, for example before a cutover. " +
			"An ephemeral resource is opened during plan and again during apply, so resources that depend on this one are not changed if the delay has grown when a saved plan is applied. " +
			"Requires Terraform 1.10 or OpenTofu 1.11.",
		Attributes: shape.Ephemeral(jobGateResult.attributes(shape.Arguments[jobGateConfig]())),
		Blocks:     shape.EphemeralBlocks(shape.Blocks[jobGateConfig]()),
	}
}

func (g *jobGate) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	g.provider = configureEphemeral(req, resp)
}

func (g *jobGate) ValidateConfig(_ context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse) {
	var config jobGateConfig
	unknown := decode(req.Config.Raw, &config, &resp.Diagnostics)
	validateQuery(config.JobQuery, unknown, &resp.Diagnostics)
	config.validate(path.Empty(), unknown, &resp.Diagnostics)
}

func (g *jobGate) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var config jobGateConfig
	decode(req.Config.Raw, &config, &resp.Diagnostics)
	region := g.provider.regionFor(config.Region, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := config.Timeouts.limit(ctx)
	defer cancel()
	closed := fmt.Sprintf("Job Gate Closed: DTS Job with the %s", config.JobQuery)
	found, err := g.find(ctx, region, config)
	switch {
	case err != nil:
		resp.Diagnostics.Append(readDiagnostic[jobGateConfig](ctx, g.provider, closed, err))
		return
	case !config.holds(found.Job):
		resp.Diagnostics.AddError(closed, g.provider.credentials.Redact(fmt.Sprintf(
			"Required: %s. Found: %s.", config.jobCondition, describeJob(found))))
		return
	}
	if err := jobGateResult.set(req, resp, found.Job); err != nil {
		resp.Diagnostics.AddError("Unexpected Configuration", err.Error())
	}
}

func (g *jobGate) find(ctx context.Context, region string, config jobGateConfig) (*dts.FoundJob, error) {
	if !config.Wait {
		return g.provider.client.FindJob(ctx, region, config.JobQuery)
	}
	w := jobWait{provider: g.provider, region: region, query: config.JobQuery, condition: config.jobCondition}
	return w.run(ctx)
}
