package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// waitError is a wait that ended before the subtask did.
type waitError struct {
	last    verdict
	reading dts.PrecheckReading
	elapsed time.Duration
	err     error // why it ended
}

func (e *waitError) Error() string {
	return fmt.Sprintf("after %s the subtask is still %s: state %s, %d of %d items done (request id %s): %s",
		e.elapsed.Round(time.Second), e.last.result, orEmpty(e.reading.State), e.last.done, e.last.total, e.reading.RequestID, e.err)
}

func (e *waitError) Unwrap() error { return e.err }

// await reads the subtask and judges it; when the request says so, again and
// again until the verdict does not change by itself any more.
func (p precheckRequest) await(ctx context.Context, client *dts.Client, diags *diag.Diagnostics) (dts.PrecheckReading, verdict, error) {
	started := time.Now()
	var stalled time.Time // since when nothing seems to go on; zero: it does
	var reading dts.PrecheckReading
	var v verdict
	for polls := 0; ; polls++ {
		next, err := client.Precheck(ctx, p.judged)
		if err != nil && polls > 0 && ctx.Err() != nil {
			return reading, v, &waitError{v, reading, time.Since(started), context.Cause(ctx)}
		}
		if err != nil {
			return reading, v, err
		}
		reading, v = next, judge(next.Precheck, p.about(next))
		if !p.wait || v.settled() {
			return reading, v, nil
		}
		p.log(ctx, v, reading, time.Since(started))
		if !v.stalls() {
			stalled = time.Time{}
		} else if stalled.IsZero() {
			stalled = time.Now()
		}
		if v.stalls() && time.Since(stalled) >= p.patience {
			p.warnOfStalling(v, diags)
			return reading, v, nil
		}
		if err := dts.Sleep(ctx, p.interval); err != nil {
			return reading, v, &waitError{v, reading, time.Since(started), err}
		}
	}
}

// about is the question with what only the reading knows.
func (p precheckRequest) about(r dts.PrecheckReading) question {
	q := p.question
	q.incomplete = r.Incomplete
	return q
}

// settled verdicts end a wait.
func (v verdict) settled() bool {
	return v.result == resultPassed || v.result == resultFailed || v.result == resultSuspended
}

// stalls reports a verdict that may stay as it is: nobody started the subtask,
// or it ended in a doubt.
func (v verdict) stalls() bool {
	return v.result == resultNotStarted || v.result == resultUnknown && v.final
}

func (p precheckRequest) log(ctx context.Context, v verdict, r dts.PrecheckReading, elapsed time.Duration) {
	tflog.Info(ctx, "waiting for a DTS subtask", map[string]any{
		"dts_job_id": p.jobID(),
		"job_code":   string(p.jobCode),
		"result":     string(v.result),
		"state":      string(orEmpty(r.State)),
		"done":       v.done,
		"total":      v.total,
		"elapsed":    elapsed.Round(time.Second).String(),
	})
}

func (p precheckRequest) warnOfStalling(v verdict, diags *diag.Diagnostics) {
	diags.AddAttributeWarning(path.Root("not_started_grace"), "The wait ended without a result",
		fmt.Sprintf("The result was %s for %s, since %s. A data source can't start a precheck: start it in the console or by the API, "+
			"or give it more time with not_started_grace.", v.result, p.patience, v.reason))
}
