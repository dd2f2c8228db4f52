package provider

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

var _ function.Function = (*precheckVerdictFunction)(nil)

func newPrecheckVerdictFunction() function.Function { return &precheckVerdictFunction{} }

// precheckVerdictFunction judges a saved answer, for policies and tests that
// call no API.
type precheckVerdictFunction struct{}

var verdictShape = shape.Of[Verdict]()

func (f *precheckVerdictFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "precheck_verdict"
}

func (f *precheckVerdictFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Judges a saved answer of DescribePreCheckStatus",
		MarkdownDescription: "Draws the verdict of `dts_precheck_status` from a saved answer of DescribePreCheckStatus, with no call: " +
			"an object with `result`, `passed`, `failed_items`, `warning_items`, `failure_summary`, `started_at` and `finished_at`. " +
			"The job code is that of the answer. A full page that counts more items than it has is UNKNOWN, for it is not the whole answer.",
		Parameters: []function.Parameter{function.StringParameter{
			Name:                "json",
			MarkdownDescription: "The answer as the API sent it, in JSON.",
		}},
		Return: function.ObjectReturn{AttributeTypes: verdictTypes()},
	}
}

func (f *precheckVerdictFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	reading, err := dts.ParsePrecheck([]byte(text))
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, "This is no answer of DescribePreCheckStatus that can be judged: "+err.Error())
		return
	}
	q := question{jobCode: cmp.Or(orEmpty(reading.Code), dts.JobCodePrecheck), incomplete: reading.Incomplete}
	verdict := newVerdict(judge(reading.Precheck, q), reading.Precheck, orEmpty(reading.JobID), q)
	object := types.ObjectType{AttrTypes: verdictTypes()}
	value, err := object.ValueFromTerraform(ctx, tftypes.NewValue(object.TerraformType(ctx), verdictShape.Values(verdict)))
	if err != nil {
		resp.Error = function.NewFuncError(err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, value)
}

func verdictTypes() map[string]attr.Type {
	attributes := map[string]attr.Type{}
	for name, attribute := range verdictShape.Attributes() {
		attributes[name] = attribute.GetType()
	}
	return attributes
}
