package provider_test

import (
	"strings"
	"testing"
)

// TestGate applies the gates as users write them against scenarios that pass
// and fail, with the provider in a process of its own.
func TestGate(t *testing.T) {
	t.Parallel()
	for _, gate := range []struct {
		kind               string
		stops              bool
		failing, whenFails string // the words around the summary
	}{
		{"postcondition", true, "Resource postcondition failed", ""},
		{"precondition", true, "Resource precondition failed", ""},
		{"check", false, "Check block assertion failed", "switched over to failed"},
	} {
		t.Run(gate.kind, func(t *testing.T) {
			t.Parallel()
			server, _ := newEmulator(t)
			c := newCLI(t, "../../examples/gate/"+gate.kind)
			apply := func(job string) (string, int) {
				return c.run(t, "apply", "-no-color", "-auto-approve",
					"-var", "dts_job_id="+job, "-var", "emulator="+hostOf(server.URL))
			}
			output, code := apply("failed")
			for _, want := range []string{
				gate.failing,
				"Precheck of DTS job failed is FAILED",
				"CHECK_BINLOG_ON",
				"Repair: ",
				gate.whenFails,
			} {
				if !wrapped(want).MatchString(output) {
					t.Errorf("no %q in:\n%s", want, output)
				}
			}
			if stopped := code != 0; stopped != gate.stops || stopped == strings.Contains(output, "Apply complete") {
				t.Errorf("exit code %d:\n%s", code, output)
			}
			output, code = apply("passed")
			if code != 0 || !strings.Contains(output, "switched over to passed") || strings.Contains(output, gate.failing) {
				t.Errorf("exit code %d:\n%s", code, output)
			}
		})
	}
}

// TestUnknownJobIsOnlyAWarningInACheck reads a job that does not exist.
func TestUnknownJobIsOnlyAWarningInACheck(t *testing.T) {
	t.Parallel()
	server, _ := newEmulator(t)
	c := newCLI(t, "../../examples/gate/check")
	output := c.mustRun(t, "apply", "-no-color", "-auto-approve",
		"-var", "dts_job_id=nobody", "-var", "emulator="+hostOf(server.URL))
	if !strings.Contains(output, "Warning: Unable to Read DTS Precheck Status") || !strings.Contains(output, "Apply complete") {
		t.Error(output)
	}
}

// TestDestroyWhenTheJobIsGone has a deployment whose DTS job was released: the
// read fails, and with it a destroy that refreshes first, except in a check block.
func TestDestroyWhenTheJobIsGone(t *testing.T) {
	t.Parallel()
	for kind, stopped := range map[string]bool{"postcondition": true, "precondition": true, "check": false} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			server, _ := newEmulator(t)
			c := newCLI(t, "../../examples/gate/"+kind)
			run := func(command, job string, more ...string) (string, int) {
				arguments := []string{command, "-no-color", "-auto-approve",
					"-var", "dts_job_id=" + job, "-var", "emulator=" + hostOf(server.URL)}
				return c.run(t, append(arguments, more...)...)
			}
			for _, destroy := range []struct {
				job     string
				more    []string
				stopped bool
			}{
				{"failed", nil, false},
				{"nobody", nil, stopped},
				{"nobody", []string{"-refresh=false"}, false},
			} {
				if output, code := run("apply", "passed"); code != 0 {
					t.Fatal(output)
				}
				output, code := run("destroy", destroy.job, destroy.more...)
				if (code != 0) != destroy.stopped || destroy.stopped == strings.Contains(output, "Destroy complete") {
					t.Errorf("%v: exit code %d:\n%s", destroy, code, output)
				}
			}
		})
	}
}
