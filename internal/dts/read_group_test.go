package dts

import (
	"context"
	"errors"
	"flag"
	"net/http"
	"os"
	"runtime"
	"sync"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"go.uber.org/goleak"
)

// TestMain looks for goroutines that tests leave behind. A fuzzer's workers
// have some that are not ours.
func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.fuzz").Value.String() != "" {
		os.Exit(m.Run())
	}
	goleak.VerifyTestMain(m)
}

// TestIdenticalReadsShareOneListing holds the first request until all readers
// have joined it.
func TestIdenticalReadsShareOneListing(t *testing.T) {
	release := make(chan bool)
	s := NewServer(t, func(w http.ResponseWriter, _ *http.Request) {
		<-release
		Jobs{JobIDs(1, 7), 7}.Write(w)
	})
	c := ClientOf(s)
	for _, region := range []string{"r", "s"} {
		c.pageSizesOf(rpc.CallKey{describeDtsJobs, region}).size.Store(api.MaxPageSize)
	}
	reads := []struct {
		region  string
		jobType api.JobTypeFilter
	}{{"r", api.FilterSync}, {"r", api.FilterMigration}, {"s", api.FilterSync}}
	var group sync.WaitGroup
	for n := range 10 {
		group.Go(func() {
			read := reads[n%len(reads)]
			listing, err := c.Jobs(t.Context(), read.region, api.JobsRequest{JobType: read.jobType})
			if err != nil || len(listing.Jobs) != 7 {
				t.Errorf("%v, %v", listing, err)
			}
		})
	}
	awaitReaders(t, c, 10)
	close(release)
	group.Wait()
	if s.Count() != len(reads) {
		t.Errorf("%d requests for %d different reads", s.Count(), len(reads))
	}
	// A read that has ended is not joined.
	if _, err := c.Jobs(t.Context(), "r", api.JobsRequest{JobType: api.FilterSync}); err != nil || s.Count() != len(reads)+1 {
		t.Errorf("%d requests, %v", s.Count(), err)
	}
}

// awaitReaders waits until so many readers wait for shared reads.
func awaitReaders(t *testing.T, c *Client, readers int) {
	for t.Context().Err() == nil {
		waiting := 0
		c.lists.mu.Lock()
		for _, f := range c.lists.inflight {
			waiting += f.waiting
		}
		c.lists.mu.Unlock()
		if waiting == readers {
			return
		}
		runtime.Gosched()
	}
}

// TestLeavingASharedRead has two readers: the first that leaves leaves alone,
// the last ends the read, which nobody can join any more.
func TestLeavingASharedRead(t *testing.T) {
	var group readGroup[string]
	started, ended := make(chan bool), make(chan error, 1)
	read := func(ctx context.Context) (string, error) {
		close(started)
		<-ctx.Done()
		ended <- ctx.Err()
		return "", ctx.Err()
	}
	leave := make([]context.CancelFunc, 2)
	results := make([]chan error, 2)
	for n := range leave {
		ctx, cancel := context.WithCancel(t.Context())
		leave[n], results[n] = cancel, make(chan error, 1)
		f := group.join(ctx, "key", read)
		go func() {
			_, err := f.wait(ctx, &group.mu, func() { group.forget("key", f) })
			results[n] <- err
		}()
	}
	<-started
	leave[0]()
	if err := <-results[0]; !errors.Is(err, context.Canceled) {
		t.Errorf("the first got %v", err)
	}
	select {
	case err := <-ended:
		t.Errorf("the read ended with the first reader: %v", err)
	default:
	}
	leave[1]()
	if err := <-results[1]; !errors.Is(err, context.Canceled) {
		t.Errorf("the last got %v", err)
	}
	// The last has left, so the canceled read can't be joined although it may
	// still be ending.
	got, err := group.share(t.Context(), "key", func(context.Context) (string, error) { return "anew", nil })
	if got != "anew" || err != nil {
		t.Errorf("a newcomer got %q, %v", got, err)
	}
	if err := <-ended; err == nil {
		t.Error("the read was not canceled")
	}
}

// TestErrorOfACallerTellsWhatWasRead cancels a caller of a shared read.
func TestErrorOfACallerTellsWhatWasRead(t *testing.T) {
	for name, request := range map[string]api.JobsRequest{"list": {}, "by ID": {JobIDs: []api.ID{"a"}}} {
		arrived := make(chan bool)
		s := NewServer(t, func(_ http.ResponseWriter, r *http.Request) {
			close(arrived)
			<-r.Context().Done()
		})
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() {
			<-arrived
			cancel(errors.New("out of time"))
		}()
		_, err := ClientOf(s).Jobs(ctx, "r", request)
		var failure *rpc.Error
		if !errors.As(err, &failure) || failure.Operation != "DescribeDtsJobs" || failure.Region != "r" || failure.Reason() != "out of time" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
