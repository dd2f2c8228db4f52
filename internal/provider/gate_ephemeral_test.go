package provider_test

import (
	"slices"
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
	p := newChangingPrecheck(t, "failed")
	c := newCLIWith(t, providerBlock(p.URL)+laterJob)
	c.mustRun(t, "plan", "-out=saved")
	if p.requests() > 0 {
		t.Errorf("%d requests while planning", p.requests())
	}
	for scenario, opens := range map[string]bool{"passed": true, "checking-then-passed": true, "failed": false} {
		c.restore(t, nil)
		p.play(scenario)
		output, code := c.run(t, "apply", "-no-color", "saved")
		if (code == 0) != opens || c.isDeployed(t) != opens {
			t.Errorf("%s: exit code %d:\n%s", scenario, code, output)
		}
	}
}

// TestDestroyPastAGate destroys with a gate that is open, and with one that is
// switched off while it would wait.
func TestDestroyPastAGate(t *testing.T) {
	t.Parallel()
	p := newChangingPrecheck(t, "passed")
	c := gateCLI(t, p.URL)
	c.mustRun(t, "apply", "-auto-approve")
	applied := c.state(t)
	c.mustRun(t, "destroy", "-auto-approve")
	c.restore(t, applied)
	p.play("stuck")
	if output := c.mustRun(t, "destroy", "-auto-approve", "-var=gate=false"); c.isDeployed(t) {
		t.Error(output)
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
			c := newCLIWith(t, providerBlock(p.URL)+waitingGate)
			if slices.Contains(test.run, "saved") {
				c.mustRun(t, "plan", "-out=saved")
			}
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
