//go:build unix

package bench

import (
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Variables of the environment that make a process of this test binary run the
// provider, and add what that used to a file.
const (
	wrappedProvider = "BENCH_PROVIDER"
	usageFile       = "BENCH_USAGE"
)

func TestMain(m *testing.M) {
	if provider := os.Getenv(wrappedProvider); provider != "" {
		if err := runProvider(provider, os.Getenv(usageFile)); err != nil {
			log.Fatal(err)
		}
		return
	}
	os.Exit(m.Run())
}

func runProvider(provider, file string) error {
	command := exec.Command(provider, os.Args[1:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := command.Run(); err != nil {
		return err
	}
	usages, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	state := command.ProcessState
	_, err = fmt.Fprintln(usages, int64(state.UserTime()+state.SystemTime()), maxRSS(state))
	return errors.Join(err, usages.Close())
}

// maxRSS returns the peak of a process's memory, in bytes.
func maxRSS(state *os.ProcessState) int64 {
	usage, isRusage := state.SysUsage().(*syscall.Rusage)
	switch {
	case !isRusage:
		return 0
	case runtime.GOOS == "darwin":
		return usage.Maxrss
	}
	return usage.Maxrss << 10
}

// usage is what a process of the provider used.
type usage struct {
	cpu    time.Duration
	maxRSS int64
}

// readUsage returns the usage of the process that read the data source. The CLI
// starts others to validate, which use less.
func readUsage(file string) (usage, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) { // No provider was started.
		return usage{}, nil
	}
	if err != nil {
		return usage{}, err
	}
	var most usage
	for line := range strings.Lines(string(text)) {
		var u usage
		if _, err := fmt.Sscan(line, (*int64)(&u.cpu), &u.maxRSS); err != nil {
			return usage{}, err
		}
		if u.cpu > most.cpu {
			most = u
		}
	}
	return most, nil
}

// cli is a CLI with the provider under test.
type cli struct {
	path, directory, provider string
	environment               []string
}

func newCLI(b *testing.B) *cli {
	b.Helper()
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if path == "" {
		b.Fatal("TF_ACC_TERRAFORM_PATH does not name a CLI; run the benchmarks with make bench")
	}
	c := &cli{path: path, directory: b.TempDir()}
	c.provider = c.file("provider")
	c.buildProvider(b)
	c.overrideProvider(b)
	c.environment = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_CLI_CONFIG_FILE="+c.file("cli.tfrc"),
		wrappedProvider+"="+c.provider, usageFile+"="+c.file("usage"))
	return c
}

func (c *cli) buildProvider(b *testing.B) {
	b.Helper()
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", c.provider, "../..")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%s: %s", err, output)
	}
}

// overrideProvider makes the CLI run this test binary as the provider.
func (c *cli) overrideProvider(b *testing.B) {
	b.Helper()
	testBinary, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	bin := c.file("bin")
	if err := errors.Join(os.Mkdir(bin, 0o700), os.Symlink(testBinary, filepath.Join(bin, "terraform-provider-dts"))); err != nil {
		b.Fatal(err)
	}
	c.write(b, "cli.tfrc", fmt.Sprintf(`provider_installation {
  dev_overrides { "dts-community/dts" = %q }
  direct {}
}`, bin))
}

func (c *cli) file(name string) string { return filepath.Join(c.directory, name) }

func (c *cli) write(b *testing.B, name, text string) {
	b.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(c.file(name)), 0o700), os.WriteFile(c.file(name), []byte(text), 0o600)); err != nil {
		b.Fatal(err)
	}
}

func (c *cli) megabytes(b *testing.B, name string) float64 {
	b.Helper()
	file, err := os.Stat(c.file(name))
	if err != nil {
		b.Fatal(err)
	}
	return float64(file.Size()) / 1e6
}

// run runs the CLI and returns what the provider used, and the CPU time that the
// CLI used itself.
func (c *cli) run(b *testing.B, directory string, arguments ...string) (provider usage, cpu time.Duration) {
	b.Helper()
	if err := os.Remove(c.file("usage")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		b.Fatal(err)
	}
	command := exec.CommandContext(b.Context(), c.path, arguments...)
	command.Dir, command.Env = c.file(directory), c.environment
	if output, err := command.CombinedOutput(); err != nil {
		b.Fatalf("%s: %s", err, output)
	}
	provider, err := readUsage(c.file("usage"))
	if err != nil {
		b.Fatal(err)
	}
	// The system adds the time of the processes that the CLI waited for.
	return provider, command.ProcessState.UserTime() + command.ProcessState.SystemTime() - provider.cpu
}
