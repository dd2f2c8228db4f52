package provider_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestInstall installs the provider where the CLI searches by default, uses it
// without a registry or an override, and updates it.
func TestInstall(t *testing.T) {
	t.Parallel()
	skipIfShort(t)
	home := t.TempDir()
	makeInstall(t, home, "first")

	server, _ := newEmulator(t)
	c := newCLIWith(t, providerBlock(server.URL, "")+jobs("")+
		`output "read" { value = "${length(data.dts_jobs.test.jobs)} jobs" }`)
	for i, entry := range c.environment {
		if strings.HasPrefix(entry, "TF_CLI_CONFIG_FILE=") {
			c.environment[i] = "TF_CLI_CONFIG_FILE=/dev/null"
		}
	}
	c.environment = append(c.environment, "HOME="+home)
	first := initializedVersion(t, c)
	if output := c.mustRun(t, "plan", "-no-color"); !strings.Contains(output, `read = "33 jobs"`) || strings.Contains(output, "override") {
		t.Error(output)
	}

	makeInstall(t, home, "second")
	if kept := initializedVersion(t, c); kept != first {
		t.Errorf("init without -upgrade changed the version from %s to %s", first, kept)
	}
	c.mustRun(t, "plan")
	if second := initializedVersion(t, c, "-upgrade"); second == first {
		t.Errorf("init -upgrade kept version %s", first)
	}
	c.mustRun(t, "plan")
}

// makeInstall installs a build that differs from those of other versions.
func makeInstall(t *testing.T, home, version string) {
	t.Helper()
	install := exec.CommandContext(t.Context(), "make", "-C", "../..", "install", "BIN="+t.TempDir(), "VERSION="+version)
	install.Env = append(os.Environ(), "HOME="+home)
	if output, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v", output, err)
	}
}

var initialized = regexp.MustCompile(`dts-community/dts v(0\.0\.\d+)`)

// initializedVersion runs init and returns the version that it chose.
func initializedVersion(t *testing.T, c *cli, arguments ...string) string {
	t.Helper()
	output := c.mustRun(t, append([]string{"init", "-no-color"}, arguments...)...)
	found := initialized.FindStringSubmatch(output)
	if found == nil {
		t.Fatal(output)
	}
	return found[1]
}
