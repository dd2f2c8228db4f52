package provider

import "github.com/dts-community/terraform-provider-dts/internal/dts/api"

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

var (
	_ datasource.DataSourceWithConfigure      = (*jobDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*jobDataSource)(nil)
)

func newJobDataSource() datasource.DataSource { return &jobDataSource{} }

type jobDataSource struct{ provider *providerData }

// jobConfig is the configuration of dts_job.
type jobConfig struct {
	Region string `param:"Region,RegionId" tf:"region" doc:"Region of the DTS instances. Defaults to the region of the provider."`
	dts.JobQuery

	WaitFor  *jobCondition `doc:"Polls until the job meets a condition: at least one of 'statuses' and 'max_delay_seconds' must be set, and the job must meet both that are. The wait ends early, with a warning, if three consecutive polls find a status that the job does not leave by itself, such as 'PrecheckFailed' or 'Suspending', and the condition is not met."`
	Timeouts *readTimeouts `doc:"Timeouts of the data source."`
}

var jobShape = shape.Of[api.Job]()

func (d *jobDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_job"
}

func (d *jobDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := jobShape.Attributes()
	maps.Copy(attributes, shape.Arguments[jobConfig]())
	resp.Schema = schema.Schema{
		MarkdownDescription: "Provides one DTS job, looked up by ID, instance ID or name, with every field that `dts_jobs` has of a job. " +
			"If not exactly one job matches, the data source returns an error.",
		Attributes: attributes,
		Blocks:     shape.Blocks[jobConfig](),
	}
}

func (d *jobDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.provider = configureDataSource(req, resp)
}

func (d *jobDataSource) ValidateConfig(_ context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config jobConfig
	unknown := decode(req.Config.Raw, &config, &resp.Diagnostics)
	validateQuery(config.JobQuery, unknown, &resp.Diagnostics)
	if config.WaitFor != nil {
		config.WaitFor.validate(path.Root("wait_for"), unknown, &resp.Diagnostics)
	}
}

func (d *jobDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config jobConfig
	decode(req.Config.Raw, &config, &resp.Diagnostics)
	region := d.provider.regionFor(config.Region, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := config.Timeouts.limit(ctx)
	defer cancel()
	found, err := d.read(ctx, region, config, &resp.Diagnostics)
	if err != nil {
		resp.Diagnostics.Append(readDiagnostic[jobConfig](ctx, d.provider, "Unable to Read DTS Job", err))
		return
	}
	if err := setState(ctx, req, resp, jobShape, found.Job); err != nil {
		resp.Diagnostics.AddError("DTS Job Exceeds the State Limit", fmt.Sprintf(
			"The job was read, but %s. Use dts_jobs with job_attributes to store only the attributes you need.", err))
	}
}

func (d *jobDataSource) read(ctx context.Context, region string, config jobConfig, diags *diag.Diagnostics) (*dts.FoundJob, error) {
	if config.WaitFor == nil {
		return d.provider.client.FindJob(ctx, region, config.JobQuery)
	}
	w := jobWait{provider: d.provider, region: region, query: config.JobQuery, condition: *config.WaitFor}
	found, err := w.run(ctx)
	if err == nil && !w.condition.holds(found.Job) {
		diags.AddAttributeWarning(path.Root("wait_for"), "Wait Ended Early", fmt.Sprintf(
			"The condition of wait_for is not met, and the job does not leave its status by itself. Required: %s. Found: %s. "+
				"If this status is wanted, add it to wait_for.statuses.", w.condition, describeJob(found)))
	}
	return found, err
}
