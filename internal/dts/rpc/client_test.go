package rpc

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
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
	if c.maxResponse != 64<<20 || c.smallResponse != 2<<20 || !strings.Contains(ErrTooLarge.Error(), "64 MiB") {
		t.Errorf("limits of %d and %d bytes, %v", c.maxResponse, c.smallResponse, ErrTooLarge)
	}
}

// TestCancellation ends a request wherever it is, at once.
func TestCancellation(t *testing.T) {
	reason := errors.New("timeouts.read passed")
	for name, test := range map[string]struct {
		server   fake
		rate     int
		backOff  time.Duration
		attempts int
		also     error // what the error has besides the reason
	}{
		"back-off": {always(503, unavailable), -1, time.Hour, 1, nil},
		"header":   {hang, -1, 0, 1, nil},
		"body": {func(r *http.Request) (*http.Response, error) {
			return bodyOf(200, io.MultiReader(strings.NewReader(`{"Success":`), hangingBody{r.Context()}))
		}, -1, 0, 1, nil},
		"queue": {always(200, healthy), 1, 0, 0, nil},
		"after a broken response": {func(*http.Request) (*http.Response, error) {
			return bodyOf(200, brokenBody("{", io.ErrUnexpectedEOF))
		}, -1, time.Hour, 1, io.ErrUnexpectedEOF},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := offline(test.server, func(c *Client) {
					c.backOff = func(int) time.Duration { return test.backOff }
					c.config.RetryTimeout, c.config.RequestRate, c.http.Timeout = 24*time.Hour, test.rate, 0
				})
				if test.rate > 0 {
					_ = c.list(t.Context())
				}
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(100*time.Millisecond, func() { cancel(reason) })
				start := time.Now()
				err := c.list(ctx)
				if e := errorOf(t, err); !errors.Is(err, reason) || e.Attempts != test.attempts || test.also != nil && !errors.Is(err, test.also) {
					t.Errorf("got %v", err)
				}
				if test.also == nil && errors.Is(err, api.ErrBroken) || time.Since(start) != 100*time.Millisecond {
					t.Errorf("got %v after %s", err, time.Since(start))
				}
			})
		})
	}
}

// hangingBody is a body that ends with its request.
type hangingBody struct{ ctx context.Context } //nolint:containedctx // A body has no other way to know it.

func (b hangingBody) Read([]byte) (int, error) {
	<-b.ctx.Done()
	return 0, b.ctx.Err()
}

// TestCredentialsComeBeforeTurns has requests that wait for a refresh.
func TestCredentialsComeBeforeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var left []time.Time
		refreshed := make(chan bool)
		c := offline(func(*http.Request) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			left = append(left, time.Now())
			return response(200, healthy)
		}, func(c *Client) { c.config.RequestRate, c.config.Credentials = 5, slowSource(refreshed) })
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				if err := c.list(t.Context()); err != nil {
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

// TestLimitsAreOfARegion sends requests of two operations to two regions.
func TestLimitsAreOfARegion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := offline(always(200, healthy), func(c *Client) { c.config.RequestRate = 2 })
		start := time.Now()
		send := func(operation, region string) {
			if err := c.Do(t.Context(), Request{Operation: operation, Region: region}, new(api.JobsPage)); err != nil {
				t.Error(err)
			}
		}
		for _, region := range []string{"a", "b"} {
			send("DescribeDtsJobs", region)
			send("DescribePreCheckStatus", region)
		}
		if time.Since(start) != 0 {
			t.Errorf("the first requests waited %s", time.Since(start))
		}
		if send("DescribePreCheckStatus", "a"); time.Since(start) < apart {
			t.Errorf("the third request to a region left after %s", time.Since(start))
		}
	})
}

// TestResponseIsZeroed decodes a response after one that was decoded in part.
func TestResponseIsZeroed(t *testing.T) {
	requests, page := 0, new(api.JobsPage)
	c := offline(inTurn(&requests, always(200, `{"RequestId":"1","DtsJobList":[{"DtsJobId":"a"}],"EtlDemoList":[{}]`), always(200, `{"DtsJobList":[]}`)))
	if err := c.Do(t.Context(), jobs, page); err != nil || requests != 2 || len(page.Jobs)+len(page.EtlDemoJobs) != 0 || page.RequestID != nil {
		t.Errorf("%+v, %v after %d requests", page, err, requests)
	}
}

// TestOnResponse receives the responses that were decoded, and what was requested.
func TestOnResponse(t *testing.T) {
	var got []string
	requests := 0
	c := offline(inTurn(&requests, always(503, unavailable), always(200, `{`), always(200, healthy)), func(c *Client) {
		c.config.OnResponse = func(r Request, body []byte) {
			got = append(got, r.Operation, r.Region, r.Parameters["JobType"], string(body))
		}
	})
	err := c.Do(t.Context(), Request{"DescribeDtsJobs", "r", map[string]string{"JobType": "SYNC"}}, new(api.JobsPage))
	if want := []string{"DescribeDtsJobs", "r", "SYNC", healthy}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestLargeResponses reads ten large responses, one at a time. The token of a
// response that fails is returned.
func TestLargeResponses(t *testing.T) {
	const length = 2 * smallLength
	large := func(body string) fake {
		return func(*http.Request) (*http.Response, error) { return bodyOf(200, spaces(length, body)) }
	}
	for name, failure := range map[string]fake{
		"none":          large(healthy),
		"refused":       large(`{"Success":false,"ErrCode":"X"}`),
		"of wrong type": large(`{"DtsJobList":7}`),
		"broken":        large(`{`),
		"cut off": func(*http.Request) (*http.Response, error) {
			return bodyOf(200, io.MultiReader(spaces(length, ""), errorReader{io.ErrUnexpectedEOF}))
		},
		"hangs": func(r *http.Request) (*http.Response, error) {
			return bodyOf(200, io.MultiReader(spaces(length, ""), hangingBody{r.Context()}))
		},
		"with a timeout": func(*http.Request) (*http.Response, error) { return bodyOf(503, spaces(length, unavailable)) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var requests, now, most atomic.Int32
				c := offline(func(r *http.Request) (*http.Response, error) {
					if requests.Add(1) <= 5 {
						return failure(r)
					}
					return large(healthy)(r)
				}, func(c *Client) {
					c.backOff = backOff
					c.config.RetryTimeout = 10 * time.Second
					c.config.OnResponse = func(Request, []byte) {
						if n := now.Add(1); n > most.Load() {
							most.Store(n)
						}
						time.Sleep(time.Minute)
						now.Add(-1)
					}
				})
				var group sync.WaitGroup
				for n := range 10 {
					group.Go(func() {
						ctx, cancel := context.WithTimeout(t.Context(), time.Duration(n+1)*time.Second)
						defer cancel()
						_ = c.list(ctx)
					})
				}
				group.Wait()
				if most.Load() > 1 || len(c.decoding) != 0 {
					t.Errorf("%d large responses at once; %d tokens were not returned", most.Load(), len(c.decoding))
				}
			})
		})
	}
}

// TestCancellationBetweenAttempts keeps both what failed and why it ended, even
// if another attempt would have been too late.
func TestCancellationBetweenAttempts(t *testing.T) {
	for _, wait := range []time.Duration{0, time.Hour} {
		ctx, cancel := context.WithCancel(t.Context())
		requests := 0
		c := offline(inTurn(&requests, func(*http.Request) (*http.Response, error) {
			cancel()
			return response(503, unavailable)
		}), func(c *Client) { c.backOff = func(int) time.Duration { return wait } })
		err := c.list(ctx)
		if e := errorOf(t, err); !errors.Is(err, context.Canceled) || e.Code != "ServiceUnavailable" || requests != 1 {
			t.Errorf("%s: %v after %d requests", wait, err, requests)
		}
	}
}

// TestLargestResponse accepts as many bytes as are allowed. It requests a longer
// response only once, with any status, and does not read all of it.
func TestLargestResponse(t *testing.T) {
	for _, test := range []struct {
		status    int
		length    int64
		announced bool
		want      error
		most      int64 // bytes read
	}{
		{200, maxLength, false, nil, maxLength},
		{200, maxLength, true, nil, maxLength},
		{200, maxLength + 1, false, ErrTooLarge, maxLength + 1},
		{200, maxLength + 1, true, ErrTooLarge, smallLength},
		{503, maxLength + 1, true, ErrTooLarge, smallLength},
		{200, 1 << 40, true, ErrTooLarge, smallLength},
		{200, 1 << 40, false, ErrTooLarge, maxLength + 1},
		{200, smallLength, true, nil, smallLength},
		{200, smallLength + 1, false, nil, smallLength + 1},
	} {
		requests, read := 0, &countingReader{}
		c := offline(inTurn(&requests, func(*http.Request) (*http.Response, error) {
			read.Reader = spaces(test.length, healthy)
			r, err := bodyOf(test.status, read)
			if test.announced {
				r.ContentLength = test.length
			}
			return r, err
		}))
		if err := c.list(t.Context()); !errors.Is(err, test.want) || requests != 1 || len(c.decoding) != 0 || read.n > test.most {
			t.Errorf("%+v: %v after %d requests and %d bytes", test, err, requests, read.n)
		}
	}
}

// countingReader counts the bytes that are read.
type countingReader struct {
	io.Reader
	n int64
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.n += int64(n)
	return n, err
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
