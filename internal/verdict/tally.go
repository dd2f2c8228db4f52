package verdict

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// outcome is the meaning of one state for the result.
type outcome int

const (
	undecided outcome = iota
	good
	warning // good, but worth a look
	bad
)

func outcomeOf(state *string, code api.JobCode) outcome {
	switch strings.ToLower(api.Value(state)) {
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

// tally is the sum of all items, sub-jobs and network checks of a response.
type tally struct {
	failed, warnings, pending []Finding

	deciding  int64     // number of items that decide
	done      int64     // number of items of the root job_progress that are decided
	shown     int64     // number of items that failed or have a warning, outside the assessment
	undecided string    // the first item or sub-job that is undecided, as a clause
	uncounted string    // the first sub-job that hides failures, as a clause
	undated   string    // the first deciding item whose start time is not known, as a clause
	started   time.Time // of the earliest deciding item; zero if not known
	finished  time.Time // of the latest deciding item; zero if not known
}

func tallyOf(p api.Precheck, requested api.JobCode) tally {
	var t tally
	t.addItems(sourceItems, p.JobProgress, requested, true)
	t.done = int64(len(p.JobProgress) - len(t.pending))
	for _, job := range p.SubDistributedJobStatus {
		code := cmp.Or(api.Value(job.Code), requested)
		t.addSubjob(sourceSubjobs, job.Subjob, code, code == requested)
	}
	for _, job := range p.FullNetCheckJobStatus {
		t.addSubjob(sourceNetworkChecks, job.Subjob, cmp.Or(api.Value(job.Code), requested), true)
	}
	for _, item := range p.AnalysisJobProgress {
		if o := outcomeOf(item.State, requested); o == bad || o == warning {
			t.warnings = append(t.warnings, itemFinding(sourceAssessment, item))
		}
	}
	return t
}

// addItems adds the items of one list. Items that do not decide count only if
// they failed or have a warning.
func (t *tally) addItems(source string, list []api.ProgressItem, code api.JobCode, decides bool) {
	for _, item := range list {
		o := outcomeOf(item.State, code)
		if item.Excused() && o != good {
			o = warning
		}
		switch {
		case o == bad:
			t.failed = append(t.failed, itemFinding(source, item))
			t.shown++
		case o == warning:
			t.warnings = append(t.warnings, itemFinding(source, item))
			t.shown++
		case o == undecided && decides:
			t.pending = append(t.pending, itemFinding(source, item))
			t.addUndecided("item", t.pending[len(t.pending)-1])
		}
		if decides {
			t.deciding++
			t.addTimes(item)
		}
	}
}

// addSubjob adds a sub-job or network check with its items.
func (t *tally) addSubjob(source string, job api.Subjob, code api.JobCode, decides bool) {
	failedBefore, shownBefore := len(t.failed), t.shown
	t.addItems(source, job.JobProgress, code, decides)
	switch o := outcomeOf(job.State, code); {
	case o == bad && len(t.failed) == failedBefore:
		t.failed = append(t.failed, subjobFinding(source, job))
	case o == warning:
		t.warnings = append(t.warnings, subjobFinding(source, job))
	case o == undecided && decides:
		t.addUndecided(sourceNames[source], subjobFinding(source, job))
	}
	if shown := t.shown - shownBefore; decides && api.Value(job.ErrorItem) > shown {
		name := sourceNames[source] + " " + subjobFinding(source, job).name()
		t.uncounted = cmp.Or(t.uncounted, hidesFailures(name, *job.ErrorItem, shown))
	}
}

func (t *tally) addUndecided(kind string, f Finding) {
	state := "has no state"
	if text := line(f.State); text != "" {
		state = "is in state " + text
	}
	t.undecided = cmp.Or(t.undecided, fmt.Sprintf("%s %s %s", kind, f.name(), state))
}

// addTimes adds the start and end of a deciding item. An item that was never
// run has no times.
func (t *tally) addTimes(item api.ProgressItem) {
	text := api.Value(item.BootTime)
	switch started, known := api.ParseTime(text); {
	case known && (t.started.IsZero() || started.Before(t.started)):
		t.started = started
	case !known && text != "" && t.undated == "":
		t.undated = fmt.Sprintf("start time %q of item %s has no known format with a time zone",
			line(item.BootTime), itemFinding("", item).name())
	}
	if finished, known := api.ParseTime(api.Value(item.FinishTime)); known && finished.After(t.finished) {
		t.finished = finished
	}
}
