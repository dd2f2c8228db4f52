// Command dts-emulator serves the DTS API on loopback, so that the provider can
// be tried without an Alibaba Cloud account.
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

// run does what the flags request: serve until ctx is done, or print or write
// something.
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
		return printScenarios(stdout)
	case o.listFaults:
		_, err := io.WriteString(stdout, emulator.FaultKinds())
		return err
	case o.writeFixtures != "":
		return writeFixtures(o.writeFixtures)
	}
	return serve(ctx, o, stdout, stderr)
}

func printScenarios(w io.Writer) error {
	scenarios, err := emulator.BuiltInScenarios()
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(scenarios)) {
		if _, err := fmt.Fprintf(w, "%-38s %s\n", name, scenarios[name]); err != nil {
			return err
		}
	}
	return nil
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
