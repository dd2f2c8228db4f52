package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// build compiles the command, for only a process has signals and an exit code.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "dts-emulator")
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return binary
}

func TestStartAndStop(t *testing.T) {
	binary := build(t)
	for name, signal := range map[string]os.Signal{"SIGINT": os.Interrupt, "SIGTERM": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			command := exec.CommandContext(t.Context(), binary, "--listen", "127.0.0.1:0")
			var stderr bytes.Buffer
			command.Stderr = &stderr
			stdout, err := command.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(stdout).ReadString('\n')
			address, found := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
			if err != nil || !found || !strings.HasPrefix(address, "http://127.0.0.1:") || strings.HasSuffix(address, ":0") {
				t.Fatalf("first line is %q, error %v", line, err)
			}
			if got := get(t, address+"/_emulator/health"); !strings.Contains(got, `"status": "ok"`) {
				t.Errorf("health is %s", got)
			}
			if got := get(t, address+"/?Action=DescribeDtsJobs&Version=2020-01-01"); !strings.Contains(got, "MissingAccessKeyId") {
				t.Errorf("an unsigned call is answered %s", got)
			}
			if err := command.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if err := command.Wait(); err != nil {
				t.Errorf("%v\n%s", err, &stderr)
			}
			if log := stderr.String(); strings.Count(log, "\n") != 1 || !strings.Contains(log, `"DescribeDtsJobs"`) || !strings.Contains(log, "400 MissingAccessKeyId") {
				t.Errorf("standard error is\n%s", log)
			}
		})
	}
}

func TestBadUse(t *testing.T) {
	binary := build(t)
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "cn-hangzhou", "SYNC"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "cn-hangzhou", "SYNC", "broken.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		args []string
		says string
	}{
		"unknown flag":    {[]string{"--nothing"}, "flag provided but not defined"},
		"an argument":     {[]string{"account"}, `unexpected argument "account"`},
		"no such folder":  {[]string{"--fixtures", filepath.Join(folder, "none")}, "none"},
		"broken fixture":  {[]string{"--fixtures", folder}, "cn-hangzhou/SYNC/broken.json"},
		"no such name":    {[]string{"--scenario", "nothing"}, "scenario nothing: open nothing.json: file does not exist"},
		"no such file":    {[]string{"--scenario", filepath.Join(folder, "none.json")}, "scenario none:"},
		"broken scenario": {[]string{"--scenario", filepath.Join(folder, "cn-hangzhou", "SYNC", "broken.json")}, "scenario broken: unexpected end of JSON input"},
		"no such faults":  {[]string{"--faults", filepath.Join(folder, "none.json")}, "cannot read --faults: open"},
		"broken faults":   {[]string{"--faults", filepath.Join(folder, "cn-hangzhou", "SYNC", "broken.json")}, "cannot read --faults: faults: unexpected EOF"},
		"unknown fault":   {[]string{"--faults", `[{"kind": "explosion"}]`}, `cannot read --faults: fault 1: unknown kind "explosion"`},
		"address unusual": {[]string{"--listen", "127.0.0.1:none"}, "none"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			command := exec.CommandContext(t.Context(), binary, test.args...)
			var stdout, stderr bytes.Buffer
			command.Stdout, command.Stderr = &stdout, &stderr
			if err := command.Run(); err == nil || command.ProcessState.ExitCode() != 1 {
				t.Errorf("exit: %v", err)
			}
			if stdout.Len() > 0 || !strings.Contains(stderr.String(), test.says) {
				t.Errorf("standard output %q, standard error %q", &stdout, &stderr)
			}
		})
	}
}

// Both forms of --scenario make it the only one there is.
func TestScenario(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mine.json")
	if err := os.WriteFile(file, []byte(`{"description": "Mine.", "steps": [{"response": {"State": "Checking"}}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	neighbour := filepath.Join(filepath.Dir(file), "no-scenario.json")
	if err := os.WriteFile(neighbour, []byte("[]"), 0o600); err != nil {
		t.Fatal(err)
	}
	for nameOrFile, scenario := range map[string]string{file: "mine", "failed-then-passed": "failed-then-passed"} {
		api := &emulator.Emulator{}
		playForAll(api, nameOrFile)
		if err := api.Load(); err != nil || api.Scenario != scenario {
			t.Errorf("%s: playing %q, error %v", nameOrFile, api.Scenario, err)
		}
		health := httptest.NewRecorder()
		api.ServeHTTP(health, httptest.NewRequest(http.MethodGet, "/_emulator/health", nil))
		if !strings.Contains(health.Body.String(), `"scenarios": 1`) {
			t.Errorf("%s: health is %s", nameOrFile, health.Body)
		}
	}
}

// Faults are JSON or a file of it.
func TestFaults(t *testing.T) {
	const asJSON = `[{"kind": "hang", "calls": "2"}]`
	file := filepath.Join(t.TempDir(), "faults")
	if err := os.WriteFile(file, []byte(asJSON), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, jsonOrFile := range []string{asJSON, asJSON[1 : len(asJSON)-1], file} {
		faults, err := readFaults(jsonOrFile)
		if err != nil || len(faults) != 1 || faults[0].Kind != emulator.FaultHang || faults[0].Calls != "2" {
			t.Errorf("%s: %v, error %v", jsonOrFile, faults, err)
		}
	}
	if faults, err := readFaults(""); err != nil || faults != nil {
		t.Errorf("no faults: %v, error %v", faults, err)
	}
}

// Flags reach the emulator.
func TestFlags(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stdout, writer := io.Pipe()
	stopped := make(chan error, 1)
	go func() {
		stopped <- run(ctx, []string{"--listen", "127.0.0.1:0", "--faults", `{"kind": "null", "probability": 0.5}`, "--fault-seed", "3", "--token-lifetime", "-1h"}, writer, io.Discard)
	}()
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	address := strings.TrimSpace(strings.TrimPrefix(line, "listening on "))
	if got := get(t, address+"/_emulator/faults"); !strings.Contains(got, `"kind": "null"`) {
		t.Errorf("faults are %s", got)
	}
	var issued struct{ Expiration time.Time }
	if err := json.Unmarshal([]byte(get(t, address+"/_emulator/credentials")), &issued); err != nil || !issued.Expiration.Before(time.Now()) {
		t.Errorf("issued %+v, error %v", issued, err)
	}
	stop()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

// The log names the faults that a call met, and the path of what is no operation.
func TestLog(t *testing.T) {
	var log bytes.Buffer
	logCall(&log, emulator.Request{Action: "DescribeDtsJobs", Status: 400, Code: "Throttling.User", Faults: []emulator.FaultKind{emulator.FaultThrottling}})
	if !strings.Contains(log.String(), ": 400 Throttling.User by faults [throttling] (") {
		t.Error(log.String())
	}
	log.Reset()
	logCall(&log, emulator.Request{Path: "/latest/api/token"})
	if !strings.Contains(log.String(), `"/latest/api/token"`) {
		t.Error(log.String())
	}
}

// Who opens the emulator to others is told so; the default is silent.
func TestWarningOffLoopback(t *testing.T) {
	for address, warns := range map[string]bool{"127.0.0.1:0": false, "localhost:0": false, "0.0.0.0:0": true} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // it starts, says where, and stops
		var stdout, stderr bytes.Buffer
		if err := run(ctx, []string{"--listen", address}, &stdout, &stderr); err != nil {
			t.Errorf("%s: %v", address, err)
		}
		if !strings.HasPrefix(stdout.String(), "listening on http://") || strings.Contains(stderr.String(), "not a loopback address") != warns {
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
