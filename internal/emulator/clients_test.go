package emulator

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

// clientsDirectory has a program for the official Go clients and a script for
// those of npm, with their go.mod and lock file.
const clientsDirectory = "../../tools/clients"

// readByClient is the output of both.
type readByClient struct {
	First, Second, Filtered []string // job IDs of two pages, and of a filter
	State                   string   // of a precheck
	Detail                  string   // the name in the details of a job
	Error                   string   // code for an unknown job
	Arn                     string   // of the caller
}

// Official clients that nobody here wrote read pages, filters, prechecks and errors
// unchanged.
func TestGoClients(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: downloads Go modules")
	}
	program := filepath.Join(t.TempDir(), "clients")
	build := exec.CommandContext(timeLimit(t), "go", "build", "-o", program, ".")
	build.Dir = clientsDirectory
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	readByAll(t, &Emulator{Rate: -1}, []string{program}, "darabonba-openapi", "alibaba-cloud-sdk-go")
}

func TestNpmClients(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: installs npm packages")
	}
	script := installNpmClients(t)
	e := &Emulator{Rate: -1}
	readByAll(t, e, []string{"node", script}, "openapi-client", "openapi-core", "pop-core")
	t.Run("sts20150401", func(t *testing.T) { // knows HTTPS only
		secure := httptest.NewTLSServer(e)
		defer secure.Close()
		certificate := filepath.Join(t.TempDir(), "cert.pem")
		block := &pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}
		if err := os.WriteFile(certificate, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Setenv("NODE_EXTRA_CA_CERTS", certificate)
		if got := runClient(t, secure, "node", script, "sts20150401"); got.Arn != "acs:ram::1000000000000001:root" {
			t.Errorf("read %+v", got)
		}
	})
}

// readByAll reads with clients that one program has, and the same with raw requests.
func readByAll(t *testing.T, served *Emulator, program []string, clients ...string) {
	t.Helper()
	e, _ := newEmulator(t)
	jobs := func(parameters pairs) []string { return fieldOf(describe(t, e, parameters).DtsJobList, "DtsJobId") }
	want := readByClient{
		First:    jobs(pairs{"PageSize": "20"}),
		Second:   jobs(pairs{"PageSize": "20", "PageNumber": "2"}),
		Filtered: jobs(pairs{"Type": "name", "Params": "订单"}),
		State:    precheckStatus(t, e, pairs{"DtsJobId": "failed"}).State,
		Detail:   "orders-mysql-to-polardb",
		Error:    send(t, e, precheckRequest(e, pairs{"DtsJobId": "nobody"})).Code,
	}
	server := serveOn(t, served)
	for _, client := range clients {
		t.Run(client, func(t *testing.T) {
			if got := runClient(t, server, append(program, client)...); !reflect.DeepEqual(got, want) {
				t.Errorf("read %+v, want %+v", got, want)
			}
		})
	}
}

// installNpmClients returns a copy of the script with its packages, so that the
// tree stays clean.
func installNpmClients(t *testing.T) string {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		t.Skip("the npm clients are not tested, because npm is not installed")
	}
	directory := t.TempDir()
	if err := os.CopyFS(directory, os.DirFS(clientsDirectory)); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(timeLimit(t), npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	command.Dir = directory
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v\n%s", err, output)
	}
	return filepath.Join(directory, "clients.js")
}

// runClient reads with one client. Proxies of the environment are not for loopback.
func runClient(t *testing.T, server *httptest.Server, command ...string) readByClient {
	t.Helper()
	args := append(command[1:], server.Listener.Addr().String(), DefaultAccessKey, DefaultSecretKey)
	client := exec.CommandContext(timeLimit(t), command[0], args...)
	client.Env = append(os.Environ(), "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
	var stderr strings.Builder
	client.Stderr = &stderr
	output, err := client.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	var got readByClient
	if err := json.Unmarshal(output, &got); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return got
}

// timeLimit is for commands that use the network or another runtime.
func timeLimit(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}
