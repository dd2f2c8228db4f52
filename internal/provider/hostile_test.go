package provider_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// escapes is a text that would clear the screen, color the text after it, make a
// link, and reverse the direction of writing.
const escapes = "\x1b[2J\x1b[32mApply complete!\x1b]8;;https://example.com\x07\u202e\u2066 \u009b31m\r"

// TestNothingFromAResponseReachesTheTerminal has the text in all places of a
// response that diagnostics show. State keeps it.
func TestNothingFromAResponseReachesTheTerminal(t *testing.T) {
	t.Parallel()
	quoted, _ := json.Marshal(escapes)
	job := fmt.Sprintf(`{"DtsJobId":%s,"DtsJobName":%[1]s,"Status":%[1]s}`, quoted)
	item := fmt.Sprintf(`{"Item":%s,"Names":%[1]s,"State":"Failed","ErrMsg":%[1]s,"RepairMethod":%[1]s,"BootTime":%[1]s,"TargetNames":%[1]s}`, quoted)
	byID, byName := arguments{"dts_job_id": escapes}, arguments{"dts_job_name": escapes}
	for name, test := range map[string]struct {
		response string
		diags    func(s session) []*tfprotov6.Diagnostic
	}{
		"error of the API": {fmt.Sprintf(`{"Success":false,"RequestId":%s,"ErrCode":%[1]s,"ErrMessage":%[1]s}`, quoted),
			func(s session) []*tfprotov6.Diagnostic { return s.read(t, "dts_jobs", nil).Diagnostics }},
		"field of the wrong type": {fmt.Sprintf(`{"DtsJobList":[{"Delay":%s}]}`, quoted),
			func(s session) []*tfprotov6.Diagnostic { return s.read(t, "dts_jobs", nil).Diagnostics }},
		"more than one job": {`{"DtsJobList":[` + strings.Replace(job, `"DtsJobId":"`, `"DtsJobId":"x`, 1) + "," + job + `]}`,
			func(s session) []*tfprotov6.Diagnostic { return s.read(t, "dts_job", byName).Diagnostics }},
		"closed job gate": {`{"DtsJobList":[` + job + `]}`, func(s session) []*tfprotov6.Diagnostic {
			_, diags := s.open(t, "dts_job_gate", with(byID, arguments{"statuses": []string{"Normal"}}))
			return diags
		}},
		"closed precheck gate": {fmt.Sprintf(`{"State":%s,"JobId":%[1]s,"JobProgress":[%s]}`, quoted, item), func(s session) []*tfprotov6.Diagnostic {
			_, diags := s.open(t, "dts_precheck_gate", byID)
			return diags
		}},
		"failure of a gate": {fmt.Sprintf(`403 {"Code":%s,"Message":%[1]s}`, quoted), func(s session) []*tfprotov6.Diagnostic {
			_, diags := s.open(t, "dts_precheck_gate", byID)
			return diags
		}},
		"missing IDs": {`{"DtsJobList":[]}`, func(s session) []*tfprotov6.Diagnostic {
			return s.read(t, "dts_jobs", arguments{"dts_job_ids": []string{escapes}, "status": escapes, "region": "cn-hangzhou"}).Diagnostics
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			diags := test.diags(newSession(t, newFakeAPI(t, func(url.Values) string { return test.response }).URL))
			if len(diags) == 0 {
				t.Fatal("no diagnostics")
			}
			for _, d := range diags {
				if i := strings.IndexFunc(d.Summary+d.Detail, func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) }); i >= 0 {
					t.Errorf("%q\n%q", d.Summary, d.Detail)
				}
			}
		})
	}
	s := newSession(t, newFakeAPI(t, func(url.Values) string { return `{"DtsJobList":[` + job + `]}` }).URL)
	if state, _ := s.readState(t, "dts_jobs", nil); at(state, "jobs[].dts_job_name") != escapes {
		t.Errorf("state has %q", at(state, "jobs[].dts_job_name"))
	}
}
