package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/provider"
)

// precheckVerdict calls the function with saved responses.
func precheckVerdict(t *testing.T, pages ...string) (map[string]tftypes.Value, *tfprotov6.FunctionError) {
	t.Helper()
	server := provider.NewServer("test")()
	var arguments []*tfprotov6.DynamicValue
	for _, page := range pages {
		value, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, page))
		if err != nil {
			t.Fatal(err)
		}
		arguments = append(arguments, &value)
	}
	functions, err := server.GetFunctions(t.Context(), &tfprotov6.GetFunctionsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{Name: "precheck_verdict", Arguments: arguments})
	if err != nil {
		t.Fatal(err)
	}
	if resp.Error != nil {
		return nil, resp.Error
	}
	result, err := resp.Result.Unmarshal(functions.Functions["precheck_verdict"].Return.Type)
	if err != nil {
		t.Fatal(err)
	}
	return attributesOf(t, result), nil
}

// savedPage is one page of a subtask with a number of items, saved.
func savedPage(number, from, to, counted int) string {
	var items []string
	for i := from; i < to; i++ {
		items = append(items, fmt.Sprintf(`{"Item":"I%d","State":"Success"}`, i))
	}
	return fmt.Sprintf(`{"State":"Finished","JobId":"j","Code":"01","PageNumber":%d,"TotalRecordCount":%d,"JobProgress":[%s]}`,
		number, counted, strings.Join(items, ","))
}

// TestVerdictOfSavedResponses determines the result of saved responses.
func TestVerdictOfSavedResponses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		pages   []string
		want    string
		summary string
	}{
		"passed":         {[]string{`{"State":"Finished","JobId":"j","Code":"01","JobProgress":[{"State":"Success"}]}`}, "PASSED", ""},
		"failed":         {[]string{`{"State":"Failed","JobId":"j","JobProgress":[{"Item":"CHECK_X","State":"Failed"}]}`}, "FAILED", "CHECK_X"},
		"caught up":      {[]string{`{"State":"Catched","JobId":"j","Code":"04"}`}, "PASSED", ""},
		"still checking": {[]string{`{"State":"Checking","JobId":"j","Code":"01"}`}, "RUNNING", "RUNNING"},
		"no items":       {[]string{`{"State":"Finished","JobId":"j","Code":"01"}`}, "UNKNOWN", "no item"},
		"two pages":      {[]string{savedPage(1, 0, 2, 3), savedPage(2, 2, 3, 3)}, "PASSED", ""},
		"another order":  {[]string{savedPage(2, 2, 3, 3), savedPage(1, 0, 2, 3)}, "PASSED", ""},
		"first page":     {[]string{savedPage(1, 0, 2, 3)}, "UNKNOWN", "items are missing"},
		"last page":      {[]string{savedPage(2, 2, 3, 3)}, "UNKNOWN", "items are missing"},
		"page twice":     {[]string{savedPage(1, 0, 2, 2), savedPage(1, 0, 2, 2)}, "UNKNOWN", "items are missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			verdict, failure := precheckVerdict(t, test.pages...)
			if failure != nil {
				t.Fatal(failure.Text)
			}
			if result := stringOf(t, verdict["result"]); result != test.want {
				t.Errorf("result %s, want %s", result, test.want)
			}
			if summary := stringOf(t, verdict["failure_summary"]); !strings.Contains(summary, test.summary) || (summary == "") != (test.want == "PASSED") {
				t.Errorf("summary %q", summary)
			}
		})
	}
}

// TestVerdictOfOtherText wants an error about the response at fault, in words
// of responses.
func TestVerdictOfOtherText(t *testing.T) {
	t.Parallel()
	const good = `{"State":"Finished","JobId":"j","PageNumber":1,"JobProgress":[{"State":"Success"}]}`
	for name, test := range map[string]struct {
		pages    []string
		argument int64
		want     string
	}{
		"HTML":       {[]string{`<html>`}, 0, "Not a response of DescribePreCheckStatus"},
		"empty":      {[]string{`{}`}, 0, "no state"},
		"wrong type": {[]string{`{"State":[]}`}, 0, "State"},
		"refusal":    {[]string{`{"Success":false,"ErrCode":"X","ErrMessage":"m"}`}, 0, "X"},
		"second":     {[]string{good, `<html>`}, 1, "Not a response of DescribePreCheckStatus"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, failure := precheckVerdict(t, test.pages...)
			if failure == nil || !strings.Contains(failure.Text, test.want) || failure.FunctionArgument == nil || *failure.FunctionArgument != test.argument {
				t.Fatalf("error %+v", failure)
			}
			for _, word := range []string{"endpoint", "request ID", "attempts", "region", "dts.", "map["} {
				if strings.Contains(failure.Text, word) {
					t.Errorf("%q in %q", word, failure.Text)
				}
			}
		})
	}
	if _, failure := precheckVerdict(t); failure == nil || !strings.Contains(failure.Text, "At least one response") {
		t.Errorf("error %+v without a response", failure)
	}
}
