package main

import (
	"context"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// serveAccount serves the built-in account, and sets credentials for it.
func serveAccount(t *testing.T) (endpoint string) {
	t.Helper()
	server := httptest.NewServer(&emulator.Emulator{Rate: -1})
	t.Cleanup(server.Close)
	setCredentials(t)
	return strings.TrimPrefix(server.URL, "http://")
}

func setCredentials(t *testing.T) {
	t.Helper()
	t.Setenv("HOME", t.TempDir())
	t.Setenv("ALICLOUD_ACCESS_KEY", emulator.DefaultAccessKey)
	t.Setenv("ALICLOUD_SECRET_KEY", emulator.DefaultSecretKey)
}

func TestRecord(t *testing.T) {
	endpoint := serveAccount(t)
	t.Setenv("ALICLOUD_REGION", "ap-southeast-1")
	directory := filepath.Join(t.TempDir(), "recording")
	var stdout, stderr strings.Builder
	args := []string{"--out", directory, "--endpoint", endpoint, "--protocol", "HTTP", "--job-types", "SYNC,SUBSCRIBE", "--prechecks", "1"}
	if err := run(t.Context(), args, &stdout, &stderr); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(stdout.String(), "recorded 11 jobs and 12 prechecks in "+directory) {
		t.Error(stdout.String())
	}
	if !strings.Contains(stderr.String(), "ap-southeast-1 SYNC: 5 jobs, prechecks of 1\n") {
		t.Error(stderr.String())
	}
	api := emulator.Emulator{Fixtures: os.DirFS(directory)}
	if err := api.Load(); err != nil {
		t.Error(err)
	}
	if err := run(t.Context(), args, &stdout, &stderr); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("a second time: %v", err)
	}
}

func TestErrors(t *testing.T) {
	endpoint := serveAccount(t)
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no directory": {nil, "--out is missing"},
		"scheme":       {[]string{"--out", "x", "--endpoint", "http://" + endpoint}, "--endpoint must be a host"},
		"argument":     {[]string{"here"}, `unexpected argument "here"`},
		"protocol":     {[]string{"--out", "x", "--protocol", "FTP"}, "--protocol must be one of HTTPS, HTTP"},
		"no region":    {[]string{"--out", "x", "--endpoint", endpoint}, "no region to record"},
		"region":       {[]string{"--out", "x", "--endpoint", endpoint, "--protocol", "HTTP", "--regions", "cn-nowhere"}, "InvalidParameter"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for _, variable := range []string{"ALICLOUD_REGION", "ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID"} {
				t.Setenv(variable, "")
			}
			var output strings.Builder
			if err := run(t.Context(), test.args, &output, &output); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
			if _, err := os.Stat("x"); err == nil {
				t.Error("a directory was left")
			}
		})
	}
}

// Every invalid variable is reported, before anything is requested.
func TestInvalidEnvironment(t *testing.T) {
	t.Setenv("CLIENT_READ_TIMEOUT", "soon")
	t.Setenv("DTS_ENDPOINT", "https://dts.aliyuncs.com")
	err := run(t.Context(), []string{"--out", filepath.Join(t.TempDir(), "x"), "--regions", "cn-hangzhou"}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "CLIENT_READ_TIMEOUT") || !strings.Contains(err.Error(), "DTS_ENDPOINT") {
		t.Errorf("got %v", err)
	}
}

// A warning tells of requests that leave the machine unencrypted.
func TestUnencrypted(t *testing.T) {
	local := serveAccount(t)
	for endpoint, want := range map[string]bool{"dts.invalid:80": true, local: false} {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var stderr strings.Builder
		err := run(ctx, []string{"--out", filepath.Join(t.TempDir(), "x"), "--regions", "cn-hangzhou", "--protocol", "HTTP", "--endpoint", endpoint}, io.Discard, &stderr)
		if got := strings.Contains(stderr.String(), "warning: requests to "+endpoint+" are sent unencrypted"); err == nil || got != want {
			t.Errorf("%s: a warning: %t, want %t; error %v", endpoint, got, want, err)
		}
	}
}

func TestVersion(t *testing.T) {
	var stdout strings.Builder
	if err := run(t.Context(), []string{"--version"}, &stdout, io.Discard); err != nil || stdout.String() != "dts-record dev (commit unknown)\n" {
		t.Errorf("got %q, error %v", stdout.String(), err)
	}
}

// The settings of the provider are read without any of Terraform's libraries.
func TestNoTerraformLibrary(t *testing.T) {
	info, isAvailable := debug.ReadBuildInfo()
	if !isAvailable || len(info.Deps) == 0 {
		t.Fatal("no build information")
	}
	for _, module := range info.Deps {
		if strings.Contains(module.Path, "hashicorp/") {
			t.Errorf("%s is linked", module.Path)
		}
	}
}
