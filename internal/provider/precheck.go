package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

// Defaults of the arguments of a wait.
const (
	defaultPollInterval    = 10 * time.Second
	defaultNotStartedGrace = time.Minute
)

// precheckConfig is the configuration of dts_precheck_status.
type precheckConfig struct {
	sourceArguments
	api.PrecheckRequest
	precheckRules
}

// precheckRules are the arguments that decide which runs pass, and whether to
// wait for one.
type precheckRules struct {
	StartedAfter      timestamp    `doc:"Ignores precheck runs that started before this time (RFC 3339); they are reported as 'NOT_STARTED'. Set this when re-running a precheck."`
	FailOnWarnings    bool         `doc:"Whether warnings cause 'passed' to be 'false'. Defaults to 'false'."`
	WaitForCompletion bool         `doc:"Whether to poll until 'result' is 'PASSED', 'FAILED' or 'SUSPENDED'. Defaults to 'false'."`
	PollInterval      pollInterval `doc:"Time between polls, as a duration such as '30s'. At least '1s'. Defaults to '10s'."`
	NotStartedGrace   gracePeriod  `doc:"How long to keep waiting while the result is 'NOT_STARTED', or 'UNKNOWN' after the subtask has ended. Defaults to '1m'."`
}

// precheckState is what a read of dts_precheck_status computes.
type precheckState struct {
	verdict.Verdict
	api.Precheck
}

var precheckShape = shape.Of[precheckState]()

var precheckSource = source[precheckConfig]{
	name: "precheck_status",
	description: "Provides the result of a DTS precheck, or of a later migration subtask, with all items and an overall result for gating deployments. " +
		"A failed precheck does not fail the read. Use `passed` and `failure_summary` in a postcondition, precondition or check block.",
	computed: precheckShape,
	read: func(ctx context.Context, r *reading[precheckConfig]) (any, *shape.Shape, error) {
		unfiltered := r.config.PrecheckRequest
		unfiltered.PrecheckFilter = api.PrecheckFilter{}
		p, v, err := judgePrecheck(ctx, r, unfiltered, r.config.precheckRules)
		if err != nil {
			return nil, nil, err
		}
		state := precheckState{v, p.Precheck}
		if r.config.PrecheckFilter != (api.PrecheckFilter{}) {
			// Only the lists are filtered, so that the state does not contradict itself.
			filtered, err := r.client.Precheck(ctx, r.region, r.config.WithDefaults())
			if err != nil {
				return nil, nil, err
			}
			state.JobProgress, state.AnalysisJobProgress = filtered.JobProgress, filtered.AnalysisJobProgress
			state.SubDistributedJobStatus, state.FullNetCheckJobStatus = filtered.SubDistributedJobStatus, filtered.FullNetCheckJobStatus
		}
		return state, precheckShape, nil
	},
	failed:   "Unable to Read DTS Precheck Status",
	tooLarge: "DTS Precheck Status Exceeds the State Limit",
	fewer:    "Set name or struct_phase to store fewer items; they do not affect the result.",
}

// precheckGateConfig is the configuration of dts_precheck_gate.
type precheckGateConfig struct {
	gateArguments
	api.PrecheckSelection
	precheckRules
}

var precheckGate = gate[precheckGateConfig]{
	name:        "precheck_gate",
	description: "Fails unless a DTS precheck, or a later migration subtask, has passed.",
	computed:    precheckShape,
	results:     []string{"result", "started_at", "finished_at"},
	subject:     func(c precheckGateConfig) string { return "DTS Job " + c.DtsJobID },
	closed:      "Precheck Gate Closed",
	failed:      "Unable to Open Precheck Gate",
	open: func(ctx context.Context, r *reading[precheckGateConfig]) (any, error) {
		p, v, err := judgePrecheck(ctx, r, api.PrecheckRequest{PrecheckSelection: r.config.PrecheckSelection}, r.config.precheckRules)
		ended := asError[*waitError](err)
		switch {
		case ended != nil && p != nil && errors.As(err, new(*timeoutError)):
			return nil, &closedError{reason: describe(ended), cause: err}
		case err != nil:
			return nil, err
		case !v.Passed:
			return nil, &closedError{reason: v.FailureSummary}
		}
		return precheckState{v, p.Precheck}, nil
	},
}

// judgePrecheck reads a subtask without a filter, or waits for it, and determines
// its result.
func judgePrecheck[C arguments](ctx context.Context, r *reading[C], q api.PrecheckRequest, rules precheckRules) (*dts.Precheck, verdict.Verdict, error) {
	q = q.WithDefaults()
	judge := func(p *dts.Precheck) verdict.Verdict {
		doubt := verdict.NoDoubt
		switch {
		case p.Inconsistent:
			doubt = verdict.Inconsistent
		case p.ItemsMissing:
			doubt = verdict.ItemsMissing
		}
		return verdict.Judge(p.Precheck, doubt, verdict.Criteria{
			JobID: q.DtsJobID, JobCode: q.JobCode, StartedAfter: rules.StartedAfter.time(), FailOnWarnings: rules.FailOnWarnings,
		})
	}
	var p *dts.Precheck
	var v verdict.Verdict
	var err error
	if rules.WaitForCompletion {
		p, v, err = waitForPrecheck(ctx, r, q, rules, judge)
	} else if p, err = r.client.Precheck(ctx, r.region, q); err == nil {
		v = judge(p)
	}
	if err == nil && p.Counted > 0 && !p.ItemsMissing {
		r.diags.AddAttributeWarning(path.Root("dts_job_id"), "Item Count Mismatch", fmt.Sprintf(
			"The API counts %d items of DTS job %s, but lists %d of them. The list did not change while it was being read, so the result is determined from the items that are listed.",
			p.Counted, q.DtsJobID, len(p.JobProgress)))
	}
	return p, v, err
}

// waitForPrecheck polls a subtask until its result is settled, or has been
// stalled for a grace period. A poll reads the first page, and all pages once the
// subtask has ended. The subtask is that of the last poll, also with an error;
// nil if none was successful.
func waitForPrecheck[C arguments](ctx context.Context, r *reading[C], q api.PrecheckRequest, rules precheckRules, judge func(*dts.Precheck) verdict.Verdict) (*dts.Precheck, verdict.Verdict, error) {
	var (
		p            *dts.Precheck
		all          func(context.Context) (*dts.Precheck, error) // reads all pages; nil if p has them
		v            verdict.Verdict
		stalledSince time.Time // zero if the result may still change
		grace        = rules.NotStartedGrace.or(defaultNotStartedGrace)
	)
	err := r.waitUntil(ctx, rules.PollInterval.or(defaultPollInterval), func(ctx context.Context, elapsed time.Duration) (over bool, err error) {
		polled, rest, err := r.client.PollPrecheck(ctx, r.region, q)
		if err == nil && verdict.IsFinal(polled.Precheck, q.JobCode) {
			polled, err = rest(ctx)
			rest = nil
		}
		if err != nil {
			return false, err
		}
		p, all, v = polled, rest, judge(polled)
		done, total := v.Progress()
		r.log(ctx, "waiting for DTS job", map[string]any{
			"dts_job_id": q.DtsJobID, "state": api.Value(p.State),
			"items_done": fmt.Sprintf("%d of %d", done, total), "elapsed": elapsed.Round(time.Second).String(),
		})
		if !v.Stalled() {
			stalledSince = time.Time{}
			return v.Settled(), nil
		}
		stalledSince = cmp.Or(stalledSince, time.Now())
		return time.Since(stalledSince) >= grace, nil
	})
	if err == nil && all != nil {
		if p, err = all(ctx); err == nil {
			v = judge(p)
		}
	}
	if ended := asError[*waitError](err); ended != nil {
		ended.progress = fmt.Sprintf("No response about DTS job %s was received.", q.DtsJobID)
		if p != nil {
			done, total := v.Progress()
			ended.progress = fmt.Sprintf("The last result of DTS job %s was %s: state %s, %d of %d items done (request ID %s).",
				q.DtsJobID, v.Result, api.Value(p.State), done, total, p.RequestID)
			if pending := v.PendingSummary(); pending != "" {
				ended.progress += "\n\nPending items:\n" + pending
			}
		}
	}
	if err == nil && !v.Settled() {
		r.diags.AddAttributeWarning(path.Root("not_started_grace"), "Wait Ended Without a Result", r.printable(fmt.Sprintf(
			"DTS job %s has been %s for not_started_grace (%s) because %s. A data source cannot start a precheck: start it in the DTS console or through the API, or increase not_started_grace.",
			q.DtsJobID, v.Result, grace, v.Reason())))
	}
	return p, v, err
}
