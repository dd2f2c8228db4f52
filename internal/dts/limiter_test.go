package dts

import (
	"net/http"
	"sync"
	"testing"
	"time"
)

// TestLimiterKeepsEveryWindow takes turns at random moments and counts those
// of each second.
func TestLimiterKeepsEveryWindow(t *testing.T) {
	const rate = 5
	l := new(limiter)
	now := time.Unix(1_000_000, 0)
	var turns []time.Time
	for n := range 200 {
		now = now.Add(time.Duration(n*n%37) * 10 * time.Millisecond)
		turn := l.turn(now, rate)
		if turn.Before(now) {
			t.Fatalf("turn %d was in the past", n)
		}
		turns = append(turns, turn)
	}
	for n := rate; n < len(turns); n++ {
		if apart := turns[n].Sub(turns[n-rate]); apart < window {
			t.Errorf("calls %d and %d are only %s apart", n-rate, n, apart)
		}
	}
	fresh := new(limiter)
	for n := range rate {
		if !fresh.turn(now, rate).Equal(now) {
			t.Errorf("call %d of the first had to wait", n)
		}
	}
	if !fresh.turn(now, rate).After(now) {
		t.Error("the call after them had not")
	}
}

func TestThrottlingHoldsBackAllCalls(t *testing.T) {
	l := new(limiter)
	now := time.Unix(1_000_000, 0)
	l.throttled(now)
	if turn := l.turn(now, 20); turn.Sub(now) < window/2 || turn.Sub(now) > window {
		t.Errorf("the next turn is after %s", turn.Sub(now))
	}
}

// TestRatesAddUp has clients with limits of their own: the calls of both count
// against each.
func TestRatesAddUp(t *testing.T) {
	l := new(limiter)
	now := time.Unix(1_000_000, 0)
	for range 5 {
		l.turn(now, 20)
	}
	if turn := l.turn(now, 5); turn.Sub(now) < window {
		t.Errorf("the sixth call went after %s at a limit of 5", turn.Sub(now))
	}
}

// TestClientsShareTheLimit has two clients of one endpoint under a limit of 3,
// and a server that holds the first calls until all that may have come.
func TestClientsShareTheLimit(t *testing.T) {
	var mu sync.Mutex
	var came []time.Time
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
		mu.Lock()
		came = append(came, time.Now())
		mu.Unlock()
		_, _ = w.Write([]byte(healthy))
	})
	limit := func(c *Config) { c.RequestRate = 3 }
	clients := []*Client{clientOf(s, limit), clientOf(s, limit)}
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			if _, err := clients[n%2].Jobs(t.Context(), "r", JobsRequest{}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for n := 3; n < len(came); n++ {
		if apart := came[n].Sub(came[n-3]); apart < time.Second {
			t.Errorf("calls %d and %d came %s apart", n-3, n, apart)
		}
	}
}
