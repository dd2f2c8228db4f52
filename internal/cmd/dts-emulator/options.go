package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// options are the flags.
type options struct {
	listen, tlsListen, tlsCert, tlsKey string
	fixtures, scenario, faults         string
	accessKey, secretKey               string
	tokenLifetime, latency             time.Duration
	rate                               int
	prefixCodes                        bool

	version, listScenarios, listFaults, health bool
	writeFixtures                              string
}

// newOptions declares the flags, with their defaults.
func newOptions() (*options, *flag.FlagSet) {
	o := &options{}
	flags := flag.NewFlagSet("dts-emulator", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // main reports errors, printHelp the usage
	flags.StringVar(&o.listen, "listen", "127.0.0.1:8899", "`host:port` to listen on; port 0 picks one")
	flags.StringVar(&o.tlsListen, "tls-listen", "", "`host:port` to serve HTTPS on, beside HTTP")
	flags.StringVar(&o.tlsCert, "tls-cert", "", "`file` with the certificate for HTTPS (default: one made at start, whose file is printed)")
	flags.StringVar(&o.tlsKey, "tls-key", "", "`file` with the private key of the certificate")
	flags.StringVar(&o.fixtures, "fixtures", "", "`directory` with <region>/<JOBTYPE>/*.json, <region>/PRECHECK/*.json, operations/*.json and scenarios/*.json to serve (default: the built-in account)")
	flags.StringVar(&o.scenario, "scenario", "", "`name` of a built-in scenario, or a file that ends in .json, to play for every job (default: each for the job ID that is its name)")
	flags.StringVar(&o.accessKey, "access-key", emulator.DefaultAccessKey, "access key `ID` to accept")
	flags.StringVar(&o.secretKey, "secret-key", emulator.DefaultSecretKey, "`secret` of the access key")
	flags.DurationVar(&o.tokenLifetime, "token-lifetime", 0, "`duration` of temporary credentials (default: as requested)")
	flags.IntVar(&o.rate, "rate", emulator.DefaultRate, "maximum `requests` per second for each operation and region; 0 is no limit")
	flags.DurationVar(&o.latency, "latency", 0, "`duration` to wait before each response")
	flags.StringVar(&o.faults, "faults", "", "what goes wrong: a JSON list of faults, or the `file` that contains it; --list-faults describes them")
	flags.BoolVar(&o.prefixCodes, "prefix-codes", false, "begin the codes of business errors with DTS.Msg.")
	flags.BoolVar(&o.version, "version", false, "print the version")
	flags.BoolVar(&o.listScenarios, "list-scenarios", false, "print the built-in scenarios")
	flags.BoolVar(&o.listFaults, "list-faults", false, "print the kinds of faults and their settings")
	flags.BoolVar(&o.health, "health", false, "check the emulator that runs at --listen: exit 0 if it can serve, otherwise 1")
	flags.StringVar(&o.writeFixtures, "write-fixtures", "", "write the built-in account to an empty `directory`, to start one's own")
	return o, flags
}

// parse reads arguments, then the environment, and checks the values.
func (o *options) parse(flags *flag.FlagSet, args []string, lookup func(string) (string, bool)) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	isSet := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { isSet[f.Name] = true })
	var invalid error
	flags.VisitAll(func(f *flag.Flag) {
		name := environmentVariable(f.Name)
		value, isPresent := lookup(name)
		if !isPresent || isSet[f.Name] {
			return
		}
		if err := flags.Set(f.Name, value); err != nil {
			invalid = errors.Join(invalid, fmt.Errorf("invalid value %q for %s: %w", value, name, err))
		}
	})
	switch {
	case invalid != nil:
		return invalid
	case o.accessKey == "" || o.secretKey == "":
		return errors.New("--access-key and --secret-key must not be empty")
	case o.rate < 0 || o.latency < 0 || o.tokenLifetime < 0:
		return errors.New("--rate, --latency and --token-lifetime must not be negative")
	case (o.tlsCert == "") != (o.tlsKey == ""):
		return errors.New("--tls-cert and --tls-key require each other")
	case o.tlsCert != "" && o.tlsListen == "":
		return errors.New("--tls-cert and --tls-key require --tls-listen")
	}
	return nil
}

// environmentVariable returns the name of the variable that sets a flag:
// DTS_EMULATOR_LISTEN for --listen.
func environmentVariable(flagName string) string {
	return "DTS_EMULATOR_" + strings.ToUpper(strings.ReplaceAll(flagName, "-", "_"))
}

// newEmulator makes an emulator of the options, and reads the files that they name.
func newEmulator(o *options, onRequest func(emulator.Request)) (*emulator.Emulator, error) {
	api := &emulator.Emulator{
		AccessKey:     o.accessKey,
		SecretKey:     o.secretKey,
		TokenLifetime: o.tokenLifetime,
		Rate:          cmp.Or(o.rate, -1),
		Latency:       o.latency,
		PrefixCodes:   o.prefixCodes,
		OnRequest:     onRequest,
	}
	if o.faults != "" {
		// A text that begins as JSON does is JSON, any other is the name of a file.
		data, err := []byte(o.faults), error(nil)
		if o.faults[0] != '[' && o.faults[0] != '{' {
			data, err = os.ReadFile(o.faults)
		}
		if err == nil {
			api.Faults, err = emulator.ParseFaults(data)
		}
		if err != nil {
			return nil, fmt.Errorf("--faults: %w", err)
		}
	}
	if o.fixtures != "" {
		if _, err := os.ReadDir(o.fixtures); err != nil {
			return nil, fmt.Errorf("--fixtures: %w", err)
		}
		api.Fixtures = os.DirFS(o.fixtures)
	}
	if o.scenario != "" {
		if err := setScenario(api, o.scenario); err != nil {
			return nil, fmt.Errorf("--scenario: %w", err)
		}
	}
	return api, api.Load()
}

// setScenario sets the scenario for every job: a name that ends in .json is that of a
// file, any other that of a built-in scenario.
func setScenario(api *emulator.Emulator, nameOrFile string) error {
	name, isFile := strings.CutSuffix(filepath.Base(nameOrFile), ".json")
	api.Scenario = name
	if isFile {
		api.Scenarios = os.DirFS(filepath.Dir(nameOrFile))
		_, err := os.Stat(nameOrFile)
		return err
	}
	builtIn, err := emulator.BuiltInScenarios()
	if _, isKnown := builtIn[nameOrFile]; err == nil && !isKnown {
		err = fmt.Errorf("no built-in scenario %q; --list-scenarios prints them, and the name of a file ends in .json", nameOrFile)
	}
	return err
}
