package emulator

import (
	"sync"
	"time"
)

// limiter counts calls per operation, access key and region in a window that
// slides, so that no second, wherever it begins, holds more calls than the rate.
// That operations are counted apart is decided here: the document gives the
// limit of DescribeDtsJobs as its own, and none for the others. Calls that
// it turned away do not count, or else a client that comes back too early would
// lock itself out.
type limiter struct {
	mu      sync.Mutex
	windows map[limitedBy][]time.Time // of the calls let through, oldest first
}

type limitedBy struct{ action, accessKey, region string }

// allow reports whether a call may pass; a negative rate lets every call pass.
func (l *limiter) allow(by limitedBy, now time.Time, rate int) bool {
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
		l.windows = map[limitedBy][]time.Time{}
	}
	l.windows[by] = window
	return allowed
}

func (l *limiter) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.windows = nil
}
