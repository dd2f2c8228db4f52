//go:build unix

package bench

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

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
  endpoints {
    dts = %q
  }
}
data "dts_jobs" "all" {
  %s
}
`

// configurationFor lists the jobs of a server, with an argument.
func configurationFor(url, argument string) string {
	return fmt.Sprintf(configuration, strings.TrimPrefix(url, "http://"), argument)
}

// BenchmarkPlan plans a data source that reads many jobs, from a server on the
// same machine without a rate limit. CPU time and memory are those of the
// process that reads, its start included.
func BenchmarkPlan(b *testing.B) {
	c := newCLI(b)
	for _, count := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprintf("jobs=%d", count), func(b *testing.B) {
			server := httptest.NewServer(NewJobs(count))
			defer server.Close()
			c.write(b, "jobs/main.tf", configurationFor(server.URL, ""))
			r := newReport()
			for b.Loop() {
				r.add(c.run(b, "jobs", "plan"))
			}
			r.metrics(b)
			b.ReportMetric(float64(r.provider.cpu.Microseconds())/float64(count), "provider-µs/job")
		})
	}
}

// BenchmarkApply stores 3000 jobs in state, with all attributes and with four
// of them, to compare time and size.
func BenchmarkApply(b *testing.B) {
	c := newCLI(b)
	server := httptest.NewServer(NewJobs(3000))
	defer server.Close()
	for _, attributes := range []struct{ name, argument string }{
		{"all", ""},
		{"4", `job_attributes = ["dts_job_name", "status", "delay_seconds", "job_type"]`},
	} {
		b.Run("attributes="+attributes.name, func(b *testing.B) {
			directory := "apply" + attributes.name
			c.write(b, directory+"/main.tf", configurationFor(server.URL, attributes.argument))
			r := newReport()
			for b.Loop() {
				r.add(c.run(b, directory, "apply", "-auto-approve"))
			}
			r.metrics(b)
			b.ReportMetric(c.megabytes(b, directory+"/terraform.tfstate"), "state-MB")
		})
	}
}

// BenchmarkSchema reads the schema of the provider.
func BenchmarkSchema(b *testing.B) {
	c := newCLI(b)
	c.write(b, "schema/main.tf", configurationFor("", ""))
	r := newReport()
	for b.Loop() {
		r.add(c.run(b, "schema", "providers", "schema", "-json"))
	}
	r.metrics(b)
	b.ReportMetric(c.megabytes(b, "provider"), "binary-MB")
}

// BenchmarkCLI runs the CLI without a provider, for comparison.
func BenchmarkCLI(b *testing.B) {
	c := newCLI(b)
	c.write(b, "empty/main.tf", "")
	r := newReport()
	for b.Loop() {
		r.add(c.run(b, "empty", "providers", "schema", "-json"))
	}
	r.metrics(b)
}

// report keeps the least of each figure, because whatever else the machine does
// only adds.
type report struct {
	started  time.Time
	wall     time.Duration
	provider usage
	cli      time.Duration
	runs     int
}

func newReport() *report { return &report{started: time.Now()} }

func (r *report) add(provider usage, cli time.Duration) {
	wall := time.Since(r.started)
	if r.runs++; r.runs == 1 {
		r.wall, r.provider, r.cli = wall, provider, cli
	}
	r.wall, r.cli = min(r.wall, wall), min(r.cli, cli)
	r.provider = usage{min(r.provider.cpu, provider.cpu), min(r.provider.maxRSS, provider.maxRSS)}
	r.started = time.Now()
}

func (r *report) metrics(b *testing.B) {
	b.Helper()
	b.ReportMetric(0, "ns/op") // The average over few runs means little.
	b.ReportMetric(r.wall.Seconds(), "wall-s")
	b.ReportMetric(r.cli.Seconds(), "cli-cpu-s")
	b.ReportMetric(r.provider.cpu.Seconds(), "provider-cpu-s")
	b.ReportMetric(float64(r.provider.maxRSS)/(1<<20), "provider-MiB")
}
