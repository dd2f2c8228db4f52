package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

// precheckWait polls a subtask until its result is settled, or has been
// stalled for a grace period.
type precheckWait struct {
	precheckSubtask

	interval     time.Duration
	grace        time.Duration
	stalledSince time.Time // zero if the result may still change

	// What the last successful poll found; report is nil before the first.
	report   *dts.PrecheckReport
	judgment verdict.Judgment
}

func newPrecheckWait(s precheckSubtask, rules precheckRules) *precheckWait {
	return &precheckWait{
		precheckSubtask: s,
		interval:        rules.PollInterval.or(defaultPollInterval),
		grace:           rules.NotStartedGrace.or(defaultNotStartedGrace),
	}
}

// run returns the subtask with all pages at the end of the wait.
func (w *precheckWait) run(ctx context.Context, diags *diag.Diagnostics) (*dts.PrecheckReport, verdict.Judgment, error) {
	err := w.provider.waitUntil(ctx, w.interval, w.poll)
	if err == nil && !w.judgment.Settled() {
		w.warnOfStall(diags)
	}
	var ended *waitError
	if errors.As(err, &ended) {
		ended.progress = w.progress()
	}
	return w.report, w.judgment, err
}

// poll reads the first page, and all pages once the subtask has ended or the
// wait is over.
func (w *precheckWait) poll(ctx context.Context, elapsed time.Duration) (over bool, err error) {
	report, err := w.provider.client.PollPrecheck(ctx, w.region, w.request, func(first *dts.PrecheckReport) bool {
		return w.update(first) || w.judgment.Final
	})
	if err != nil {
		return false, err
	}
	over = w.update(report)
	w.log(ctx, elapsed)
	return over, nil
}

// update takes in what was read, and reports whether the wait is over.
func (w *precheckWait) update(report *dts.PrecheckReport) (over bool) {
	w.report, w.judgment = report, w.judge(report)
	return w.judgment.Settled() || w.isStalled()
}

// isStalled reports whether the result has been one that may never change for
// the grace period.
func (w *precheckWait) isStalled() bool {
	switch {
	case !w.judgment.Stalled():
		w.stalledSince = time.Time{}
		return false
	case w.stalledSince.IsZero():
		w.stalledSince = time.Now()
	}
	return time.Since(w.stalledSince) >= w.grace
}

func (w *precheckWait) log(ctx context.Context, elapsed time.Duration) {
	w.provider.log(ctx, "waiting for DTS job", map[string]any{
		"dts_job_id": w.criteria.JobID,
		"state":      string(valueOf(w.report.State)),
		"items_done": fmt.Sprintf("%d of %d", w.judgment.Done, w.judgment.Total),
		"elapsed":    elapsed.Round(time.Second).String(),
	})
}

// progress is what a user who waited in vain needs to know.
func (w *precheckWait) progress() string {
	if w.report == nil {
		return fmt.Sprintf("No response about DTS job %s was received.", w.criteria.JobID)
	}
	text := fmt.Sprintf("The last result of DTS job %s was %s: state %s, %d of %d items done (request ID %s).",
		w.criteria.JobID, w.judgment.Result, valueOf(w.report.State), w.judgment.Done, w.judgment.Total, w.report.RequestID)
	if pending := w.judgment.PendingSummary(); pending != "" {
		text += "\n\nPending items:\n" + pending
	}
	return text
}

func (w *precheckWait) warnOfStall(diags *diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root("not_started_grace"), "Wait Ended Without a Result", fmt.Sprintf(
		"DTS job %s has been %s for not_started_grace (%s) because %s. A data source cannot start a precheck: start it in the DTS console or through the API, or increase not_started_grace.",
		w.criteria.JobID, w.judgment.Result, w.grace, w.judgment.Reason))
}
