// Command dts-record makes fixtures for dts-emulator out of an account, with all
// that could tell whose it is replaced. Credentials come from the environment, as
// the provider's do.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/dts-community/terraform-provider-dts/internal/config"
	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/dts"
	_ "github.com/dts-community/terraform-provider-dts/internal/quiet" // Before any library prints what it signs.
	"github.com/dts-community/terraform-provider-dts/internal/record"
)

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

// run turns flags into a recorder and writes what it reads.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	environment, invalid := config.Resolve(config.Settings{}, os.Getenv)
	if len(invalid) > 0 {
		return invalid[0]
	}
	flags := flag.NewFlagSet("dts-record", flag.ContinueOnError)
	flags.SetOutput(stderr)
	out := flags.String("out", "", "`folder` to write to; it must be empty or not exist")
	regions := flags.String("regions", "", "`regions` to read, separated by commas (default: that of the environment or the profile)")
	jobTypes := flags.String("job-types", strings.Join(dts.JobTypeFilter("").Known(), ","), "`types` of jobs to read, separated by commas")
	prechecks := flags.Int("prechecks", 20, "`number` of jobs of each region and type whose prechecks are read, six calls each; 0 is none, -1 is all")
	endpoint := flags.String("endpoint", string(environment.Endpoint), "`host:port` of the API instead of the region's own")
	protocol := flags.String("protocol", "HTTPS", "`HTTPS`, or HTTP for an emulator")
	seed := flags.String("seed", "", "`text` that makes two recordings replace alike, for tests only: who knows it can guess at originals (default: random)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case flags.NArg() > 0:
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case *out == "":
		return errors.New("--out is missing: the folder to write to")
	case *protocol != "HTTPS" && *protocol != "HTTP":
		return fmt.Errorf("--protocol is HTTPS or HTTP, not %q", *protocol)
	}
	if err := record.CheckEmpty(*out); err != nil {
		return err
	}

	source := credentials.NewSource(environment.Credentials)
	if *regions == "" {
		*regions = cmp.Or(environment.Region, source.Region())
	}
	recorder := &record.Recorder{
		Client:    dts.Config{Credentials: source, Endpoint: *endpoint, Protocol: *protocol, UserAgent: "dts-record"},
		Regions:   list(*regions),
		JobTypes:  list(*jobTypes),
		Prechecks: *prechecks,
		Seed:      *seed,
		Progress:  func(line string) { _, _ = fmt.Fprintln(stderr, line) },
	}
	recording, err := recorder.Record(ctx)
	if err != nil {
		return errors.New(source.Redact(err.Error()))
	}
	if err := recording.Write(*out); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "recorded %d jobs and %d prechecks in %s (refused: %d); read them before you give them to anybody\n",
		recording.Jobs, recording.Prechecks, *out, recording.Refused)
	return err
}

// list splits what is separated by commas.
func list(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}
