package provider

import (
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// result is the verdict over a subtask.
type result string

// The results. A gate fails closed: passed needs every sign to be good, and
// any doubt is unknown.
const (
	resultPassed     result = "PASSED"
	resultFailed     result = "FAILED"
	resultRunning    result = "RUNNING"
	resultNotStarted result = "NOT_STARTED"
	resultSuspended  result = "SUSPENDED"
	resultUnknown    result = "UNKNOWN"
)

// Known lists the results.
func (result) Known() []string {
	return []string{
		string(resultPassed), string(resultFailed), string(resultRunning),
		string(resultNotStarted), string(resultSuspended), string(resultUnknown),
	}
}

// question is what a verdict is asked about beside the answer itself.
type question struct {
	jobCode        dts.JobCode
	startedAfter   time.Time // zero: any run counts
	failOnWarnings bool
	incomplete     bool // whether items are known to be missing
}

// verdict is the conclusion from an answer.
type verdict struct {
	result result
	passed bool
	reason string // of an unknown or a not started result, in words

	failed, warnings []finding
	done, total      int64     // items of job_progress that are decided, and all
	started, ended   time.Time // zero when not known

	final bool // whether the top-level state is one that does not change by itself
}

// judge draws the verdict over a subtask. It is pure: the same answer and
// question give the same verdict.
//
//  1. States are compared without case. The items of job_progress, of the
//     distributed sub-jobs and of the network checks decide, together with the
//     own state of these two and a sub-job's own error_item.
//  2. Success and Finished are good, for job code 04 also Catched and
//     Migrating; so is Warning, and a failure that was skipped or ignored, but
//     these are warnings too. Failed is bad. Anything else is undecided.
//  3. The assessment (analysis_job_progress) never decides; its failed items
//     are warnings.
//  4. A top-level state that is not final is the verdict, whatever the items
//     say: a second run can still carry the failures of the first.
//  5. Under Failed the verdict is FAILED. Under Finished, for job code 04
//     Catched too, one bad sign is FAILED, one doubt is UNKNOWN, and nothing
//     but good signs is PASSED. Under any other state it is UNKNOWN.
//  6. A final state whose run began before startedAfter is NOT_STARTED, and
//     UNKNOWN when it is not known when it began.
//  7. It passed when it is PASSED, and under failOnWarnings has no warnings.
func judge(p dts.Precheck, q question) verdict {
	var v verdict
	signs := signsOf(p, q.jobCode)
	v.failed, v.warnings = signs.failed, signs.warnings
	v.started, v.ended = signs.started, signs.ended
	v.done, v.total = progress(p, q.jobCode)
	v.result, v.reason, v.final = topLevel(p.State, q.jobCode)
	if v.result == "" {
		v.result, v.reason = signs.conclude(p, q.incomplete)
	}
	if v.final && !q.startedAfter.IsZero() {
		v.ignoreOlderRun(q.startedAfter)
	}
	v.passed = v.result == resultPassed && (!q.failOnWarnings || len(v.warnings) == 0)
	return v
}

// topLevel is the verdict of the top-level state alone, none when the items
// have to say.
func topLevel(state *dts.SubtaskState, code dts.JobCode) (r result, reason string, final bool) {
	word := orEmpty(state)
	switch strings.ToLower(string(word)) {
	case "notstarted":
		return resultNotStarted, "it has not been started", false
	case "suspending":
		return resultSuspended, "", false
	case "checking", "migrating":
		return resultRunning, "", false
	case "catched":
		if code == dts.JobCodeIncremental {
			return "", "", true
		}
		return resultRunning, "", false
	case "finished":
		return "", "", true
	case "failed":
		return resultFailed, "", true
	case "":
		return resultUnknown, "the answer has no state", false
	}
	return resultUnknown, "state " + string(word) + " is not one that is documented", false
}

// conclude is the verdict of the items under a state that is final.
func (s *signs) conclude(p dts.Precheck, incomplete bool) (result, string) {
	switch {
	case len(s.failed) > 0:
		return resultFailed, ""
	case s.undecided != "":
		return resultUnknown, s.undecided
	case s.uncounted != "":
		return resultUnknown, s.uncounted
	case number(p.ErrorItem) > int64(s.failures):
		return resultUnknown, "the API counts more failed items than it shows"
	case incomplete:
		return resultUnknown, "items are missing from the answer"
	}
	return resultPassed, ""
}

// ignoreOlderRun takes back the verdict over a run that began too early.
func (v *verdict) ignoreOlderRun(after time.Time) {
	switch {
	case v.started.IsZero():
		v.result, v.reason = resultUnknown, "it is not known when it was started, so it may be older than started_after"
	case v.started.Before(after):
		v.result, v.reason = resultNotStarted, "the last run was started before started_after"
	}
}

// progress counts the items of the subtask that are decided.
func progress(p dts.Precheck, code dts.JobCode) (done, total int64) {
	for _, item := range p.JobProgress {
		if signOf(item.State, code) != undecided {
			done++
		}
	}
	return done, max(number(p.TotalRecordCount), int64(len(p.JobProgress)))
}

// sign is what one state says.
type sign int

const (
	undecided sign = iota
	good
	warning
	bad
)

func signOf[S ~string](state *S, code dts.JobCode) sign {
	switch strings.ToLower(string(orEmpty(state))) {
	case "success", "finished":
		return good
	case "catched", "migrating":
		if code == dts.JobCodeIncremental {
			return good
		}
	case "warning":
		return warning
	case "failed":
		return bad
	}
	return undecided
}

// signs is what all deciding states of an answer say.
type signs struct {
	code             dts.JobCode
	failed, warnings []finding
	failures         int    // failed items, the skipped and ignored ones too
	undecided        string // what is not decided, in words
	uncounted        string // which sub-job counts failures that it does not show
	started, ended   time.Time
}

func signsOf(p dts.Precheck, code dts.JobCode) *signs {
	s := &signs{code: code}
	s.items("job_progress", p.JobProgress)
	for _, job := range p.SubDistributedJobStatus {
		shown := s.subjob("sub_distributed_job_status", job.Subjob)
		if number(job.ErrorItem) > int64(shown) && s.uncounted == "" {
			s.uncounted = "the API counts more failed items in sub-job " + orEmpty(job.JobName) + " than it shows"
		}
	}
	for _, job := range p.FullNetCheckJobStatus {
		s.subjob("full_net_check_job_status", job.Subjob)
	}
	for _, item := range p.AnalysisJobProgress {
		if sign := signOf(item.State, code); sign == bad || sign == warning {
			s.warnings = append(s.warnings, findingOf("analysis_job_progress", item))
		}
	}
	return s
}

// items takes in the items of a list and returns how many of them failed.
func (s *signs) items(source string, items []dts.ProgressItem) (failures int) {
	for _, item := range items {
		found := findingOf(source, item)
		switch s.time(item); signOf(item.State, s.code) {
		case bad:
			failures++
			if excused(item) {
				s.warnings = append(s.warnings, found)
			} else {
				s.failed = append(s.failed, found)
			}
		case warning:
			s.warnings = append(s.warnings, found)
		case undecided:
			s.doubt("item "+found.title(), string(orEmpty(item.State)))
		case good:
		}
	}
	s.failures += failures
	return failures
}

// excused reports a failure that somebody decided to live with.
func excused(item dts.ProgressItem) bool {
	return item.Skip != nil && *item.Skip || orEmpty(item.IgnoreFlag) == "Y"
}

// subjob takes in a sub-job, or a network check, and its items; it returns how
// many of these failed. One that failed with no failed item to show for it
// stands among the failures itself.
func (s *signs) subjob(source string, job dts.Subjob) (failures int) {
	before := len(s.failed)
	failures = s.items(source, job.JobProgress)
	itself := finding{Source: source, JobID: job.JobID, Item: job.JobName, State: (*string)(job.State)}
	switch signOf(job.State, s.code) {
	case bad:
		if len(s.failed) == before {
			s.failed = append(s.failed, itself)
		}
	case warning:
		s.warnings = append(s.warnings, itself)
	case undecided:
		s.doubt("sub-job "+itself.title(), string(orEmpty(job.State)))
	case good:
	}
	return failures
}

// doubt keeps the first thing that is undecided.
func (s *signs) doubt(what, state string) {
	if s.undecided != "" {
		return
	}
	if state == "" {
		s.undecided = what + " has no state"
		return
	}
	s.undecided = what + " is in state " + state
}

// time widens the time between the first start and the last finish.
func (s *signs) time(item dts.ProgressItem) {
	if t, known := parseTime(orEmpty(item.BootTime)); known && (s.started.IsZero() || t.Before(s.started)) {
		s.started = t
	}
	if t, known := parseTime(orEmpty(item.FinishTime)); known && t.After(s.ended) {
		s.ended = t
	}
}

// timeLayouts are the forms of a time with its zone that the API uses. A time
// without a zone is not known: read as UTC it could let an older run pass.
var timeLayouts = []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z0700", "2006-01-02 15:04:05 Z0700"}

func parseTime(text string) (time.Time, bool) {
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func number(field *int64) int64 {
	if field == nil {
		return 0
	}
	return *field
}
