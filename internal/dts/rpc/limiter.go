package rpc

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

const (
	// window is the second over which the API counts requests, with a margin:
	// requests that leave a second apart may arrive a little closer.
	window = 1040 * time.Millisecond
	// recovery is how long the rate takes to rise by one.
	recovery = time.Second
)

// limiter lets a number of requests pass in any window, as many as allowed at
// once, as the API counts them, in the order in which they came. When the API
// throttles, because other clients use the limit of the account too, it holds
// all requests back for a while and lowers the rate.
type limiter struct {
	head    chan struct{} // holds a token while a request is the first in the queue
	changed chan struct{} // holds a token when a turn was given back

	mu        sync.Mutex
	limit     int         // the rate without throttling; negative: none
	turns     []time.Time // taken in the last window, in order
	rate      int         // as of the last throttling
	throttled time.Time   // the last time
	halved    time.Time   // the last time
	pause     time.Time   // until then nothing passes
}

func newLimiter(limit int) *limiter {
	return &limiter{head: make(chan struct{}, 1), changed: make(chan struct{}, 1), limit: limit, rate: limit}
}

// wait returns when it is a request's turn, and the turn. Nothing is reserved
// for a request that leaves the queue.
func (l *limiter) wait(ctx context.Context) (turn time.Time, err error) {
	if l.limit < 0 {
		return time.Now(), nil
	}
	select {
	case l.head <- struct{}{}: // Senders are served in the order in which they came.
	case <-ctx.Done():
		return turn, context.Cause(ctx)
	}
	defer func() { <-l.head }()
	for ctx.Err() == nil {
		now := time.Now()
		turn = l.take(now)
		if !turn.After(now) {
			return turn, nil
		}
		select {
		case <-time.After(turn.Sub(now)):
		case <-l.changed:
		case <-ctx.Done():
		}
	}
	return turn, context.Cause(ctx)
}

// take returns the next free turn, and takes it if that is now.
func (l *limiter) take(now time.Time) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turns = slices.DeleteFunc(l.turns, func(t time.Time) bool { return !t.Add(window).After(now) })
	turn := latest(now, l.pause)
	if n, rate := len(l.turns), l.currentRate(now); n >= rate {
		turn = latest(turn, l.turns[n-rate].Add(window))
	}
	if turn.Equal(now) {
		l.turns = append(l.turns, now)
	}
	return turn
}

// giveBack returns a turn of a request that was not sent.
func (l *limiter) giveBack(turn time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.IndexFunc(l.turns, turn.Equal); i >= 0 {
		l.turns = slices.Delete(l.turns, i, i+1)
	}
	select {
	case l.changed <- struct{}{}:
	default:
	}
}

// throttle holds back all requests, those in the queue too, and halves the
// rate, at most once per second.
func (l *limiter) throttle(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pause = latest(l.pause, now.Add(window/2+rand.N(window/2)))
	l.rate, l.throttled = l.currentRate(now), now
	if now.Sub(l.halved) >= time.Second {
		l.rate, l.halved = max(1, l.rate/2), now
	}
}

// currentRate is the rate as it has recovered since the last throttling.
func (l *limiter) currentRate(now time.Time) int {
	return int(min(int64(l.limit), int64(l.rate)+int64(now.Sub(l.throttled)/recovery)))
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
