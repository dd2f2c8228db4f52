package verdict

import "github.com/dts-community/terraform-provider-dts/internal/dts/api"

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// outcome is what one state means for the result.
type outcome int

const (
	undecided outcome = iota
	good
	warning // good, but worth a look
	bad
)

func outcomeOf[S ~string](state *S, code api.JobCode) outcome {
	switch strings.ToLower(string(valueOf(state))) {
	case "success", "finished":
		return good
	case "catched", "migrating":
		if code == api.JobCodeIncremental {
			return good
		}
	case "warning":
		return warning
	case "failed":
		return bad
	}
	return undecided
}

// itemOutcome is the outcome of an item, which a user may have chosen to skip
// or DTS to ignore.
func itemOutcome(item api.ProgressItem, code api.JobCode) outcome {
	o := outcomeOf(item.State, code)
	if item.Excused() && o != good {
		return warning
	}
	return o
}

// tally collects what all items, sub-jobs and network checks of a response
// mean for the result.
type tally struct {
	failed, warnings, pending []Finding

	deciding  int64     // items that decide
	done      int64     // items of the root job_progress that are decided
	shown     int64     // items that failed or have a warning, outside the assessment
	undecided string    // the first item or sub-job that is undecided, as a clause
	uncounted string    // the first sub-job that hides failures, as a clause
	undated   string    // the first deciding item whose start time can't be read, as a clause
	started   time.Time // of the earliest deciding item; zero if not known
	finished  time.Time // of the latest deciding item; zero if not known
}

func tallyOf(p api.Precheck, code api.JobCode) tally {
	var t tally
	t.addItems(sourceItems, p.JobProgress, code, true)
	t.done = int64(len(p.JobProgress) - len(t.pending))
	for _, job := range p.SubDistributedJobStatus {
		t.addSubjob(sourceSubjobs, job.Subjob, code)
	}
	for _, job := range p.FullNetCheckJobStatus {
		t.addSubjob(sourceNetworkChecks, job.Subjob, code)
	}
	for _, item := range p.AnalysisJobProgress {
		if o := outcomeOf(item.State, code); o == bad || o == warning {
			t.warnings = append(t.warnings, itemFinding(sourceAssessment, item))
		}
	}
	return t
}

// addItems adds the items of one list. Those that do not decide count only if
// they failed or have a warning.
func (t *tally) addItems(source string, list []api.ProgressItem, code api.JobCode, decides bool) {
	for _, item := range list {
		f := itemFinding(source, item)
		switch o := itemOutcome(item, code); {
		case o == bad:
			t.failed = append(t.failed, f)
			t.shown++
		case o == warning:
			t.warnings = append(t.warnings, f)
			t.shown++
		case o == undecided && decides:
			t.pending = append(t.pending, f)
			t.addUndecided(f, "item")
		}
		if decides {
			t.deciding++
			t.addTimes(f, item)
		}
	}
}

// addSubjob adds a sub-job or network check with its items.
func (t *tally) addSubjob(source string, job api.Subjob, requested api.JobCode) {
	code := cmp.Or(valueOf(job.Code), requested)
	decides := code == requested
	failedBefore, shownBefore := len(t.failed), t.shown
	t.addItems(source, job.JobProgress, code, decides)
	f := subjobFinding(source, job)
	switch o := outcomeOf(job.State, code); {
	case o == bad && len(t.failed) == failedBefore:
		t.failed = append(t.failed, f)
	case o == warning:
		t.warnings = append(t.warnings, f)
	case o == undecided && decides:
		t.addUndecided(f, sourceNames[source])
	}
	if shown := t.shown - shownBefore; decides && valueOf(job.ErrorItem) > shown {
		t.uncounted = cmp.Or(t.uncounted, hidesFailures(sourceNames[source]+" "+f.name(), *job.ErrorItem, shown))
	}
}

func (t *tally) addUndecided(f Finding, kind string) {
	state := "has no state"
	if text := valueOf(f.State); text != "" {
		state = "is in state " + text
	}
	t.undecided = cmp.Or(t.undecided, fmt.Sprintf("%s %s %s", kind, f.name(), state))
}

// addTimes takes in when a deciding item was started and finished. An item
// that was never run has no times.
func (t *tally) addTimes(f Finding, item api.ProgressItem) {
	text := valueOf(item.BootTime)
	if started, ok := parseTime(text); !ok && text != "" {
		t.undated = cmp.Or(t.undated, fmt.Sprintf("start time %q of item %s has no known format with a time zone", text, f.name()))
	} else if ok && (t.started.IsZero() || started.Before(t.started)) {
		t.started = started
	}
	if finished, ok := parseTime(valueOf(item.FinishTime)); ok && finished.After(t.finished) {
		t.finished = finished
	}
}
