package dts

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// window is the second over which the API counts calls, with a margin: calls
// that leave a second apart may arrive a little closer.
const window = 1040 * time.Millisecond

// limiters are those of the process, since clients of one process share their
// account's limit.
var limiters sync.Map // limiterKey to *limiter

// limiterKey is what the API sets a limit for.
type limiterKey struct{ endpoint, region string }

// wait lets the calls of all clients of a region pass at their rate.
func (c *Client) wait(ctx context.Context, endpoint, region string) error {
	if c.config.RequestRate <= 0 {
		return nil
	}
	turn := limiterOf(endpoint, region).turn(time.Now(), c.config.RequestRate)
	return Sleep(ctx, time.Until(turn))
}

func limiterOf(endpoint, region string) *limiter {
	l, _ := limiters.LoadOrStore(limiterKey{endpoint, region}, new(limiter))
	return l.(*limiter) //nolint:forcetypeassert // Nothing else is stored.
}

// limiter lets a number of calls pass in any window, as many as allowed at
// once, as the API counts them.
type limiter struct {
	mu    sync.Mutex
	turns []time.Time // of the calls in the last window and to come, in order
	pause time.Time   // until then nothing passes
}

// turn takes the next turn that is free at a rate and returns when it is. All
// calls count, those of clients with another rate too.
func (l *limiter) turn(now time.Time, rate int) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.turns) > 0 && l.turns[0].Add(window).Before(now) {
		l.turns = l.turns[1:]
	}
	turn := latest(now, l.pause)
	if n := len(l.turns); n > 0 {
		turn = latest(turn, l.turns[n-1])
	}
	if n := len(l.turns); n >= rate {
		turn = latest(turn, l.turns[n-rate].Add(window))
	}
	l.turns = append(l.turns, turn)
	return turn
}

// throttled holds back all calls for a while: somebody else uses the limit of
// the account as well.
func (l *limiter) throttled(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pause = latest(l.pause, now.Add(window/2+rand.N(window/2)))
}

func latest(times ...time.Time) time.Time {
	var latest time.Time
	for _, t := range times {
		if t.After(latest) {
			latest = t
		}
	}
	return latest
}
