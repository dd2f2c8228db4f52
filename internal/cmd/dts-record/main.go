// Command dts-record makes fixtures for dts-emulator from an account, with
// everything replaced that could tell whose it is. Credentials, region and
// timeouts come from the environment and the CLI profile, like the provider's.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/dts-community/terraform-provider-dts/internal/record"
)

// version is set by the release build.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "dts-record:", err)
		os.Exit(1)
	}
}

// run records what the arguments specify.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	if o.version {
		_, err := fmt.Fprintln(stdout, "dts-record", version)
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	recorder, redact, err := o.recorder(stderr)
	if err != nil {
		return err
	}
	recording, err := recorder.Record(ctx)
	if err != nil {
		return errors.New(redact(err.Error()))
	}
	return write(recording, o.out, stdout)
}

func write(recording *record.Recording, directory string, stdout io.Writer) error {
	if err := recording.Write(directory); err != nil {
		return err
	}
	_, err := fmt.Fprintf(stdout, "recorded %d jobs and %d prechecks in %s (refused: %d); look through the files before you share them\n",
		recording.Jobs, recording.Prechecks, directory, recording.Refused)
	return err
}
