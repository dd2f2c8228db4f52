package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"
)

// outcome is what a client sees of a call over a real connection.
type outcome struct {
	status int
	header http.Header
	body   string
	err    error // of the exchange or of reading the body
}

// exchange sends a request to a server, whatever host it was signed for.
func exchange(server *httptest.Server, r *http.Request) outcome {
	r.URL.Host, r.RequestURI = server.Listener.Addr().String(), ""
	response, err := server.Client().Do(r)
	if err != nil {
		return outcome{err: err}
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return outcome{response.StatusCode, response.Header, string(body), err}
}

// serveOn serves an emulator on loopback.
func serveOn(t *testing.T, e *Emulator) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return server
}

// fifteenJobs is an account with the jobs j01 to j15, created in this order.
func fifteenJobs() fstest.MapFS {
	var jobs []json.RawMessage
	for n := 1; n <= 15; n++ {
		jobs = append(jobs, fmt.Appendf(nil, `{"DtsJobId": "j%02d", "CreateTime": "2026-01-%02dT00:00:00Z", "DuLimit": -1.5e3, "Text": "{} 1"}`, n, n))
	}
	return fstest.MapFS{"cn-hangzhou/MIGRATION/jobs.json": {Data: object(member{"DtsJobList", array(jobs)})}}
}

func faulty(t *testing.T, faults ...Fault) *Emulator {
	t.Helper()
	_, clock := newEmulator(t)
	e := &Emulator{Fixtures: fifteenJobs(), Rate: -1, Faults: faults, clock: clock.Now}
	if err := e.Load(); err != nil {
		t.Fatal(err)
	}
	return e
}

// Faults that replace the answer or have it travel badly, as a client meets them.
func TestFaultsOfAnswers(t *testing.T) {
	const delay = 50 * time.Millisecond
	closed := func(err error) bool { return errors.Is(err, io.EOF) }
	tests := map[FaultKind]struct {
		settings Fault
		status   int
		code     string
		// wants judges what the client sees.
		wants func(outcome) bool
	}{
		FaultThrottling: {Fault{}, 400, "Throttling.User", func(o outcome) bool {
			return o.status == 400 && strings.Contains(o.body, `"Message" : "Request was denied due to user flow control."`)
		}},
		FaultInternalError: {Fault{}, 500, "InternalError", func(o outcome) bool {
			return o.status == 500 && strings.Contains(o.body, `"Code" : "InternalError"`)
		}},
		FaultExpiredToken: {Fault{}, 403, "InvalidSecurityToken.Expired", func(o outcome) bool {
			return o.status == 403 && strings.Contains(o.body, `"Code" : "InvalidSecurityToken.Expired"`)
		}},
		FaultUnavailable: {Fault{}, 503, "", func(o outcome) bool {
			return o.status == 503 && o.body == "" && o.header.Get("X-Acs-Request-Id") != ""
		}},
		FaultHTML502: {Fault{}, 502, "", func(o outcome) bool {
			return o.status == 502 && strings.HasPrefix(o.body, "<html>") && o.header.Get("Content-Type") == "text/html" && o.header.Get("X-Acs-Request-Id") == ""
		}},
		FaultHTML200: {Fault{}, 200, "", func(o outcome) bool {
			return o.status == 200 && strings.HasPrefix(o.body, "<!DOCTYPE html>") && o.header.Get("X-Acs-Request-Id") == ""
		}},
		FaultEmpty200: {Fault{}, 200, "", func(o outcome) bool { return o.status == 200 && o.body == "" && o.err == nil }},
		FaultNull:     {Fault{}, 200, "", func(o outcome) bool { return o.status == 200 && o.body == "null" }},
		FaultFailure: {Fault{Message: "JobType"}, 200, "InternalError", func(o outcome) bool {
			return o.status == 200 && strings.Contains(o.body, `"Success" : false`) && strings.Contains(o.body, `"DynamicMessage" : "JobType"`) &&
				strings.Contains(o.body, `"ErrMessage" : "The Value of Input Parameter %s is not valid."`)
		}},

		FaultTruncatedBody: {Fault{}, 200, "", func(o outcome) bool {
			return o.status == 200 && len(o.body) > 100 && errors.Is(o.err, io.ErrUnexpectedEOF)
		}},
		FaultReset:      {Fault{}, 0, "", func(o outcome) bool { return errors.Is(o.err, syscall.ECONNRESET) }},
		FaultRefused:    {Fault{}, 0, "", func(o outcome) bool { return closed(o.err) }},
		FaultSlowHeader: {Fault{Delay: delay}, 200, "", func(o outcome) bool { return o.err == nil && json.Valid([]byte(o.body)) }},
		FaultSlowBody:   {Fault{Delay: delay}, 200, "", func(o outcome) bool { return o.err == nil && json.Valid([]byte(o.body)) }},
		FaultHang: {Fault{}, 0, "", func(o outcome) bool {
			return errors.Is(o.err, context.DeadlineExceeded)
		}},
	}
	for kind, known := range faultKinds {
		if _, tested := tests[kind]; known.isExclusive() && !tested {
			t.Errorf("%s is not tested", kind)
		}
	}
	for kind, test := range tests {
		t.Run(string(kind), func(t *testing.T) {
			fault := test.settings
			fault.Kind, fault.Calls = kind, "1"
			e := faulty(t, fault)
			server := serveOn(t, e)
			ctx := t.Context()
			if kind == FaultHang {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, delay)
				defer cancel()
			}
			start := time.Now()
			got := exchange(server, acs3Request(pairs{"Region": "cn-hangzhou"}, signing{}).WithContext(ctx))
			if !test.wants(got) {
				t.Errorf("the client sees %+v", got)
			}
			if took := time.Since(start); took < fault.Delay {
				t.Errorf("it took %v", took)
			}
			if next := exchange(server, acs3Request(pairs{"Region": "cn-hangzhou"}, signing{})); next.status != 200 || !strings.Contains(next.body, "j15") {
				t.Errorf("the next call is answered %+v", next)
			}
			recorded := e.Requests()
			if len(recorded) != 2 || recorded[0].Status != test.status || recorded[0].Code != test.code || !slices.Equal(recorded[0].Faults, []FaultKind{kind}) {
				t.Errorf("recorded %+v", recorded)
			}
			if recorded[1].Faults != nil {
				t.Errorf("the next call recorded with faults %s", recorded[1].Faults)
			}
		})
	}
}

// slow-body is slow after the header, slow-header before it.
func TestWhereSlowAnswersAreSlow(t *testing.T) {
	const delay = 300 * time.Millisecond
	for kind, isHeaderLate := range map[FaultKind]bool{FaultSlowHeader: true, FaultSlowBody: false} {
		server := serveOn(t, faulty(t, Fault{Kind: kind, Delay: delay}))
		r := acs3Request(pairs{"Region": "cn-hangzhou"}, signing{})
		r.URL.Host, r.RequestURI = server.Listener.Addr().String(), ""
		start := time.Now()
		response, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if tookHeader := time.Since(start); (tookHeader >= delay) != isHeaderLate {
			t.Errorf("%s: the header took %v", kind, tookHeader)
		}
		if _, err := io.ReadAll(response.Body); err != nil || time.Since(start) < delay {
			t.Errorf("%s: all of it took %v, error %v", kind, time.Since(start), err)
		}
		_ = response.Body.Close()
	}
}

// A fault that waits ends with its client, or no server could be stopped.
func TestSlowAnswersEndWhenTheClientGoes(t *testing.T) {
	for _, kind := range []FaultKind{FaultSlowHeader, FaultSlowBody, FaultHang} {
		fault := Fault{Kind: kind}
		if kind != FaultHang {
			fault.Delay = time.Hour
		}
		server := serveOn(t, faulty(t, fault))
		server.Client().Timeout = 20 * time.Millisecond
		if got := exchange(server, acs3Request(pairs{"Region": "cn-hangzhou"}, signing{})); got.err == nil {
			t.Errorf("%s: answered %+v", kind, got)
		}
		server.Close() // returns only once the handlers have
	}
}

func TestResetOverTLS(t *testing.T) {
	server := httptest.NewTLSServer(faulty(t, Fault{Kind: FaultReset}))
	defer server.Close()
	r := acs3Request(pairs{"Region": "cn-hangzhou"}, signing{})
	r.URL.Scheme = "https"
	if got := exchange(server, r); !errors.Is(got.err, syscall.ECONNRESET) {
		t.Errorf("the client sees %+v", got)
	}
}

// Settings of refusals.
func TestFaultsWithCodes(t *testing.T) {
	tests := map[string]struct {
		fault Fault
		want  string
	}{
		"throttling":     {Fault{Kind: FaultThrottling, Status: 429, Code: "Throttling.Api", Message: "Slowly."}, `429 "Code" : "Throttling.Api", "Message" : "Slowly."`},
		"internal error": {Fault{Kind: FaultInternalError, Status: 503, Code: "ServiceUnavailable", Message: "Later."}, `503 "Code" : "ServiceUnavailable", "Message" : "Later."`},
		"failure":        {Fault{Kind: FaultFailure, Code: "InvalidParameter"}, `200 "ErrCode" : "InvalidParameter", "ErrMessage" : "The Value of Input Parameter %s is not valid.", "DynamicMessage" : "Type"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server := serveOn(t, faulty(t, test.fault))
			got := exchange(server, acs3Request(pairs{"Region": "cn-hangzhou"}, signing{}))
			status, members, _ := strings.Cut(test.want, " ")
			if fmt.Sprint(got.status) != status || !strings.Contains(strings.Join(strings.Fields(got.body), " "), members) {
				t.Errorf("got %+v, want %s", got, test.want)
			}
		})
	}
}

// Every kind stands in FAULTS.md with the settings it takes and their defaults.
func TestFaultsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("FAULTS.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, kind := range faultKinds {
		_, row, found := strings.Cut(string(text), "\n| `"+string(name)+"` |")
		if !found {
			t.Errorf("%s is not in FAULTS.md", name)
			continue
		}
		row, _, _ = strings.Cut(row, "\n")
		for _, setting := range kind.settings {
			if !strings.Contains(row, "`"+setting+"`") {
				t.Errorf("%s: FAULTS.md does not name the setting %s", name, setting)
			}
		}
		d := kind.defaults
		for setting, value := range map[string]string{
			"delay": d.Delay.String(), "count": fmt.Sprint(d.Count), "size": fmt.Sprint(d.Size),
			"status": fmt.Sprint(d.Status), "code": d.Code,
		} {
			if given := slices.Contains(d.settings(), setting); given && !strings.Contains(row, value) {
				t.Errorf("%s: FAULTS.md does not tell the default of %s, %s", name, setting, value)
			}
		}
	}
}
