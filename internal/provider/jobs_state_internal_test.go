package provider

import "github.com/dts-community/terraform-provider-dts/internal/dts/api"

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// TestMatchNamesKeepsTheList filters a list that other reads may share.
func TestMatchNamesKeepsTheList(t *testing.T) {
	t.Parallel()
	first, second := "first", "second"
	jobs := []api.Job{{JobCommon: api.JobCommon{DtsJobName: &first}}, {JobCommon: api.JobCommon{DtsJobName: &second}}}
	etlJobs := []api.EtlJob{{JobCommon: api.JobCommon{DtsJobName: &first}}, {JobCommon: api.JobCommon{DtsJobName: &second}}}
	list := api.JobList{Jobs: slices.Clone(jobs), EtlDemoJobs: slices.Clone(etlJobs)}
	if matched := matchNames(list, "second"); len(matched.Jobs) != 1 || len(matched.EtlDemoJobs) != 1 {
		t.Errorf("%d jobs, %d ETL jobs", len(matched.Jobs), len(matched.EtlDemoJobs))
	}
	if diff := cmp.Diff(api.JobList{Jobs: jobs, EtlDemoJobs: etlJobs}, list); diff != "" {
		t.Errorf("the list changed:\n%s", diff)
	}
}

func TestCountMismatchIsAWarning(t *testing.T) {
	t.Parallel()
	count := int64(7)
	listing := &dts.JobListing{JobList: api.JobList{Jobs: make([]api.Job, 5), TotalRecordCount: &count}, CountMismatch: true}
	diags := jobsConfig{}.warnings("r", listing)
	if len(diags) != 1 || !strings.Contains(diags[0].Detail(), "returned 5 jobs, but the API reports 7") {
		t.Error(diags)
	}
	listing.CountMismatch = false
	if diags := (jobsConfig{}).warnings("r", listing); len(diags) != 0 {
		t.Error(diags)
	}
}
