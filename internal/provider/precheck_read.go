package provider

import "github.com/dts-community/terraform-provider-dts/internal/dts/api"

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

// Defaults of the arguments of a wait.
const (
	defaultPollInterval    = 10 * time.Second
	defaultNotStartedGrace = time.Minute
)

// precheckRules are the arguments that decide which runs pass, and whether to
// wait for one.
type precheckRules struct {
	StartedAfter      timestamp    `doc:"Ignores precheck runs that started before this time (RFC 3339); they are reported as 'NOT_STARTED'. Set this when re-running a precheck."`
	FailOnWarnings    bool         `doc:"Whether warnings cause 'passed' to be 'false'. Defaults to 'false'."`
	WaitForCompletion bool         `doc:"Whether to poll until 'result' is 'PASSED', 'FAILED' or 'SUSPENDED'. Defaults to 'false'."`
	PollInterval      pollInterval `doc:"Time between polls, as a duration such as '30s'. At least '1s'. Defaults to '10s'."`
	NotStartedGrace   gracePeriod  `doc:"How long to keep waiting while the result is 'NOT_STARTED', or 'UNKNOWN' after the subtask has ended. Defaults to '1m'."`
}

// read returns the state of a precheck. The result is that of all items;
// filters only select the items in state.
func (d *precheckStatusDataSource) read(ctx context.Context, region string, config precheckConfig, diags *diag.Diagnostics) (precheckState, error) {
	unfiltered := config.PrecheckRequest
	unfiltered.PrecheckFilter = api.PrecheckFilter{}
	report, judgment, err := config.judge(ctx, d.provider, region, unfiltered, diags)
	if err != nil {
		return precheckState{}, err
	}
	listed := report
	if config.PrecheckFilter != (api.PrecheckFilter{}) {
		listed, err = d.provider.client.Precheck(ctx, region, config.PrecheckRequest)
	}
	if err != nil {
		return precheckState{}, err
	}
	return precheckState{Verdict: judgment.Verdict, Precheck: listed.Precheck}, nil
}

// judge reads a subtask, or waits for it, and determines its result. The
// request has no filter.
func (r precheckRules) judge(ctx context.Context, p *providerData, region string, request api.PrecheckRequest, diags *diag.Diagnostics) (*dts.PrecheckReport, verdict.Judgment, error) {
	subtask := precheckSubtask{provider: p, region: region, request: request, criteria: r.criteria(request.PrecheckSelection)}
	report, judgment, err := subtask.readOrWait(ctx, r, diags)
	if err == nil {
		warnOfItemCount(request.DtsJobID, report, diags)
	}
	return report, judgment, err
}

func (r precheckRules) criteria(of api.PrecheckSelection) verdict.Criteria {
	return verdict.Criteria{
		JobID:          of.DtsJobID,
		JobCode:        cmp.Or(of.JobCode, api.JobCodePrecheck),
		StartedAfter:   r.StartedAfter.time(),
		FailOnWarnings: r.FailOnWarnings,
	}
}

// precheckSubtask is a subtask of a job, and what its result depends on.
type precheckSubtask struct {
	provider *providerData
	region   string
	request  api.PrecheckRequest // without a filter
	criteria verdict.Criteria
}

func (s precheckSubtask) readOrWait(ctx context.Context, rules precheckRules, diags *diag.Diagnostics) (*dts.PrecheckReport, verdict.Judgment, error) {
	if !rules.WaitForCompletion {
		return s.read(ctx)
	}
	return newPrecheckWait(s, rules).run(ctx, diags)
}

// read reads all pages.
func (s precheckSubtask) read(ctx context.Context) (*dts.PrecheckReport, verdict.Judgment, error) {
	report, err := s.provider.client.Precheck(ctx, s.region, s.request)
	if err != nil {
		return nil, verdict.Judgment{}, err
	}
	return report, s.judge(report), nil
}

func (s precheckSubtask) judge(report *dts.PrecheckReport) verdict.Judgment {
	criteria := s.criteria
	criteria.ItemsMissing = report.ItemsMissing
	return verdict.Judge(report.Precheck, criteria)
}

// warnOfItemCount warns of a count that no item is known to be missing for.
func warnOfItemCount(jobID string, report *dts.PrecheckReport, diags *diag.Diagnostics) {
	items, counted := int64(len(report.JobProgress)), valueOf(report.TotalRecordCount)
	if !report.ItemsMissing && items < counted {
		diags.AddAttributeWarning(path.Root("dts_job_id"), "Item Count Mismatch", fmt.Sprintf(
			"The API reports %d items for DTS job %s, but returned %d. The list did not change while it was being read, so the result is determined from the items that were returned.",
			counted, jobID, items))
	}
}
