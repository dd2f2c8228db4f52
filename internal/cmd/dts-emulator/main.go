// Command dts-emulator serves the DTS API on loopback, so that the provider can
// be tried without an Alibaba Cloud account.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "dts-emulator:", err)
		os.Exit(1)
	}
}

// run turns flags into an emulator and serves it until ctx is done.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("dts-emulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	listen := flags.String("listen", "127.0.0.1:8899", "`host:port` to listen on; port 0 picks one")
	fixtures := flags.String("fixtures", "", "`folder` <region>/<JOBTYPE>/*.json and <region>/PRECHECK/*.json to answer from (default: the built-in account)")
	accessKey := flags.String("access-key", emulator.DefaultAccessKey, "the access key `id` to accept")
	secretKey := flags.String("secret-key", emulator.DefaultSecretKey, "its `secret`")
	tokenLifetime := flags.Duration("token-lifetime", 0, "how `long` the temporary keys last that the emulator issues (default: as long as asked for, see internal/emulator/CREDENTIALS.md)")
	rate := flags.Int("rate", emulator.DefaultRate, "`calls` a second for each operation, access key and region; 0 is no limit")
	scenario := flags.String("scenario", "", "`name` of a built-in scenario, or a file.json, to play for the precheck of every job (default: each for the job id that is its name)")
	faults := flags.String("faults", "", "what goes wrong: a JSON list of faults, or the `file` that holds it (see internal/emulator/FAULTS.md)")
	faultSeed := flags.Uint64("fault-seed", 0, "`number` that decides which calls meet a fault with a probability")
	latency := flags.Duration("latency", 0, "`time` to wait before each answer")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}

	planned, err := readFaults(*faults)
	if err != nil {
		return fmt.Errorf("cannot read --faults: %w", err)
	}
	api := &emulator.Emulator{
		AccessKey: *accessKey,
		SecretKey: *secretKey,
		Rate:      *rate,
		Latency:   *latency,
		Faults:    planned,
		FaultSeed: *faultSeed,

		TokenLifetime: *tokenLifetime,

		OnRequest: func(r emulator.Request) { logCall(stderr, r) },
	}
	if *rate <= 0 {
		api.Rate = -1
	}
	if *fixtures != "" {
		api.Fixtures = os.DirFS(*fixtures)
	}
	playForAll(api, *scenario)
	if err := api.Load(); err != nil {
		return fmt.Errorf("cannot read --fixtures %q or --scenario %q: %w", *fixtures, *scenario, err)
	}
	return serve(ctx, *listen, api, stdout, stderr)
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

// playForAll sets the scenario for every job: what ends in .json is a file, all
// else the name of a built-in one.
func playForAll(api *emulator.Emulator, nameOrFile string) {
	api.Scenario = nameOrFile
	if file, isFile := strings.CutSuffix(nameOrFile, ".json"); isFile {
		api.Scenarios = os.DirFS(filepath.Dir(file))
		api.Scenario = filepath.Base(file)
	}
}

// serve listens, says where, and stops gracefully when ctx is done.
func serve(ctx context.Context, address string, api http.Handler, stdout, stderr io.Writer) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	if tcp, ok := listener.Addr().(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
		_, _ = fmt.Fprintf(stderr, "warning: %s is not a loopback address, other machines can reach the emulator over plain HTTP\n", tcp)
	}
	if _, err := fmt.Fprintf(stdout, "listening on http://%s\n", listener.Addr()); err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: api, ReadHeaderTimeout: 10 * time.Second}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		err := server.Shutdown(grace)
		if errors.Is(err, context.DeadlineExceeded) {
			err = server.Close() // a fault may hold a call for ever
		}
		stopped <- err
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// logCall writes one line for one call. What the client sent is quoted, so that
// it stays one line. The region has a name of its own in each operation; what is
// no operation has its path.
func logCall(w io.Writer, r emulator.Request) {
	outcome := fmt.Sprint(r.Status)
	if r.Code != "" {
		outcome += " " + r.Code
	}
	if len(r.Faults) > 0 {
		outcome += fmt.Sprintf(" by faults %s", r.Faults)
	}
	region := cmp.Or(r.Parameters.Get("Region"), r.Parameters.Get("RegionId"))
	_, _ = fmt.Fprintf(w, "%s %-4s %q region=%q key=%q: %s (%s)\n", r.Time.Format("15:04:05.000"),
		r.Method, cmp.Or(r.Action, r.Path), region, r.AccessKey, outcome, r.RequestID)
}
