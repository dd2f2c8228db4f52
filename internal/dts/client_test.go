package dts

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestDefaults(t *testing.T) {
	c := NewClient(Config{})
	if c := c.config; c.Protocol != "HTTPS" || c.ConnectTimeout != 10*time.Second || c.ReadTimeout != time.Minute ||
		c.RetryTimeout != 2*time.Minute || c.RequestRate != 20 {
		t.Errorf("got %+v", c)
	}
	if c.http.Timeout != 70*time.Second || c.limiter("r").limit != 20 {
		t.Errorf("timeout %s, rate %d", c.http.Timeout, c.limiter("r").limit)
	}
}

// TestCancellation ends a wait and a slow response.
func TestCancellation(t *testing.T) {
	for name, test := range map[string]struct {
		respond http.HandlerFunc
		backoff time.Duration
	}{
		"back-off":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, time.Hour},
		"slow header": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 0},
		"slow body": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(`{"Success":`))
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			requested := make(chan bool, 10)
			s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
				requested <- true
				test.respond(w, r)
			})
			ctx, cancel := context.WithCancelCause(t.Context())
			reason := errors.New("timeouts.read passed")
			go func() {
				<-requested
				cancel(reason)
			}()
			c := clientOf(s, func(c *Config) {
				c.Backoff = func(int) time.Duration { return test.backoff }
				c.RetryTimeout = 24 * time.Hour
				c.ReadTimeout = 24 * time.Hour
			})
			_, err := call[jobsPage](ctx, c.sender, callKey{describeDtsJobs, "r"}, nil)
			var e *Error
			if !errors.Is(err, reason) || errors.Is(err, ErrBroken) && name != "back-off" || !errors.As(err, &e) || e.Operation != describeDtsJobs || e.Region != "r" {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestCancellationInTheQueue sends nothing and still names the request.
func TestCancellationInTheQueue(t *testing.T) {
	fakeTime(t, func(t *testing.T) {
		sent := 0
		c := offline(func(*http.Request) (int, string) { sent++; return 200, healthy }, func(c *Config) { c.RequestRate = 1 })
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		for n := range 2 {
			_, err := call[jobsPage](ctx, c.sender, callKey{describeDtsJobs, "r"}, nil)
			var e *Error
			if n == 1 && (!errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &e) || e.Operation != describeDtsJobs || e.Attempts != 0 || sent != 1) {
				t.Errorf("%d sent, %v", sent, err)
			}
		}
	})
}

// TestCredentialsComeBeforeTurns has requests that wait for a refresh.
func TestCredentialsComeBeforeTurns(t *testing.T) {
	fakeTime(t, func(t *testing.T) {
		var mu sync.Mutex
		var left []time.Time
		refreshed := make(chan bool)
		c := offline(func(*http.Request) (int, string) {
			mu.Lock()
			defer mu.Unlock()
			left = append(left, time.Now())
			return 200, healthy
		}, func(c *Config) { c.RequestRate, c.Credentials = 5, slowSource(refreshed) })
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				if _, err := call[jobsPage](t.Context(), c.sender, callKey{describeDtsJobs, "r"}, nil); err != nil {
					t.Error(err)
				}
			})
		}
		time.Sleep(time.Minute)
		close(refreshed)
		group.Wait()
		fitsRate(t, left, 5)
	})
}

// slowSource supplies credentials once it is closed.
type slowSource chan bool

func (s slowSource) Credential(context.Context) (Credential, error) {
	<-s
	return Credential{AccessKeyID: "key"}, nil
}

func (s slowSource) Refresh(context.Context, Credential) (bool, error) { return false, nil }

// TestLimitsAreOfARegion sends requests of both operations to two regions.
func TestLimitsAreOfARegion(t *testing.T) {
	fakeTime(t, func(t *testing.T) {
		start := time.Now()
		c := offline(func(*http.Request) (int, string) { return 200, healthy }, func(c *Config) { c.RequestRate = 2 })
		send := func(operation, region string) {
			if _, err := call[jobsPage](t.Context(), c.sender, callKey{operation, region}, nil); err != nil {
				t.Error(err)
			}
		}
		for _, region := range []string{"a", "b"} {
			send(describeDtsJobs, region)
			send(describePreCheckStatus, region)
		}
		if time.Since(start) != 0 {
			t.Errorf("the first requests waited %s", time.Since(start))
		}
		if send(describePreCheckStatus, "a"); time.Since(start) < apart {
			t.Errorf("the third request to a region left after %s", time.Since(start))
		}
	})
}

func TestConnectionsAreReused(t *testing.T) {
	connections := atomic.Int32{}
	s := &server{Server: httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(healthy)) }))}
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	c := clientOf(s)
	for range 5 {
		if _, err := c.Jobs(t.Context(), "r", JobsRequest{}); err != nil {
			t.Fatal(err)
		}
	}
	if connections.Load() != 1 {
		t.Errorf("%d connections", connections.Load())
	}
}

func TestManyReadsAtOnce(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) { jobs{jobIDs(1, 7), 7}.write(w) })
	c := clientOf(s)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if _, err := call[jobsPage](t.Context(), c.sender, callKey{describeDtsJobs, "r"}, nil); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

// TestOnResponse receives what was decoded, and what was requested.
func TestOnResponse(t *testing.T) {
	var got []string
	requests := 0
	c := offline(func(*http.Request) (int, string) {
		if requests++; requests == 1 {
			return 503, `{"Code":"ServiceUnavailable"}`
		}
		return 200, healthy
	}, func(c *Config) {
		c.OnResponse = func(operation, region string, parameters map[string]string, body []byte) {
			got = append(got, operation, region, parameters["JobType"], string(body))
		}
	})
	_, err := call[jobsPage](t.Context(), c.sender, callKey{describeDtsJobs, "r"}, map[string]string{"JobType": "SYNC"})
	if want := []string{describeDtsJobs, "r", "SYNC", healthy}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestHostOf(t *testing.T) {
	for region, want := range map[string]string{
		"cn-hangzhou":          "dts.cn-hangzhou.aliyuncs.com",
		"ap-southeast-1":       "dts.ap-southeast-1.aliyuncs.com",
		"cn-chengdu":           "dts.aliyuncs.com",
		"cn-wulanchabu":        "dts.aliyuncs.com",
		"cn-beijing-finance-1": "dts.aliyuncs.com",
		"cn-hangzhou-finance":  "dts.cn-hangzhou.aliyuncs.com",
	} {
		if got := HostOf(region); got != want {
			t.Errorf("HostOf(%s) = %s, want %s", region, got, want)
		}
	}
}
