package verdict_test

import (
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

// TestTimesOfARun wants the earliest start and the latest finish of the items
// that decide, in all lists.
func TestTimesOfARun(t *testing.T) {
	v := judge(t, `{"State":"Finished",
		"JobProgress":[
			{"BootTime":"2022-03-16T08:01:31.000+00:00","FinishTime":"2022-03-16T09:00:00.000+00:00"},
			{"BootTime":"2022-03-16T08:01:32Z","FinishTime":"2022-03-16T08:01:33Z"},
			{"BootTime":"2021-01-11 11:39:44.0"},{"BootTime":"0001-01-01T00:00:00Z","FinishTime":"9999-01-01 00:00:00"}],
		"SubDistributedJobStatus":[
			{"JobProgress":[{"BootTime":"2022-03-16T16:01:30+0800"}]},
			{"Code":"02","JobProgress":[{"BootTime":"2020-01-01T00:00:00Z","FinishTime":"2023-01-01T00:00:00Z"}]}],
		"FullNetCheckJobStatus":[{"Code":"02","JobProgress":[{"FinishTime":"2022-03-16T09:00:00.5Z"}]}],
		"AnalysisJobProgress":[{"BootTime":"2020-01-01T00:00:00Z","FinishTime":"2023-01-01T00:00:00Z"}]}`, verdict.Criteria{})
	if got := text(v.StartedAt); got != "2022-03-16T08:01:30Z" {
		t.Errorf("started at %s", got)
	}
	if got := text(v.FinishedAt); got != "2022-03-16T09:00:00.5Z" {
		t.Errorf("finished at %s", got)
	}
}

// TestUnknownTimes wants null for times that are not known.
func TestUnknownTimes(t *testing.T) {
	for _, time := range []string{`null`, `""`, `"2021-01-11 11:39:44.0"`, `"0001-01-01T00:00:00Z"`} {
		v := judge(t, `{"State":"Checking","JobProgress":[{"BootTime":`+time+`,"FinishTime":`+time+`}]}`, verdict.Criteria{})
		if v.StartedAt != nil || v.FinishedAt != nil {
			t.Errorf("%s is read as %q and %q", time, text(v.StartedAt), text(v.FinishedAt))
		}
	}
}
