package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/dts-community/terraform-provider-dts/internal/record"
)

// options are the flags.
type options struct {
	out, regions, jobTypes string
	prechecks              int
	endpoint, protocol     string
	version                bool
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("dts-record", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.out, "out", "", "`directory` to write to; it must be empty or not exist")
	flags.StringVar(&o.regions, "regions", "", "`regions` to read, separated by commas (default: the region of the environment or the CLI profile)")
	flags.StringVar(&o.jobTypes, "job-types", "", "`types` of jobs to read, separated by commas (default: "+strings.Join(record.JobTypes(), ",")+")")
	flags.IntVar(&o.prechecks, "prechecks", 20, "`number` of jobs per region and type whose prechecks are read, with six requests each; -1 reads all")
	flags.StringVar(&o.endpoint, "endpoint", "", "`host:port` of the API (default: the endpoint of the region)")
	flags.StringVar(&o.protocol, "protocol", "HTTPS", "`protocol` of the API: HTTPS, or HTTP for an emulator")
	flags.BoolVar(&o.version, "version", false, "print the version")
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	if flags.NArg() > 0 {
		return options{}, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return o, nil
}

func (o options) check() error {
	switch {
	case o.out == "":
		return errors.New("--out is missing: the directory to write to")
	case !slices.Contains(credentials.Protocol("").Valid(), o.protocol):
		return fmt.Errorf("--protocol must be one of %s, not %q", strings.Join(credentials.Protocol("").Valid(), ", "), o.protocol)
	}
	if endpoint := credentials.Endpoint(o.endpoint); o.endpoint != "" && !endpoint.IsValid() {
		return fmt.Errorf("--endpoint must be %s", endpoint.Constraint())
	}
	return record.CheckEmpty(o.out)
}

// configure returns a client and a recorder with the settings of the flags and
// the environment, and a function that removes secrets from texts.
func (o options) configure(stderr io.Writer) (rpc.Config, *record.Recorder, func(string) string, error) {
	environment, invalid := credentials.Resolve(credentials.Settings{}, os.Getenv)
	var err error
	for _, variable := range invalid {
		err = errors.Join(err, variable)
	}
	if err != nil {
		return rpc.Config{}, nil, nil, err
	}
	source := credentials.NewSource(environment)
	regions := cmp.Or(o.regions, string(environment.Region))
	if regions == "" {
		if regions, err = source.Region(); err != nil {
			return rpc.Config{}, nil, nil, err
		}
	}
	client := environment.Client
	client.Credentials, client.UserAgent = source, "dts-record/"+version
	client.Endpoint, client.Protocol = cmp.Or(o.endpoint, client.Endpoint), o.protocol
	if client.Protocol == "HTTP" && !credentials.Endpoint(client.Endpoint).IsLoopback() {
		_, _ = fmt.Fprintf(stderr, "warning: requests to %s are sent unencrypted, security tokens included\n", cmp.Or(client.Endpoint, "the API"))
	}
	return client, &record.Recorder{
		Regions:   splitList(regions),
		JobTypes:  splitList(o.jobTypes),
		Prechecks: o.prechecks,
		Progress:  func(line string) { _, _ = fmt.Fprintln(stderr, line) },
	}, source.Redact, nil
}

func splitList(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}
