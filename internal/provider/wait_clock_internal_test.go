package provider

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
)

// Waits are tested on the fake clock of synctest: minutes cost nothing.

// pollTimes returns when a wait polls, in seconds since its start.
func pollTimes(t *testing.T, d *providerData, interval time.Duration, polls int) []int {
	t.Helper()
	var times []int
	err := d.waitUntil(t.Context(), interval, func(_ context.Context, elapsed time.Duration) (bool, error) {
		times = append(times, int(elapsed/time.Second))
		return len(times) == polls, nil
	})
	if err != nil {
		t.Error(err)
	}
	return times
}

// TestWaitsShareTheRate has a rate that leaves half a request per second to
// waits. A wait that has ended no longer slows others down.
func TestWaitsShareTheRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &providerData{requestRate: 1, credentials: credentials.NewSource(credentials.Config{})}
		expect := func(interval time.Duration, want []int) {
			t.Helper()
			if got := pollTimes(t, d, interval, len(want)); !slices.Equal(got, want) {
				t.Errorf("an interval of %s: polls at %v, want %v", interval, got, want)
			}
		}
		expect(time.Second, []int{0, 2, 4, 6})
		expect(5*time.Second, []int{0, 5, 10})
		ended := make(chan bool)
		go func() {
			defer close(ended)
			pollTimes(t, d, 3*time.Second, 3)
		}()
		synctest.Wait()
		expect(time.Second, []int{0, 4, 8, 10, 12}) // Alone from 8 on.
		<-ended
		expect(time.Second, []int{0, 2, 4})
	})
}
