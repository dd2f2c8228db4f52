package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// cost is what one run of the CLI took.
type cost struct {
	wall, core time.Duration // core is the CLI's own CPU time
	provider   usage
}

// usage is what one process of the provider took: CPU time, and memory in
// bytes at its peak.
type usage struct {
	cpu    time.Duration
	memory int64
}

// bench is a folder with what the CLI needs to run a measured provider.
type bench struct {
	folder, provider, ways, usage string
	environment                   []string

	endpoint, state string // of the jobs that are read now
}

const configuration = `
terraform {
  required_providers {
    dts = { source = "dts-community/dts" }
  }
}
provider "dts" {
  region                  = "cn-hangzhou"
  access_key              = "bench"
  secret_key              = "bench"
  protocol                = "HTTP"
  max_requests_per_second = 100000
}
data "dts_jobs" "all" {}
`

func newBench(folder string) (*bench, error) {
	path := func(name string) string { return filepath.Join(folder, name) }
	provider, err := filepath.Abs(".build/bin/terraform-provider-dts")
	if err != nil {
		return nil, err
	}
	b := &bench{folder: folder, provider: provider, ways: path("ways"), usage: path("usage")}
	b.environment = append(os.Environ(), "TF_CLI_CONFIG_FILE="+path("cli.tfrc"), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
		"BENCH_USAGE="+b.usage, "BENCH_PROVIDER="+b.provider)
	return b, errors.Join(
		build(path("bin/terraform-provider-dts"), "./internal/cmd/bench/shim"),
		build(b.ways, "./internal/cmd/bench/ways"),
		os.Mkdir(path("empty"), 0o700),
		os.Mkdir(path("jobs"), 0o700),
		os.WriteFile(path("jobs/main.tf"), []byte(configuration), 0o600),
		os.WriteFile(path("cli.tfrc"), []byte(`provider_installation {
  dev_overrides { "dts-community/dts" = "`+path("bin")+`" }
  direct {}
}`), 0o600),
	)
}

func build(binary, from string) error {
	command := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, from)
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	command.Stderr = os.Stderr
	return command.Run()
}

// plan plans with the provider that reads in a way.
func (b *bench) plan(way string) (cost, error) {
	environment := []string{"DTS_ENDPOINT=" + b.endpoint}
	if way != "" {
		environment = append(environment, "BENCH_PROVIDER="+b.ways, "BENCH_WAY="+way, "BENCH_STATE="+b.state)
	}
	return b.cli("jobs", environment, "plan")
}

// cli runs the CLI that TF_ACC_TERRAFORM_PATH names.
func (b *bench) cli(folder string, environment []string, arguments ...string) (cost, error) {
	if err := os.Remove(b.usage); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cost{}, err
	}
	command := exec.Command(os.Getenv("TF_ACC_TERRAFORM_PATH"), arguments...)
	command.Dir = filepath.Join(b.folder, folder)
	command.Env = append(b.environment, environment...)
	started := time.Now()
	output, err := command.CombinedOutput()
	if err != nil {
		return cost{}, fmt.Errorf("%w: %s", err, output)
	}
	c := cost{wall: time.Since(started), core: command.ProcessState.UserTime() + command.ProcessState.SystemTime()}
	processes, err := b.used()
	for _, p := range processes {
		c.core -= p.cpu
		if p.cpu > c.provider.cpu { // The others only validated.
			c.provider = p
		}
	}
	return c, err
}

// used returns what the shim has written, a line for each process.
func (b *bench) used() ([]usage, error) {
	text, err := os.ReadFile(b.usage)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // None is there when no provider ran.
		return nil, err
	}
	var processes []usage
	for line := range strings.Lines(string(text)) {
		var one usage
		if _, err := fmt.Sscan(line, (*int64)(&one.cpu), &one.memory); err != nil {
			return nil, err
		}
		processes = append(processes, one)
	}
	return processes, nil
}
