package provider

import (
	"testing"
	"time"
)

func TestFairInterval(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		waits int64
		rate  int
		want  time.Duration
	}{
		{1, 20, 100 * time.Millisecond},
		{20, 20, 2 * time.Second}, // Ten of twenty requests per second.
		{20, 1, 40 * time.Second},
		{1, 1, 2 * time.Second},
	} {
		if got := fairInterval(test.waits, test.rate); got != test.want {
			t.Errorf("%d waits at %d requests per second: %s, want %s", test.waits, test.rate, got, test.want)
		}
	}
}
