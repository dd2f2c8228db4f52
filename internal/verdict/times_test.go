package verdict_test

import (
	"fmt"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

func TestTimeFormats(t *testing.T) {
	for boot, want := range map[string]string{
		"2022-03-16T08:01:31.000+00:00": "2022-03-16T08:01:31Z",
		"2022-03-16T08:01:31.250+08:00": "2022-03-16T00:01:31.25Z",
		"2021-03-16T08:01:19Z":          "2021-03-16T08:01:19Z",
		"2022-03-16T08:01:31+0800":      "2022-03-16T00:01:31Z",
		"2022-03-16 08:01:31+08:00":     "2022-03-16T00:01:31Z",
		"2022-03-16 08:01:31+0800":      "2022-03-16T00:01:31Z",
		"2022-03-16 08:01:31 +0800":     "2022-03-16T00:01:31Z",
		// Without a zone, or no time at all.
		"2021-01-11 11:39:44.0":       "",
		"2021-01-11T11:39:44":         "",
		"2022-03-16 08:01:31":         "",
		"2022-03-16":                  "",
		"2022-03-16T08:01:31 CST":     "",
		"1647417691000":               "",
		"soon":                        "",
		"2022-13-16T08:01:31Z":        "",
		"":                            "",
		" 2022-03-16T08:01:31.000Z  ": "",
	} {
		response := fmt.Sprintf(`{"State":"Checking","JobProgress":[{"BootTime":%q,"FinishTime":%q}]}`, boot, boot)
		j := verdict.Judge(parse(t, response), verdict.Criteria{})
		if started, finished := text(j.StartedAt), text(j.FinishedAt); started != want || finished != want {
			t.Errorf("%q is read as %q and %q, want %q", boot, started, finished, want)
		}
		if (j.StartedAt == nil) != (want == "") || (j.FinishedAt == nil) != (want == "") {
			t.Errorf("%q: a time that is not known is not null", boot)
		}
	}
}

// TestTimesOfARun wants the earliest start and the latest finish of the items
// that decide, in all lists.
func TestTimesOfARun(t *testing.T) {
	j := verdict.Judge(parse(t, `{"State":"Finished",
		"JobProgress":[
			{"BootTime":"2022-03-16T08:01:31.000+00:00","FinishTime":"2022-03-16T09:00:00.000+00:00"},
			{"BootTime":"2022-03-16T08:01:32Z","FinishTime":"2022-03-16T08:01:33Z"},
			{"BootTime":"2021-01-11 11:39:44.0"}],
		"SubDistributedJobStatus":[
			{"JobProgress":[{"BootTime":"2022-03-16T16:01:30+0800"}]},
			{"Code":"02","JobProgress":[{"BootTime":"2020-01-01T00:00:00Z","FinishTime":"2023-01-01T00:00:00Z"}]}],
		"FullNetCheckJobStatus":[{"JobProgress":[{"FinishTime":"2022-03-16T08:59:00Z"}]}],
		"AnalysisJobProgress":[{"BootTime":"2020-01-01T00:00:00Z","FinishTime":"2023-01-01T00:00:00Z"}]}`), verdict.Criteria{})
	if got := text(j.StartedAt); got != "2022-03-16T08:01:30Z" {
		t.Errorf("started at %s", got)
	}
	if got := text(j.FinishedAt); got != "2022-03-16T09:00:00Z" {
		t.Errorf("finished at %s", got)
	}
}
