package provider_test

import (
	"fmt"
	"math"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/bench"
	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// BenchmarkDecode reads the list of jobs: signature, HTTP and JSON, with the
// server's own cost.
func BenchmarkDecode(b *testing.B) {
	perJob(b, func(b *testing.B, url string) {
		for b.Loop() {
			listJobs(b, url)
		}
	})
}

// BenchmarkEncode writes jobs as the state that is sent to Terraform.
func BenchmarkEncode(b *testing.B) {
	s := shape.Of[api.JobList]()
	perJob(b, func(b *testing.B, url string) {
		jobs := listJobs(b, url)
		for b.Loop() {
			if _, err := s.MsgPack(jobs, nil, math.MaxInt); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkRead reads the data source, from the configuration to the state.
func BenchmarkRead(b *testing.B) {
	perJob(b, func(b *testing.B, url string) {
		s := newSession(b, url)
		for b.Loop() {
			if resp := s.read(b, "dts_jobs", nil); len(resp.Diagnostics) > 0 {
				b.Fatal(render(resp.Diagnostics))
			}
		}
	})
}

// perJob runs a benchmark with lists of several lengths, and reports what one job
// costs.
func perJob(b *testing.B, run func(b *testing.B, url string)) {
	b.Helper()
	for _, count := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprintf("jobs=%d", count), func(b *testing.B) {
			server := httptest.NewServer(bench.NewJobs(count))
			defer server.Close()
			b.ReportAllocs()
			run(b, server.URL)
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*count), "µs/job")
		})
	}
}

func listJobs(b *testing.B, url string) api.JobList {
	b.Helper()
	client := dts.NewClient(rpc.Config{
		Credentials: rpc.StaticCredential{AccessKeyID: "bench", AccessKeySecret: "bench"},
		Endpoint:    strings.TrimPrefix(url, "http://"),
		Protocol:    "HTTP",
		RequestRate: -1,
	})
	listing, err := client.Jobs(b.Context(), "cn-hangzhou", api.JobsRequest{})
	if err != nil {
		b.Fatal(err)
	}
	return listing.JobList
}
