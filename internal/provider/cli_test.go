package provider_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// cliDeadline ends a CLI that hangs.
const cliDeadline = 2 * time.Minute

// cli runs the CLI in a directory of its own, with the provider's binary in a
// process of its own, as users run it.
type cli struct {
	directory   string
	environment []string
}

// newCLI copies the files of a directory and prepares the CLI to run there.
func newCLI(t *testing.T, from string) *cli {
	t.Helper()
	skipIfShort(t)
	c := &cli{directory: t.TempDir()}
	if err := os.CopyFS(c.directory, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "cli.tfrc")
	override := filepath.Dir(binary(t))
	if err := os.WriteFile(config, []byte(`provider_installation {
  dev_overrides { "dts-community/dts" = "`+override+`" }
  direct {}
}`), 0o600); err != nil {
		t.Fatal(err)
	}
	c.environment = append(os.Environ(), "TF_CLI_CONFIG_FILE="+config, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1")
	return c
}

// newCLIWith is [newCLI] with one file of configuration.
func newCLIWith(t *testing.T, config string) *cli {
	t.Helper()
	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, "main.tf"), []byte(providerSource+config), 0o600); err != nil {
		t.Fatal(err)
	}
	return newCLI(t, directory)
}

// providerSource tells the CLI which provider dts is.
const providerSource = `
terraform {
  required_providers {
    dts = {
      source = "dts-community/dts"
    }
  }
}
`

// run returns what the CLI printed, and its exit code.
func (c *cli) run(t *testing.T, arguments ...string) (output string, code int) {
	t.Helper()
	command := c.command(t, arguments...)
	text, err := command.CombinedOutput()
	if command.ProcessState == nil {
		t.Fatal(err)
	}
	return string(text), command.ProcessState.ExitCode()
}

// command is the CLI, not yet started.
func (c *cli) command(t *testing.T, arguments ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), cliDeadline)
	t.Cleanup(cancel)
	command := exec.CommandContext(ctx, cliPath(t), arguments...)
	command.Dir, command.Env = c.directory, c.environment
	command.WaitDelay = 10 * time.Second
	return command
}

// mustRun runs the CLI and fails the test if the CLI fails.
func (c *cli) mustRun(t *testing.T, arguments ...string) string {
	t.Helper()
	output, code := c.run(t, arguments...)
	if code != 0 {
		t.Fatalf("%v: exit code %d:\n%s", arguments, code, output)
	}
	return output
}

// statePath is the file of the state, which tests read and replace: a start of
// the CLI less for each.
func (c *cli) statePath() string { return filepath.Join(c.directory, "terraform.tfstate") }

// state returns the state file, or nil if there is none.
func (c *cli) state(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile(c.statePath())
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return text
}

// restore replaces the state file, or removes it if there was none.
func (c *cli) restore(t *testing.T, state []byte) {
	t.Helper()
	err := os.WriteFile(c.statePath(), state, 0o600)
	if state == nil {
		err = os.RemoveAll(c.statePath())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// isDeployed reports whether the gated resource of an example exists.
func (c *cli) isDeployed(t *testing.T) bool {
	t.Helper()
	return regexp.MustCompile(`"name": "(deployment|cutover|database)"`).Match(c.state(t))
}

// output decodes an output of the last apply.
func (c *cli) output(t *testing.T, name string, into any) {
	t.Helper()
	var state struct {
		Outputs map[string]struct{ Value json.RawMessage }
	}
	decodeJSON(t, c.state(t), &state)
	decodeJSON(t, state.Outputs[name].Value, into)
}

// findCLI finds the CLI as tools/find-cli does, which make test runs.
func findCLI() string {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// cliPath is the path of the CLI.
func cliPath(t *testing.T) string {
	t.Helper()
	path := findCLI()
	if path == "" {
		t.Fatal("no terraform or tofu was found; make test builds one")
	}
	return path
}

// versionOf returns what a CLI prints about itself.
var versionOf = sync.OnceValues(func() (string, error) {
	output, err := exec.Command(findCLI(), "version").Output()
	return string(output), err
})

// cliVersion returns the product and the minor version of the CLI.
func cliVersion(t *testing.T) (product string, minor int) {
	t.Helper()
	output, err := versionOf()
	if err != nil {
		t.Fatal(err)
	}
	product, version, _ := strings.Cut(output, " v1.")
	if _, err := fmt.Sscan(strings.SplitN(version, ".", 2)[0], &minor); err != nil {
		t.Fatalf("%s: %v", output, err)
	}
	return product, minor
}

// requireEphemeralResources skips a test of ephemeral resources with a CLI that
// does not have them: Terraform before 1.10, OpenTofu before 1.11.
func requireEphemeralResources(t *testing.T) {
	t.Helper()
	skipIfShort(t)
	product, minor := cliVersion(t)
	if product == "Terraform" && minor < 10 || product == "OpenTofu" && minor < 11 {
		t.Skipf("%s v1.%d has no ephemeral resources", product, minor)
	}
}

// requireVersionOf skips a test of an example that the CLI is too old for.
func requireVersionOf(t *testing.T, example string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(example, "main.tf"))
	if err == nil && strings.Contains(string(text), "\nephemeral ") {
		requireEphemeralResources(t)
	}
}

// skipIfShort skips a test that starts a CLI.
func skipIfShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a CLI")
	}
}
