// Command dts-emulator serves the DTS API on loopback, so that the provider, and any
// other client of DTS, can be tried without an Alibaba Cloud account.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// version and commit are set by make.
var version, commit = "dev", "unknown"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "dts-emulator:", err)
		os.Exit(1)
	}
}

// run serves until ctx is done, or prints, writes or checks something, as the flags
// request.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, flags := newOptions()
	if err := o.parse(flags, args, os.LookupEnv); errors.Is(err, flag.ErrHelp) {
		printHelp(stdout, flags)
		return nil
	} else if err != nil {
		return fmt.Errorf("%w\nRun dts-emulator --help for usage", err)
	}
	switch {
	case o.version:
		_, err := fmt.Fprintf(stdout, "dts-emulator %s (commit %s)\n", version, commit)
		return err
	case o.listScenarios:
		scenarios, err := emulator.BuiltInScenarios()
		for _, name := range slices.Sorted(maps.Keys(scenarios)) {
			_, _ = fmt.Fprintf(stdout, "%-38s %s\n", name, scenarios[name])
		}
		return err
	case o.listFaults:
		_, err := io.WriteString(stdout, emulator.FaultKinds())
		return err
	case o.writeFixtures != "":
		return writeFixtures(o.writeFixtures)
	case o.health:
		return checkHealth(ctx, o.listen)
	}
	return serve(ctx, o, stdout, stderr)
}

// writeFixtures copies the built-in account to a directory. It must be empty:
// files of two accounts would mix.
func writeFixtures(directory string) error {
	entries, err := os.ReadDir(directory)
	switch {
	case err != nil && !os.IsNotExist(err):
		return fmt.Errorf("--write-fixtures: %w", err)
	case len(entries) > 0:
		return fmt.Errorf("--write-fixtures: the directory %s is not empty", directory)
	}
	return os.CopyFS(directory, emulator.BuiltInFixtures())
}

const help = `dts-emulator serves the DTS API on loopback, so that Terraform configurations
that use the dts provider, and other clients of DTS, can be tried and tested
without an Alibaba Cloud account.

Usage:

  dts-emulator [flags]

Example: serve a precheck that fails at first and passes when it is run again, and
throttle every fifth request. Any free port is printed on the first line.

  dts-emulator --listen 127.0.0.1:0 --scenario failed-then-passed \
    --faults '[{"kind": "throttling", "calls": "every 5"}]'

Provider block:

  provider "dts" {
    region     = "cn-hangzhou"
    access_key = "%s"
    secret_key = "%s"
    protocol   = "HTTP"

    endpoints {
      dts = "127.0.0.1:8899"
    }
  }

Control paths:

%s
A SIGHUP does the same as a request to reload.

Flags. Each is also set by an environment variable, such as %s for
--listen; a flag takes precedence.

`

// printHelp prints all that a user needs who has nothing but the binary.
func printHelp(w io.Writer, flags *flag.FlagSet) {
	_, _ = fmt.Fprintf(w, help, emulator.DefaultAccessKey, emulator.DefaultSecretKey, emulator.ControlIndex(), environmentVariable("listen"))
	var defaults strings.Builder
	flags.SetOutput(&defaults)
	flags.PrintDefaults()
	_, _ = io.WriteString(w, strings.ReplaceAll(defaults.String(), "  -", "  --"))
}
