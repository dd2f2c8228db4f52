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

// limiterKey is what the API sets a limit for, and the limit itself, so that
// clients with different limits do not hold each other to theirs.
type limiterKey struct {
	endpoint, region string
	rate             int
}

// wait lets the calls of all clients of a region pass at their rate.
func (c *Client) wait(ctx context.Context, endpoint, region string) error {
	if c.config.RequestRate <= 0 {
		return nil
	}
	return c.limiter(endpoint, region).wait(ctx)
}

func (c *Client) limiter(endpoint, region string) *limiter {
	key := limiterKey{endpoint, region, c.config.RequestRate}
	l, _ := limiters.LoadOrStore(key, newLimiter(key.rate))
	return l.(*limiter) //nolint:forcetypeassert // Nothing else is stored.
}

// limiter lets a number of calls pass in any window, as many as allowed at
// once, as the API counts them.
type limiter struct {
	mu    sync.Mutex
	turns []time.Time // when the last calls passed, a ring
	next  int         // the oldest of them
	pause time.Time   // until then nothing passes
}

func newLimiter(rate int) *limiter { return &limiter{turns: make([]time.Time, rate)} }

// wait returns when a call may be made.
func (l *limiter) wait(ctx context.Context) error {
	return Sleep(ctx, time.Until(l.turn(time.Now())))
}

// turn takes the next turn that is free and returns when it is.
func (l *limiter) turn(now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	turn := latest(now, l.pause, l.turns[l.next].Add(window))
	l.turns[l.next] = turn
	l.next = (l.next + 1) % len(l.turns)
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
