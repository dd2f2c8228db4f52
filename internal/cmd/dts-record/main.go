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
	"strings"
	"syscall"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/dts-community/terraform-provider-dts/internal/printable"
	"github.com/dts-community/terraform-provider-dts/internal/record"
)

// version and commit are set by make.
var version, commit = "dev", "unknown"

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

// longest is how many bytes of an error or of a list of names are printed.
const longest = 4 << 10

// run records what the arguments specify.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	if o.version {
		_, err := fmt.Fprintf(stdout, "dts-record %s (commit %s)\n", version, commit)
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	client, recorder, redact, err := o.configure(stderr)
	if err != nil {
		return err
	}
	recording, err := recorder.Record(ctx, newSource(client, recorder))
	if err != nil {
		return errors.New(printable.Text(redact(err.Error()), longest))
	}
	if err := recording.Write(o.out); err != nil {
		return err
	}
	if removed := recording.Removed(); len(removed) > 0 {
		_, _ = fmt.Fprintf(stderr, "removed, because the API reference does not have these fields: %s\n",
			printable.Line(redact(strings.Join(removed, ", ")), longest))
	}
	_, err = fmt.Fprintf(stdout, "recorded %d jobs and %d prechecks in %s (refused: %d); look through the files before you share them\n",
		recording.Jobs, recording.Prechecks, o.out, recording.Refused)
	return err
}

// source reads an account as the provider does.
type source struct{ client *dts.Client }

// newSource returns a source that passes responses to the recorder.
func newSource(config rpc.Config, recorder *record.Recorder) source {
	config.OnResponse = func(r rpc.Request, body []byte) { recorder.OnResponse(r.Parameters, body) }
	return source{dts.NewClient(config)}
}

func (s source) Jobs(ctx context.Context, region, jobType string) (jobIDs []string, err error) {
	listing, err := s.client.Jobs(ctx, region, api.JobsRequest{JobType: api.JobTypeFilter(jobType)})
	if err != nil {
		return nil, err
	}
	for _, job := range listing.Jobs {
		if job.DtsJobID != nil {
			jobIDs = append(jobIDs, *job.DtsJobID)
		}
	}
	return jobIDs, nil
}

// Subtask returns a [record.Refusal] for an error of the API, and for a response
// without a subtask. Throttling is no statement about the subtask.
func (s source) Subtask(ctx context.Context, region string, subtask record.Subtask) (items int, err error) {
	report, err := s.client.Precheck(ctx, region, api.PrecheckRequest{PrecheckSelection: api.PrecheckSelection{
		DtsJobID: subtask.DtsJobID, JobCode: api.JobCode(subtask.JobCode), StructType: api.StructType(subtask.StructType),
	}})
	if failure := new(rpc.Error); errors.As(err, &failure) && !failure.Throttled() && (failure.Code != "" || errors.Is(err, dts.ErrNoSubtask)) {
		return 0, &record.Refusal{Code: failure.BareCode()}
	}
	if err != nil {
		return 0, err
	}
	return len(report.JobProgress), nil
}
