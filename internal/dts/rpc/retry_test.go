package rpc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// fakeTime runs a test on a fake clock, which all waits of a client use.
func FakeTime(t *testing.T, test func(*testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}

// cutOff announces more than it sends.
func cutOff(w http.ResponseWriter) {
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte(`{"Success":true,`))
}

func hangUp(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = connection.Close()
	}
}

// TestAttempts counts the attempts of a request that always fails, up to one
// more than any limited number: first at an endpoint that has not sent one
// well-formed response, then at one that has.
func TestAttempts(t *testing.T) {
	const many = 8
	for _, test := range []struct {
		name                 string
		status               int
		body                 string
		write                func(http.ResponseWriter)
		unverified, verified int
	}{
		{"throttling", 400, `{"Code":"Throttling.User"}`, nil, many, many},
		{"throttling by any code", 403, `{"Code":"Rejected.Throttling"}`, nil, many, many},
		{"throttling with a prefix", 403, `{"ErrCode":"DTS.Msg.Throttling.Api"}`, nil, many, many},
		{"throttling as a failure", 200, `{"Success":"false","ErrCode":"Throttling"}`, nil, many, many},
		{"throttling without Success", 200, `{"Code":"Throttling.User","Message":"Slow down."}`, nil, many, many},
		{"too many requests", 429, `slow down`, nil, many, many},
		{"service unavailable", 503, ``, nil, 5, many},
		{"service unavailable by code", 403, `{"Code":"ServiceUnavailable"}`, nil, many, many},
		{"service unavailable as a failure", 200, `{"Success":false,"ErrCode":"DTS.Msg.ServiceUnavailable"}`, nil, many, many},
		{"error of the API with 5xx", 500, `{"Code":"SystemBusy","RequestId":"R"}`, nil, many, many},
		{"5xx with JSON of somebody else", 500, `{"error":"no"}`, nil, 5, many},
		{"bad gateway", 502, `<html>Bad Gateway</html>`, nil, 5, many},
		{"a page", 200, `<html>Welcome</html>`, nil, 5, many},
		{"empty", 200, ``, nil, 5, many},
		{"no content", 204, ``, nil, 5, many},
		{"null", 200, ` null `, nil, 5, many},
		{"neither list nor count", 200, `{"Success":true,"RequestId":"R"}`, nil, 5, many},
		{"cut off", 0, ``, cutOff, 5, many},
		{"connection lost", 0, ``, hangUp, 5, many},
		{"internal error", 500, `{"Code":"InternalError"}`, nil, 3, 3},
		{"internal error in ErrCode", 500, `{"ErrCode":"InternalError"}`, nil, 3, 3},
		{"internal error with a prefix", 403, `{"Code":"DTS.Msg.InternalError"}`, nil, 3, 3},
		{"internal error as a failure", 200, `{"Success":false,"ErrCode":"InternalError"}`, nil, 3, 3},
		{"failure", 200, `{"Success":false,"ErrCode":"InvalidParameter"}`, nil, 1, 1},
		{"failure with data of the wrong type", 200, `{"DtsJobList":"","Success":false,"ErrCode":"InvalidParameter"}`, nil, 1, 1},
		{"forbidden", 403, `{"Code":"Forbidden.RAM"}`, nil, 1, 1},
		{"expired and not to be refreshed", 403, `{"Code":"InvalidSecurityToken.Expired"}`, nil, 1, 1},
		{"a page of status 404", 404, `<html>Not Found</html>`, nil, 1, 1},
		{"redirect", 302, ``, nil, 1, 1},
		{"not modified", 304, ``, nil, 1, 1},
		{"wrong type", 200, `{"DtsJobList":[{},{"Delay":"fast"}]}`, nil, 1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, verified := range []bool{false, true} {
				want, first := test.unverified, 1
				if verified {
					want, first = test.verified, 2
				}
				var s *dts.Server
				s = dts.NewServer(t, func(w http.ResponseWriter, _ *http.Request) {
					switch n := s.Count(); {
					case n < first || n >= first+many-1:
						_, _ = w.Write([]byte(dts.Healthy))
					case test.write != nil:
						test.write(w)
					default:
						w.WriteHeader(test.status)
						_, _ = w.Write([]byte(test.body))
					}
				})
				c := dts.ClientOf(s)
				for range first - 1 {
					if _, err := c.Jobs(t.Context(), "r", api.JobsRequest{}); err != nil {
						t.Fatal(err)
					}
				}
				_, err := c.Jobs(t.Context(), "r", api.JobsRequest{PageNumber: 1})
				if got := s.Count() - (first - 1); got != want || (err == nil) != (want == many) {
					t.Errorf("%d attempts, want %d (verified: %t): %v", got, want, verified, err)
				}
				checkFailure(t, err, want, verified)
			}
		})
	}
}

// checkFailure checks what an error tells about the request.
func checkFailure(t *testing.T, err error, attempts int, verified bool) {
	t.Helper()
	if err == nil {
		return
	}
	var e *Error
	if !errors.As(err, &e) || e.Operation != "DescribeDtsJobs" || e.Region != "r" || e.Attempts != attempts || e.Reason() == "" {
		t.Errorf("got %v", err)
	}
	if wellFormed := e != nil && e.Code != ""; e != nil && e.EndpointVerified != (verified || wellFormed) {
		t.Errorf("the endpoint is verified: %t", e.EndpointVerified)
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
			Error{Code: "DTS.Msg.X", Message: "Y, Y", DynamicMessage: "Y", RequestID: "header"}, nil},
		{"of the gateway, with a placeholder", 400, `{"Code":"InvalidParameter","Message":"%s is not valid.","DynamicMessage":"PageSize"}`,
			Error{Code: "InvalidParameter", Message: "PageSize is not valid.", DynamicMessage: "PageSize", RequestID: "header"}, nil},
		{"without a value for the placeholder", 400, `{"Code":"X","Message":"%s is not valid."}`,
			Error{Code: "X", Message: "%s is not valid.", RequestID: "header"}, nil},
		{"of the gateway, as Success false", 200, `{"Success":false,"Code":"X","Message":"No."}`,
			Error{Code: "X", Message: "No.", RequestID: "header"}, nil},
		{"of nobody", 404, `<html>`, Error{RequestID: "header"}, api.ErrBroken},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := dts.NewServer(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Acs-Request-Id", "header")
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			})
			c := dts.ClientOf(s)
			_, err := c.Jobs(t.Context(), "cn-hangzhou", api.JobsRequest{PageNumber: 1, PageSize: 10})
			var got *Error
			if !errors.As(err, &got) {
				t.Fatalf("got %v", err)
			}
			if !errors.Is(got.Err, test.cause) {
				t.Errorf("cause %v, want %v", got.Err, test.cause)
			}
			want := test.want
			want.Operation, want.Region, want.Endpoint, want.Status, want.Attempts = "DescribeDtsJobs", "cn-hangzhou", c.Config.Endpoint, test.status, 1
			want.Parameters = map[string]string{"JobType": "MIGRATION", "Region": "cn-hangzhou", "RegionId": "cn-hangzhou", "PageNumber": "1", "PageSize": "10"}
			want.EndpointVerified = want.Code != ""
			if diff := cmp.Diff(&want, got, cmpopts.IgnoreUnexported(Error{}), cmpopts.IgnoreFields(Error{}, "Err")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// unreachable is a transport that fails with an error.
type unreachable struct {
	err      error
	attempts int
}

func (u *unreachable) RoundTrip(*http.Request) (*http.Response, error) {
	u.attempts++
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: u.err}
}

// TestNameResolution tells a host that does not exist from a name server that
// does not respond.
func TestNameResolution(t *testing.T) {
	for attempts, err := range map[int]error{
		1: &net.DNSError{Err: "no such host", Name: "dts.nowhere.aliyuncs.com", IsNotFound: true},
		5: &net.DNSError{Err: "server misbehaving", Name: "dts.cn-hangzhou.aliyuncs.com", IsTemporary: true},
	} {
		c := dts.Offline(nil)
		u := &unreachable{err: err}
		c.Http.Transport = u
		if _, err := c.Jobs(t.Context(), "r", api.JobsRequest{}); err == nil || u.attempts != attempts {
			t.Errorf("%d attempts, want %d: %v", u.attempts, attempts, err)
		}
	}
}

// TestRetryTimeout has a server that fails or hangs, on a fake clock.
func TestRetryTimeout(t *testing.T) {
	unavailable := func(*http.Request) (int, string) { return 503, `{"Code":"ServiceUnavailable"}` }
	for _, test := range []struct {
		name     string
		server   func(requests *int) dts.RoundTripper
		backoff  time.Duration
		attempts int
		after    time.Duration
	}{
		{"the next attempt would be too late", func(*int) dts.RoundTripper { return unavailable }, 40 * time.Second, 3, 80 * time.Second},
		{"the first attempt hangs", func(*int) dts.RoundTripper { return dts.Hang }, time.Second, 1, 100 * time.Second},
		{"the third attempt hangs", func(requests *int) dts.RoundTripper {
			return func(r *http.Request) (int, string) {
				if *requests++; *requests < 3 {
					return unavailable(r)
				}
				return dts.Hang(r)
			}
		}, 40 * time.Second, 3, 100 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			FakeTime(t, func(t *testing.T) {
				c := dts.Offline(test.server(new(int)), func(c *Config) {
					c.RetryTimeout, c.ReadTimeout = 100*time.Second, time.Hour
					c.Backoff = func(int) time.Duration { return test.backoff }
				})
				start := time.Now()
				_, err := c.Jobs(t.Context(), "r", api.JobsRequest{})
				var e *Error
				if !errors.As(err, &e) || e.Attempts != test.attempts || time.Since(start) != test.after {
					t.Errorf("after %s: %v", time.Since(start), err)
				}
				if hung := test.attempts == 1; hung != errors.Is(err, errRetryTimeout) || !hung && e.Code != "ServiceUnavailable" {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// TestWaitForATurnIsNotRetryTime sends requests at a low rate: each one meets
// a fault, and has its time to retry.
func TestWaitForATurnIsNotRetryTime(t *testing.T) {
	FakeTime(t, func(t *testing.T) {
		met := map[string]bool{}
		c := dts.Offline(func(r *http.Request) (int, string) {
			if page := r.URL.Query().Get("PageNumber"); !met[page] {
				met[page] = true
				return 503, `{"Code":"ServiceUnavailable"}`
			}
			return 200, dts.Healthy
		}, func(c *Config) { c.RequestRate, c.RetryTimeout, c.Backoff = 1, 5*time.Second, DefaultBackoff })
		done := make(chan error)
		for n := range 30 {
			go func() {
				_, err := c.Jobs(t.Context(), "r", api.JobsRequest{PageNumber: api.PageNumber(n + 1)})
				done <- err
			}()
		}
		for range 30 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}

// TestRetryAfter waits as long as the server wants.
func TestRetryAfter(t *testing.T) {
	for value, want := range map[string]time.Duration{"": 0, "7": 7 * time.Second, "-1": 0, "soon": 0, "99999999999": 0} {
		if got := retryAfter(http.Header{"Retry-After": {value}}); got != want {
			t.Errorf("%q is %s, want %s", value, got, want)
		}
	}
	FakeTime(t, func(t *testing.T) {
		start := time.Now()
		attempts := 0
		r := &request{sender: dts.Offline(nil).Sender}
		_ = r.retry(t.Context(), func() *Error {
			if attempts++; attempts == 1 {
				return &Error{Status: 503, EndpointVerified: true, retryAfter: 7 * time.Second}
			}
			return nil
		})
		if time.Since(start) != 7*time.Second {
			t.Errorf("the next attempt was made after %s", time.Since(start))
		}
	})
}

// TestCancellationBetweenAttempts keeps both what failed and why it ended.
func TestCancellationBetweenAttempts(t *testing.T) {
	for name, backoff := range map[string]time.Duration{"before the retry timeout": 0, "after it": time.Hour} {
		ctx, cancel := context.WithCancel(t.Context())
		r := &request{sender: dts.Offline(nil, func(c *Config) { c.Backoff = func(int) time.Duration { return backoff } }).Sender}
		attempts := 0
		e := r.retry(ctx, func() *Error {
			attempts++
			cancel()
			return &Error{Status: 503, Code: "ServiceUnavailable", Err: io.ErrUnexpectedEOF}
		})
		if !errors.Is(e, context.Canceled) || !errors.Is(e, io.ErrUnexpectedEOF) || e.Code == "" || attempts != 1 {
			t.Errorf("%s: %d attempts, %v", name, attempts, e)
		}
	}
}

func TestDefaultBackoff(t *testing.T) {
	for attempt, most := range map[int]time.Duration{1: 500 * time.Millisecond, 2: time.Second, 4: 4 * time.Second, 6: 10 * time.Second, 1000: 10 * time.Second} {
		waits := map[time.Duration]bool{}
		for range 50 {
			wait := DefaultBackoff(attempt)
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
	refreshed       int
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
	s.refreshed++
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
		"unavailable": {tokens{list: []string{"good"}, failures: []error{
			transientError{}, transientError{}, transientError{}, transientError{}, transientError{}, transientError{}}}, 0, "HTTP status 503"},
		"denied": {tokens{list: []string{"good"}, failures: []error{denied}}, 0, denied.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			requests := 0
			c := dts.Offline(func(r *http.Request) (int, string) {
				requests++
				if r.Header.Get("X-Acs-Security-Token") == "good" {
					return 200, dts.Healthy
				}
				return 403, `{"Code":"InvalidSecurityToken.Expired","Message":"Specified SecurityToken is expired."}`
			}, func(c *Config) { c.Credentials = &test.source })
			_, err := c.Jobs(t.Context(), "r", api.JobsRequest{})
			if requests != test.requests || (err == nil) != (test.want == "") {
				t.Errorf("%d requests, %v", requests, err)
			}
			if err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// TestSecretsAreNotLogged has a server that echoes all headers in an error
// that is retried.
func TestSecretsAreNotLogged(t *testing.T) {
	var logged strings.Builder
	requests := 0
	const secret, token = "a-long-secret", "a-long-token"
	c := dts.Offline(func(r *http.Request) (int, string) {
		if requests++; requests > 2 {
			return 200, dts.Healthy
		}
		return 503, fmt.Sprintf(`{"Code":"ServiceUnavailable","Message":"%s %s %s"}`, r.Header.Get("X-Acs-Security-Token"), secret, "twice "+token)
	}, func(c *Config) {
		c.Credentials = StaticCredential{AccessKeyID: "key", AccessKeySecret: secret, SecurityToken: token}
		c.Log = func(_ context.Context, message string, fields map[string]any) { fmt.Fprintln(&logged, message, fields) }
	})
	if _, err := c.Jobs(t.Context(), "r", api.JobsRequest{}); err != nil {
		t.Fatal(err)
	}
	if text := logged.String(); strings.Count(text, "retrying") != 2 || strings.Contains(text, secret) || strings.Contains(text, token) || strings.Contains(text, "ACS3") {
		t.Errorf("logged: %s", text)
	}
}
