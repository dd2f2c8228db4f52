package verdict_test

import (
	"cmp"
	"encoding/json"
	"slices"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

// parse reads a response as the API sends it. Of repeated keys only the last
// counts: decoded straight into the struct, lists would be merged.
func parse(t *testing.T, response string) api.Precheck {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal([]byte(response), &fields); err != nil {
		t.Fatalf("%s: %s", response, err)
	}
	deduplicated, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	var p api.Precheck
	if err := json.Unmarshal(deduplicated, &p); err != nil {
		t.Fatalf("%s: %s", response, err)
	}
	return p
}

// judge judges a response that is not in doubt, about the precheck unless the
// criteria have another subtask.
func judge(t *testing.T, response string, c verdict.Criteria) verdict.Verdict {
	t.Helper()
	c.JobCode = cmp.Or(c.JobCode, api.DefaultJobCode)
	return verdict.Judge(parse(t, response), verdict.NoDoubt, c)
}

func text[S ~string](s *S) string {
	if s == nil {
		return ""
	}
	return string(*s)
}

// names are the findings as source/item.
func names(findings []verdict.Finding) []string {
	var names []string
	for _, f := range findings {
		names = append(names, f.Source+"/"+text(f.Item))
	}
	return names
}

func TestKnownResults(t *testing.T) {
	want := []string{"PASSED", "FAILED", "RUNNING", "NOT_STARTED", "SUSPENDED", "UNKNOWN"}
	if got := verdict.Result("").Known(); !slices.Equal(got, want) {
		t.Errorf("known results are %q", got)
	}
}

// TestWaits has the questions of a wait: whether it is over, or may never be.
func TestWaits(t *testing.T) {
	for _, test := range []struct {
		response                string
		result                  verdict.Result
		final, settled, stalled bool
	}{
		{`{"State":"Finished","JobProgress":[{"State":"Success"}]}`, verdict.Passed, true, true, false},
		{`{"State":"Failed"}`, verdict.Failed, true, true, false},
		{`{"State":"Finished","JobProgress":[{"State":"Failed"}]}`, verdict.Failed, true, true, false},
		{`{"State":"Suspending"}`, verdict.Suspended, false, true, false},
		{`{"State":"Checking"}`, verdict.Running, false, false, false},
		{`{"State":"NotStarted"}`, verdict.NotStarted, false, false, true},
		{`{"State":"Finished"}`, verdict.Unknown, true, false, true},
		{`{"State":"Pausing"}`, verdict.Unknown, false, false, false},
		{`{}`, verdict.Unknown, false, false, false},
	} {
		v := judge(t, test.response, verdict.Criteria{})
		if v.Result != test.result || v.Final() != test.final || v.Settled() != test.settled || v.Stalled() != test.stalled {
			t.Errorf("%s: %s, final %t, settled %t, stalled %t", test.response, v.Result, v.Final(), v.Settled(), v.Stalled())
		}
	}
}

// TestProgress counts the items of the root list, against the count of the API
// if that is larger.
func TestProgress(t *testing.T) {
	for response, want := range map[string][2]int64{
		`{"State":"Checking"}`:                      {0, 0},
		`{"State":"Checking","TotalRecordCount":7}`: {0, 7},
		`{"State":"Checking","TotalRecordCount":7,"JobProgress":[{"State":"Success"},{"State":"Checking"}]}`:    {1, 7},
		`{"State":"Checking","TotalRecordCount":1,"JobProgress":[{"State":"Failed"},{"State":"Warning"}]}`:      {2, 2},
		`{"State":"Checking","JobProgress":[{"State":"NotStarted","Skip":true},{"State":"NotStarted"},{}]}`:     {1, 3},
		`{"State":"Checking","SubDistributedJobStatus":[{"JobProgress":[{"State":"Checking"},{"State":"X"}]}]}`: {0, 0},
	} {
		if done, total := judge(t, response, verdict.Criteria{}).Progress(); done != want[0] || total != want[1] {
			t.Errorf("%s: %d of %d", response, done, total)
		}
	}
}
