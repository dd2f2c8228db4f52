package emulator

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/fault"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// outcome is what a client sees of a request over a real connection.
type outcome struct {
	status int
	header http.Header
	body   string
	err    error // of the round trip or of reading the body
}

// roundTrip sends a request to a server, whatever host it was signed for.
func roundTrip(server *httptest.Server, r *http.Request) outcome {
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
	return fstest.MapFS{"cn-hangzhou/MIGRATION/jobs.json": {Data: wire.Object(wire.Member{Name: "DtsJobList", Value: wire.Array(jobs)})}}
}

func faulty(t *testing.T, faults ...Fault) *Emulator {
	t.Helper()
	_, clock := newEmulator(t)
	return &Emulator{Fixtures: fifteenJobs(), Rate: -1, Faults: faults, clock: clock.Now}
}

// Faults that replace the response or change its delivery, as a client sees them.
func TestFaultsOfResponses(t *testing.T) {
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
		FaultRejectedThrottling: {Fault{}, 400, "Rejected.Throttling", func(o outcome) bool {
			return o.status == 400 && strings.Contains(o.body, `"Code" : "Rejected.Throttling"`)
		}},
		FaultFailure500: {Fault{}, 500, "InternalError", func(o outcome) bool {
			return o.status == 500 && strings.Contains(o.body, `"ErrCode" : "InternalError"`) && strings.Contains(o.body, `"Success" : false`)
		}},
		FaultNoPermission: {Fault{Code: "DTS.Msg.RamPermissionDenied"}, 403, "DTS.Msg.RamPermissionDenied", func(o outcome) bool {
			return o.status == 403 && strings.Contains(o.body, `"Code" : "DTS.Msg.RamPermissionDenied"`)
		}},
		FaultNotActivated: {Fault{}, 403, "DTS.Msg.Forbidden.AliyunUIDNotFound", func(o outcome) bool {
			return o.status == 403 && strings.Contains(o.body, `"HostId"`)
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
			got := roundTrip(server, acs3Request(pairs{"Region": "cn-hangzhou"}, signing{}).WithContext(ctx))
			if !test.wants(got) {
				t.Errorf("the client sees %+v", got)
			}
			if took := time.Since(start); took < fault.Delay {
				t.Errorf("it took %v", took)
			}
			if next := roundTrip(server, acs3Request(pairs{"Region": "cn-hangzhou"}, signing{})); next.status != 200 || !strings.Contains(next.body, "j15") {
				t.Errorf("the next response is %+v", next)
			}
			recorded := e.Requests()
			if len(recorded) != 2 || recorded[0].Status != test.status || recorded[0].Code != test.code || !slices.Equal(recorded[0].Faults, []FaultKind{kind}) {
				t.Errorf("recorded %+v", recorded)
			}
			if recorded[1].Faults != nil {
				t.Errorf("the next request recorded with faults %s", recorded[1].Faults)
			}
		})
	}
}

// slow-body is slow after the header, slow-header before it.
func TestWhereSlowResponsesAreSlow(t *testing.T) {
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
		if got := roundTrip(server, acs3Request(pairs{"Region": "cn-hangzhou"}, signing{})); got.err == nil {
			t.Errorf("%s: the response is %+v", kind, got)
		}
		server.Close() // returns only once the handlers have
	}
}

func TestResetOverTLS(t *testing.T) {
	server := httptest.NewTLSServer(faulty(t, Fault{Kind: FaultReset}))
	defer server.Close()
	r := acs3Request(pairs{"Region": "cn-hangzhou"}, signing{})
	r.URL.Scheme = "https"
	if got := roundTrip(server, r); !errors.Is(got.err, syscall.ECONNRESET) {
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
			got := roundTrip(server, acs3Request(pairs{"Region": "cn-hangzhou"}, signing{}))
			status, members, _ := strings.Cut(test.want, " ")
			if fmt.Sprint(got.status) != status || !strings.Contains(strings.Join(strings.Fields(got.body), " "), members) {
				t.Errorf("got %+v, want %s", got, test.want)
			}
		})
	}
}

var update = flag.Bool("update", false, "write the table of faults into FAULTS.md")

// FAULTS.md has the table of kinds between two marks; go test -update writes it.
func TestFaultsAreDocumented(t *testing.T) {
	const file, begin, end = "FAULTS.md", "<!-- begin kinds -->\n\n", "\n<!-- end kinds -->"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, hasBegin := strings.Cut(string(text), begin)
	table, after, hasEnd := strings.Cut(rest, end)
	if !hasBegin || !hasEnd {
		t.Fatalf("no %q and %q", begin, end)
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+begin+fault.Document()+end+after), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if table != fault.Document() {
		t.Errorf("the table is not up to date: run go test ./internal/emulator -run %s -update", t.Name())
	}
}

// The examples in FAULTS.md are faults.
func TestExamplesOfFaults(t *testing.T) {
	text, err := os.ReadFile("FAULTS.md")
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("`(\\[\\{.*\\}\\])`").FindAllStringSubmatch(string(text), -1)
	if len(examples) < 10 {
		t.Errorf("%d examples", len(examples))
	}
	for _, example := range examples {
		if _, err := ParseFaults([]byte(example[1])); err != nil {
			t.Errorf("%s: %v", example[1], err)
		}
	}
}

// Every kind has a constant, and every constant is a kind.
func TestConstantsOfFaults(t *testing.T) {
	source, err := os.ReadFile("faults.go")
	if err != nil {
		t.Fatal(err)
	}
	var constants, kinds []string
	for _, match := range regexp.MustCompile(`FaultKind = "([^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		constants = append(constants, match[1])
	}
	for _, kind := range fault.Names() {
		kinds = append(kinds, string(kind))
	}
	if !sameSet(constants, kinds) {
		t.Errorf("the constants are %q, the kinds are %q", constants, kinds)
	}
}

// Faults that cannot happen are refused by Load and by SetFaults, which leaves the
// present ones.
func TestWrongFaults(t *testing.T) {
	wrong := Fault{Kind: "explosion"}
	if err := (&Emulator{Faults: []Fault{wrong}}).Load(); err == nil {
		t.Error("Load accepted it")
	}
	e := faulty(t, Fault{Kind: FaultNull})
	if err := e.SetFaults(wrong); err == nil {
		t.Error("SetFaults accepted it")
	}
	if got := controlResponse(e, "GET", "/_emulator/faults").Body.String(); !strings.Contains(got, `"kind": "null"`) {
		t.Errorf("the faults are %s", got)
	}
}

// A refusal by the gateway itself meets no fault and has no number.
func TestRefusedRequestsMeetNoFault(t *testing.T) {
	e := faulty(t, Fault{Kind: FaultNull, Calls: "2"})
	e.Rate = 2
	region := pairs{"Region": "cn-hangzhou"}
	send(t, e, acs3Request(region, signing{secret: "wrong"}))
	send(t, e, acs3Request(region, signing{}))
	send(t, e, acs3Request(nil, signing{}))
	send(t, e, acs3Request(region, signing{}))
	send(t, e, acs3Request(region, signing{})) // over the rate
	var met []string
	for _, r := range e.Requests() {
		met = append(met, fmt.Sprint(r.Code, r.Faults))
	}
	if got := strings.Join(met, " "); got != "SignatureDoesNotMatch[] [] MissingRegion[] [null] Throttling.User[]" {
		t.Errorf("recorded %s", got)
	}
}
