package verdict

import "github.com/dts-community/terraform-provider-dts/internal/dts/api"

import (
	"fmt"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// run is one run of a subtask, as the response shows it.
type run struct {
	api.Precheck
	Criteria
	tally
	phase phase
}

// result applies the rules. The reason is empty if the items show it.
//
//  1. States are compared without case. Deciding are the items of the root
//     job_progress and those of the sub-jobs (sub_distributed_job_status) and
//     network checks (full_net_check_job_status), together with the state and
//     the error_item of these two, which are not items themselves. A sub-job
//     of another job code decides only by being bad.
//  2. Success, Finished and Warning are good, for job code 04 also Catched and
//     Migrating. An item that failed or is undecided is good if it was skipped
//     or ignored. Failed is bad. Any other state, or none, is undecided.
//  3. The migration assessment (analysis_job_progress) never decides.
//  4. The top-level states NotStarted, Suspending, Checking and Migrating are
//     the result whatever the items show, because a second run can still show
//     the failures of the first. So is Catched, except for job code 04.
//  5. Failed is FAILED. Finished, and Catched for job code 04, is FAILED with
//     anything bad, else UNKNOWN with any doubt, else PASSED. Any other
//     top-level state is UNKNOWN.
//  6. With started_after, a run that ended is NOT_STARTED if it started
//     earlier, and UNKNOWN if that can't be excluded.
//
// Rule 7, whether the subtask passed, is in [Judge]. Rule 8 is the caller's:
// the response must not be filtered.
func (r run) result() (Result, string) {
	switch {
	case r.phase == phaseUndocumented:
		return Unknown, r.undocumented()
	case r.phase == phaseNotStarted:
		return NotStarted, "DTS has not run it yet"
	case r.phase == phaseSuspended:
		return Suspended, ""
	case r.phase == phaseRunning:
		return Running, ""
	case r.startedTooEarly():
		return NotStarted, fmt.Sprintf("the last run started at %s, before started_after (%s)",
			r.started.UTC().Format(time.RFC3339), r.StartedAfter.UTC().Format(time.RFC3339))
	case r.startInDoubt() != "":
		return Unknown, r.startInDoubt()
	case len(r.failed) > 0:
		return Failed, ""
	case r.phase == phaseFailed:
		return Failed, "the API reports it as failed, although no item shows a failure"
	case r.doubt() != "":
		return Unknown, r.doubt()
	}
	return Passed, ""
}

// undocumented is the reason for a top-level state that decides nothing.
func (r run) undocumented() string {
	if valueOf(r.State) == "" {
		return "the response has no state"
	}
	return fmt.Sprintf("state %s is not documented", *r.State)
}

func (r run) startedTooEarly() bool {
	return !r.started.IsZero() && r.started.Before(r.StartedAfter)
}

// startInDoubt returns why the run may have started before started_after, or
// "" if it can't.
func (r run) startInDoubt() string {
	switch {
	case r.StartedAfter.IsZero():
		return ""
	case r.undated != "":
		return r.undated + ", so it may belong to a run before started_after"
	case r.started.IsZero():
		return "no start time is known, so the run may have started before started_after"
	}
	return ""
}

// doubt returns what keeps a run without failures from having passed, or "".
func (r run) doubt() string {
	switch {
	case valueOf(r.Code) != "" && *r.Code != r.JobCode:
		return fmt.Sprintf("the response is for job code %s instead of %s", *r.Code, r.JobCode)
	case r.ItemsMissing:
		return "items are missing from the response"
	case r.undecided != "":
		return r.undecided
	case r.uncounted != "":
		return r.uncounted
	case valueOf(r.ErrorItem) > r.shown:
		return hidesFailures("the response", *r.ErrorItem, r.shown)
	case len(r.JobProgress) == 0 && valueOf(r.TotalRecordCount) > 0:
		return fmt.Sprintf("the response counts %s but contains none of them", items(*r.TotalRecordCount))
	case r.deciding == 0 && r.JobCode == api.JobCodePrecheck:
		return "the response contains no item"
	}
	return ""
}

// hidesFailures is the reason for a count of failures above what is shown.
func hidesFailures(where string, counted, shown int64) string {
	return fmt.Sprintf("%s counts %s that failed but shows %d", where, items(counted), shown)
}

func items(n int64) string {
	if n == 1 {
		return "1 item"
	}
	return fmt.Sprintf("%d items", n)
}

// phase is how far a subtask is by its top-level state.
type phase int

const (
	phaseUndocumented phase = iota
	phaseNotStarted
	phaseRunning
	phaseSuspended
	phaseFailed
	phaseFinished
)

func phaseOf(state *api.SubtaskState, code api.JobCode) phase {
	switch strings.ToLower(string(valueOf(state))) {
	case "notstarted":
		return phaseNotStarted
	case "checking", "migrating":
		return phaseRunning
	case "suspending": // The API's value for paused.
		return phaseSuspended
	case "failed":
		return phaseFailed
	case "finished":
		return phaseFinished
	case "catched":
		if code == api.JobCodeIncremental {
			return phaseFinished
		}
		return phaseRunning
	}
	return phaseUndocumented
}

// final reports a phase that a subtask does not leave by itself.
func (p phase) final() bool { return p == phaseFailed || p == phaseFinished }
