package dts

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aliyun/credentials-go/credentials"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const healthy = `{"Success":true,"TotalRecordCount":0,"DtsJobList":[]}`

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

func isBroken(err error) bool     { return errors.Is(err, ErrBroken) }
func isFieldError(err error) bool { return errors.As(err, new(*FieldError)) }

// TestFailures lets the first answers fail, and then one be healthy.
func TestFailures(t *testing.T) {
	const throttled = `{"Code":"Throttling.User","Message":"Request was denied due to user flow control.","RequestId":"R-1"}`
	for _, test := range []struct {
		name     string
		status   int
		body     string
		write    func(http.ResponseWriter)
		failures int
		want     *Error // nil: healed
		cause    func(error) bool
	}{
		{name: "throttling", status: 400, body: throttled, failures: 5},
		{name: "any throttling", status: 400, body: `{"Code":"Throttling.Api"}`, failures: 5},
		{name: "too many requests", status: 429, body: `slow down`, failures: 5},
		{name: "service unavailable", status: 503, body: ``, failures: 5},
		{name: "service unavailable in words", status: 500, body: `{"Code":"ServiceUnavailable"}`, failures: 5},
		{name: "bad gateway", status: 502, body: `<html>Bad Gateway</html>`, failures: 5},
		{name: "a page for an answer", status: 200, body: `<html>Welcome</html>`, failures: 5},
		{name: "empty answer", status: 200, body: ``, failures: 5},
		{name: "null answer", status: 200, body: `null`, failures: 5},
		{name: "neither list nor count", status: 200, body: `{"Success":true,"RequestId":"R-1"}`, failures: 5},
		{name: "cut off", write: cutOff, failures: 5},
		{name: "connection lost", write: hangUp, failures: 5},
		{name: "unavailable by code", status: 200, body: `{"Success":false,"ErrCode":"ServiceUnavailable"}`, failures: 5},
		{name: "throttled by code", status: 200, body: `{"Success":"false","ErrCode":"Throttling"}`, failures: 5},
		{name: "internal error, twice", status: 500, body: `{"Code":"InternalError"}`, failures: 2},
		{name: "internal error, too often", status: 500, body: `{"Code":"InternalError","Message":"Oops.","RequestId":"R-1"}`, failures: 5,
			want: &Error{Status: 500, Code: "InternalError", Message: "Oops.", RequestID: "R-1", Attempts: 3}},
		{name: "internal error by code", status: 200, body: `{"Success":false,"ErrCode":"InternalError"}`, failures: 5,
			want: &Error{Status: 200, Code: "InternalError", Attempts: 3}},
		{name: "bad parameter", status: 200, failures: 1,
			body: `{"Success":false,"ErrCode":"InvalidParameter","ErrMessage":"The Value of Input Parameter %s is not valid.","DynamicMessage":"Type","RequestId":"R-1","HttpStatusCode":400}`,
			want: &Error{Status: 200, Code: "InvalidParameter", Message: "The Value of Input Parameter Type is not valid.", Dynamic: "Type", RequestID: "R-1", Attempts: 1}},
		{name: "forbidden", status: 403, body: `{"Code":"Forbidden.RAM","Message":"No.","RequestId":"R-1"}`, failures: 1,
			want: &Error{Status: 403, Code: "Forbidden.RAM", Message: "No.", RequestID: "R-1", Attempts: 1}},
		{name: "not found, in no words of the API", status: 404, body: `<html>Not Found</html>`, failures: 1,
			want: &Error{Status: 404, Attempts: 1}, cause: isBroken},
		{name: "wrong type", status: 200, body: `{"DtsJobList":[{},{"Delay":"fast"}],"RequestId":"R-1"}`, failures: 1,
			want: &Error{Status: 200, Attempts: 1, RequestID: "R-1"}, cause: isFieldError},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newServer(t, nil)
			s.Config.Handler = failing(s, test.failures, func(w http.ResponseWriter) {
				if test.write != nil {
					test.write(w)
					return
				}
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			})
			_, err := clientOf(s).Jobs(t.Context(), "cn-hangzhou", JobsRequest{PageNumber: 1, PageSize: 10})
			if test.want == nil {
				if err != nil || s.count() != test.failures+1 {
					t.Errorf("not healed in %d calls: %v", s.count(), err)
				}
				return
			}
			var got *Error
			if !errors.As(err, &got) {
				t.Fatalf("got %v", err)
			}
			if test.cause != nil && !test.cause(err) {
				t.Errorf("got cause %v", got.Err)
			}
			got.Err = nil
			test.want.Operation, test.want.Region, test.want.Endpoint = "DescribeDtsJobs", "cn-hangzhou", strings.TrimPrefix(s.URL, "http://")
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreUnexported(Error{})); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// failing answers the first calls by fail and the rest healthily.
func failing(s *server, failures int, fail func(http.ResponseWriter)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.calls = append(s.calls, r.URL.Query())
		n := len(s.calls)
		s.mu.Unlock()
		if n <= failures {
			fail(w)
			return
		}
		_, _ = w.Write([]byte(healthy))
	})
}

func TestRetryEndsAtItsTimeout(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) })
	c := clientOf(s, func(c *Config) {
		c.RetryTimeout = time.Hour
		c.Backoff = func(attempt int) time.Duration { return time.Duration(attempt/4) * 2 * time.Hour }
	})
	_, err := c.Jobs(t.Context(), "r", JobsRequest{})
	var got *Error
	if !errors.As(err, &got) || got.Attempts != 4 {
		t.Errorf("got %v", err)
	}
}

func TestCancelEndsAWaitAndASlowAnswer(t *testing.T) {
	for name, test := range map[string]struct {
		answer  http.HandlerFunc
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
			called := make(chan bool, 10)
			s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
				called <- true
				test.answer(w, r)
			})
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-called
				cancel()
			}()
			c := clientOf(s, func(c *Config) {
				c.Backoff = func(int) time.Duration { return test.backoff }
				c.RetryTimeout = 24 * time.Hour
				c.ReadTimeout = 24 * time.Hour
			})
			if _, err := c.Jobs(ctx, "r", JobsRequest{}); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	elsewhere := newServer(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(healthy)) })
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	_, err := clientOf(s).Jobs(t.Context(), "r", JobsRequest{})
	if !errors.Is(err, errRedirect) || s.count() != 1 || elsewhere.count() != 0 {
		t.Errorf("got %v, %d calls here, %d there", err, s.count(), elsewhere.count())
	}
}

func TestHostThatDoesNotExistIsNotRetried(t *testing.T) {
	attempts := atomic.Int32{}
	policy := func(e *Error) int {
		attempts.Add(1)
		e.Err = &net.DNSError{Err: "no such host", Name: "dts.nowhere.aliyuncs.com", IsNotFound: true}
		return DefaultPolicy(e)
	}
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) { hangUp(w) })
	if _, err := clientOf(s, func(c *Config) { c.Policy = policy }).Jobs(t.Context(), "r", JobsRequest{}); err == nil || attempts.Load() != 1 {
		t.Errorf("got %v after %d attempts", err, attempts.Load())
	}
}

func TestRequestIsSignedAndFreshEachTime(t *testing.T) {
	var headers []http.Header
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		headers = append(headers, r.Header)
		if len(headers) == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte(healthy))
	})
	t.Setenv("HTTP_PROXY", "http://user:proxy-secret@proxy.invalid:1")
	c := clientOf(s, func(c *Config) { c.UserAgent = "terraform-provider-dts/test" })
	if _, err := c.Jobs(t.Context(), "r", JobsRequest{}); err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		if a := h.Get("Authorization"); !strings.HasPrefix(a, "ACS3-HMAC-SHA256 Credential=key,SignedHeaders=host;x-acs-action;") {
			t.Errorf("Authorization: %s", a)
		}
		if h.Get("X-Acs-Action") != "DescribeDtsJobs" || h.Get("X-Acs-Version") != "2020-01-01" || h.Get("Proxy-Authorization") != "" {
			t.Errorf("headers: %v", h)
		}
		if !strings.HasSuffix(h.Get("User-Agent"), " terraform-provider-dts/test") {
			t.Errorf("User-Agent: %s", h.Get("User-Agent"))
		}
	}
	if headers[0].Get("X-Acs-Signature-Nonce") == headers[1].Get("X-Acs-Signature-Nonce") {
		t.Error("the nonce was used twice")
	}
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
			if listing, err := c.Jobs(t.Context(), "r", JobsRequest{}); err != nil || len(listing.Jobs) != 7 {
				t.Errorf("%d jobs, %v", len(listing.Jobs), err)
			}
		})
	}
	group.Wait()
}

func TestNoCredentialIsNoCall(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(healthy)) })
	none := errors.New("none")
	c := clientOf(s, func(c *Config) {
		c.Credential = func(context.Context) (*credentials.CredentialModel, error) { return nil, none }
	})
	if _, err := c.Jobs(t.Context(), "r", JobsRequest{}); !errors.Is(err, none) || s.count() != 0 {
		t.Errorf("got %v, %d calls", err, s.count())
	}
}

func TestErrorSaysAllThatIsKnown(t *testing.T) {
	e := &Error{Operation: "DescribeDtsJobs", Region: "cn-hangzhou", Endpoint: "dts.cn-hangzhou.aliyuncs.com",
		Status: 403, Code: "Forbidden.RAM", Message: "No.", RequestID: "R-1", Attempts: 2}
	const want = "DescribeDtsJobs in region cn-hangzhou failed: No.; code: Forbidden.RAM; HTTP status: 403; request id: R-1; endpoint: dts.cn-hangzhou.aliyuncs.com; attempts: 2"
	if e.Error() != want {
		t.Errorf("got %s", e)
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

// TestKnownValues makes sure that each list of values is one.
func TestKnownValues(t *testing.T) {
	for _, enum := range []interface{ Known() []string }{
		JobStatus(""), JobTypeFilter(""), JobType(""), QueryType(""), OrderColumn(""), BisLabel(""), JobDirection(""),
		PayType(""), SSLMode(""), RetryTarget(""), InitialStatus(""), OngoingStatus(""), CheckStatus(""), IncCheckStatus(""),
		PrecheckStatus(""), CheckResult(""), JobCode(""), SubtaskState(""), ItemState(""), SubjobState(""), YesNo(""), LogLevel(""),
		AccessMode(""), EndpointSide(""),
	} {
		seen := map[string]bool{}
		for _, value := range enum.Known() {
			if value == "" || seen[value] {
				t.Errorf("%s: %q is empty or there twice", reflect.TypeOf(enum), value)
			}
			seen[value] = true
		}
	}
}

// TestExpiredTokenIsRenewedOnce has an API that takes one token only.
func TestExpiredTokenIsRenewedOnce(t *testing.T) {
	for name, test := range map[string]struct {
		tokens []string // that the source gives, the last again and again
		calls  int
		healed bool
	}{
		"renewed":            {[]string{"old", "good"}, 2, true},
		"renewed to another": {[]string{"old", "older", "good"}, 2, false},
		"the same again":     {[]string{"old"}, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("X-Acs-Security-Token") == "good" {
					_, _ = w.Write([]byte(healthy))
					return
				}
				w.WriteHeader(http.StatusForbidden)
				_, _ = w.Write([]byte(`{"Code":"InvalidSecurityToken.Expired","Message":"Specified SecurityToken is expired."}`))
			})
			tokens := test.tokens
			c := clientOf(s, func(c *Config) {
				c.Credential = func(context.Context) (*credentials.CredentialModel, error) {
					return &credentials.CredentialModel{AccessKeyId: ptr("STS.key"), AccessKeySecret: ptr("secret"), SecurityToken: &tokens[0]}, nil
				}
				c.Renew = func(_ context.Context, expired *credentials.CredentialModel) (bool, error) {
					if len(tokens) == 1 || *expired.SecurityToken != tokens[0] {
						return false, nil
					}
					tokens = tokens[1:]
					return true, nil
				}
			})
			_, err := c.Jobs(t.Context(), "r", JobsRequest{})
			if (err == nil) != test.healed || s.count() != test.calls {
				t.Errorf("%d calls, %v", s.count(), err)
			}
		})
	}
}
