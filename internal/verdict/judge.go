package verdict

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// result applies the rules. Reported is the result by the top-level state alone.
// The reason is empty if the items show it.
//
//  1. States are compared without case. Deciding items are those of the root
//     job_progress, of the sub-jobs (sub_distributed_job_status) and of the
//     network checks (full_net_check_job_status). The state and the error_item
//     of a sub-job or network check decide, too, although it is not an item. A
//     sub-job of another job code decides only by being bad.
//  2. Success, Finished and Warning are good, for job code 04 also Catched and
//     Migrating. An item that failed or is undecided is good if it was skipped
//     or ignored. Failed is bad. Any other state, or none, is undecided.
//  3. The migration assessment (analysis_job_progress) never decides.
//  4. The top-level states NotStarted, Suspending, Checking and Migrating are
//     the result regardless of the items, because a second run can still show
//     the failures of the first. So is Catched, except for job code 04.
//  5. Failed is FAILED. Finished, and Catched for job code 04, is FAILED with
//     anything bad, else UNKNOWN with any doubt, else PASSED. Any other
//     top-level state is UNKNOWN, and so is any state if the pages of the
//     response are inconsistent.
//  6. With started_after, a run that ended is NOT_STARTED if it started
//     earlier, and UNKNOWN if that can't be excluded.
//
// Rule 7, whether the subtask passed, is in [Judge]. Rule 8 is the caller's:
// the response must not be filtered.
func (t tally) result(p api.Precheck, reported Result, doubt Doubt, c Criteria) (Result, string) {
	switch {
	case doubt == Inconsistent:
		return Unknown, "the pages of the response contradict each other, so they may be of different runs"
	case reported == Unknown && line(p.State) == "":
		return Unknown, "the response has no state"
	case reported == Unknown:
		return Unknown, fmt.Sprintf("state %s is not documented", line(p.State))
	case reported == NotStarted:
		return NotStarted, "DTS has not run it yet"
	case reported == Suspended, reported == Running:
		return reported, ""
	case !t.started.IsZero() && t.started.Before(c.StartedAfter):
		return NotStarted, fmt.Sprintf("the last run started at %s, before started_after (%s)",
			t.started.UTC().Format(time.RFC3339), c.StartedAfter.UTC().Format(time.RFC3339))
	case !c.StartedAfter.IsZero() && t.undated != "":
		return Unknown, t.undated + ", so it may belong to a run before started_after"
	case !c.StartedAfter.IsZero() && t.started.IsZero():
		return Unknown, "no start time is known, so the run may have started before started_after"
	case len(t.failed) > 0:
		return Failed, ""
	case reported == Failed:
		return Failed, "the API reports it as failed, although no item shows a failure"
	}
	if reason := t.doubt(p, doubt, c.JobCode); reason != "" {
		return Unknown, reason
	}
	return reported, "" // It is Passed: the other results are above.
}

// doubt returns the reason why a run without failures may not have passed, or
// "".
func (t tally) doubt(p api.Precheck, doubt Doubt, code api.JobCode) string {
	switch {
	case code == "":
		return "no job code was requested"
	case api.Value(p.Code) != "" && *p.Code != code:
		return fmt.Sprintf("the response is for job code %s instead of %s", line(p.Code), code)
	case doubt == ItemsMissing:
		return "items are missing from the response"
	case t.undecided != "":
		return t.undecided
	case t.uncounted != "":
		return t.uncounted
	case api.Value(p.ErrorItem) > t.shown:
		return hidesFailures("the response", *p.ErrorItem, t.shown)
	case len(p.JobProgress) == 0 && api.Value(p.TotalRecordCount) > 0:
		return fmt.Sprintf("the response counts %s but contains none of them", items(*p.TotalRecordCount))
	case t.deciding == 0 && code == api.JobCodePrecheck:
		return "the response contains no item"
	}
	return ""
}

// hidesFailures is the reason for a count of failures above the number shown.
func hidesFailures(where string, counted, shown int64) string {
	return fmt.Sprintf("%s counts %s that failed but shows %d", where, items(counted), shown)
}

func items(n int64) string {
	if n == 1 {
		return "1 item"
	}
	return fmt.Sprintf("%d items", n)
}

// reportedResults are the results by top-level state in lower case, before the
// items are considered.
var reportedResults = map[string]Result{
	"notstarted": NotStarted,
	"checking":   Running,
	"migrating":  Running,
	"catched":    Running,   // except for job code 04
	"suspending": Suspended, // the API's value for paused
	"failed":     Failed,
	"finished":   Passed,
}

// reportedResult returns the result by the top-level state alone.
func reportedResult(state *string, code api.JobCode) Result {
	text := strings.ToLower(api.Value(state))
	if text == "catched" && code == api.JobCodeIncremental {
		return Passed
	}
	return cmp.Or(reportedResults[text], Unknown)
}
