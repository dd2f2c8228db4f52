package provider_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// changingPrecheck serves one scenario for every job ID, which a test can
// replace by another one.
type changingPrecheck struct {
	*httptest.Server

	current atomic.Pointer[emulator.Emulator]
	count   atomic.Int32 // of requests since the scenario began
}

func newChangingPrecheck(t *testing.T, scenario string) *changingPrecheck {
	t.Helper()
	c := &changingPrecheck{}
	c.play(scenario)
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.count.Add(1)
		c.current.Load().ServeHTTP(w, r)
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *changingPrecheck) play(scenario string) {
	c.current.Store(&emulator.Emulator{Rate: -1, Scenario: scenario})
	c.count.Store(0)
}

// requests is the number of requests since the scenario began.
func (c *changingPrecheck) requests() int { return int(c.count.Load()) }

// What a command does about a precheck that has failed.
const (
	stops   = "stops"
	warns   = "warns"
	ignores = "ignores"
)

// gateRuns are commands, each run after the precheck has failed, with the state
// of an apply before that or none. Both saved plans are older than the failure.
var gateRuns = []struct {
	name     string
	hasState bool
	run      []string
	deployed func(stopped bool) bool // whether the gated resource exists in the end
}{
	{"plan", false, []string{"plan"}, never},
	{"apply", false, apply, unlessStopped},
	{"saved plan", false, []string{"apply", "saved"}, unlessStopped},
	{"destroy", true, destroy, ifStopped},
	{"destroy without refresh", true, append(destroy, "-refresh=false"), ifStopped},
	{"saved destroy plan", true, []string{"apply", "saved-destroy"}, ifStopped},
	// Terraform before 1.10 cannot apply such a plan if only outputs change.
	{"refresh-only", true, []string{"plan", "-refresh-only"}, always},
}

var (
	apply   = []string{"apply", "-auto-approve"}
	destroy = []string{"destroy", "-auto-approve"}
)

func never(bool) bool                 { return false }
func always(bool) bool                { return true }
func ifStopped(stopped bool) bool     { return stopped }
func unlessStopped(stopped bool) bool { return !stopped }

// gateTable tells what each kind of gate does in each of these runs, and how
// many requests that takes. It is the table of the guide, measured.
var gateTable = map[string]map[string]struct {
	outcome  string
	requests int
}{
	"ephemeral": {
		"plan": {stops, 1}, "apply": {stops, 1}, "saved plan": {stops, 1},
		"destroy": {stops, 1}, "destroy without refresh": {ignores, 0}, "saved destroy plan": {ignores, 0}, "refresh-only": {stops, 1},
	},
	"provider": {
		"plan": {stops, 1}, "apply": {stops, 1}, "saved plan": {stops, 1},
		"destroy": {stops, 1}, "destroy without refresh": {stops, 1}, "saved destroy plan": {stops, 1}, "refresh-only": {stops, 1},
	},
	"precondition": {
		"plan": {stops, 1}, "apply": {stops, 1}, "saved plan": {ignores, 0},
		"destroy": {ignores, 1}, "destroy without refresh": {ignores, 0}, "saved destroy plan": {ignores, 0}, "refresh-only": {warns, 1},
	},
	"postcondition": {
		"plan": {stops, 1}, "apply": {stops, 1}, "saved plan": {ignores, 0},
		"destroy": {ignores, 1}, "destroy without refresh": {ignores, 0}, "saved destroy plan": {ignores, 0}, "refresh-only": {warns, 1},
	},
	"check": {
		"plan": {warns, 1}, "apply": {warns, 2}, "saved plan": {warns, 1},
		"destroy": {ignores, 1}, "destroy without refresh": {ignores, 0}, "saved destroy plan": {ignores, 0}, "refresh-only": {warns, 1},
	},
}

// gateMessages are the words of each kind of gate around the summary of a
// precheck that has failed.
var gateMessages = map[string]string{
	"ephemeral":     `Error: Precheck Gate Closed: DTS Job job.*with ephemeral\.dts_precheck_gate\.migration`,
	"provider":      `Error: Precheck Gate Closed: DTS Job job`,
	"precondition":  `Resource precondition failed`,
	"postcondition": `Resource postcondition failed`,
	"check":         `Check block assertion failed`,
}

// TestGateTable runs each cell of the table through the CLI, and a destroy when
// the job is gone: its read fails, except in a check block, which has a warning.
func TestGateTable(t *testing.T) {
	t.Parallel()
	for kind, cells := range gateTable {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			requireVersionOf(t, "../../examples/gate/"+kind)
			p := newChangingPrecheck(t, "passed")
			c := newCLI(t, "../../examples/gate/"+kind)
			withOtherProviders(t, c)
			c.environment = append(c.environment, "TF_VAR_dts_job_id=job", "TF_VAR_database_host=db", "TF_VAR_emulator="+hostOf(p.URL))
			c.mustRun(t, "plan", "-out=saved")
			c.mustRun(t, "apply", "saved")
			c.mustRun(t, "plan", "-destroy", "-out=saved-destroy")
			applied := c.state(t)
			run := func(hasState bool, scenario string, arguments []string) (outcome, output string) {
				c.restore(t, nil)
				if hasState {
					c.restore(t, applied)
				}
				p.play(scenario)
				output, code := c.run(t, append(slices.Clone(arguments), "-no-color")...)
				return outcomeOf(kind, output, code), output
			}
			for _, r := range gateRuns {
				outcome, output := run(r.hasState, "failed", r.run)
				if want := cells[r.name]; outcome != want.outcome || p.requests() != want.requests {
					t.Errorf("%s: %s after %d requests, want %v:\n%s", r.name, outcome, p.requests(), want, output)
				}
				if deployed := c.isDeployed(t); deployed != r.deployed(outcome == stops) {
					t.Errorf("%s: deployed: %t:\n%s", r.name, deployed, output)
				}
			}
			outcome, output := run(true, "", destroy)
			if deployed := c.isDeployed(t); deployed != (kind != "check") || deployed != (outcome == fails) || deployed != strings.Contains(output, "Forbidden.InstanceNotFound") {
				t.Errorf("the job is gone: %s, deployed: %t:\n%s", outcome, deployed, output)
			}
		})
	}
}

const fails = "fails for another reason"

// outcomeOf tells from the output and the exit code what a gate did.
func outcomeOf(kind, output string, code int) string {
	reports := wrapped(gateMessages[kind] + ".*is FAILED.*CHECK_BINLOG_ON.*Repair: Set log_bin = ON").MatchString(output)
	switch {
	case code != 0 && reports:
		return stops
	case code != 0:
		return fails
	case reports:
		return warns
	}
	return ignores
}
