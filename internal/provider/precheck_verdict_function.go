package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

var _ function.Function = (*precheckVerdictFunction)(nil)

func newPrecheckVerdictFunction() function.Function { return &precheckVerdictFunction{} }

type precheckVerdictFunction struct{}

var verdictShape = shape.Of[verdict.Verdict]()

func (f *precheckVerdictFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "precheck_verdict"
}

func (f *precheckVerdictFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Determines the result of a precheck from saved responses",
		MarkdownDescription: "Returns the result that `dts_precheck_status` has for saved responses of `DescribePreCheckStatus`, without sending a request: " +
			"an object with `result`, `passed`, `failed_items`, `warning_items`, `pending_items`, `failure_summary`, `started_at` and `finished_at`. " +
			"The responses are the pages of one precheck, in any order. The result is `UNKNOWN` if pages or items are missing.",
		VariadicParameter: function.StringParameter{
			Name:                "page",
			MarkdownDescription: "Response of `DescribePreCheckStatus` as JSON. At least one is required.",
		},
		Return: function.ObjectReturn{AttributeTypes: verdictTypes()},
	}
}

func (f *precheckVerdictFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var texts []string
	if resp.Error = req.Arguments.Get(ctx, &texts); resp.Error != nil {
		return
	}
	report, err := parsePages(texts)
	if err != nil {
		resp.Error = err
		return
	}
	judgment := verdict.Judge(report.Precheck, verdict.Criteria{JobCode: valueOf(report.Code), ItemsMissing: report.ItemsMissing})
	resp.Error = setVerdict(ctx, resp, judgment.Verdict)
}

func parsePages(texts []string) (*dts.PrecheckReport, *function.FuncError) {
	if len(texts) == 0 {
		return nil, function.NewFuncError("At least one response of DescribePreCheckStatus is required.")
	}
	pages := make([][]byte, len(texts))
	for i, text := range texts {
		pages[i] = []byte(text)
	}
	report, err := dts.ParsePrecheckPages(pages...)
	var page *dts.PageError
	if errors.As(err, &page) {
		return nil, function.NewArgumentFuncError(int64(page.Index), "Not a response of DescribePreCheckStatus with a result: "+page.Err.Error())
	}
	return report, nil
}

func setVerdict(ctx context.Context, resp *function.RunResponse, v verdict.Verdict) *function.FuncError {
	object := types.ObjectType{AttrTypes: verdictTypes()}
	value, err := object.ValueFromTerraform(ctx, tftypes.NewValue(object.TerraformType(ctx), verdictShape.Values(v)))
	if err != nil {
		return function.NewFuncError(err.Error())
	}
	return resp.Result.Set(ctx, value)
}

func verdictTypes() map[string]attr.Type {
	attributes := map[string]attr.Type{}
	for name, attribute := range verdictShape.Attributes() {
		attributes[name] = attribute.GetType()
	}
	return attributes
}
