package rpc

import (
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// account is an API that counts the requests of an account in a second that
// slides. Those that it throttles do not count.
type account struct {
	mu       sync.Mutex
	start    time.Time
	accepted []time.Time
	requests []bool // whether each was throttled
	last     time.Duration
}

func (a *account) respond(*http.Request) (int, string) {
	const rate, latency = 20, 80 * time.Millisecond
	time.Sleep(latency / 2)
	defer time.Sleep(latency / 2)
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	a.last = now.Sub(a.start)
	n := len(a.accepted)
	throttled := n >= rate && now.Sub(a.accepted[n-rate]) < time.Second
	a.requests = append(a.requests, throttled)
	if throttled {
		return 400, `{"Code":"Throttling.User","Message":"Request was denied due to user flow control."}`
	}
	a.accepted = append(a.accepted, now)
	return 200, dts.Healthy
}

// throttled returns the share of throttled requests.
func throttled(requests []bool) float64 {
	count := 0
	for _, t := range requests {
		if t {
			count++
		}
	}
	return float64(count) / float64(len(requests))
}

// TestClientsOfOneAccount has four clients with a limit of 20 each list 125
// pages, 64 at a time, from an API with a limit of 20 for all of them.
func TestClientsOfOneAccount(t *testing.T) {
	const clients, pages, ahead = 4, 125, 64
	FakeTime(t, func(t *testing.T) {
		api := &account{start: time.Now()}
		var group sync.WaitGroup
		for range clients {
			c := dts.Offline(api.respond, func(c *Config) { c.RequestRate, c.Backoff = 0, DefaultBackoff })
			numbers := make(chan int)
			group.Go(func() {
				defer close(numbers)
				for n := range pages {
					numbers <- n
				}
			})
			for range ahead {
				group.Go(func() {
					for n := range numbers {
						if _, err := Call[dts.JobsPage](t.Context(), c.Sender, CallKey{dts.DescribeDtsJobs, "r"}, map[string]string{"PageNumber": strconv.Itoa(n)}); err != nil {
							t.Error(err)
						}
					}
				})
			}
		}
		group.Wait()
		half := len(api.requests) / 2
		early, late := throttled(api.requests[:half]), throttled(api.requests[half:])
		// Three of four in the first burst are throttled whatever a client does.
		if throttled(api.requests) > 0.3 || late > early/2 || len(api.accepted) != clients*pages {
			t.Errorf("%d requests, %d accepted, throttled: %.0f %% early, %.0f %% late", len(api.requests), len(api.accepted), 100*early, 100*late)
		}
		if least := clients * pages / 20 * time.Second; api.last > least*2 {
			t.Errorf("it took %s, at least %s are needed", api.last, least)
		}
	})
}
