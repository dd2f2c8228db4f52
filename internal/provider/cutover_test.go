package provider_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// readyJob is a migration of the account that is 1.24 s behind, and readyAt a
// time shortly after its checkpoint.
const (
	readyJob = "k2fm11x9d8t12ab"
	readyAt  = "2026-11-20T07:21:30Z"
)

// cutoverCLI runs the example against a server, for readyJob unless variables are
// set.
func cutoverCLI(t *testing.T, url string, variables ...string) *cli {
	t.Helper()
	requireEphemeralResources(t)
	c := newCLI(t, "../../examples/cutover")
	c.environment = append(c.environment, "TF_VAR_emulator="+hostOf(url))
	if variables == nil {
		variables = []string{"TF_VAR_dts_job_id=" + readyJob, "TF_VAR_as_of=" + readyAt}
	}
	c.environment = append(c.environment, variables...)
	return c
}

// TestCutover lets a cutover through when the migration is ready for it, and
// names what is missing when it is not.
func TestCutover(t *testing.T) {
	t.Parallel()
	server, _ := newEmulator(t)
	for name, test := range map[string]struct {
		variables []string
		through   bool
		want      []string
	}{
		"ready": {nil, true, []string{"switched over to the destination of k2fm11x9d8t12ab"}},
		"delay": {[]string{"max_delay_seconds=1"}, false, []string{"The migration is 1.24 s behind; at most 1 s are let through"}},
		"delay after a wait": {[]string{"max_delay_seconds=1", "wait=2s"}, false, []string{
			`The wait ended after 2s: timeouts.read has passed. Required: status Migrating or Synchronizing, delay_seconds of at most 1. The last poll found DTS job k2fm11x9d8t12ab \(orders-mysql-to-polardb\) with status Migrating and delay_seconds 1.24`}},
		"checkpoint too old": {[]string{"as_of=2026-11-20T08:00:00Z"}, false, []string{"has reached is 2026-11-20T07:21:03Z"}},
		"not ready at all": {[]string{"dts_job_id=f3y61hq8r02zp7d"}, false, []string{
			"Full data migration of DTS job f3y61hq8r02zp7d is FAILED", "Incremental migration of DTS job f3y61hq8r02zp7d is NOT_STARTED", "an unknown time behind"}},
		"unknown job": {[]string{"dts_job_id=stuck"}, false, []string{`DTS job with the ID "stuck" not found in region cn-hangzhou`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			arguments := []string{"plan", "-no-color"}
			for _, variable := range test.variables {
				arguments = append(arguments, "-var", variable)
			}
			output, code := cutoverCLI(t, server.URL).run(t, arguments...)
			if (code == 0) != test.through {
				t.Errorf("exit code %d:\n%s", code, output)
			}
			for _, want := range test.want {
				if !wrapped(want).MatchString(output) {
					t.Errorf("no %q in:\n%s", want, output)
				}
			}
		})
	}
}

// TestCutoverHoldsWhenThePlanIsApplied saves a plan, lets the delay grow, and
// applies it.
func TestCutoverHoldsWhenThePlanIsApplied(t *testing.T) {
	t.Parallel()
	// The data source and the gate read the job while planning.
	const script = `{"description": "Grows.", "job_type": "MIGRATION", "steps": [{"reads": 2, "operation": "DescribeDtsJobs"}, {"job": {"Delay": 61240}}]}`
	server := httptest.NewServer(&emulator.Emulator{Rate: -1, Scenarios: fstest.MapFS{readyJob + ".json": {Data: []byte(script)}}})
	t.Cleanup(server.Close)
	c := cutoverCLI(t, server.URL)
	c.mustRun(t, "plan", "-out=saved")
	output, code := c.run(t, "apply", "-no-color", "saved")
	const want = `Job Gate Closed: DTS Job with the ID "k2fm11x9d8t12ab".*Required: status Migrating or Synchronizing, delay_seconds of at most 5\. ` +
		`Found: DTS job k2fm11x9d8t12ab \(orders-mysql-to-polardb\) with status Migrating and delay_seconds 61\.24`
	if code == 0 || c.isDeployed(t) || !wrapped(want).MatchString(output) {
		t.Errorf("exit code %d, no %s in:\n%s", code, want, output)
	}
}

// TestCutoverFromBehindToPaused follows one job through the example: it is behind,
// comes into sync while a plan waits, is switched over, and is paused.
func TestCutoverFromBehindToPaused(t *testing.T) {
	t.Parallel()
	server, _ := newEmulator(t)
	c := cutoverCLI(t, server.URL, "TF_VAR_dts_job_id=cutover")
	main := filepath.Join(c.directory, "main.tf")
	polls := strings.Replace(readFile(t, main), "    content {\n", "    content {\n      poll_interval = \"1s\"\n", 1)
	if err := os.WriteFile(main, []byte(polls), 0o600); err != nil {
		t.Fatal(err)
	}
	for i, step := range []struct {
		arguments []string
		want      string
	}{
		{[]string{"plan", "-var=wait=1m", "-out=saved"}, "1 to add"},
		{[]string{"apply", "saved"}, "Apply complete.*switched over to the destination of cutover"},
		{[]string{"plan"}, "No changes"},
		{[]string{"plan"}, "(?:DTS job cutover is SUSPENDED|with status Suspending)"},
	} {
		output, _ := c.run(t, append([]string{step.arguments[0], "-no-color"}, step.arguments[1:]...)...)
		if !wrapped(step.want).MatchString(output) {
			t.Fatalf("step %d: no %q in:\n%s", i+1, step.want, output)
		}
	}
}
