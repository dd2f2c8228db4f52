package provider_test

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// cli runs the real CLI in a folder of its own, with the provider's binary as
// users run it, in a process of its own.
type cli struct {
	folder      string
	environment []string
}

// newCLI copies a folder's files and prepares the CLI to run there.
func newCLI(t *testing.T, from string) *cli {
	t.Helper()
	c := &cli{folder: t.TempDir()}
	if err := os.CopyFS(c.folder, os.DirFS(from)); err != nil {
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

// run returns what the CLI printed, and its exit code.
func (c *cli) run(t *testing.T, arguments ...string) (output string, code int) {
	t.Helper()
	command := exec.CommandContext(t.Context(), cliPath(t), arguments...)
	command.Dir, command.Env = c.folder, c.environment
	text, err := command.CombinedOutput()
	if command.ProcessState == nil {
		t.Fatal(err)
	}
	return string(text), command.ProcessState.ExitCode()
}

// must runs the CLI and wants success.
func (c *cli) must(t *testing.T, arguments ...string) string {
	t.Helper()
	output, code := c.run(t, arguments...)
	if code != 0 {
		t.Fatalf("%v: exit code %d:\n%s", arguments, code, output)
	}
	return output
}

// cliPath finds the CLI as tools/find-cli does, which make test runs.
func cliPath(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		return path
	}
	for _, name := range []string{"terraform", "tofu"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("no terraform or tofu was found; make test builds one")
	return ""
}

// buildFolder holds the binary while the tests run.
var buildFolder string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "terraform-provider-dts-")
	if err != nil {
		log.Fatal(err)
	}
	buildFolder = folder
	code := m.Run()
	if err := os.RemoveAll(folder); err != nil {
		log.Print(err)
	}
	os.Exit(code)
}

// binary is the provider's, built once from this tree.
func binary(t *testing.T) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var build = sync.OnceValues(func() (string, error) {
	path := filepath.Join(buildFolder, "terraform-provider-dts")
	output, err := exec.Command("go", "build", "-o", path, "../..").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, output)
	}
	return path, nil
})

// providerSource says which provider dts is.
const providerSource = `
terraform {
  required_providers {
    dts = {
      source = "dts-community/dts"
    }
  }
}
`

// folderWith is a folder with one file of configuration.
func folderWith(t *testing.T, config string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "main.tf"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}
