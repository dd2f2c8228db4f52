package provider_test

import (
	"strings"
	"testing"
)

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
