package rpc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// TestAttemptsOfSharedRequests ends early if the failure may be due to one of the
// callers. The endpoint works.
func TestAttemptsOfSharedRequests(t *testing.T) {
	const many = 8
	for _, test := range []struct {
		server fake
		want   int
	}{
		{always(502, `<html>Bad Gateway</html>`), 3},
		{always(403, unavailable), 3},
		{always(200, `{"Success":true}`), 3},
		{always(403, `{"Code":"Forbidden.RAM"}`), 1},
		{always(400, `{"Code":"Throttling.User"}`), many},
		{func(*http.Request) (*http.Response, error) { return nil, io.EOF }, many},
	} {
		synctest.Test(t, func(t *testing.T) {
			attempts := 0
			c := offline(func(r *http.Request) (*http.Response, error) {
				if attempts++; attempts == many {
					return response(200, healthy)
				}
				return test.server(r)
			})
			c.verified.Store("dts.example.com", true)
			r := jobs
			r.Shared = true
			if err := c.Do(t.Context(), r, new(api.JobsPage)); attempts != test.want || (err == nil) != (attempts == many) {
				t.Errorf("%d attempts, want %d: %v", attempts, test.want, err)
			}
		})
	}
}

// TestAttempts counts the attempts of a request that always fails, up to one
// more than any limited number: first at an endpoint that has not sent one
// well-formed response, then at one that has.
func TestAttempts(t *testing.T) {
	const many = 8
	cutOff := func(*http.Request) (*http.Response, error) {
		return bodyOf(200, brokenBody(`{"Success":true,`, io.ErrUnexpectedEOF))
	}
	unreachable := func(err error) fake {
		return func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
		}
	}
	for _, test := range []struct {
		name                 string
		server               fake
		unverified, verified int
	}{
		{"throttling", always(400, `{"Code":"Throttling.User"}`), many, many},
		{"throttling by any code", always(403, `{"Code":"Rejected.Throttling"}`), many, many},
		{"throttling with a prefix", always(403, `{"ErrCode":"DTS.Msg.Throttling.Api"}`), many, many},
		{"throttling as a failure", always(200, `{"Success":"false","ErrCode":"Throttling"}`), many, many},
		{"throttling without Success", always(200, `{"Code":"Throttling.User","Message":"Slow down."}`), many, many},
		{"too many requests", always(429, `slow down`), many, many},
		{"service unavailable", always(503, ``), 5, many},
		{"service unavailable by code", always(403, unavailable), many, many},
		{"service unavailable as a failure", always(200, `{"Success":false,"ErrCode":"DTS.Msg.ServiceUnavailable"}`), many, many},
		{"error of the API with 5xx", always(500, `{"Code":"SystemBusy","RequestId":"R"}`), many, many},
		{"5xx with JSON of somebody else", always(500, `{"error":"no"}`), 5, many},
		{"bad gateway", always(502, `<html>Bad Gateway</html>`), 5, many},
		{"a page", always(200, `<html>Welcome</html>`), 5, many},
		{"empty", always(200, ``), 5, many},
		{"no content", always(204, ``), 5, many},
		{"null", always(200, ` null `), 5, many},
		{"neither list nor count", always(200, `{"Success":true,"RequestId":"R"}`), 5, many},
		{"cut off", cutOff, 5, many},
		{"connection lost", unreachable(io.EOF), 5, many},
		{"name server fails", unreachable(&net.DNSError{Err: "server misbehaving", IsTemporary: true}), 5, many},
		{"unknown host", unreachable(&net.DNSError{Err: "no such host", IsNotFound: true}), 1, 1},
		{"internal error", always(500, `{"Code":"InternalError"}`), 3, 3},
		{"internal error in ErrCode", always(500, `{"ErrCode":"InternalError"}`), 3, 3},
		{"internal error with a prefix", always(403, `{"Code":"DTS.Msg.InternalError"}`), 3, 3},
		{"internal error as a failure", always(200, `{"Success":false,"ErrCode":"InternalError"}`), 3, 3},
		{"failure", always(200, `{"Success":false,"ErrCode":"InvalidParameter"}`), 1, 1},
		{"failure with data of the wrong type", always(200, `{"DtsJobList":"","Success":false,"ErrCode":"InvalidParameter"}`), 1, 1},
		{"forbidden", always(403, `{"Code":"Forbidden.RAM"}`), 1, 1},
		{"expired and not to be refreshed", always(403, `{"Code":"InvalidSecurityToken.Expired"}`), 1, 1},
		{"a page of status 404", always(404, `<html>Not Found</html>`), 1, 1},
		{"redirect", always(302, ``), 1, 1},
		{"not modified", always(304, ``), 1, 1},
		{"wrong type", always(200, `{"DtsJobList":[{},{"Delay":"fast"}]}`), 1, 1},
		{"too many rows", always(200, `{"DtsJobList":[`+strings.Repeat(`{},`, 10_000)+`{}]}`), 1, 1},
	} {
		for _, verified := range []bool{false, true} {
			attempts, want := 0, test.unverified
			if verified {
				want = test.verified
			}
			c := offline(func(r *http.Request) (*http.Response, error) {
				if attempts++; attempts == many {
					return response(200, healthy)
				}
				return test.server(r)
			})
			if verified {
				c.verified.Store("dts.example.com", true)
			}
			err := c.list(t.Context())
			if attempts != want || (err == nil) != (want == many) {
				t.Errorf("%s: %d attempts, want %d (verified: %t): %v", test.name, attempts, want, verified, err)
			}
			if err == nil {
				continue
			}
			if e := errorOf(t, err); e.Attempts != want || e.EndpointVerified != (verified || e.Code != "") || e.Temporary() != (e.EndpointVerified && want > 1) {
				t.Errorf("%s: after %d attempts, the endpoint is verified: %t, temporary: %t", test.name, e.Attempts, e.EndpointVerified, e.Temporary())
			}
		}
	}
}

// TestErrorOfResponse checks what is taken over from a response.
func TestErrorOfResponse(t *testing.T) {
	for _, test := range []struct {
		name   string
		status int
		body   string
		want   Error
		cause  error
	}{
		{"of the gateway", 403, `{"RequestId":"R-1","HostId":"dts.aliyuncs.com","Code":"Forbidden.RAM","Message":"No.","Recommend":"https://api.aliyun.com"}`,
			Error{Code: "Forbidden.RAM", Message: "No.", RequestID: "R-1"}, nil},
		{"of DTS", 200, `{"Success":false,"ErrCode":"InvalidParameter","ErrMessage":"The Value of Input Parameter %s is not valid.","DynamicMessage":"Type","RequestId":"R-1","HttpStatusCode":400}`,
			Error{Code: "InvalidParameter", Message: "The Value of Input Parameter Type is not valid.", DynamicMessage: "Type", RequestID: "R-1"}, nil},
		{"of DTS, with data", 200, `{"RequestId":"R-1","Code":"01","Success":"false","ErrCode":"DTS.Msg.X","ErrMessage":"No."}`,
			Error{Code: "DTS.Msg.X", Message: "No.", RequestID: "R-1"}, nil},
		{"of DTS, by status", 403, `{"Success":false,"ErrCode":"DTS.Msg.X","ErrMessage":"%s, %s","DynamicMessage":"Y"}`,
			Error{Code: "DTS.Msg.X", Message: "Y, %s", DynamicMessage: "Y", RequestID: "header"}, nil},
		{"without a value for the placeholder", 400, `{"Code":"X","Message":"%s is not valid."}`,
			Error{Code: "X", Message: "%s is not valid.", RequestID: "header"}, nil},
		{"of the gateway, as Success false", 200, `{"Success":false,"Code":"X","Message":"No."}`,
			Error{Code: "X", Message: "No.", RequestID: "header"}, nil},
		{"of nobody", 404, `<html>`, Error{RequestID: "header"}, api.ErrBroken},
		{"long", 403, `{"Code":"X","Message":"` + strings.Repeat("%s", 5000) + `","DynamicMessage":"` + strings.Repeat("x", 5000) + `"}`,
			Error{Code: "X", Message: strings.Repeat("x", 4093) + "…", DynamicMessage: strings.Repeat("x", 4093) + "…", RequestID: "header"}, nil},
	} {
		c := offline(func(*http.Request) (*http.Response, error) {
			r, err := response(test.status, test.body)
			r.Header.Set("X-Acs-Request-Id", "header")
			return r, err
		})
		want := test.want
		want.Request = Request{Operation: "DescribeDtsJobs", Region: "r", Parameters: map[string]string{"PageNumber": "1"}}
		got := errorOf(t, c.Do(t.Context(), want.Request, new(api.JobsPage)))
		if !errors.Is(got.Err, test.cause) {
			t.Errorf("%s: cause %v, want %v", test.name, got.Err, test.cause)
		}
		want.Endpoint, want.Status, want.Attempts, want.EndpointVerified = c.config.Endpoint, test.status, 1, want.Code != ""
		if diff := cmp.Diff(&want, got, cmpopts.IgnoreFields(Error{}, "Err")); diff != "" {
			t.Errorf("%s: -want +got:\n%s", test.name, diff)
		}
	}
}

// TestRetryTimeout has a server that fails or hangs.
func TestRetryTimeout(t *testing.T) {
	down := always(503, unavailable)
	for _, test := range []struct {
		name     string
		servers  []fake
		backOff  time.Duration
		attempts int
		after    time.Duration
	}{
		{"the next attempt would be too late", []fake{down}, 40 * time.Second, 3, 80 * time.Second},
		{"the first attempt hangs", []fake{hang}, time.Second, 1, 100 * time.Second},
		{"the third attempt hangs", []fake{down, down, hang}, 40 * time.Second, 3, 100 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := offline(inTurn(new(int), test.servers...), func(c *Client) {
					c.config.RetryTimeout, c.http.Timeout = 100*time.Second, time.Hour
					c.backOff = func(int) time.Duration { return test.backOff }
				})
				start := time.Now()
				err := c.list(t.Context())
				e := errorOf(t, err)
				if e.Attempts != test.attempts || time.Since(start) != test.after {
					t.Errorf("after %s: %v", time.Since(start), err)
				}
				if hung := test.attempts == 1; hung != errors.Is(err, errRetryTimeout) || !hung && e.Code != "ServiceUnavailable" {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// TestWaitForATurnIsNotRetryTime sends requests at a low rate: each one fails
// once, and has its time to retry.
func TestWaitForATurnIsNotRetryTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failed := map[string]bool{}
		c := offline(func(r *http.Request) (*http.Response, error) {
			if page := r.URL.Query().Get("PageNumber"); !failed[page] {
				failed[page] = true
				return response(503, unavailable)
			}
			return response(200, healthy)
		}, func(c *Client) { c.config.RequestRate, c.config.RetryTimeout, c.backOff = 1, 5*time.Second, backOff })
		var group sync.WaitGroup
		for n := range 30 {
			group.Go(func() {
				r := Request{Operation: "DescribeDtsJobs", Region: "r", Parameters: map[string]string{"PageNumber": fmt.Sprint(n)}}
				if err := c.Do(t.Context(), r, new(api.JobsPage)); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	})
}

// TestRetryAfter waits as long as the server wants, but not longer than all
// attempts may take.
func TestRetryAfter(t *testing.T) {
	const ms, s = "X-Acs-Retry-After", "Retry-After"
	for _, test := range []struct {
		header http.Header
		want   time.Duration // -1: another attempt would be too late
	}{
		{http.Header{}, 0},
		{http.Header{s: {"7"}}, 7 * time.Second},
		{http.Header{ms: {"700"}}, 700 * time.Millisecond},
		{http.Header{ms: {"700"}, s: {"7"}}, 700 * time.Millisecond},
		{http.Header{ms: {"soon"}, s: {"7"}}, 7 * time.Second},
		{http.Header{ms: {"121000"}}, -1},
		{http.Header{s: {"121"}}, -1},
		{http.Header{s: {"-1"}}, 0},
		{http.Header{s: {"99999999999"}}, 0},
		{http.Header{ms: {"99999999999"}}, 0},
		{http.Header{s: {"Sat, 21 Nov 2026 12:00:00 GMT"}}, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			c := offline(inTurn(new(int), func(*http.Request) (*http.Response, error) {
				r, err := response(503, unavailable)
				r.Header = test.header
				return r, err
			}, always(200, healthy)))
			start := time.Now()
			err := c.list(t.Context())
			if took := time.Since(start); test.want >= 0 && (took != test.want || err != nil) || test.want < 0 && (took != 0 || err == nil) {
				t.Errorf("%v: %v after %s", test.header, err, took)
			}
		})
	}
}

func TestBackOff(t *testing.T) {
	for attempt, most := range map[int]time.Duration{1: 500 * time.Millisecond, 2: time.Second, 4: 4 * time.Second, 6: 10 * time.Second, 1000: 10 * time.Second} {
		waits := map[time.Duration]bool{}
		for range 50 {
			wait := backOff(attempt)
			waits[wait] = true
			if wait < most/2 || wait > most {
				t.Errorf("attempt %d: %s", attempt, wait)
			}
		}
		if len(waits) < 2 {
			t.Errorf("attempt %d: always the same wait", attempt)
		}
	}
}

// transientError is an error of a source that passes by itself.
type transientError struct{}

func (transientError) Error() string   { return "STS returned HTTP status 503" }
func (transientError) Temporary() bool { return true }

// tokens is a source of one token after another.
type tokens struct {
	list            []string
	failures        []error // of Credential, one after another
	refreshFailures []error
}

func (s *tokens) Credential(context.Context) (Credential, error) {
	if len(s.failures) > 0 {
		err := s.failures[0]
		s.failures = s.failures[1:]
		return Credential{}, err
	}
	return Credential{AccessKeyID: "STS.key", AccessKeySecret: "secret", SecurityToken: s.list[0]}, nil
}

func (s *tokens) Refresh(_ context.Context, expired Credential) (bool, error) {
	if len(s.refreshFailures) > 0 {
		err := s.refreshFailures[0]
		s.refreshFailures = s.refreshFailures[1:]
		return false, err
	}
	if len(s.list) == 1 || expired.SecurityToken != s.list[0] {
		return false, nil
	}
	s.list = s.list[1:]
	return true, nil
}

// TestCredentialsThatFail has an API that accepts one token only.
func TestCredentialsThatFail(t *testing.T) {
	denied := errors.New("the role does not exist")
	var six []error
	for range 6 {
		six = append(six, transientError{})
	}
	for name, test := range map[string]struct {
		source   tokens
		requests int
		want     string // "": success
	}{
		"refreshed":               {tokens{list: []string{"old", "good"}}, 2, ""},
		"refreshed to another":    {tokens{list: []string{"old", "older", "good"}}, 2, "is expired"},
		"the same again":          {tokens{list: []string{"old"}}, 1, "is expired"},
		"refresh fails for once":  {tokens{list: []string{"old", "good"}, refreshFailures: []error{transientError{}}}, 3, ""},
		"refresh fails for good":  {tokens{list: []string{"old", "good"}, refreshFailures: []error{denied}}, 1, denied.Error()},
		"unavailable for once":    {tokens{list: []string{"good"}, failures: []error{transientError{}}}, 1, ""},
		"unavailable and wrapped": {tokens{list: []string{"good"}, failures: []error{fmt.Errorf("no: %w", transientError{})}}, 1, ""},
		"unavailable":             {tokens{list: []string{"good"}, failures: six}, 0, "HTTP status 503"},
		"denied":                  {tokens{list: []string{"good"}, failures: []error{denied}}, 0, denied.Error()},
	} {
		requests := 0
		c := offline(func(r *http.Request) (*http.Response, error) {
			requests++
			if r.Header.Get("X-Acs-Security-Token") == "good" {
				return response(200, healthy)
			}
			return response(403, `{"Code":"InvalidSecurityToken.Expired","Message":"Specified SecurityToken is expired."}`)
		}, func(c *Client) { c.config.Credentials = &test.source })
		err := c.list(t.Context())
		if requests != test.requests || (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %d requests, %v", name, requests, err)
		}
	}
}

// TestRetriesAreLogged has two retries, which are logged without credentials.
func TestRetriesAreLogged(t *testing.T) {
	var logged strings.Builder
	c := offline(inTurn(new(int), always(503, unavailable), always(503, unavailable), always(200, healthy)), func(c *Client) {
		c.config.Credentials = StaticCredential{AccessKeyID: "key", AccessKeySecret: "a-long-secret", SecurityToken: "a-long-token"}
		c.config.Log = func(_ context.Context, message string, fields map[string]any) { fmt.Fprintln(&logged, message, fields) }
	})
	if err := c.list(t.Context()); err != nil {
		t.Fatal(err)
	}
	if text := logged.String(); strings.Count(text, "retrying") != 2 || strings.Contains(text, "a-long-") || strings.Contains(text, "ACS3") {
		t.Errorf("logged: %s", text)
	}
}

// account is an API that counts the requests of an account in a second that
// slides. Those that it throttles do not count.
type account struct {
	mu       sync.Mutex
	start    time.Time
	accepted []time.Time
	requests []bool // whether each was throttled
	last     time.Duration
}

func (a *account) respond(*http.Request) (*http.Response, error) {
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
		return response(400, `{"Code":"Throttling.User","Message":"Request was denied due to user flow control."}`)
	}
	a.accepted = append(a.accepted, now)
	return response(200, healthy)
}

// throttledShare returns the share of throttled requests.
func throttledShare(requests []bool) float64 {
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
	synctest.Test(t, func(t *testing.T) {
		server := &account{start: time.Now()}
		var group sync.WaitGroup
		for range clients {
			c := offline(server.respond, func(c *Client) { c.config.RequestRate, c.backOff = 20, backOff })
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
						r := Request{Operation: "DescribeDtsJobs", Region: "r", Parameters: map[string]string{"PageNumber": strconv.Itoa(n)}}
						if err := c.Do(t.Context(), r, new(api.JobsPage)); err != nil {
							t.Error(err)
						}
					}
				})
			}
		}
		group.Wait()
		half := len(server.requests) / 2
		early, late := throttledShare(server.requests[:half]), throttledShare(server.requests[half:])
		// Three of four in the first burst are throttled in any case.
		if throttledShare(server.requests) > 0.3 || late > early/2 || len(server.accepted) != clients*pages {
			t.Errorf("%d requests, %d accepted, throttled: %.0f %% early, %.0f %% late", len(server.requests), len(server.accepted), 100*early, 100*late)
		}
		if least := clients * pages / 20 * time.Second; server.last > least*2 {
			t.Errorf("it took %s, at least %s are needed", server.last, least)
		}
	})
}
