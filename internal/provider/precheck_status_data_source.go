package provider

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

var _ datasource.DataSourceWithConfigure = (*precheckDataSource)(nil)

func newPrecheckDataSource() datasource.DataSource { return &precheckDataSource{} }

type precheckDataSource struct{ connection *connection }

// precheckArguments are the arguments that go to DescribePreCheckStatus as
// written.
var precheckArguments = []argument{
	{name: "dts_job_id", doc: "ID of the migration, synchronization or subscription job.", required: true},
	{name: "job_code", doc: "Code of the subtask: 01 precheck (default), 02 schema migration, 03 full data migration, 04 incremental migration.", known: dts.JobCode("").Known()},
	{name: "struct_type", doc: "Kind of schema definition: before (default) is the initial schema, after is DDL during incremental migration.", known: dts.StructType("").Valid(), closed: true},
	{name: "struct_phase", doc: "Lists only items of this phase, such as View; the verdict counts all items."},
	{name: "name", doc: "Lists only items of tables whose name has this part; the verdict counts all items."},
	{name: "resource_group_id", doc: "ID of the resource group of the job asked for."},
	{name: "zero_etl_job", doc: "Whether the job is a Zero-ETL integration job.", flag: true},
}

// Verdict is what is concluded from an answer.
type Verdict struct {
	Result         result    `tf:"result" doc:"Verdict over the subtask; any doubt is UNKNOWN."`
	Passed         bool      `tf:"passed" doc:"Whether the result is PASSED, and under fail_on_warnings without warnings; never null."`
	FailedItems    []finding `tf:"failed_items" doc:"Items that failed and were neither skipped nor ignored, and sub-jobs that failed without such an item."`
	WarningItems   []finding `tf:"warning_items" doc:"Items in state Warning, failures that were skipped or ignored, and what the assessment found."`
	FailureSummary string    `tf:"failure_summary" doc:"Why it is not passed, in words made for an error_message: result, progress, failed items with repairs; empty when passed is true."`
	StartedAt      *string   `tf:"started_at" doc:"Earliest start of the deciding items, in UTC by RFC 3339; null when none is given with its zone."`
	FinishedAt     *string   `tf:"finished_at" doc:"Latest finish of the deciding items, in UTC by RFC 3339; null when none is given with its zone."`
}

// precheckState is what a read computes.
type precheckState struct {
	Verdict
	dts.Precheck
}

var precheckShape = shape.Of[precheckState]()

func (d *precheckDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_precheck_status"
}

func (d *precheckDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := precheckShape.Attributes()
	for _, a := range precheckArguments {
		attributes[a.name] = a.attribute()
	}
	maps.Copy(attributes, map[string]schema.Attribute{
		"region": schema.StringAttribute{Optional: true,
			MarkdownDescription: "Region of the job's DTS instance; the provider's region when unset."},
		"page_size": schema.Int64Attribute{Optional: true, Validators: []validator.Int64{int64validator.Between(1, dts.LargestPage)},
			MarkdownDescription: "Items in one answer of the API; the most that it grants when unset. All pages are read either way."},
		"started_after": schema.StringAttribute{Optional: true, Validators: []validator.String{moment{}},
			MarkdownDescription: "Time by RFC 3339 before which no run counts: an older one is NOT_STARTED. Set it when a precheck is run again."},
		"fail_on_warnings": schema.BoolAttribute{Optional: true,
			MarkdownDescription: "Whether a warning keeps passed from being true; false by default."},
		"wait_for_completion": schema.BoolAttribute{Optional: true,
			MarkdownDescription: "Whether to poll until the result is PASSED, FAILED or SUSPENDED; false by default."},
		"poll_interval": schema.StringAttribute{Optional: true, Validators: []validator.String{duration{}},
			MarkdownDescription: "Time between polls; 10s by default."},
		"not_started_grace": schema.StringAttribute{Optional: true, Validators: []validator.String{duration{mayBeZero: true}},
			MarkdownDescription: "How long a wait goes on while the result is NOT_STARTED, or UNKNOWN in a final state, before it is returned as it is; 1m by default."},
	})
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads the precheck of a job, or a later subtask of it, item by item, with a verdict that gates a deployment. " +
			"A precheck that failed is data, not an error: use `passed` and `failure_summary` in a postcondition, a precondition or a check block.",
		Attributes: attributes,
		Blocks:     map[string]schema.Block{"timeouts": timeoutsBlock(ctx)},
	}
}

func (d *precheckDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.connection = connectionOf(req, resp)
}

func (d *precheckDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, cancel := withReadTimeout(ctx, req.Config, &resp.Diagnostics)
	defer cancel()
	values := arguments(req.Config.Raw)
	state, diags := d.read(ctx, values)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := setState(ctx, resp, values, precheckShape, state); err != nil {
		resp.Diagnostics.AddError("DTS precheck status does not fit into Terraform's state", fmt.Sprintf(
			"%d items were read, but %s. List fewer with name or struct_phase; the verdict counts all of them.",
			len(state.JobProgress), err))
	}
}

// read goes from arguments to computed state. The verdict comes from a reading
// of all items; filters only shape what is listed.
func (d *precheckDataSource) read(ctx context.Context, values argumentValues) (precheckState, diag.Diagnostics) {
	var diags diag.Diagnostics
	p := precheckQuery(values, d.connection.regionFor(values.text("region"), &diags))
	if diags.HasError() {
		return precheckState{}, diags
	}
	reading, v, err := p.await(ctx, d.connection.client, &diags)
	listed := reading
	if err == nil && p.filtered() {
		listed, err = d.connection.client.Precheck(ctx, p.listed)
	}
	if err != nil {
		diags.Append(d.connection.failure(ctx, "DTS precheck status could not be read", err, precheckParameters()))
		return precheckState{}, diags
	}
	return precheckState{Verdict: newVerdict(v, reading.Precheck, p.jobID(), p.question), Precheck: listed.Precheck}, diags
}

// newVerdict is a verdict as users see it.
func newVerdict(v verdict, p dts.Precheck, jobID string, q question) Verdict {
	return Verdict{
		Result:         v.result,
		Passed:         v.passed,
		FailedItems:    v.failed,
		WarningItems:   v.warnings,
		FailureSummary: summarize(v, p, jobID, q),
		StartedAt:      formatTime(v.started),
		FinishedAt:     formatTime(v.ended),
	}
}

// formatTime returns nil for a time that is not known.
func formatTime(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	text := t.UTC().Format(time.RFC3339Nano)
	return &text
}
