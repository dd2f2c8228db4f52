package dts_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/dts-community/terraform-provider-dts/internal/emulator"
	"github.com/google/go-cmp/cmp"
)

// chances are faults that come at random, one call in twenty meeting one.
// Those that change the rows of a page are not among them: a page that comes
// short in the same way twice in a row can't be told from the truth, so chance
// would fail the test now and then. TestWholeList has them one at a time.
func chances() []emulator.Fault {
	kinds := []emulator.Fault{
		{Kind: emulator.FaultThrottling}, {Kind: emulator.FaultInternalError}, {Kind: emulator.FaultUnavailable},
		{Kind: emulator.FaultHTML502}, {Kind: emulator.FaultHTML200}, {Kind: emulator.FaultEmpty200}, {Kind: emulator.FaultNull},
		{Kind: emulator.FaultFailure}, {Kind: emulator.FaultTruncatedBody}, {Kind: emulator.FaultReset}, {Kind: emulator.FaultRefused},
		{Kind: emulator.FaultSlowBody, Delay: 20 * time.Millisecond}, {Kind: emulator.FaultHang},
		{Kind: emulator.FaultUnknownFields}, {Kind: emulator.FaultNumbersAsStrings},
	}
	for i := range kinds {
		kinds[i].Probability = 0.05 / float64(len(kinds))
	}
	return kinds
}

func clientOf(server *httptest.Server) *dts.Client {
	return dts.NewClient(rpc.Config{
		Credentials:    rpc.StaticCredential{AccessKeyID: emulator.DefaultAccessKey, AccessKeySecret: emulator.DefaultSecretKey},
		Endpoint:       strings.TrimPrefix(server.URL, "http://"),
		Protocol:       "HTTP",
		ConnectTimeout: 500 * time.Millisecond,
		ReadTimeout:    500 * time.Millisecond, // Both together are what a call that hangs costs.
		RetryTimeout:   time.Minute,
		RequestRate:    -1,
		Backoff:        func(int) time.Duration { return 0 },
	})
}

// TestSoak reads thousands of lists through random faults. Each is the whole
// truth, or an error that says what went wrong.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("reads thousands of lists")
	}
	server := httptest.NewServer(&emulator.Emulator{Rate: -1})
	t.Cleanup(server.Close)
	reads := []struct {
		region  string
		request api.JobsRequest
	}{
		{"cn-hangzhou", api.JobsRequest{PageSize: 10}},
		{"cn-hangzhou", api.JobsRequest{}},
		{"cn-hangzhou", api.JobsRequest{JobType: api.FilterSync}},
		{"ap-southeast-1", api.JobsRequest{JobType: api.FilterSubscribe}},
	}
	truth := make([]*dts.JobListing, len(reads))
	for i, read := range reads {
		var err error
		if truth[i], err = clientOf(server).Jobs(t.Context(), read.region, read.request); err != nil {
			t.Fatal(err)
		}
	}
	disturbed := httptest.NewServer(&emulator.Emulator{Rate: -1, Faults: chances()})
	t.Cleanup(disturbed.Close)

	const readers, readsEach = 8, 250
	var failed atomic.Int32
	var group sync.WaitGroup
	for n := range readers {
		group.Go(func() {
			client := clientOf(disturbed) // One for each, so that no listing is shared.
			for round := range readsEach {
				which := (n + round) % len(reads)
				got, err := client.Jobs(t.Context(), reads[which].region, reads[which].request)
				var call *rpc.Error
				switch {
				case err == nil:
					if diff := cmp.Diff(truth[which].JobList, got.JobList); diff != "" {
						t.Errorf("a list that is not the truth: -want +got:\n%s", diff)
						return
					}
				case errors.As(err, &call) && call.Operation != "" && call.Reason() != "":
					failed.Add(1)
				default:
					t.Errorf("an error that says nothing: %v", err)
				}
			}
		})
	}
	group.Wait()
	if share := float64(failed.Load()) / (readers * readsEach); share > 0.05 {
		t.Errorf("%.1f %% of the reads failed", 100*share)
	}
}
