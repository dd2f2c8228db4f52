package emulator

import (
	"sync"
	"time"
)

// limiter counts requests per operation, access key and region in a window that
// slides, so that no second, wherever it begins, has more requests than the rate.
// That operations are counted separately is decided here: the document gives the
// limit of DescribeDtsJobs as its own, and none for the others. Requests that it
// refuses do not count, or else a client that comes back too early would lock
// itself out.
type limiter struct {
	mu      sync.Mutex
	windows map[limitKey][]time.Time // of the requests accepted, oldest first
}

type limitKey struct{ action, accessKey, region string }

// allow reports whether a request may pass; with a negative rate, all may.
func (l *limiter) allow(by limitKey, now time.Time, rate int) bool {
	if rate < 0 {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	window := l.windows[by]
	for len(window) > 0 && now.Sub(window[0]) >= time.Second {
		window = window[1:]
	}
	allowed := len(window) < rate
	if allowed {
		window = append(window, now)
	}
	if l.windows == nil {
		l.windows = map[limitKey][]time.Time{}
	}
	l.windows[by] = window
	return allowed
}

func (l *limiter) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.windows = nil
}
