package dts

import (
	"context"
	"errors"
	"flag"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

// TestMain looks for goroutines that tests leave behind. A fuzzer's workers
// have some of its own.
func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.fuzz").Value.String() != "" {
		os.Exit(m.Run())
	}
	goleak.VerifyTestMain(m)
}

// TestIdenticalReadsShareOneListing holds the first call until all readers
// have joined it.
func TestIdenticalReadsShareOneListing(t *testing.T) {
	release := make(chan bool)
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
		<-release
		page{jobIDs(1, 7), 7}.write(w)
	})
	c := clientOf(s)
	var group sync.WaitGroup
	for n := range 10 {
		group.Go(func() {
			q := JobsQuery{Region: "r", Parameters: map[string]string{"JobType": []string{"SYNC", "MIGRATION"}[n%2]}}
			if listing, err := c.Jobs(t.Context(), q); err != nil || len(listing.Jobs) != 7 {
				t.Errorf("%d jobs, %v", len(listing.Jobs), err)
			}
		})
	}
	joined(c, 10)
	close(release)
	group.Wait()
	if s.count() != 2 {
		t.Errorf("%d calls for two different reads", s.count())
	}
	// What has landed is read anew.
	if _, err := c.Jobs(t.Context(), JobsQuery{Region: "r", Parameters: map[string]string{"JobType": "SYNC"}}); err != nil || s.count() != 3 {
		t.Errorf("%d calls, %v", s.count(), err)
	}
}

// joined waits until so many readers wait for flights.
func joined(c *Client, readers int) {
	for {
		waiting := 0
		c.shared.mu.Lock()
		for _, f := range c.shared.flights {
			waiting += f.waiting
		}
		c.shared.mu.Unlock()
		if waiting == readers {
			return
		}
		runtime.Gosched()
	}
}

// TestLeavingASharedRead has two readers: the first that leaves leaves alone,
// the last ends the read.
func TestLeavingASharedRead(t *testing.T) {
	arrived, ended := make(chan bool), make(chan bool)
	s := newServer(t, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
		close(ended)
	})
	c := clientOf(s)
	leave := make([]context.CancelFunc, 2)
	results := make([]chan error, 2)
	for n := range leave {
		ctx, cancel := context.WithCancel(t.Context())
		leave[n], results[n] = cancel, make(chan error, 1)
		go func() {
			_, err := c.Jobs(ctx, JobsQuery{Region: "r"})
			results[n] <- err
		}()
	}
	joined(c, 2)
	<-arrived
	leave[0]()
	if err := <-results[0]; !errors.Is(err, context.Canceled) {
		t.Errorf("the first got %v", err)
	}
	select {
	case <-ended:
		t.Error("the read ended with the first reader")
	default:
	}
	leave[1]()
	if err := <-results[1]; !errors.Is(err, context.Canceled) {
		t.Errorf("the last got %v", err)
	}
	<-ended
}

// TestPagesAreReadAtTheSameTime answers no page but the first until all others
// are asked for.
func TestPagesAreReadAtTheSameTime(t *testing.T) {
	all := jobIDs(1, 320)
	var others sync.WaitGroup
	others.Add(10)
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		number, _ := strconv.Atoi(r.URL.Query().Get("PageNumber"))
		if number > 1 {
			others.Done()
			others.Wait()
		}
		cut(all, number, 100, 30, 320).write(w)
	})
	listing, err := clientOf(s).Jobs(t.Context(), JobsQuery{Region: "r"})
	if err != nil || len(listing.Jobs) != 320 || s.count() != 11 {
		t.Errorf("%d jobs in %d calls, %v", len(listing.Jobs), s.count(), err)
	}
}

// TestPageSizeRefusedLater grants the largest size for page 1 only.
func TestPageSizeRefusedLater(t *testing.T) {
	all := jobIDs(1, 250)
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		number, _ := strconv.Atoi(r.URL.Query().Get("PageNumber"))
		size, _ := strconv.Atoi(r.URL.Query().Get("PageSize"))
		if size > 30 && number > 1 {
			_, _ = w.Write([]byte(`{"Success":false,"ErrCode":"InvalidParameter","DynamicMessage":"PageSize"}`))
			return
		}
		cut(all, number, size, 100, 250).write(w)
	})
	listing, err := clientOf(s).Jobs(t.Context(), JobsQuery{Region: "r"})
	if err != nil || len(listing.Jobs) != 250 {
		t.Errorf("%d jobs, %v", len(listing.Jobs), err)
	}
}
