package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/printable"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

// savedVerdict is the result of the function precheck_verdict.
type savedVerdict struct {
	JobID   *string      `tf:"job_id" doc:"ID of the task in the responses."`
	JobCode *api.JobCode `tf:"job_code" doc:"Code of the subtask in the responses."`
	verdict.Verdict
}

var savedVerdictShape = shape.Of[savedVerdict]()

// precheckVerdict is the function precheck_verdict.
type precheckVerdict struct{}

func newPrecheckVerdict() function.Function { return &precheckVerdict{} }

func (f *precheckVerdict) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "precheck_verdict"
}

func (f *precheckVerdict) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Determines the result of a precheck from saved responses",
		MarkdownDescription: "Returns the result that `dts_precheck_status` has for saved responses of `DescribePreCheckStatus`, without sending a request: " +
			"an object with `job_id`, `job_code`, `result`, `passed`, `failed_items`, `warning_items`, `pending_items`, `failure_summary`, `started_at` and `finished_at`. " +
			"The responses are the pages of one precheck, in any order. The result is `UNKNOWN` if pages or items are missing, or if the pages are not of one precheck.",
		VariadicParameter: function.StringParameter{
			Name:                "page",
			MarkdownDescription: "Response of `DescribePreCheckStatus` as JSON. At least one is required.",
		},
		Return: function.ObjectReturn{AttributeTypes: savedVerdictTypes()},
	}
}

func (f *precheckVerdict) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var texts []string
	if resp.Error = req.Arguments.Get(ctx, &texts); resp.Error != nil {
		return
	}
	if len(texts) == 0 {
		resp.Error = function.NewFuncError("At least one response of DescribePreCheckStatus is required")
		return
	}
	pages := make([][]byte, len(texts))
	for i, text := range texts {
		pages[i] = []byte(text)
	}
	p, err := dts.ParsePrecheckPages(pages...)
	if page := new(dts.PageError); errors.As(err, &page) {
		resp.Error = function.NewArgumentFuncError(int64(page.Index),
			"Not a response of DescribePreCheckStatus with a result: "+printable.Line(page.Error(), maxDetail))
		return
	}
	doubt := verdict.NoDoubt
	switch {
	case p.Inconsistent:
		doubt = verdict.Inconsistent
	case p.ItemsMissing:
		doubt = verdict.ItemsMissing
	}
	code := api.Value(p.Code)
	if code == "" {
		code = api.DefaultJobCode
	}
	result := savedVerdict{JobID: p.JobID, JobCode: p.Code, Verdict: verdict.Judge(p.Precheck, doubt, verdict.Criteria{JobCode: code})}
	values, err := savedVerdictShape.Values(result)
	if err != nil {
		resp.Error = function.NewFuncError(err.Error())
		return
	}
	object := types.ObjectType{AttrTypes: savedVerdictTypes()}
	value, err := object.ValueFromTerraform(ctx, tftypes.NewValue(object.TerraformType(ctx), values))
	if err != nil {
		resp.Error = function.NewFuncError(err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, value)
}

func savedVerdictTypes() map[string]attr.Type {
	attributes := map[string]attr.Type{}
	for name, attribute := range savedVerdictShape.Attributes() {
		attributes[name] = attribute.GetType()
	}
	return attributes
}
