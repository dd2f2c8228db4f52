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
)

var (
	_ datasource.DataSourceWithConfigure      = (*jobsDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*jobsDataSource)(nil)
)

func newJobsDataSource() datasource.DataSource { return &jobsDataSource{} }

type jobsDataSource struct{ provider *providerData }

// jobsConfig is the configuration of dts_jobs.
type jobsConfig struct {
	Region string `param:"Region,RegionId" tf:"region" doc:"Region of the DTS instances. Defaults to the region of the provider."`
	api.JobsRequest

	NameRegex     regularExpression `doc:"Filters by job name with a regular expression, applied after the jobs are read."`
	JobAttributes []jobAttribute    `doc:"Attributes of a job to store in state, in addition to 'dts_job_id'. The others are null, or empty if they are lists or maps. Defaults to all attributes. Without 'db_object' and 'reverse_job', 'without_db_list' defaults to 'true'."`
	Timeouts      *readTimeouts     `doc:"Timeouts of the data source."`
}

// jobsState is what a read computes.
type jobsState struct {
	ID         string            `tf:"id" doc:"Hash of the arguments."`
	JobType    api.JobTypeFilter `tf:"job_type"`
	IDs        []string          `tf:"ids" doc:"IDs of 'jobs', in the same order."`
	Names      []string          `tf:"names" doc:"Names of 'jobs', in the same order. Empty for a job without a name."`
	MissingIDs []api.ID          `tf:"missing_ids" doc:"IDs in 'dts_job_ids' and 'dts_instance_ids' for which no job was found. Always empty if 'page_number' is set."`
	api.JobList
}

var jobsShape = shape.Of[jobsState]()

func (d *jobsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_jobs"
}

func (d *jobsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := jobsShape.Attributes()
	maps.Copy(attributes, shape.Arguments[jobsConfig]())
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists DTS migration, synchronization and change tracking jobs, with every field returned by `DescribeDtsJobs`. " +
			"All pages are read; if the complete list cannot be read, the data source returns an error. If nothing matches, `jobs` is empty.",
		Attributes: attributes,
		Blocks:     shape.Blocks[jobsConfig](),
	}
}

func (d *jobsDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.provider = configureDataSource(req, resp)
}

func (d *jobsDataSource) ValidateConfig(_ context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config jobsConfig
	unknown := decode(req.Config.Raw, &config, &resp.Diagnostics)
	resp.Diagnostics.Append(config.validate(unknown)...)
}

func (d *jobsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config jobsConfig
	decode(req.Config.Raw, &config, &resp.Diagnostics)
	region := d.provider.regionFor(config.Region, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := config.Timeouts.limit(ctx)
	defer cancel()
	config.JobsRequest = config.request()
	listing, err := d.provider.client.Jobs(ctx, region, config.JobsRequest)
	if err != nil {
		resp.Diagnostics.Append(readDiagnostic[jobsConfig](ctx, d.provider, "Unable to List DTS Jobs", err))
		return
	}
	resp.Diagnostics.Append(config.warnings(region, listing)...)
	if err := setState(ctx, req, resp, config.shape(), newJobsState(region, config, listing)); err != nil {
		resp.Diagnostics.AddError("DTS Jobs Exceed the State Limit", fmt.Sprintf(
			"%d jobs were read, but %s. Set job_attributes to the attributes you need, omit db_object with without_db_list = true, "+
				"or list fewer jobs with status, job_type, dts_job_ids, dts_instance_ids or page_number.", len(listing.Jobs), err))
	}
}
