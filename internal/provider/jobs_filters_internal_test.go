package provider

import "github.com/dts-community/terraform-provider-dts/internal/dts/api"

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// TestFilters lists what may keep a job from being found, and nothing else.
func TestFilters(t *testing.T) {
	t.Parallel()
	config := jobsConfig{Region: "r", NameRegex: "a", JobsRequest: api.JobsRequest{
		JobType: api.FilterSync, JobIDs: []api.ID{"a"}, InstanceIDs: []api.ID{"b"}, Status: "Failed", ZeroEtlJob: new(true),
		Tags: map[string]string{"env": "prod"}, PageSize: 10, PageNumber: 1, OrderColumn: "CreateTime", OrderDirection: "ASC", WithoutDbList: new(true),
	}}
	want := []string{"job_type = SYNC", "status = Failed", "tags = [env:prod]", "zero_etl_job = true"}
	got := config.filters()
	if diff := cmp.Diff(want, got, cmp.Transformer("set", asSet)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func asSet(texts []string) map[string]bool {
	set := map[string]bool{}
	for _, text := range texts {
		set[text] = true
	}
	return set
}
