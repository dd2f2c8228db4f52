package provider_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// judged is a configuration that judges an answer.
func judged(answer string) string {
	return providerSource + `
locals {
  verdict = provider::dts::precheck_verdict(` + hcl(answer) + `)
}
output "verdict" { value = local.verdict.result }
output "summary" { value = local.verdict.failure_summary }
`
}

// hcl writes a text as a string of the configuration.
func hcl(text string) string {
	quoted, _ := json.Marshal(text) // A string always marshals.
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(string(quoted))
}

// TestVerdictOfSavedAnswers judges answers as they were saved.
func TestVerdictOfSavedAnswers(t *testing.T) {
	for name, test := range map[string]struct{ answer, want, summary string }{
		"passed":         {`{"State":"Finished","JobId":"j","Code":"01","JobProgress":[{"State":"Success"}]}`, "PASSED", ""},
		"failed":         {`{"State":"Failed","JobId":"j","JobProgress":[{"Item":"CHECK_X","State":"Failed"}]}`, "FAILED", "CHECK_X"},
		"caught up":      {`{"State":"Catched","JobId":"j","Code":"04"}`, "PASSED", ""},
		"still checking": {`{"State":"Checking","JobId":"j","Code":"01"}`, "RUNNING", "RUNNING"},
		"one page of several": {`{"State":"Finished","JobId":"j","TotalRecordCount":2,"PageRecordCount":1,"JobProgress":[{"State":"Success"}]}`,
			"UNKNOWN", "items are missing"},
		"a count that is just another one": {`{"State":"Finished","JobId":"j","TotalRecordCount":100,"PageRecordCount":20,"JobProgress":[{"State":"Success"}]}`, "PASSED", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCLI(t, folderWith(t, judged(test.answer)))
			output := c.must(t, "apply", "-auto-approve", "-no-color")
			if !strings.Contains(output, `verdict = "`+test.want+`"`) || !strings.Contains(output, test.summary) {
				t.Error(output)
			}
		})
	}
}

func TestWhatCantBeJudgedIsAnError(t *testing.T) {
	for answer, want := range map[string]string{
		`<html>`:                          "This is no answer of DescribePreCheckStatus",
		`{}`:                              "holds no state",
		`{"State":[]}`:                    "field State holds a list instead of a string",
		`{"Success":false,"ErrCode":"X"}`: "code: X",
	} {
		output, code := newCLI(t, folderWith(t, judged(answer))).run(t, "plan", "-no-color")
		if code == 0 || !words(want).MatchString(output) {
			t.Errorf("%s: exit code %d:\n%s", answer, code, output)
		}
	}
}
