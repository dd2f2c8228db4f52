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

// gateRuns are commands, each run after a setup while the precheck had passed.
var gateRuns = []struct {
	name     string
	setup    [][]string
	run      []string
	deployed func(stopped bool) bool // whether the gated resource exists in the end
}{
	{"plan", nil, []string{"plan"}, never},
	{"apply", nil, apply, unlessStopped},
	{"saved plan", [][]string{{"plan", "-out=saved"}}, []string{"apply", "saved"}, unlessStopped},
	{"destroy", [][]string{apply}, []string{"destroy", "-auto-approve"}, ifStopped},
	{"destroy without refresh", [][]string{apply}, []string{"destroy", "-auto-approve", "-refresh=false"}, ifStopped},
	{"saved destroy plan", [][]string{apply, {"plan", "-destroy", "-out=saved"}}, []string{"apply", "saved"}, ifStopped},
	// Terraform before 1.10 cannot apply such a plan if only outputs change.
	{"refresh-only", [][]string{apply}, []string{"plan", "-refresh-only"}, always},
}

var apply = []string{"apply", "-auto-approve"}

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

// TestGateTable runs each cell of the table through the CLI.
func TestGateTable(t *testing.T) {
	t.Parallel()
	for kind, cells := range gateTable {
		for _, run := range gateRuns {
			t.Run(kind+" "+run.name, func(t *testing.T) {
				t.Parallel()
				requireVersionOf(t, "../../examples/gate/"+kind)
				p := newChangingPrecheck(t, "passed")
				c := newCLI(t, "../../examples/gate/"+kind)
				withOtherProviders(t, c)
				c.environment = append(c.environment, "TF_VAR_dts_job_id=job", "TF_VAR_database_host=db", "TF_VAR_emulator="+hostOf(p.URL))
				for _, command := range run.setup {
					c.mustRun(t, command...)
				}
				p.play("failed")
				output, code := c.run(t, run.run...)
				outcome := outcomeOf(output, code)
				if want := cells[run.name]; outcome != want.outcome || p.requests() != want.requests {
					t.Errorf("%s after %d requests, want %v:\n%s", outcome, p.requests(), want, output)
				}
				state, _ := c.run(t, "state", "list")
				if deployed := strings.Contains(state, "terraform_data.deployment") || strings.Contains(state, "alicloud_alidns_record.database"); deployed != run.deployed(outcome == stops) {
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
