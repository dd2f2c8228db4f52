package provider_test

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// gateCLI runs the example of the ephemeral gate against a server.
func gateCLI(t *testing.T, url string) *cli {
	t.Helper()
	requireEphemeralResources(t)
	c := newCLI(t, "../../examples/gate/ephemeral")
	c.environment = append(c.environment, "TF_VAR_dts_job_id=job", "TF_VAR_emulator="+hostOf(url))
	return c
}

// isDeployed reports whether the gated resource exists.
func (c *cli) isDeployed(t *testing.T) bool {
	t.Helper()
	state, _ := c.run(t, "state", "list") // Fails while there is no state.
	return strings.Contains(state, "terraform_data.deployment")
}

// TestSavedPlanMeetsAFailedPrecheck applies a plan that was saved while the
// precheck had passed. The message names job, items and repairs.
func TestSavedPlanMeetsAFailedPrecheck(t *testing.T) {
	t.Parallel()
	p := newChangingPrecheck(t, "passed")
	c := gateCLI(t, p.URL)
	c.mustRun(t, "plan", "-out=saved")
	p.play("failed")
	output, code := c.run(t, "apply", "-no-color", "saved")
	if code == 0 || c.isDeployed(t) {
		t.Errorf("exit code %d:\n%s", code, output)
	}
	for _, want := range []string{
		"Error: Precheck Gate Closed: DTS Job job", "with ephemeral.dts_precheck_gate.migration",
		"Precheck of DTS job job is FAILED", "CHECK_BINLOG_ON", "Repair: Set log_bin = ON",
	} {
		if !wrapped(want).MatchString(output) {
			t.Errorf("no %q in:\n%s", want, output)
		}
	}
}

// laterJob is a gate for a job whose ID is known only after apply.
const laterJob = `
resource "terraform_data" "job" { input = "job" }
ephemeral "dts_precheck_gate" "later" {
  dts_job_id          = terraform_data.job.output
  wait_for_completion = true
  poll_interval       = "1s"
}
resource "terraform_data" "deployment" {
  input      = "switched over"
  depends_on = [ephemeral.dts_precheck_gate.later]
}
`

// TestGateForAJobThatIsKnownLater plans while the precheck has failed, without a
// request, and decides when the plan is applied.
func TestGateForAJobThatIsKnownLater(t *testing.T) {
	t.Parallel()
	requireEphemeralResources(t)
	for scenario, opens := range map[string]bool{"passed": true, "checking-then-passed": true, "failed": false} {
		t.Run(scenario, func(t *testing.T) {
			t.Parallel()
			p := newChangingPrecheck(t, "failed")
			c := newCLIWith(t, providerBlock(p.URL, "")+laterJob)
			c.mustRun(t, "plan", "-out=saved")
			if p.requests() > 0 {
				t.Errorf("%d requests while planning", p.requests())
			}
			p.play(scenario)
			output, code := c.run(t, "apply", "-no-color", "saved")
			if (code == 0) != opens || c.isDeployed(t) != opens {
				t.Errorf("exit code %d:\n%s", code, output)
			}
		})
	}
}

// TestDestroyPastAClosedGate tries the ways around a gate that stops a destroy.
func TestDestroyPastAClosedGate(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		scenario string
		more     []string
		destroys bool
	}{
		"failed":                {"failed", nil, false},
		"passed":                {"passed", nil, true},
		"without refresh":       {"failed", []string{"-refresh=false"}, true},
		"switched off":          {"failed", []string{"-var=gate=false"}, true},
		"still running, is off": {"stuck", []string{"-var=gate=false"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newChangingPrecheck(t, "passed")
			c := gateCLI(t, p.URL)
			c.mustRun(t, "apply", "-auto-approve")
			p.play(test.scenario)
			output, code := c.run(t, append([]string{"destroy", "-no-color", "-auto-approve"}, test.more...)...)
			if (code == 0) != test.destroys || c.isDeployed(t) == test.destroys {
				t.Errorf("exit code %d:\n%s", code, output)
			}
		})
	}
}

// waitingGate is a gate that waits until the precheck passes.
const waitingGate = `
variable "timeout" { default = "2h" }
ephemeral "dts_precheck_gate" "test" {
  dts_job_id          = "job"
  wait_for_completion = true
  poll_interval       = "1h"
  timeouts { open = var.timeout }
}
resource "terraform_data" "deployment" {
  depends_on = [ephemeral.dts_precheck_gate.test]
  lifecycle { create_before_destroy = true }
}
`

// TestInterruptOfAWaitingGate sends the CLI what Ctrl+C sends. In an apply that
// plans first, the CLI does not pass it on, so that the timeout ends the wait.
func TestInterruptOfAWaitingGate(t *testing.T) {
	t.Parallel()
	requireEphemeralResources(t)
	for name, test := range map[string]struct {
		run           []string
		endsByTimeout bool
	}{
		"plan":       {[]string{"plan", "-no-color"}, false},
		"refresh":    {[]string{"plan", "-no-color", "-refresh-only"}, false},
		"saved plan": {[]string{"apply", "-no-color", "saved"}, false},
		"apply":      {[]string{"apply", "-no-color", "-auto-approve", "-var=timeout=5s"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newChangingPrecheck(t, "passed")
			c := newCLIWith(t, providerBlock(p.URL, "")+waitingGate)
			c.mustRun(t, "plan", "-out=saved")
			p.play("stuck")
			command := c.command(t, test.run...)
			var output strings.Builder
			command.Stdout, command.Stderr = &output, &output
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			for started := time.Now(); p.requests() == 0; time.Sleep(10 * time.Millisecond) {
				if time.Since(started) > cliDeadline {
					t.Fatal("no request was sent")
				}
			}
			if err := command.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			if err := command.Wait(); err == nil {
				t.Errorf("the CLI succeeded:\n%s", &output)
			}
			// A wait of two hours would end with the deadline of the test, which kills the CLI.
			if !command.ProcessState.Exited() || strings.Contains(output.String(), "timeouts.open has passed") != test.endsByTimeout {
				t.Errorf("%s:\n%s", command.ProcessState, &output)
			}
		})
	}
}

// TestBadGatesDoNotValidate runs validate, which sends no request.
func TestBadGatesDoNotValidate(t *testing.T) {
	t.Parallel()
	requireEphemeralResources(t)
	for name, test := range map[string]struct{ config, want string }{
		"precheck": {`ephemeral "dts_precheck_gate" "test" {
  dts_job_id  = "a"
  struct_type = "never"
}`, `Attribute struct_type must be one of`},
		"job": {`ephemeral "dts_job_gate" "test" { dts_job_id = "a" }`, `At least one of these attributes must be configured: statuses, max_delay_seconds\.`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCLIWith(t, test.config)
			if output, code := c.run(t, "validate", "-no-color"); code == 0 || !wrapped(test.want).MatchString(output) {
				t.Errorf("exit code %d:\n%s", code, output)
			}
		})
	}
}
