package dts_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// chances are faults that come now and then, one call in twenty meeting one. Those
// that change the rows of a page are not among them: a page that comes short in the
// same way twice in a row looks like a list that is complete.
func chances() []emulator.Fault {
	kinds := []emulator.Fault{
		{Kind: "throttling"}, {Kind: "error"}, {Kind: "response", Status: 503},
		{Kind: "response", Status: 502, Body: "<html>502 Bad Gateway</html>"}, {Kind: "response", Status: 200, Body: "<html>Log in</html>"}, {Kind: "response", Status: 200}, {Kind: "response", Status: 200, Body: "null"},
		{Kind: "failure"}, {Kind: "truncated-body"}, {Kind: "reset"}, {Kind: "refused"},
		{Kind: "slow-body", Delay: 20 * time.Millisecond}, {Kind: "hang"},
		{Kind: "unknown-fields"}, {Kind: "numbers-as-strings"},
	}
	for i := range kinds {
		kinds[i].Calls = fmt.Sprintf("every %d", 281+2*i) // odd numbers, so that few calls meet two
	}
	return kinds
}

func clientOf(server *httptest.Server) *dts.Client {
	return dts.NewClient(dts.Config{
		Credentials:    dts.StaticCredential{AccessKeyID: emulator.DefaultAccessKey, AccessKeySecret: emulator.DefaultSecretKey},
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
		request dts.JobsRequest
	}{
		{"cn-hangzhou", dts.JobsRequest{PageSize: 10}},
		{"cn-hangzhou", dts.JobsRequest{}},
		{"cn-hangzhou", dts.JobsRequest{JobType: dts.FilterSync}},
		{"ap-southeast-1", dts.JobsRequest{JobType: dts.FilterSubscribe}},
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
				var call *dts.Error
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
