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

// environmentPrefix begins the names of the environment variables that set flags:
// DTS_EMULATOR_LISTEN for --listen.
const environmentPrefix = "DTS_EMULATOR_"

// options are the flags.
type options struct {
	listen, tlsCert, tlsKey string
	fixtures, scenario      string
	accessKey, secretKey    string
	tokenLifetime           time.Duration
	rate                    int
	latency                 time.Duration
	faults                  string
	faultSeed               uint64
	pageSizes               string
	prefixCodes             bool
	version, listScenarios  bool
	listFaults              bool
	writeFixtures           string
}

// pageSizes are the values of --page-sizes: what the service may do with sizes of
// pages. Which of them it does is not known.
var pageSizes = map[string][]emulator.Fault{
	"any":              nil,
	"documented":       {{Kind: emulator.FaultDocumentedPageSizes}},
	"capped":           {{Kind: emulator.FaultPageCap}},
	"capped-requested": {{Kind: emulator.FaultPageCap, Offsets: "requested"}},
}

// newOptions declares the flags, with their defaults.
func newOptions() (*options, *flag.FlagSet) {
	o := &options{}
	flags := flag.NewFlagSet("dts-emulator", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // main reports errors, printHelp the usage
	flags.StringVar(&o.listen, "listen", "127.0.0.1:8899", "`host:port` to listen on; port 0 picks one")
	flags.StringVar(&o.tlsCert, "tls-cert", "", "serve HTTPS with the certificate in this `file`; requires --tls-key")
	flags.StringVar(&o.tlsKey, "tls-key", "", "`file` with the private key of the certificate")
	flags.StringVar(&o.fixtures, "fixtures", "", "`directory` with <region>/<JOBTYPE>/*.json and <region>/PRECHECK/*.json to serve (default: the built-in account)")
	flags.StringVar(&o.scenario, "scenario", "", "`name` of a built-in scenario, or a file that ends in .json, to play for the precheck of every job (default: each for the job ID that is its name)")
	flags.StringVar(&o.accessKey, "access-key", emulator.DefaultAccessKey, "access key `ID` to accept")
	flags.StringVar(&o.secretKey, "secret-key", emulator.DefaultSecretKey, "`secret` of the access key")
	flags.DurationVar(&o.tokenLifetime, "token-lifetime", 0, "`duration` of temporary credentials (default: as requested)")
	flags.IntVar(&o.rate, "rate", emulator.DefaultRate, "maximum `requests` per second for each operation and region; 0 is no limit")
	flags.DurationVar(&o.latency, "latency", 0, "`duration` to wait before each response")
	flags.StringVar(&o.faults, "faults", "", "what goes wrong: a JSON list of faults, or the `file` that contains it; --list-faults describes them")
	flags.Uint64Var(&o.faultSeed, "fault-seed", 0, "`number` that decides which requests meet a fault with a probability")
	flags.StringVar(&o.pageSizes, "page-sizes", "any", "page sizes to accept. any: 1 to 100; documented: 10, 20 and 30; capped: any, but a page has at most 30 rows; capped-requested: the same, with offsets computed from the requested size. `sizes` is one of these four")
	flags.BoolVar(&o.prefixCodes, "prefix-codes", false, "begin the codes of business errors with DTS.Msg.")
	flags.BoolVar(&o.version, "version", false, "print the version")
	flags.BoolVar(&o.listScenarios, "list-scenarios", false, "print the built-in scenarios")
	flags.BoolVar(&o.listFaults, "list-faults", false, "print the kinds of faults and their settings")
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
	if err := setFromEnvironment(flags, lookup); err != nil {
		return err
	}
	return o.check()
}

// setFromEnvironment sets the flags that are not among the arguments.
func setFromEnvironment(flags *flag.FlagSet, lookup func(string) (string, bool)) error {
	isSet := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { isSet[f.Name] = true })
	var all error
	flags.VisitAll(func(f *flag.Flag) {
		name := environmentVariable(f.Name)
		value, present := lookup(name)
		if !present || isSet[f.Name] {
			return
		}
		if err := flags.Set(f.Name, value); err != nil {
			all = errors.Join(all, fmt.Errorf("invalid value %q for %s: %w", value, name, err))
		}
	})
	return all
}

func environmentVariable(flagName string) string {
	return environmentPrefix + strings.ToUpper(strings.ReplaceAll(flagName, "-", "_"))
}

// check refuses values that no emulator can have.
func (o *options) check() error {
	_, knowsPageSizes := pageSizes[o.pageSizes]
	switch {
	case o.accessKey == "":
		return errors.New("--access-key must not be empty")
	case o.secretKey == "":
		return errors.New("--secret-key must not be empty")
	case o.rate < 0:
		return fmt.Errorf("--rate %d must not be negative", o.rate)
	case o.latency < 0:
		return fmt.Errorf("--latency %v must not be negative", o.latency)
	case o.tokenLifetime < 0:
		return fmt.Errorf("--token-lifetime %v must not be negative", o.tokenLifetime)
	case (o.tlsCert == "") != (o.tlsKey == ""):
		return errors.New("--tls-cert and --tls-key require each other")
	case !knowsPageSizes:
		return fmt.Errorf("--page-sizes %q is not any, documented, capped or capped-requested", o.pageSizes)
	}
	return nil
}

// newEmulator makes an emulator of the options, and reads what they name.
func newEmulator(o *options, onRequest func(emulator.Request)) (*emulator.Emulator, error) {
	faults, err := readFaults(o.faults)
	if err != nil {
		return nil, fmt.Errorf("--faults: %w", err)
	}
	api := &emulator.Emulator{
		AccessKey:     o.accessKey,
		SecretKey:     o.secretKey,
		TokenLifetime: o.tokenLifetime,
		Rate:          cmp.Or(o.rate, -1),
		Latency:       o.latency,
		Faults:        append(faults, pageSizes[o.pageSizes]...),
		FaultSeed:     o.faultSeed,
		PrefixCodes:   o.prefixCodes,
		OnRequest:     onRequest,
	}
	if err := useFixtures(api, o.fixtures); err != nil {
		return nil, fmt.Errorf("--fixtures: %w", err)
	}
	if err := useScenario(api, o.scenario); err != nil {
		return nil, fmt.Errorf("--scenario: %w", err)
	}
	return api, api.Load()
}

// readFaults reads faults: what begins as JSON does is JSON, all else the name of
// a file.
func readFaults(jsonOrFile string) ([]emulator.Fault, error) {
	if jsonOrFile == "" {
		return nil, nil
	}
	if strings.HasPrefix(jsonOrFile, "[") || strings.HasPrefix(jsonOrFile, "{") {
		return emulator.ParseFaults([]byte(jsonOrFile))
	}
	data, err := os.ReadFile(jsonOrFile)
	if err != nil {
		return nil, err
	}
	return emulator.ParseFaults(data)
}

func useFixtures(api *emulator.Emulator, directory string) error {
	if directory == "" {
		return nil
	}
	if info, err := os.Stat(directory); err != nil {
		return err
	} else if !info.IsDir() {
		return fmt.Errorf("%s is not a directory", directory)
	}
	api.Fixtures = os.DirFS(directory)
	return nil
}

// useScenario sets the scenario for every job: what ends in .json is a file, all
// else the name of a built-in one.
func useScenario(api *emulator.Emulator, nameOrFile string) error {
	if nameOrFile == "" {
		return nil
	}
	name, isFile := strings.CutSuffix(nameOrFile, ".json")
	if isFile {
		api.Scenarios, api.Scenario = os.DirFS(filepath.Dir(name)), filepath.Base(name)
		_, err := os.Stat(nameOrFile)
		return err
	}
	builtIn, err := emulator.BuiltInScenarios()
	if err != nil {
		return err
	}
	if _, known := builtIn[name]; !known {
		return fmt.Errorf("no built-in scenario %q; --list-scenarios prints them, and the name of a file ends in .json", name)
	}
	api.Scenario = name
	return nil
}
