package emulator

import (
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

func TestRateLimit(t *testing.T) {
	e, clock := newEmulator(t)
	e.Rate = 0 // the default, 20
	for i, step := range []struct {
		wait          time.Duration
		region        string
		tries, passed int
		retryAfter    string // of the last response
	}{
		{0, "cn-hangzhou", 12, 12, ""},
		{600 * time.Millisecond, "cn-hangzhou", 12, 8, "400"},
		{0, "ap-southeast-1", 21, 20, "1000"}, // another region
		{399 * time.Millisecond, "cn-hangzhou", 1, 0, "1"},
		{time.Millisecond, "cn-hangzhou", 20, 12, "600"}, // the first 12 have left the window
		{-1, "cn-hangzhou", 1, 1, ""},                    // after a reset
	} {
		if step.wait < 0 {
			e.Reset()
		}
		clock.advance(max(0, step.wait))
		passed, last := 0, response{}
		for range step.tries {
			last = send(t, e, acs3Request(pairs{"Region": step.region}, signing{date: clock.Now().UTC().Format(wire.DateLayout)}))
			if last.Success {
				passed++
			} else if last.status != 400 || last.Code != "Throttling.User" || last.Message != "Request was denied due to user flow control." {
				t.Fatalf("HTTP %d: %s", last.status, last.raw)
			}
		}
		if wait := last.header.Get("X-Acs-Retry-After"); passed != step.passed || wait != step.retryAfter {
			t.Errorf("step %d: %d of %d passed, retry after %q", i+1, passed, step.tries, wait)
		}
	}
}
