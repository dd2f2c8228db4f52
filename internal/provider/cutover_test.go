package provider_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// readyJob is a migration of the account that is 1.24 s behind, and readyAt a
// time shortly after its checkpoint.
const (
	readyJob = "k2fm11x9d8t12ab"
	readyAt  = "2026-11-20T07:21:30Z"
)

// cutoverCLI runs the example against a server.
func cutoverCLI(t *testing.T, url string) *cli {
	t.Helper()
	requireEphemeralResources(t)
	c := newCLI(t, "../../examples/cutover")
	c.environment = append(c.environment, "TF_VAR_dts_job_id="+readyJob, "TF_VAR_as_of="+readyAt, "TF_VAR_emulator="+hostOf(url))
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
		"ready":              {nil, true, []string{"switched over to the destination of k2fm11x9d8t12ab"}},
		"ready after a wait": {[]string{"wait=1m"}, true, []string{"switched over to the destination of k2fm11x9d8t12ab"}},
		"delay":              {[]string{"max_delay_seconds=1"}, false, []string{"The migration is 1.24 s behind; at most 1 s are let through"}},
		"delay after a wait": {[]string{"max_delay_seconds=1", "wait=2s"}, false, []string{
			`The wait ended after 2s: timeouts.read has passed. Required: status Migrating or Synchronizing, delay_seconds of at most 1. The last poll found DTS job k2fm11x9d8t12ab \(orders-mysql-to-polardb\) with status Migrating and delay_seconds 1.24`}},
		"checkpoint too old": {[]string{"as_of=2026-11-20T08:00:00Z"}, false, []string{"has reached is 2026-11-20T07:21:03Z"}},
		"not ready at all": {[]string{"dts_job_id=f3y61hq8r02zp7d"}, false, []string{
			"Precheck of DTS job f3y61hq8r02zp7d is NOT_STARTED", "Full data migration of DTS job", "Incremental migration of DTS job", "an unknown time behind"}},
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
	for name, test := range map[string]struct {
		grown bool
		want  string
	}{
		"as in the plan": {false, "Apply complete"},
		"grown": {true, `Job Gate Closed: DTS Job with the ID "k2fm11x9d8t12ab".*Required: status Migrating or Synchronizing, delay_seconds of at most 5\. ` +
			`Found: DTS job k2fm11x9d8t12ab \(orders-mysql-to-polardb\) with status Migrating and delay_seconds 61\.24`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var grown atomic.Bool
			server := serveWithDelay(t, &grown)
			c := cutoverCLI(t, server.URL)
			c.mustRun(t, "plan", "-out=saved")
			grown.Store(test.grown)
			output, code := c.run(t, "apply", "-no-color", "saved")
			if (code != 0) != test.grown || !wrapped(test.want).MatchString(output) {
				t.Errorf("exit code %d, no %s in:\n%s", code, test.want, output)
			}
			if state, _ := c.run(t, "state", "list"); strings.Contains(state, "terraform_data.cutover") == test.grown {
				t.Errorf("state: %s", state)
			}
		})
	}
}

// serveWithDelay serves the account, with a delay that is a minute longer once
// it has grown.
func serveWithDelay(t *testing.T, grown *atomic.Bool) *httptest.Server {
	t.Helper()
	e := &emulator.Emulator{Rate: -1}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorded := httptest.NewRecorder()
		e.ServeHTTP(recorded, r)
		body := recorded.Body.Bytes()
		if grown.Load() {
			body = bytes.ReplaceAll(body, []byte(`"Delay":1240`), []byte(`"Delay":61240`))
			body = bytes.ReplaceAll(body, []byte(`"Delay": 1240`), []byte(`"Delay": 61240`))
		}
		w.WriteHeader(recorded.Code)
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	return server
}
