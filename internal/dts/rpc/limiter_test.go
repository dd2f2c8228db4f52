package rpc

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// The limiter is tested on the fake clock of synctest: seconds cost nothing and
// times are exact.

// apart is how far two requests must be apart that are not in one second, as a
// literal: the margin over a second is deliberate.
const apart = 1040 * time.Millisecond

// departures lets requests wait for their turns at once and returns when each
// one had it, in this order.
func departures(t *testing.T, l *limiter, requests int) []time.Time {
	t.Helper()
	var mu sync.Mutex
	var times []time.Time
	var group sync.WaitGroup
	for range requests {
		group.Go(func() {
			_, err := l.wait(t.Context())
			mu.Lock()
			defer mu.Unlock()
			times = append(times, time.Now())
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	return times
}

// fitsRate wants no more than rate requests in any second.
func fitsRate(t *testing.T, times []time.Time, rate int) {
	t.Helper()
	for n := rate; n < len(times); n++ {
		if d := times[n].Sub(times[n-rate]); d < apart {
			t.Errorf("requests %d and %d left only %s apart", n-rate, n, d)
		}
	}
}

func TestLimiterKeepsEveryWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const rate = 5
		l := newLimiter(rate)
		var times []time.Time
		for n := range 200 {
			time.Sleep(time.Duration(n*n%37) * 10 * time.Millisecond)
			times = append(times, departures(t, l, 1)...)
		}
		fitsRate(t, times, rate)
	})
}

func TestLimiterWastesNoTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		times := departures(t, newLimiter(20), 100)
		fitsRate(t, times, 20)
		if first := times[19].Sub(start); first != 0 {
			t.Errorf("the first 20 had to wait %s", first)
		}
		if last := times[99].Sub(start); last != 4*apart {
			t.Errorf("the last of 100 left after %s", last)
		}
	})
}

func TestNoLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		l := newLimiter(-1)
		l.throttle(start)
		if times := departures(t, l, 1000); times[999] != start {
			t.Errorf("the last left after %s", times[999].Sub(start))
		}
	})
}

func TestQueueIsFair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(1) // One turn at a time, so that there is an order.
		var mu sync.Mutex
		var order []int
		var group sync.WaitGroup
		for n := range 20 {
			group.Go(func() {
				if _, err := l.wait(t.Context()); err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				order = append(order, n)
			})
			synctest.Wait() // Until it is in the queue, or through.
		}
		group.Wait()
		if !slices.IsSorted(order) {
			t.Errorf("order of turns: %v", order)
		}
	})
}

// TestCanceledRequestsTakeNoTurn has 64 pages in the queue that nobody needs
// any more.
func TestCanceledRequestsTakeNoTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(2)
		departures(t, l, 2)
		ctx, cancel := context.WithCancelCause(t.Context())
		reason := errors.New("no longer needed")
		var group sync.WaitGroup
		for range 64 {
			group.Go(func() {
				if _, err := l.wait(ctx); !errors.Is(err, reason) {
					t.Errorf("got %v", err)
				}
			})
		}
		synctest.Wait()
		start := time.Now()
		cancel(reason)
		group.Wait()
		if d := departures(t, l, 1)[0].Sub(start); d > apart {
			t.Errorf("the next request had to wait %s", d)
		}
	})
}

// TestTurnGivenBack wakes the request that waits for it.
func TestTurnGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(1)
		turn, _ := l.wait(t.Context())
		start := time.Now()
		go func() {
			time.Sleep(100 * time.Millisecond)
			l.giveBack(turn)
		}()
		if d := departures(t, l, 1)[0].Sub(start); d != 100*time.Millisecond {
			t.Errorf("the turn was free after %s", d)
		}
	})
}

// TestOneTurnGivenBack leaves the turns of other requests taken.
func TestOneTurnGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(2)
		start := time.Now()
		departures(t, l, 1)
		time.Sleep(100 * time.Millisecond)
		turn, _ := l.wait(t.Context())
		l.giveBack(turn)
		times := departures(t, l, 2)
		if first, second := times[0].Sub(start), times[1].Sub(start); first != 100*time.Millisecond || second != apart {
			t.Errorf("requests left after %s and %s", first, second)
		}
	})
}

func TestThrottlingHoldsBackTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(20)
		departures(t, l, 20)
		time.Sleep(apart - time.Millisecond)
		go func() {
			synctest.Wait()
			l.throttle(time.Now())
		}()
		start := time.Now()
		times := departures(t, l, 40) // All but one are in the queue when the API throttles.
		if d := times[0].Sub(start); d < window/2 {
			t.Errorf("a request left %s after throttling", d)
		}
	})
}

func TestRateAdapts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(20)
		rate := func() int { return l.currentRate(time.Now()) }
		expect := func(want int) {
			t.Helper()
			if got := rate(); got != want {
				t.Errorf("the rate is %d, want %d", got, want)
			}
		}
		throttle := func(after time.Duration) {
			time.Sleep(after)
			l.throttle(time.Now())
		}
		expect(20)
		for range 10 { // All of these are about one second.
			throttle(50 * time.Millisecond)
			expect(10)
		}
		throttle(600 * time.Millisecond)
		expect(5)
		time.Sleep(900 * time.Millisecond)
		expect(5)
		throttle(0) // Within a second: not halved, but the recovery starts again.
		time.Sleep(900 * time.Millisecond)
		expect(5)
		time.Sleep(100 * time.Millisecond)
		expect(6)
		time.Sleep(2 * time.Second)
		expect(8)
		for range 10 {
			throttle(time.Second)
		}
		expect(1)
		time.Sleep(time.Minute)
		expect(20)
	})
}

// TestRateIsAtLeastOne throttles a client that has no rate to lose.
func TestRateIsAtLeastOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(1)
		start := time.Now()
		l.throttle(start)
		if d := departures(t, l, 1)[0].Sub(start); d > apart {
			t.Errorf("the next request left after %s", d)
		}
	})
}

// TestReducedRateCountsEarlierTurns has more turns in the window than the
// reduced rate allows: as many of them have to end.
func TestReducedRateCountsEarlierTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(4)
		var times []time.Time
		for range 4 {
			times = append(times, departures(t, l, 1)...)
			time.Sleep(100 * time.Millisecond)
		}
		l.rate, l.throttled = 2, time.Now()
		if d := departures(t, l, 1)[0].Sub(times[2]); d < apart {
			t.Errorf("a third request left within %s", d)
		}
	})
}

// TestReducedRateIsKept counts the requests that leave after throttling.
func TestReducedRateIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(20)
		l.throttle(time.Now())
		times := departures(t, l, 12) // The rate is 10, or 11 after a second.
		if d := times[11].Sub(times[0]); d < apart {
			t.Errorf("12 requests left within %s", d)
		}
	})
}
