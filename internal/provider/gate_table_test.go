package provider_test

import (
	"net/http"
	"net/http/httptest"
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
}

func newChangingPrecheck(t *testing.T, scenario string) *changingPrecheck {
	t.Helper()
	c := &changingPrecheck{}
	c.play(scenario)
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { c.current.Load().ServeHTTP(w, r) }))
	t.Cleanup(c.Close)
	return c
}

func (c *changingPrecheck) play(scenario string) {
	c.current.Store(&emulator.Emulator{Rate: -1, Scenario: scenario})
}

// requests is the number of requests since the scenario began.
func (c *changingPrecheck) requests() int { return len(c.current.Load().Requests()) }

// What a command does about a precheck that has failed.
const (
	stops   = "stops"
	warns   = "warns"
	ignores = "ignores"
)

// gateRuns are commands, each run after a setup while the precheck had passed.
var gateRuns = []struct {
	name       string
	setup, run []string
	deployed   string // what is deployed in the end: "", "unless stopped", "if stopped" or "still"
}{
	{"plan", nil, []string{"plan"}, ""},
	{"apply", nil, []string{"apply", "-auto-approve"}, "unless stopped"},
	{"saved plan", []string{"plan", "-out=saved"}, []string{"apply", "saved"}, "unless stopped"},
	{"destroy", []string{"apply", "-auto-approve"}, []string{"destroy", "-auto-approve"}, "if stopped"},
	{"destroy without refresh", []string{"apply", "-auto-approve"}, []string{"destroy", "-auto-approve", "-refresh=false"}, "if stopped"},
	{"refresh-only", []string{"apply", "-auto-approve"}, []string{"apply", "-refresh-only", "-auto-approve"}, "still"},
}

// gateTable tells what each kind of gate does in each of these runs, and how
// many requests that takes. It is the table of the guide, measured.
var gateTable = map[string]map[string]struct {
	outcome  string
	requests int
}{
	"ephemeral": {
		"plan": {stops, 1}, "apply": {stops, 1}, "saved plan": {stops, 1},
		"destroy": {stops, 1}, "destroy without refresh": {ignores, 0}, "refresh-only": {stops, 1},
	},
	"precondition": {
		"plan": {stops, 1}, "apply": {stops, 1}, "saved plan": {ignores, 0},
		"destroy": {ignores, 1}, "destroy without refresh": {ignores, 0}, "refresh-only": {warns, 1},
	},
	"postcondition": {
		"plan": {stops, 1}, "apply": {stops, 1}, "saved plan": {ignores, 0},
		"destroy": {ignores, 1}, "destroy without refresh": {ignores, 0}, "refresh-only": {warns, 1},
	},
	"check": {
		"plan": {warns, 1}, "apply": {warns, 2}, "saved plan": {warns, 1},
		"destroy": {ignores, 1}, "destroy without refresh": {ignores, 0}, "refresh-only": {warns, 1},
	},
}

// TestGateTable runs each cell of the table through the CLI.
func TestGateTable(t *testing.T) {
	t.Parallel()
	for kind, cells := range gateTable {
		for _, run := range gateRuns {
			t.Run(kind+" "+run.name, func(t *testing.T) {
				t.Parallel()
				if kind == "ephemeral" {
					requireEphemeralResources(t)
				}
				p := newChangingPrecheck(t, "passed")
				c := newCLI(t, "../../examples/gate/"+kind)
				c.environment = append(c.environment, "TF_VAR_dts_job_id=job", "TF_VAR_emulator="+hostOf(p.URL))
				if run.setup != nil {
					c.mustRun(t, run.setup...)
				}
				p.play("failed")
				output, code := c.run(t, run.run...)
				outcome := outcomeOf(output, code)
				if want := cells[run.name]; outcome != want.outcome || p.requests() != want.requests {
					t.Errorf("%s after %d requests, want %v:\n%s", outcome, p.requests(), want, output)
				}
				state, _ := c.run(t, "state", "list")
				deployed := strings.Contains(state, "terraform_data.deployment")
				if want := run.deployed == "still" || run.deployed == "if stopped" && outcome == stops || run.deployed == "unless stopped" && outcome != stops; deployed != want {
					t.Errorf("deployed: %t:\n%s", deployed, output)
				}
			})
		}
	}
}

func outcomeOf(output string, code int) string {
	switch {
	case code != 0 && strings.Contains(output, "is FAILED"):
		return stops
	case code != 0:
		return "fails for another reason"
	case strings.Contains(output, "is FAILED"):
		return warns
	}
	return ignores
}
