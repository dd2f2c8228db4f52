package provider_test

import (
	"fmt"
	"math"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/load"
	"github.com/dts-community/terraform-provider-dts/internal/provider"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// perJob runs a benchmark at each length of a list, and reports the cost of
// one job.
func perJob(b *testing.B, name string, run func(b *testing.B, at string)) {
	b.Helper()
	for _, size := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
			jobs, err := load.New("../inventory/DescribeDtsJobs.fields.tsv", size)
			if err != nil {
				b.Fatal(err)
			}
			server := httptest.NewServer(jobs)
			defer server.Close()
			b.ReportAllocs()
			run(b, server.URL)
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*size), "µs/job")
		})
	}
}

// BenchmarkDecode goes from the API to shapes: signature, HTTP and JSON, with
// the server's own cost.
func BenchmarkDecode(b *testing.B) {
	perJob(b, "shapes", func(b *testing.B, at string) {
		for b.Loop() {
			listed(b, at)
		}
	})
}

// BenchmarkEncode goes from shapes to what is sent to Terraform.
func BenchmarkEncode(b *testing.B) {
	s := shape.Of[dts.JobList]()
	perJob(b, "msgpack", func(b *testing.B, at string) {
		jobs := listed(b, at)
		for b.Loop() {
			if _, err := s.MsgPack(jobs, nil, math.MaxInt); err != nil {
				b.Fatal(err)
			}
		}
	})
	perJob(b, "tftypes", func(b *testing.B, at string) {
		jobs := listed(b, at)
		for b.Loop() {
			for _, value := range s.Values(jobs) {
				if _, err := tfprotov6.NewDynamicValue(value.Type(), value); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

// BenchmarkRead is a complete read, from the configuration to what is sent.
func BenchmarkRead(b *testing.B) {
	for name, newServer := range map[string]func() tfprotov6.ProviderServer{
		"ours": provider.NewServer("test"), "framework": frameworkServer,
	} {
		perJob(b, name, func(b *testing.B, at string) {
			s, diags := configured(b, newServer(), blockFor(at, nil))
			if len(diags) > 0 {
				b.Fatal(render(diags))
			}
			for b.Loop() {
				if resp := s.read(b, "dts_jobs", nil); len(resp.Diagnostics) > 0 {
					b.Fatal(render(resp.Diagnostics))
				}
			}
		})
	}
}

// listed lists all jobs of the API at a URL.
func listed(b *testing.B, at string) dts.JobList {
	b.Helper()
	client := dts.NewClient(dts.Config{
		Credentials:    dts.StaticCredential{AccessKeyID: "bench", AccessKeySecret: "bench"},
		RequestRate:    -1,
		Endpoint:       strings.TrimPrefix(at, "http://"),
		Protocol:       "HTTP",
		ConnectTimeout: time.Minute,
		ReadTimeout:    time.Minute,
		RetryTimeout:   time.Minute,
	})
	listing, err := client.Jobs(b.Context(), "cn-hangzhou", dts.JobsRequest{})
	if err != nil {
		b.Fatal(err)
	}
	return listing.JobList
}
