package emulator

import (
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

func TestRateLimit(t *testing.T) {
	e, clock := newEmulator(t)
	e.Rate = 0 // the default, 20
	passes := func(region string) bool {
		t.Helper()
		a := send(t, e, acs3Request(pairs{"Region": region}, signing{date: clock.Now().UTC().Format(wire.DateLayout)}))
		wait := a.header.Get("X-Acs-Retry-After")
		if !a.Success && (a.status != 400 || a.Code != "Throttling.User" || a.Message != "Request was denied due to user flow control." || wait == "" || wait == "0") {
			t.Fatalf("HTTP %d: %s", a.status, a.raw)
		}
		return a.Success
	}
	passed := func(region string, tries int) int {
		n := 0
		for range tries {
			if passes(region) {
				n++
			}
		}
		return n
	}

	if n := passed("cn-hangzhou", 12); n != 12 {
		t.Errorf("%d of the first 12 passed", n)
	}
	clock.advance(600 * time.Millisecond)
	if n := passed("cn-hangzhou", 12); n != 8 {
		t.Errorf("%d of 12 more passed, want 8", n)
	}
	if n := passed("ap-southeast-1", 21); n != 20 {
		t.Errorf("%d of 21 passed in another region, want 20", n)
	}
	clock.advance(399 * time.Millisecond)
	if a := send(t, e, acs3Request(pairs{"Region": "cn-hangzhou"}, signing{date: clock.Now().UTC().Format(wire.DateLayout)})); a.header.Get("X-Acs-Retry-After") != "1" {
		t.Errorf("within the second: %v %s", a.header, a.raw)
	}
	clock.advance(time.Millisecond)
	if n := passed("cn-hangzhou", 20); n != 12 {
		t.Errorf("%d passed when the first 12 left the window, want 12", n)
	}
	e.Reset()
	if !passes("cn-hangzhou") {
		t.Error("throttled after Reset")
	}
}
