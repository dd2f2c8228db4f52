package provider_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestInstall installs the provider where the CLI searches by default, and
// initializes and plans without a registry or an override.
func TestInstall(t *testing.T) {
	t.Parallel()
	skipIfShort(t)
	home := t.TempDir()
	install := exec.CommandContext(t.Context(), "make", "-C", "../..", "install")
	install.Env = append(os.Environ(), "HOME="+home)
	if output, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v", output, err)
	}
	server, _ := newEmulator(t)
	c := newCLIWith(t, providerBlock(server.URL, "")+jobs("")+
		`output "read" { value = "${length(data.dts_jobs.test.jobs)} jobs" }`)
	for i, entry := range c.environment {
		if strings.HasPrefix(entry, "TF_CLI_CONFIG_FILE=") {
			c.environment[i] = "TF_CLI_CONFIG_FILE=/dev/null"
		}
	}
	c.environment = append(c.environment, "HOME="+home)
	if output := c.mustRun(t, "init", "-no-color"); !strings.Contains(output, "dts-community/dts v0.0.1") {
		t.Error(output)
	}
	if output := c.mustRun(t, "plan", "-no-color"); !strings.Contains(output, `read = "33 jobs"`) || strings.Contains(output, "override") {
		t.Error(output)
	}
}
