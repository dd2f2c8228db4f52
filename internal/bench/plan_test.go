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
data "dts_jobs" "all" {}
`

// BenchmarkPlan plans a data source that reads many jobs, from a server on the
// same machine without a rate limit. CPU time and memory are those of the
// process that reads, its start included.
func BenchmarkPlan(b *testing.B) {
	c := newCLI(b)
	for _, count := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprintf("jobs=%d", count), func(b *testing.B) {
			server := httptest.NewServer(NewJobs(count))
			defer server.Close()
			c.write(b, "jobs/main.tf", fmt.Sprintf(configuration, strings.TrimPrefix(server.URL, "http://")))
			r := newReport()
			for b.Loop() {
				r.add(c.run(b, "jobs", "plan"))
			}
			r.metrics(b)
			b.ReportMetric(float64(r.provider.cpu.Microseconds())/float64(count), "provider-µs/job")
		})
	}
}

// BenchmarkSchema reads the schema of the provider.
func BenchmarkSchema(b *testing.B) {
	c := newCLI(b)
	c.write(b, "schema/main.tf", fmt.Sprintf(configuration, ""))
	r := newReport()
	for b.Loop() {
		r.add(c.run(b, "schema", "providers", "schema", "-json"))
	}
	r.metrics(b)
	b.ReportMetric(c.binaryMegabytes(b), "binary-MB")
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
