package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// The command as a test of a module in any language uses it, which imports nothing of
// this project: it reads from the first line where the emulator listens, and stops it
// with a signal. A SIGHUP has fixtures read again; a wrong flag has exit code 1.
func TestProcess(t *testing.T) {
	directory := t.TempDir()
	binary, file := filepath.Join(directory, "dts-emulator"), filepath.Join(directory, "fixtures", "cn-hangzhou", "SYNC", "jobs.json")
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	for name, stop := range map[string]os.Signal{"SIGINT": os.Interrupt, "SIGTERM": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			writeFile(t, file, `{"DtsJobList": [{"DtsJobId": "one"}]}`)
			command := exec.CommandContext(t.Context(), binary, "--listen", "127.0.0.1:0", "--fixtures", filepath.Join(directory, "fixtures"))
			stdout, outErr := command.StdoutPipe()
			stderr, errErr := command.StderrPipe()
			if err := errors.Join(outErr, errErr, command.Start()); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(stdout).ReadString('\n')
			address := strings.TrimSpace(strings.TrimPrefix(line, "listening on "))
			if err != nil || !strings.HasPrefix(address, "http://127.0.0.1:") || strings.HasSuffix(address, ":0") {
				t.Fatalf("the first line is %q, error %v", line, err)
			}
			if got := get(t, address+"/?Action=DescribeDtsJobs&Version=2020-01-01"); !strings.Contains(got, "MissingAccessKeyId") {
				t.Errorf("the response to an unsigned request is %s", got)
			}
			log := bufio.NewReader(stderr)
			if line, err := log.ReadString('\n'); err != nil || !strings.Contains(line, `"DescribeDtsJobs"`) || !strings.Contains(line, `400 "MissingAccessKeyId"`) {
				t.Errorf("logged %q, error %v", line, err)
			}
			for _, step := range []struct{ jobs, message string }{
				{`{"DtsJobId": "one"}, {"DtsJobId": "two"}`, "fixtures and scenarios were read again\n"},
				{`{"DtsJobId": "one"`, "fixtures and scenarios could not be read again: fixture cn-hangzhou/SYNC/jobs.json: line 1"},
			} {
				writeFile(t, file, `{"DtsJobList": [`+step.jobs+`]}`)
				if err := command.Process.Signal(syscall.SIGHUP); err != nil {
					t.Fatal(err)
				}
				if line, err := log.ReadString('\n'); err != nil || !strings.HasPrefix(line, step.message) {
					t.Errorf("logged %q, error %v", line, err)
				}
				if got := get(t, address+"/_emulator/health"); !strings.Contains(got, `"status": "ok"`) || !strings.Contains(got, `"jobs": 2`) {
					t.Errorf("health is %s", got)
				}
			}
			if err := command.Process.Signal(stop); err != nil {
				t.Fatal(err)
			}
			rest, err := io.ReadAll(log)
			if err := errors.Join(err, command.Wait()); err != nil || len(rest) > 0 {
				t.Errorf("logged %q, error %v", rest, err)
			}
		})
	}
	wrong := exec.CommandContext(t.Context(), binary, "--nothing")
	output, err := wrong.CombinedOutput()
	want := "dts-emulator: flag provided but not defined: -nothing\nRun dts-emulator --help for usage\n"
	if err == nil || wrong.ProcessState.ExitCode() != 1 || string(output) != want {
		t.Errorf("exit: %v, output %q", err, output)
	}
}

// writeFile writes a file and its directory, and returns its name.
func writeFile(t *testing.T, file, text string) string {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestBadUse(t *testing.T) {
	directory := t.TempDir()
	write := func(name, text string) string { return writeFile(t, filepath.Join(directory, name), text) }
	brokenJobs := filepath.Dir(filepath.Dir(filepath.Dir(write("broken/cn-hangzhou/SYNC/broken.json", "{\n  \"DtsJobList\": [,]\n}"))))
	brokenScenario := write("scenario.json", "{\n  \"steps\": 7\n}")
	brokenFaults := write("faults.json", "[\n  {\"kind\": \"hang\"\n]")
	missing := filepath.Join(directory, "missing")
	tests := map[string]struct {
		args    []string
		message string
	}{
		"an argument":          {[]string{"account"}, `unexpected argument "account"`},
		"no such directory":    {[]string{"--fixtures", missing}, "--fixtures: open " + missing},
		"file, not directory":  {[]string{"--fixtures", brokenScenario}, "--fixtures: open " + brokenScenario + ": not a directory"},
		"broken fixture":       {[]string{"--fixtures", brokenJobs}, "fixture cn-hangzhou/SYNC/broken.json: line 2, column 18: invalid character ','"},
		"no such scenario":     {[]string{"--scenario", "nope"}, `--scenario: no built-in scenario "nope"; --list-scenarios prints them`},
		"no such file":         {[]string{"--scenario", missing + ".json"}, "--scenario: stat " + missing + ".json"},
		"broken scenario":      {[]string{"--scenario", brokenScenario}, "scenario scenario: line 2, column 12: json: cannot unmarshal number"},
		"no such faults":       {[]string{"--faults", missing}, "--faults: open " + missing},
		"broken faults":        {[]string{"--faults", brokenFaults}, "--faults: jsontext: invalid character ']' after object value"},
		"unknown fault":        {[]string{"--faults", `[{"kind": "explosion"}]`}, `faults: fault 1: unknown kind "explosion"`},
		"negative rate":        {[]string{"--rate", "-1"}, "--rate, --latency and --token-lifetime must not be negative"},
		"negative latency":     {[]string{"--latency", "-1s"}, "--rate, --latency and --token-lifetime must not be negative"},
		"negative lifetime":    {[]string{"--token-lifetime", "-1s"}, "--rate, --latency and --token-lifetime must not be negative"},
		"not a number":         {[]string{"--rate", "many"}, `invalid value "many" for flag -rate`},
		"empty key":            {[]string{"--access-key", ""}, "--access-key and --secret-key must not be empty"},
		"empty secret":         {[]string{"--secret-key", ""}, "--access-key and --secret-key must not be empty"},
		"certificate alone":    {[]string{"--tls-cert", missing}, "--tls-cert and --tls-key require each other"},
		"no HTTPS":             {[]string{"--tls-cert", missing, "--tls-key", missing}, "--tls-cert and --tls-key require --tls-listen"},
		"no such certificate":  {[]string{"--listen", "127.0.0.1:0", "--tls-listen", "127.0.0.1:0", "--tls-cert", missing, "--tls-key", missing}, "--tls-cert and --tls-key: open " + missing},
		"nobody listens":       {[]string{"--health", "--listen", "127.0.0.1:1"}, "--health: Get "},
		"unusual address":      {[]string{"--listen", "127.0.0.1:none"}, "--listen: "},
		"directory not empty":  {[]string{"--write-fixtures", directory}, "--write-fixtures: the directory " + directory + " is not empty"},
		"a file, no directory": {[]string{"--write-fixtures", brokenScenario}, "--write-fixtures: "},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var stdout bytes.Buffer
			err := run(t.Context(), test.args, &stdout, io.Discard)
			if err == nil || stdout.Len() > 0 || !strings.HasPrefix(err.Error(), test.message) || strings.Count(err.Error(), "\n") > 1 {
				t.Errorf("standard output %q, error %v", &stdout, err)
			}
		})
	}
}

// Each flag has an environment variable; the flag takes precedence.
func TestEnvironment(t *testing.T) {
	environment := map[string]string{
		"DTS_EMULATOR_LISTEN": "127.0.0.1:1", "DTS_EMULATOR_RATE": "7", "DTS_EMULATOR_ACCESS_KEY": "mine",
		"DTS_EMULATOR_TOKEN_LIFETIME": "1m", "DTS_EMULATOR_PREFIX_CODES": "true", "EMULATOR_LATENCY": "1s",
	}
	lookup := func(name string) (string, bool) {
		value, present := environment[name]
		return value, present
	}
	o, flags := newOptions()
	if err := o.parse(flags, []string{"--access-key", "flag"}, lookup); err != nil {
		t.Fatal(err)
	}
	if o.listen != "127.0.0.1:1" || o.rate != 7 || o.accessKey != "flag" || o.tokenLifetime != time.Minute || !o.prefixCodes || o.latency != 0 {
		t.Errorf("options are %+v", o)
	}
	environment["DTS_EMULATOR_RATE"] = "many"
	o, flags = newOptions()
	if err := o.parse(flags, nil, lookup); err == nil || !strings.Contains(err.Error(), `invalid value "many" for DTS_EMULATOR_RATE`) {
		t.Errorf("error %v", err)
	}
	environment["DTS_EMULATOR_RATE"] = "-7"
	o, flags = newOptions()
	if err := o.parse(flags, nil, lookup); err == nil || !strings.Contains(err.Error(), "must not be negative") {
		t.Errorf("error %v", err)
	}
}

// Flags that print something instead of serving.
func TestPrint(t *testing.T) {
	for arg, parts := range map[string][]string{
		"--version":        {"dts-emulator dev (commit unknown)\n"},
		"--list-scenarios": {"\nfailed-then-passed ", " The first read finds that the precheck has failed"},
		"--list-faults":    {"| `throttling` |", "`offsets` (capped)"},
		"--help":           {`dts = "127.0.0.1:8899"`, `secret_key = "emulator-secret"`, "POST   /_emulator/reload", "--write-fixtures directory", "DTS_EMULATOR_LISTEN"},
	} {
		var stdout, stderr bytes.Buffer
		if err := run(t.Context(), []string{arg}, &stdout, &stderr); err != nil || stderr.Len() > 0 {
			t.Errorf("%s: error %v, standard error %s", arg, err, &stderr)
		}
		for _, part := range parts {
			if !strings.Contains(stdout.String(), part) {
				t.Errorf("%s: %q is not in\n%s", arg, part, &stdout)
			}
		}
	}
}

// The fixtures that are written serve the built-in account, and can be changed.
func TestWriteFixtures(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "mine")
	if err := run(t.Context(), []string{"--write-fixtures", directory}, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(directory, "README.md")); err != nil {
		t.Error(err)
	}
	o, flags := newOptions()
	if err := o.parse(flags, []string{"--fixtures", directory}, os.LookupEnv); err != nil {
		t.Fatal(err)
	}
	mine, err := newEmulator(o, nil)
	if err != nil {
		t.Fatal(err)
	}
	health := func(api http.Handler) string {
		recorder := httptest.NewRecorder()
		api.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "http://localhost/_emulator/health", nil))
		return recorder.Body.String()
	}
	if got, want := health(mine), health(&emulator.Emulator{}); got != want {
		t.Errorf("health is %s, want %s", got, want)
	}
	if err := os.Remove(filepath.Join(directory, "cn-hangzhou", "SYNC", "trouble.json")); err != nil {
		t.Fatal(err)
	}
	if err := mine.Reload(); err != nil || health(mine) == health(&emulator.Emulator{}) {
		t.Errorf("the removed file is still served, error %v", err)
	}
}

// HTTPS is served beside HTTP, with a certificate that is made and printed, or with
// one's own; the official clients need it for STS.
func TestTLS(t *testing.T) {
	lender := httptest.NewTLSServer(http.NotFoundHandler()) // lends its certificate
	lender.Close()
	key, err := x509.MarshalPKCS8PrivateKey(lender.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	certFile, keyFile := filepath.Join(directory, "cert.pem"), filepath.Join(directory, "key.pem")
	for file, block := range map[string]*pem.Block{
		certFile: {Type: "CERTIFICATE", Bytes: lender.Certificate().Raw},
		keyFile:  {Type: "PRIVATE KEY", Bytes: key},
	} {
		writeFile(t, file, string(pem.EncodeToMemory(block)))
	}
	for name, flags := range map[string][]string{"made": nil, "own": {"--tls-cert", certFile, "--tls-key", keyFile}} {
		t.Run(name, func(t *testing.T) {
			lines, stop := start(t, append(flags, "--tls-listen", "127.0.0.1:0")...)
			plain, secure, file := lines(), lines(), strings.TrimPrefix(lines(), "certificate ")
			if !strings.HasPrefix(plain, "listening on http://127.0.0.1:") || !strings.HasPrefix(secure, "listening on https://127.0.0.1:") {
				t.Errorf("printed %q, %q", plain, secure)
			}
			certificate, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			roots := x509.NewCertPool()
			roots.AppendCertsFromPEM(certificate)
			client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
			defer client.CloseIdleConnections()
			for _, line := range []string{plain, secure} {
				response, err := client.Get(strings.TrimPrefix(line, "listening on ") + "/_emulator/health")
				if err != nil {
					t.Fatal(err)
				}
				if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusOK {
					t.Errorf("%s: HTTP %d, error %v", line, response.StatusCode, err)
				}
			}
			client.CloseIdleConnections()
			stop()
			if _, err := os.Stat(file); os.IsNotExist(err) != (name == "made") {
				t.Errorf("the certificate is left or gone: %v", err)
			}
		})
	}
}

// start runs the command in this process. The first function returns the next line
// of its output, the second stops it.
func start(t *testing.T, args ...string) (nextLine func() string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	stdout, writer := io.Pipe()
	stopped := make(chan error, 1)
	go func() {
		err := run(ctx, append([]string{"--listen", "127.0.0.1:0"}, args...), writer, io.Discard)
		_ = writer.CloseWithError(err)
		stopped <- err
	}()
	lines := bufio.NewReader(stdout)
	return func() string {
			t.Helper()
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			return strings.TrimSuffix(line, "\n")
		}, func() {
			t.Helper()
			cancel()
			if err := <-stopped; err != nil {
				t.Error(err)
			}
		}
}

// Both forms of --scenario make it the only one there is.
func TestScenario(t *testing.T) {
	file := writeFile(t, filepath.Join(t.TempDir(), "mine.json"), `{"description": "Mine.", "steps": [{"response": {"State": "Checking"}}]}`)
	writeFile(t, filepath.Join(filepath.Dir(file), "no-scenario.json"), "[]")
	for nameOrFile, scenario := range map[string]string{file: "mine", "failed-then-passed": "failed-then-passed"} {
		api := &emulator.Emulator{}
		if err := setScenario(api, nameOrFile); err != nil {
			t.Fatal(err)
		}
		if err := api.Load(); err != nil || api.Scenario != scenario {
			t.Errorf("%s: playing %q, error %v", nameOrFile, api.Scenario, err)
		}
		health := httptest.NewRecorder()
		api.ServeHTTP(health, httptest.NewRequest(http.MethodGet, "http://localhost/_emulator/health", nil))
		if !strings.Contains(health.Body.String(), `"scenarios": 0`) {
			t.Errorf("%s: health is %s", nameOrFile, health.Body)
		}
	}
}

// Faults are JSON or a file of it. They and other flags reach the emulator.
func TestFlags(t *testing.T) {
	const asJSON = `[{"kind": "hang", "calls": "2"}]`
	file := writeFile(t, filepath.Join(t.TempDir(), "faults"), asJSON)
	for _, jsonOrFile := range []string{asJSON, asJSON[1 : len(asJSON)-1], file} {
		lines, stop := start(t, "--faults", jsonOrFile, "--token-lifetime", "1ns")
		address := strings.TrimPrefix(lines(), "listening on ")
		if got := get(t, address+"/_emulator/faults"); !strings.Contains(got, `"kind": "hang"`) || !strings.Contains(got, `"calls": "2"`) {
			t.Errorf("faults are %s", got)
		}
		var issued struct{ Expiration time.Time }
		if err := json.Unmarshal([]byte(get(t, address+"/_emulator/credentials")), &issued); err != nil || !issued.Expiration.Before(time.Now()) {
			t.Errorf("issued %+v, error %v", issued, err)
		}
		if err := run(t.Context(), []string{"--health", "--listen", strings.TrimPrefix(address, "http://")}, io.Discard, io.Discard); err != nil {
			t.Error(err)
		}
		stop()
	}
}

// The health check fails for a server that is no emulator, or cannot serve.
func TestHealth(t *testing.T) {
	server := httptest.NewServer(&emulator.Emulator{Scenario: "nothing"})
	defer server.Close()
	err := run(t.Context(), []string{"--health", "--listen", server.Listener.Addr().String()}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "HTTP status 500") || !strings.Contains(err.Error(), "scenario nothing") {
		t.Errorf("error %v", err)
	}
}

// The log names the faults that a request met, and the path of a request for no
// operation. Texts that a client sent reach no terminal unquoted, and are cut.
func TestLog(t *testing.T) {
	for want, request := range map[string]emulator.Request{
		`: 400 "Throttling.User" by faults [throttling] (`: {Action: "DescribeDtsJobs", Status: 400, Code: "Throttling.User", Faults: []string{"throttling"}},
		` "/latest/api/token" `:                            {Path: "/latest/api/token"},
		` "�[2J Describe�" region="" key="�"`:              {Action: "\x1b[2J\nDescribe\u202e", Parameters: url.Values{"RegionId": {"\r"}}, AccessKey: "\a"},
		` "` + strings.Repeat("a", 197) + `…" `:            {Action: strings.Repeat("a", 1_000_000)},
	} {
		var log bytes.Buffer
		logRequest(&log, request)
		if !strings.Contains(log.String(), want) || log.Len() > 1000 || strings.Count(log.String(), "\n") != 1 {
			t.Errorf("no %s in %q", want, &log)
		}
	}
}

// An address that other machines can reach prints a notice; the default does not.
func TestWarningOffLoopback(t *testing.T) {
	for address, warns := range map[string]bool{"127.0.0.1:0": false, "localhost:0": false, "0.0.0.0:0": true} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // it starts, prints where, and stops
		var stdout, stderr bytes.Buffer
		if err := run(ctx, []string{"--listen", address}, &stdout, &stderr); err != nil {
			t.Errorf("%s: %v", address, err)
		}
		if !strings.HasPrefix(stdout.String(), "listening on http://") || strings.Contains(stderr.String(), "notice: ") != warns {
			t.Errorf("%s: %q, %q", address, &stdout, &stderr)
		}
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
