package provider_test

import (
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
	"github.com/dts-community/terraform-provider-dts/internal/provider"
)

// factories serve the provider to a real Terraform or OpenTofu.
var factories = map[string]func() (tfprotov6.ProviderServer, error){
	"dts": func() (tfprotov6.ProviderServer, error) { return provider.NewServer("test")(), nil },
}

// testApply applies a configuration with a real CLI and checks its state. It
// needs no cloud account, so it always runs.
func testApply(t *testing.T, config string, checks ...statecheck.StateCheck) {
	t.Helper()
	skipIfShort(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps:                    []resource.TestStep{{Config: config, ConfigStateChecks: checks}},
	})
}

// planFails plans a configuration with a real CLI and wants an error, given as a
// regular expression over the CLI's output.
func planFails(t *testing.T, config, want string) {
	t.Helper()
	if output, code := newCLIWith(t, config).run(t, "plan", "-no-color"); code == 0 || !wrapped(want).MatchString(output) {
		t.Errorf("exit code %d, no %s in:\n%s", code, want, output)
	}
}

// TestConfiguration applies what only a CLI shows: exact numbers of HCL, a
// function, and arguments that are known only after the first resources exist.
func TestConfiguration(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(q url.Values) string {
		if q.Get("JobType") != "MIGRATION" {
			return emptyList(q)
		}
		return jobResponse(`{"DtsJobId":"j","DtsJobName":"orders","Delay":9,"Status":"Migrating","DuUsage":9223372036854775807,"MaxDu":"0.1"}`)
	})
	page := func(number, from, to int) string { return strconv.Quote(savedPage(number, from, to, 3)) }
	c := newCLIWith(t, api.block()+`
resource "terraform_data" "id" { input = "j" }
resource "terraform_data" "limit" { input = 1 }
data "dts_jobs" "later" {
  dts_job_ids = [terraform_data.id.output, "gone"]
  name_regex  = terraform_data.id.output
}
data "dts_job" "later" {
  dts_job_id = terraform_data.id.output
  wait_for { max_delay_seconds = terraform_data.limit.output }
}
output "got" {
  value = {
    missing = data.dts_jobs.later.missing_ids
    ids     = data.dts_jobs.later.ids
    name    = data.dts_job.later.dts_job_name
    exact   = [for job in [data.dts_job.later] : [job.max_du == 0.1, job.delay_seconds == 0.009, job.du_usage == 9223372036854775807]]
    verdict = provider::dts::precheck_verdict(`+page(1, 0, 2)+`, `+page(2, 2, 3)+`).result
  }
}
`)
	c.mustRun(t, "apply", "-auto-approve")
	var got map[string]any
	c.output(t, "got", &got)
	if diff := cmp.Diff(map[string]any{
		"missing": []any{"gone"}, "ids": []any{}, "name": "orders", "exact": []any{[]any{true, true, true}}, "verdict": "PASSED",
	}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// wrapped matches text however the CLI wraps its lines.
func wrapped(text string) *regexp.Regexp {
	return regexp.MustCompile("(?s)" + regexp.MustCompile(`\s+`).ReplaceAllString(text, `[\s│╷╵]+`))
}

// newEmulator serves the emulator's account.
func newEmulator(t *testing.T) (server *httptest.Server, e *emulator.Emulator) {
	t.Helper()
	e = &emulator.Emulator{Rate: -1}
	server = httptest.NewServer(e)
	t.Cleanup(server.Close)
	return server, e
}

// emptyList responds to every request with an empty list of jobs.
func emptyList(url.Values) string {
	return `{"Success":true,"TotalRecordCount":0,"DtsJobList":[]}`
}
