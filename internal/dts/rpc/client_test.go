package rpc

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

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

func TestDefaults(t *testing.T) {
	c := dts.NewClient(Config{})
	if c := c.Config; c.Protocol != "HTTPS" || c.ConnectTimeout != 10*time.Second || c.ReadTimeout != time.Minute ||
		c.RetryTimeout != 2*time.Minute || c.RequestRate != 20 {
		t.Errorf("got %+v", c)
	}
	if c.Http.Timeout != 70*time.Second || c.limiter("r").limit != 20 {
		t.Errorf("timeout %s, rate %d", c.Http.Timeout, c.limiter("r").limit)
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
			s := dts.NewServer(t, func(w http.ResponseWriter, r *http.Request) {
				requested <- true
				test.respond(w, r)
			})
			ctx, cancel := context.WithCancelCause(t.Context())
			reason := errors.New("timeouts.read passed")
			go func() {
				<-requested
				cancel(reason)
			}()
			c := dts.ClientOf(s, func(c *Config) {
				c.Backoff = func(int) time.Duration { return test.backoff }
				c.RetryTimeout = 24 * time.Hour
				c.ReadTimeout = 24 * time.Hour
			})
			_, err := Call[dts.JobsPage](ctx, c.Sender, CallKey{dts.DescribeDtsJobs, "r"}, nil)
			var e *Error
			if !errors.Is(err, reason) || errors.Is(err, api.ErrBroken) && name != "back-off" || !errors.As(err, &e) || e.Operation != dts.DescribeDtsJobs || e.Region != "r" {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestCancellationInTheQueue sends nothing and still names the request.
func TestCancellationInTheQueue(t *testing.T) {
	FakeTime(t, func(t *testing.T) {
		sent := 0
		c := dts.Offline(func(*http.Request) (int, string) { sent++; return 200, dts.Healthy }, func(c *Config) { c.RequestRate = 1 })
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		for n := range 2 {
			_, err := Call[dts.JobsPage](ctx, c.Sender, CallKey{dts.DescribeDtsJobs, "r"}, nil)
			var e *Error
			if n == 1 && (!errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &e) || e.Operation != dts.DescribeDtsJobs || e.Attempts != 0 || sent != 1) {
				t.Errorf("%d sent, %v", sent, err)
			}
		}
	})
}

// TestCredentialsComeBeforeTurns has requests that wait for a refresh.
func TestCredentialsComeBeforeTurns(t *testing.T) {
	FakeTime(t, func(t *testing.T) {
		var mu sync.Mutex
		var left []time.Time
		refreshed := make(chan bool)
		c := dts.Offline(func(*http.Request) (int, string) {
			mu.Lock()
			defer mu.Unlock()
			left = append(left, time.Now())
			return 200, dts.Healthy
		}, func(c *Config) { c.RequestRate, c.Credentials = 5, slowSource(refreshed) })
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				if _, err := Call[dts.JobsPage](t.Context(), c.Sender, CallKey{dts.DescribeDtsJobs, "r"}, nil); err != nil {
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
	FakeTime(t, func(t *testing.T) {
		start := time.Now()
		c := dts.Offline(func(*http.Request) (int, string) { return 200, dts.Healthy }, func(c *Config) { c.RequestRate = 2 })
		send := func(operation, region string) {
			if _, err := Call[dts.JobsPage](t.Context(), c.Sender, CallKey{operation, region}, nil); err != nil {
				t.Error(err)
			}
		}
		for _, region := range []string{"a", "b"} {
			send(dts.DescribeDtsJobs, region)
			send(dts.DescribePreCheckStatus, region)
		}
		if time.Since(start) != 0 {
			t.Errorf("the first requests waited %s", time.Since(start))
		}
		if send(dts.DescribePreCheckStatus, "a"); time.Since(start) < apart {
			t.Errorf("the third request to a region left after %s", time.Since(start))
		}
	})
}

func TestConnectionsAreReused(t *testing.T) {
	connections := atomic.Int32{}
	s := &dts.Server{Server: httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(dts.Healthy)) }))}
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	c := dts.ClientOf(s)
	for range 5 {
		if _, err := c.Jobs(t.Context(), "r", api.JobsRequest{}); err != nil {
			t.Fatal(err)
		}
	}
	if connections.Load() != 1 {
		t.Errorf("%d connections", connections.Load())
	}
}

func TestManyReadsAtOnce(t *testing.T) {
	s := dts.NewServer(t, func(w http.ResponseWriter, _ *http.Request) { dts.Jobs{dts.JobIDs(1, 7), 7}.Write(w) })
	c := dts.ClientOf(s)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if _, err := Call[dts.JobsPage](t.Context(), c.Sender, CallKey{dts.DescribeDtsJobs, "r"}, nil); err != nil {
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
	c := dts.Offline(func(*http.Request) (int, string) {
		if requests++; requests == 1 {
			return 503, `{"Code":"ServiceUnavailable"}`
		}
		return 200, dts.Healthy
	}, func(c *Config) {
		c.OnResponse = func(operation, region string, parameters map[string]string, body []byte) {
			got = append(got, operation, region, parameters["JobType"], string(body))
		}
	})
	_, err := Call[dts.JobsPage](t.Context(), c.Sender, CallKey{dts.DescribeDtsJobs, "r"}, map[string]string{"JobType": "SYNC"})
	if want := []string{dts.DescribeDtsJobs, "r", "SYNC", dts.Healthy}; err != nil || !slices.Equal(got, want) {
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
