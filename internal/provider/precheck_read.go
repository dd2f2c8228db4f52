package provider

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

// read returns the state of a precheck. The result is that of all items;
// filters only select the items in state.
func (d *precheckStatusDataSource) read(ctx context.Context, region string, config precheckConfig, diags *diag.Diagnostics) (precheckState, error) {
	unfiltered := config.PrecheckRequest
	unfiltered.PrecheckFilter = dts.PrecheckFilter{}
	subtask := precheckSubtask{provider: d.provider, region: region, request: unfiltered, criteria: config.criteria()}
	report, judgment, err := subtask.readOrWait(ctx, config, diags)
	if err != nil {
		return precheckState{}, err
	}
	warnOfItemCount(config.DtsJobID, report, diags)
	listed := report
	if config.PrecheckFilter != (dts.PrecheckFilter{}) {
		listed, err = d.provider.client.Precheck(ctx, region, config.PrecheckRequest)
	}
	if err != nil {
		return precheckState{}, err
	}
	return precheckState{Verdict: judgment.Verdict, Precheck: listed.Precheck}, nil
}

func (c precheckConfig) criteria() verdict.Criteria {
	return verdict.Criteria{
		JobID:          c.DtsJobID,
		JobCode:        cmp.Or(c.JobCode, dts.JobCodePrecheck),
		StartedAfter:   c.StartedAfter.time(),
		FailOnWarnings: c.FailOnWarnings,
	}
}

// precheckSubtask is a subtask of a job, and what its result depends on.
type precheckSubtask struct {
	provider *providerData
	region   string
	request  dts.PrecheckRequest // without a filter
	criteria verdict.Criteria
}

func (s precheckSubtask) readOrWait(ctx context.Context, config precheckConfig, diags *diag.Diagnostics) (*dts.PrecheckReport, verdict.Judgment, error) {
	if !config.WaitForCompletion {
		return s.read(ctx)
	}
	w := &precheckWait{precheckSubtask: s, grace: config.NotStartedGrace.or(defaultNotStartedGrace)}
	return w.run(ctx, config.PollInterval.or(defaultPollInterval), diags)
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
