// Package verdict determines the result of a precheck, or of a later subtask of
// a DTS job, from the response of DescribePreCheckStatus: whether it passed,
// which items failed, what to do about them.
//
// The result gates deployments, so it fails closed: PASSED requires every sign
// to be good, and a doubt is UNKNOWN. [Judge] is a pure function. The rules are
// in judge.go.
package verdict

import "github.com/dts-community/terraform-provider-dts/internal/dts/api"

import (
	"cmp"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
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

// Criteria are what a verdict depends on beside the response.
type Criteria struct {
	JobID          string      // for the summary; the one in the response if empty
	JobCode        api.JobCode // the requested subtask; the precheck if empty
	StartedAfter   time.Time   // runs that started earlier do not count; zero: any run counts
	FailOnWarnings bool        // whether a warning keeps the subtask from passing
	ItemsMissing   bool        // whether the response is known to lack items
}

// Verdict is what is computed from the response, one attribute per field.
type Verdict struct {
	Result         Result    `tf:"result" doc:"Overall result, determined from the state of the subtask and of all its items. 'UNKNOWN' if in doubt."`
	Passed         bool      `tf:"passed" doc:"Whether 'result' is 'PASSED' and, if 'fail_on_warnings' is set, there are no warnings."`
	FailedItems    []Finding `tf:"failed_items" doc:"Items that failed and were neither skipped nor ignored, and sub-jobs that failed without such an item."`
	WarningItems   []Finding `tf:"warning_items" doc:"Items and sub-jobs with a warning, items that were skipped or ignored, and items that failed the migration assessment."`
	PendingItems   []Finding `tf:"pending_items" doc:"Items that determine 'result' and have neither succeeded nor failed."`
	FailureSummary string    `tf:"failure_summary" doc:"Explanation suitable for 'error_message': result, progress, failed items and suggested fixes. Empty if 'passed' is true."`
	StartedAt      *string   `tf:"started_at" doc:"Earliest start time of the items that determine 'result', in RFC 3339 format (UTC). Null if the API returns no time with a time zone."`
	FinishedAt     *string   `tf:"finished_at" doc:"Latest finish time of the items that determine 'result', in RFC 3339 format (UTC). Null if the API returns no time with a time zone."`
}

// Judgment is a verdict and what a wait needs to know about it.
type Judgment struct {
	Verdict

	Reason      string // why the result is what it is, as a clause; empty if the items show it
	Done, Total int64  // items of the root job_progress that are decided, and all
	Final       bool   // whether the subtask has ended, by its top-level state
}

// Judge returns the verdict on a subtask. The same response and criteria give
// the same verdict.
func Judge(p api.Precheck, c Criteria) Judgment {
	c.JobCode = cmp.Or(c.JobCode, api.JobCodePrecheck)
	r := run{Precheck: p, Criteria: c, phase: phaseOf(p.State, c.JobCode), tally: tallyOf(p, c.JobCode)}
	result, reason := r.result()
	j := Judgment{
		Verdict: Verdict{
			Result:       result,
			Passed:       result == Passed && (!c.FailOnWarnings || len(r.warnings) == 0),
			FailedItems:  r.failed,
			WarningItems: r.warnings,
			PendingItems: r.pending,
			StartedAt:    formatTime(r.started),
			FinishedAt:   formatTime(r.finished),
		},
		Reason: reason,
		Done:   r.done,
		Total:  max(valueOf(p.TotalRecordCount), int64(len(p.JobProgress))),
		Final:  r.phase.final(),
	}
	j.FailureSummary = summarize(j, p, c)
	return j
}

// Settled reports whether a wait has what it waits for.
func (j Judgment) Settled() bool {
	return j.Result == Passed || j.Result == Failed || j.Result == Suspended
}

// Stalled reports a result that may never change: nobody has started the
// subtask, or it has ended in doubt.
func (j Judgment) Stalled() bool {
	return j.Result == NotStarted || j.Result == Unknown && j.Final
}

// valueOf returns the zero value for a field that is missing.
func valueOf[T any](field *T) T {
	if field == nil {
		return *new(T)
	}
	return *field
}
