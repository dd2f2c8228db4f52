package provider_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// lookups is a number of lookups by for_each, at Terraform's default
// parallelism. Without sharing, each would be a request.
const lookups = 100

// mostLookupRequests is four times as many as lookups need if Terraform starts
// its reads in bursts of ten, as it does on a machine that is not too busy.
const mostLookupRequests = 40

// TestLookupsShareRequests looks up each of many jobs by itself, and wants the
// right one for each. It does not run in parallel with other tests, because on
// a machine that is too busy Terraform starts its reads one by one.
func TestLookupsShareRequests(t *testing.T) {
	for source, config := range map[string]string{
		"dts_job": `
data "dts_job" "test" {
  for_each   = local.ids
  dts_job_id = each.key
}
output "found" { value = length([for id, job in data.dts_job.test : job.dts_job_name if job.dts_job_name == "name of ${id}"]) }`,
		"dts_jobs": `
data "dts_jobs" "test" {
  for_each    = local.ids
  dts_job_ids = [each.key]
}
output "found" { value = length([for id, list in data.dts_jobs.test : one(list.names) if one(list.names) == "name of ${id}"]) }`,
	} {
		t.Run(source, func(t *testing.T) {
			skipIfShort(t)
			e := &emulator.Emulator{Rate: 25, Latency: 50 * time.Millisecond, Fixtures: accountWithJobs(lookups)}
			server := httptest.NewServer(e)
			t.Cleanup(server.Close)
			c := newCLIWith(t, providerBlock(server.URL)+
				fmt.Sprintf("locals { ids = toset([for i in range(%d) : format(\"job%%04d\", i)]) }\n", lookups)+config)
			c.mustRun(t, "apply", "-auto-approve")
			var found int
			if c.output(t, "found", &found); found != lookups {
				t.Errorf("%d of %d jobs were found", found, lookups)
			}
			if requests := len(e.Requests()); requests > mostLookupRequests {
				t.Errorf("%d requests", requests)
			}
			for _, request := range e.Requests() { // A little above the provider's limit of 20, for a busy machine.
				if strings.HasPrefix(request.Code, "Throttling") {
					t.Errorf("a request was throttled at %s", request.Time)
				}
			}
		})
	}
}

// accountWithJobs is an account of a number of migrations.
func accountWithJobs(n int) fstest.MapFS {
	var jobs []string
	for i := range n {
		jobs = append(jobs, fmt.Sprintf(`{"DtsJobId":"job%04d","DtsInstanceID":"instance%04d","DtsJobName":"name of job%04d","Status":"Migrating"}`, i, i, i))
	}
	return fstest.MapFS{"cn-hangzhou/MIGRATION/jobs.json": {Data: []byte(jobResponse(jobs...))}}
}
