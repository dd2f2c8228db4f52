package provider

import (
	"context"
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

var (
	_ datasource.DataSourceWithConfigure      = (*jobsDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*jobsDataSource)(nil)
)

func newJobsDataSource() datasource.DataSource { return &jobsDataSource{} }

type jobsDataSource struct{ connection *connection }

// jobFilters are the arguments that go to DescribeDtsJobs as written.
var jobFilters = []argument{
	{name: "job_type", doc: "Type of the jobs to list; MIGRATION when unset, as in the API.", known: dts.JobTypeFilter("").Known(), computed: true},
	{name: "type", doc: "What params is compared with; goes with params. A name is matched in part, the others whole.", known: dts.QueryType("").Known()},
	{name: "params", doc: "Value that type is about: a DTS instance ID, a job name or a part of it, or the ID of a source or destination RDS instance."},
	{name: "status", doc: "Only jobs in this state.", known: dts.JobStatus("").Known()},
	{name: "order_column", doc: "Column that the API sorts by; duLimit is for dedicated clusters. Without it and order_direction the list is sorted by dts_job_id.", known: dts.OrderColumn("").Known()},
	{name: "order_direction", doc: "Direction of sorting; ASC when only order_column is set.", known: dts.OrderDirection("").Valid(), closed: true},
	{name: "group_id", doc: "Only the job with this task ID."},
	{name: "dedicated_cluster_id", doc: "Only jobs on this DTS dedicated cluster."},
	{name: "resource_group_id", doc: "Only jobs of this resource group."},
	{name: "without_db_list", doc: "Whether the API leaves out db_object, which can be long; true makes the answer smaller and faster.", flag: true},
	{name: "dts_bis_label", doc: "Only instances with this environment label.", known: dts.BisLabel("").Known()},
	{name: "zero_etl_job", doc: "Whether to list Zero-ETL integration jobs.", flag: true},
	{name: "instance_type", doc: "Only jobs with a source or destination instance of this type, such as RDS; usually goes with instance_id."},
	{name: "instance_id", doc: "Only jobs with this source or destination instance, of the type in instance_type."},
	{name: "src_product_type", doc: "Only jobs whose source instance is of this type, such as RDS."},
	{name: "dest_product_type", doc: "Only jobs whose destination instance is of this type, such as PolarDB."},
}

// jobsState is what a read computes.
type jobsState struct {
	ID         string   `tf:"id" doc:"Hash of the arguments."`
	IDs        []string `tf:"ids" doc:"IDs of jobs, in the same order."`
	Names      []string `tf:"names" doc:"Names of jobs, in the same order; empty for a job without one."`
	MissingIDs []string `tf:"missing_ids" doc:"IDs asked for in dts_job_ids and dts_instance_ids that no job was found for; empty when page_number is set."`
	dts.JobList
}

var jobsShape = shape.Of[jobsState]()

func (d *jobsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_jobs"
}

func (d *jobsDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := jobsShape.Attributes()
	for _, a := range jobFilters {
		attributes[a.name] = a.attribute()
	}
	maps.Copy(attributes, map[string]schema.Attribute{
		"region": schema.StringAttribute{Optional: true,
			MarkdownDescription: "Region of the DTS instances; the provider's region when unset."},
		"tags": schema.MapAttribute{Optional: true, ElementType: types.StringType, Validators: []validator.Map{noNullValues{}},
			MarkdownDescription: "Only jobs that have all of these tags."},
		"dts_job_ids": schema.SetAttribute{Optional: true, ElementType: types.StringType, Validators: []validator.Set{ids{}},
			MarkdownDescription: "Only jobs with these IDs, any number of them; an empty set lists no job. They must be of job_type."},
		"dts_instance_ids": schema.SetAttribute{Optional: true, ElementType: types.StringType, Validators: []validator.Set{ids{}},
			MarkdownDescription: "Only jobs of DTS instances with these IDs, any number of them; an empty set lists no job."},
		"name_regex": schema.StringAttribute{Optional: true, Validators: []validator.String{expression{}},
			MarkdownDescription: "Only jobs whose dts_job_name matches this regular expression, applied after the read."},
		"page_size": schema.Int64Attribute{Optional: true,
			Validators:          []validator.Int64{int64validator.Between(1, dts.LargestPage), documentedSize(dts.PageSizes)},
			MarkdownDescription: "Jobs in one answer of the API; the most that it grants when unset."},
		"page_number": schema.Int64Attribute{Optional: true, Validators: []validator.Int64{int64validator.AtLeast(1)},
			MarkdownDescription: "Reads this page alone, from 1; all pages when unset."},
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists migration, synchronization and subscription jobs with every status that the API answers. " +
			"All pages are read, and a list is whole or it is an error; no match is an empty list.",
		Attributes: attributes,
		Blocks:     map[string]schema.Block{"timeouts": timeoutsBlock(ctx)},
	}
}

func (d *jobsDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.connection = connectionOf(req, resp)
}

// ValidateConfig checks arguments against each other, as far as they are known.
func (d *jobsDataSource) ValidateConfig(_ context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	values := arguments(req.Config.Raw)
	if values.known("type") && values.known("params") && (values.text("type") == "") != (values.text("params") == "") {
		set, missing := "type", "params"
		if values.text(set) == "" {
			set, missing = missing, set
		}
		resp.Diagnostics.AddAttributeError(path.Root(missing), "Missing "+missing,
			fmt.Sprintf("%s is set, which says nothing without %s. Set both or neither.", set, missing))
	}
	for _, name := range []string{"dts_job_ids", "dts_instance_ids"} {
		if values.known(name) && len(values.texts(name)) > dts.IDsPerCall {
			rejectManyIDs(name, values, &resp.Diagnostics)
		}
	}
}

// rejectManyIDs rejects what no list out of several calls can keep.
func rejectManyIDs(ids string, values argumentValues, diags *diag.Diagnostics) {
	_, paged := values.number("page_number")
	for name, set := range map[string]bool{
		"page_number":     paged,
		"order_column":    values.text("order_column") != "",
		"order_direction": values.text("order_direction") != "",
	} {
		if set {
			diags.AddAttributeError(path.Root(name), "Too many ids for "+name,
				fmt.Sprintf("%s holds more than %d ids, which take several calls, and %s only holds within one. "+
					"Leave it out, and sort or slice in Terraform, or ask for fewer ids.", ids, dts.IDsPerCall, name))
		}
	}
}

func (d *jobsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, cancel := withReadTimeout(ctx, req.Config, &resp.Diagnostics)
	defer cancel()
	values := arguments(req.Config.Raw)
	state, diags := d.read(ctx, values)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if values["job_type"].IsNull() {
		values = maps.Clone(values) // The map is the configuration's own.
		values["job_type"] = tftypes.NewValue(tftypes.String, string(dts.FilterMigration))
	}
	if err := setState(ctx, resp, values, jobsShape, state); err != nil {
		resp.Diagnostics.AddError("DTS jobs do not fit into Terraform's state", fmt.Sprintf(
			"%d jobs were read, but %s. Ask for less: without_db_list = true leaves out what is longest, "+
				"status, job_type, dts_job_ids and dts_instance_ids narrow the list, and page_number reads it page by page.",
			len(state.Jobs), err))
	}
}

// read goes from arguments to computed state.
func (d *jobsDataSource) read(ctx context.Context, values argumentValues) (jobsState, diag.Diagnostics) {
	var diags diag.Diagnostics
	query := jobsQuery(values, d.connection.regionFor(values.text("region"), &diags))
	if diags.HasError() {
		return jobsState{}, diags
	}
	listing, err := d.connection.client.Jobs(ctx, query)
	if err != nil {
		diags.Append(d.connection.failure(ctx, "DTS jobs could not be listed", err, jobParameters()))
		return jobsState{}, diags
	}
	state, warnings := newJobsState(query, listing, values.text("name_regex"))
	diags.Append(warnings...)
	return state, diags
}
