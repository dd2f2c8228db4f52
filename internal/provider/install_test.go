package provider_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestInstall puts the provider where the CLI looks for it by itself, and
// initializes and plans with no registry and no override.
func TestInstall(t *testing.T) {
	home := t.TempDir()
	install := exec.CommandContext(t.Context(), "make", "-C", "../..", "install")
	// The caches stay where they are, for they are below the real home.
	install.Env = append(os.Environ(), "HOME="+home, "GOCACHE="+goEnv(t, "GOCACHE"), "GOMODCACHE="+goEnv(t, "GOMODCACHE"))
	if output, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v", output, err)
	}
	server, _ := newEmulator(t)
	c := newCLI(t, folderWith(t, providerSource+providerBlock(server.URL, "")+jobs("")+
		`output "read" { value = "${length(data.dts_jobs.test.jobs)} jobs" }`))
	for i, entry := range c.environment {
		if strings.HasPrefix(entry, "TF_CLI_CONFIG_FILE=") {
			c.environment[i] = "TF_CLI_CONFIG_FILE=/dev/null"
		}
	}
	c.environment = append(c.environment, "HOME="+home)
	if output := c.must(t, "init", "-no-color"); !strings.Contains(output, "dts-community/dts v0.0.1") {
		t.Error(output)
	}
	if output := c.must(t, "plan", "-no-color"); !strings.Contains(output, `read = "33 jobs"`) || strings.Contains(output, "override") {
		t.Error(output)
	}
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(output))
}
