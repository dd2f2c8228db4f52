// Package verdict determines the result of a precheck, or of a later subtask of
// a DTS job, from the response of DescribePreCheckStatus: whether it passed,
// which items failed, and how to fix them.
//
// The result gates deployments, so it fails closed: PASSED requires every sign
// to be good, and a doubt is UNKNOWN. [Judge] is a pure function. The rules are
// in judge.go.
package verdict

import (
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// Result is the overall result of a subtask.
type Result string

// The results.
const (
	Passed     Result = "PASSED"
	Failed     Result = "FAILED"
	Running    Result = "RUNNING"
	NotStarted Result = "NOT_STARTED"
	Suspended  Result = "SUSPENDED"
	Unknown    Result = "UNKNOWN"
)

// Known lists the results.
func (Result) Known() []string {
	return []string{
		string(Passed), string(Failed), string(Running),
		string(NotStarted), string(Suspended), string(Unknown),
	}
}

// Criteria are the conditions of a verdict that a user sets.
type Criteria struct {
	JobID          string      // for the summary; the one in the response if empty
	JobCode        api.JobCode // the requested subtask
	StartedAfter   time.Time   // runs that started earlier do not count; zero: any run counts
	FailOnWarnings bool        // whether a warning keeps the subtask from passing
}

// Doubt is a reason not to trust a response that the response itself does not
// show.
type Doubt int

// The doubts.
const (
	NoDoubt      Doubt = iota
	ItemsMissing       // the response is known to lack items
	Inconsistent       // its pages are of more than one run
)

// Verdict is the judgment on a subtask. Each exported field is an attribute.
type Verdict struct {
	Result         Result    `tf:"result" doc:"Overall result, determined from the state of the subtask and of all its items. 'UNKNOWN' if in doubt."`
	Passed         bool      `tf:"passed" doc:"Whether 'result' is 'PASSED' and, if 'fail_on_warnings' is set, there are no warnings."`
	FailedItems    []Finding `tf:"failed_items" doc:"Items that failed and were neither skipped nor ignored, and sub-jobs that failed without such an item."`
	WarningItems   []Finding `tf:"warning_items" doc:"Items and sub-jobs with a warning, items that were skipped or ignored, and items that failed the migration assessment."`
	PendingItems   []Finding `tf:"pending_items" doc:"Items that determine 'result' and have neither succeeded nor failed."`
	FailureSummary string    `tf:"failure_summary" doc:"Explanation suitable for 'error_message': result, progress, failed items and suggested fixes. Empty if 'passed' is true."`
	StartedAt      *string   `tf:"started_at" doc:"Earliest start time of the items that determine 'result', in RFC 3339 format (UTC). Null if the API returns no time with a time zone."`
	FinishedAt     *string   `tf:"finished_at" doc:"Latest finish time of the items that determine 'result', in RFC 3339 format (UTC). Null if the API returns no time with a time zone."`

	reason      string
	reported    Result // by the top-level state alone
	done, total int64
}

// Judge returns the verdict on a subtask. The same arguments give the same
// verdict.
func Judge(p api.Precheck, doubt Doubt, c Criteria) Verdict {
	t := tallyOf(p, c.JobCode)
	v := Verdict{
		FailedItems:  t.failed,
		WarningItems: t.warnings,
		PendingItems: t.pending,
		StartedAt:    formatTime(t.started),
		FinishedAt:   formatTime(t.finished),
		reported:     reportedResult(p.State, c.JobCode),
		done:         t.done,
		total:        max(api.Value(p.TotalRecordCount), int64(len(p.JobProgress))),
	}
	v.Result, v.reason = t.result(p, v.reported, doubt, c)
	v.Passed = v.Result == Passed && (!c.FailOnWarnings || len(t.warnings) == 0)
	v.FailureSummary = v.summarize(p, c)
	return v
}

// formatTime returns nil for a time that is not known.
func formatTime(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC().Format(time.RFC3339Nano))
}

// Reason returns the reason for the result as a clause that follows "because",
// or "" if the items show it.
func (v Verdict) Reason() string { return v.reason }

// Progress returns how many items of the root job_progress are decided, and how
// many there are.
func (v Verdict) Progress() (done, total int64) { return v.done, v.total }

// Final reports whether the subtask has ended, by its top-level state.
func (v Verdict) Final() bool { return v.reported == Passed || v.reported == Failed }

// IsFinal reports whether a subtask has ended, by its top-level state alone.
func IsFinal(p api.Precheck, code api.JobCode) bool {
	return Verdict{reported: reportedResult(p.State, code)}.Final()
}

// Settled reports a result that ends a wait.
func (v Verdict) Settled() bool {
	return v.Result == Passed || v.Result == Failed || v.Result == Suspended
}

// Stalled reports a result that may never change: nobody has started the
// subtask, or it has ended in doubt.
func (v Verdict) Stalled() bool {
	return v.Result == NotStarted || v.Result == Unknown && v.Final()
}
