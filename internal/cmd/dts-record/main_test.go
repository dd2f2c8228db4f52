package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// emulated serves the built-in account and signs in to it by the environment.
func emulated(t *testing.T) (endpoint string) {
	t.Helper()
	server := httptest.NewServer(&emulator.Emulator{Rate: -1})
	t.Cleanup(server.Close)
	t.Setenv("HOME", t.TempDir())
	t.Setenv("ALICLOUD_ACCESS_KEY", emulator.DefaultAccessKey)
	t.Setenv("ALICLOUD_SECRET_KEY", emulator.DefaultSecretKey)
	return strings.TrimPrefix(server.URL, "http://")
}

func TestRecord(t *testing.T) {
	endpoint := emulated(t)
	t.Setenv("ALICLOUD_REGION", "ap-southeast-1")
	folder := filepath.Join(t.TempDir(), "recording")
	var stdout, stderr strings.Builder
	args := []string{"--out", folder, "--endpoint", endpoint, "--protocol", "HTTP", "--job-types", "SYNC,SUBSCRIBE", "--prechecks", "1"}
	if err := run(t.Context(), args, &stdout, &stderr); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(stdout.String(), "recorded 11 jobs and 12 prechecks in "+folder) {
		t.Error(stdout.String())
	}
	if !strings.Contains(stderr.String(), "ap-southeast-1 SYNC: 5 jobs, prechecks of 1\n") {
		t.Error(stderr.String())
	}
	api := emulator.Emulator{Fixtures: os.DirFS(folder)}
	if err := api.Load(); err != nil {
		t.Error(err)
	}
	if err := run(t.Context(), args, &stdout, &stderr); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("a second time: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	endpoint := emulated(t)
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"no folder": {nil, "--out is missing"},
		"argument":  {[]string{"here"}, `unexpected argument "here"`},
		"protocol":  {[]string{"--out", "x", "--protocol", "FTP"}, "--protocol is HTTPS or HTTP"},
		"no region": {[]string{"--out", "x", "--endpoint", endpoint}, "no region to record"},
		"region":    {[]string{"--out", "x", "--endpoint", endpoint, "--protocol", "HTTP", "--regions", "cn-nowhere"}, "InvalidParameter"},
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
				t.Error("a folder was left")
			}
		})
	}
}
