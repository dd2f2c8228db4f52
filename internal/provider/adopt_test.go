package provider_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAdopt imports every job of the emulator's account with the configuration
// that the example writes, and then finds no job that is not managed.
func TestAdopt(t *testing.T) {
	t.Parallel()
	server, _ := newEmulator(t)
	emulator := "-var=emulator=" + hostOf(server.URL)
	c := newCLI(t, "../../examples/adopt")
	if output := c.mustRun(t, "apply", "-no-color", "-auto-approve", emulator); !wrapped("Warning: Check block assertion failed").MatchString(output) {
		t.Errorf("no warning of unmanaged jobs:\n%s", output)
	}
	var unmanaged []string
	var configuration string
	c.output(t, "unmanaged", &unmanaged)
	c.output(t, "configuration", &configuration)

	importing := newCLI(t, t.TempDir())
	withOtherProviders(t, importing)
	for name, text := range map[string]string{
		"main.tf":    "terraform {\n  required_providers {\n    alicloud = { source = \"aliyun/alicloud\" }\n  }\n}\n",
		"adopted.tf": configuration,
	} {
		if err := os.WriteFile(filepath.Join(importing.directory, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want := fmt.Sprintf("Apply complete! Resources: %d imported, 0 added, ", len(unmanaged))
	if output := importing.mustRun(t, "apply", "-no-color", "-auto-approve"); len(unmanaged) < 30 || !strings.Contains(output, want) {
		t.Errorf("no %q in:\n%s", want, output)
	}

	managed, err := json.Marshal(unmanaged)
	if err != nil {
		t.Fatal(err)
	}
	if output := c.mustRun(t, "plan", "-no-color", emulator, "-var=managed="+string(managed)); strings.Contains(output, "No configuration manages") {
		t.Error(output)
	}
}

// TestAdoptWithForEach imports jobs as instances of one resource.
func TestAdoptWithForEach(t *testing.T) {
	t.Parallel()
	server, _ := newEmulator(t)
	c := newCLI(t, "../../examples/adopt/for_each")
	withOtherProviders(t, c)
	output := c.mustRun(t, "apply", "-no-color", "-auto-approve", "-var=emulator="+hostOf(server.URL))
	if !strings.Contains(output, "Resources: 2 imported, 0 added") {
		t.Error(output)
	}
}
