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
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/dts-community/terraform-provider-dts/internal/record"
)

// options are the flags.
type options struct {
	out, regions, jobTypes   string
	prechecks                int
	endpoint, protocol, seed string
	version                  bool
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("dts-record", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.out, "out", "", "`directory` to write to; it must be empty or not exist")
	flags.StringVar(&o.regions, "regions", "", "`regions` to read, separated by commas (default: the region of the environment or the CLI profile)")
	flags.StringVar(&o.jobTypes, "job-types", "", "`types` of jobs to read, separated by commas (default: "+strings.Join(api.JobTypeFilter("").Known(), ",")+")")
	flags.IntVar(&o.prechecks, "prechecks", 20, "`number` of jobs per region and type whose prechecks are read, with six requests each; -1 reads all")
	flags.StringVar(&o.endpoint, "endpoint", "", "`host:port` of the API (default: the endpoint of the region)")
	flags.StringVar(&o.protocol, "protocol", "HTTPS", "`protocol` of the API: HTTPS, or HTTP for an emulator")
	flags.StringVar(&o.seed, "seed", "", "`text` that determines the replacements, for tests only: whoever knows it can guess originals (default: random)")
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

// recorder returns a recorder with the settings of the environment and the
// flags, and a function that removes secrets from texts.
func (o options) recorder(stderr io.Writer) (recorder *record.Recorder, redact func(string) string, err error) {
	environment, err := resolveEnvironment()
	if err != nil {
		return nil, nil, err
	}
	source := credentials.NewSource(environment)
	region := cmp.Or(o.regions, environment.Region)
	if region == "" {
		if region, err = source.Region(); err != nil {
			return nil, nil, err
		}
	}
	client := o.client(environment)
	client.Credentials = source
	if client.Protocol == "HTTP" && !credentials.Endpoint(client.Endpoint).IsLoopback() {
		_, _ = fmt.Fprintf(stderr, "warning: requests to %s are sent unencrypted, security tokens included\n", cmp.Or(client.Endpoint, "the API"))
	}
	return &record.Recorder{
		Client:    client,
		Regions:   splitList(region),
		JobTypes:  splitList(o.jobTypes),
		Prechecks: o.prechecks,
		Seed:      o.seed,
		Progress:  func(line string) { _, _ = fmt.Fprintln(stderr, line) },
	}, source.Redact, nil
}

// resolveEnvironment returns what the environment sets, or every variable that
// is invalid.
func resolveEnvironment() (credentials.Config, error) {
	environment, invalid := credentials.Resolve(credentials.Settings{}, os.Getenv)
	var err error
	for _, variable := range invalid {
		err = errors.Join(err, variable)
	}
	return environment, err
}

func (o options) client(environment credentials.Config) rpc.Config {
	return rpc.Config{
		Endpoint:       cmp.Or(o.endpoint, string(environment.Endpoint)),
		Protocol:       o.protocol,
		ConnectTimeout: environment.ConnectTimeout,
		ReadTimeout:    environment.ReadTimeout,
		RetryTimeout:   environment.RetryTimeout,
		UserAgent:      "dts-record/" + version,
	}
}

func splitList(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })
}
