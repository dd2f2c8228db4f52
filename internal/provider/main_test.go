package provider_test

import (
	"crypto/x509"
	"encoding/pem"
	"flag"
	"fmt"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// testDirectory holds the binary and an empty home directory while the tests
// run.
var testDirectory string

// parallelTests is more than the number of CPUs, because most tests wait for a
// server, a retry or a CLI.
const parallelTests = "8"

func TestMain(m *testing.M) {
	if servesOther() {
		return
	}
	if err := flag.Set("test.parallel", parallelTests); err != nil {
		log.Fatal(err)
	}
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	directory, err := os.MkdirTemp("", "terraform-provider-dts-")
	if err != nil {
		log.Fatal(err)
	}
	defer func() {
		if err := os.RemoveAll(directory); err != nil {
			log.Print(err)
		}
	}()
	testDirectory = directory
	if err := isolate(filepath.Join(directory, "home")); err != nil {
		log.Fatal(err)
	}
	if err := trustTestServers(); err != nil {
		log.Fatal(err)
	}
	return m.Run()
}

// certificateFile has the certificate of all test servers.
var certificateFile string

// trustTestServers makes this process trust the certificate of package httptest:
// system roots are loaded once, from the file.
func trustTestServers() error {
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	certificateFile = filepath.Join(testDirectory, "certificate.pem")
	block := &pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}
	if err := os.WriteFile(certificateFile, pem.EncodeToMemory(block), 0o600); err != nil {
		return err
	}
	if err := os.Setenv("SSL_CERT_FILE", certificateFile); err != nil {
		return err
	}
	if _, err := x509.SystemCertPool(); err != nil {
		return err
	}
	return os.Unsetenv("SSL_CERT_FILE")
}

// isolate keeps what this machine has configured out of all tests, so that
// they need not set variables and can run in parallel.
func isolate(home string) error {
	for _, entry := range os.Environ() {
		variable, _, _ := strings.Cut(entry, "=")
		for _, prefix := range []string{"ALICLOUD_", "ALIBABA", "DTS_", "CLIENT_", "MAX_RETRY_TIMEOUT", "TF_APPEND_USER_AGENT"} {
			if strings.HasPrefix(variable, prefix) {
				if err := os.Unsetenv(variable); err != nil {
					return err
				}
			}
		}
	}
	environment := map[string]string{"HOME": home, "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH"} { // They are below the real home directory.
		value, err := exec.Command("go", "env", name).Output()
		if err != nil {
			return err
		}
		environment[name] = strings.TrimSpace(string(value))
	}
	for name, value := range environment {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return os.Mkdir(home, 0o700)
}

// binary returns the provider's binary, built once from this tree.
func binary(t *testing.T) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var build = sync.OnceValues(func() (string, error) {
	path := filepath.Join(testDirectory, "terraform-provider-dts")
	output, err := exec.Command("go", "build", "-o", path, "../..").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, output)
	}
	return path, nil
})
