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
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/fault"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// outcome is the result of a request over a real connection.
type outcome struct {
	status int
	header http.Header
	body   string
	err    error // of the round trip or of reading the body
}

// roundTrip sends a request to a server, for any host that it was signed for.
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
	return fstest.MapFS{"cn-hangzhou/MIGRATION/jobs.json": {Data: wire.Object{{Name: "DtsJobList", Value: wire.Array(jobs)}}.Bytes()}}
}

func faulty(t *testing.T, faults ...Fault) *Emulator {
	t.Helper()
	_, clock := newEmulator(t)
	return &Emulator{Fixtures: fifteenJobs(), Rate: -1, Faults: faults, clock: clock.Now}
}

// Faults that replace the response or change its delivery, as a client sees them: the
// status and the beginning of the body, without spaces, or an error.
func TestFaultsOfResponses(t *testing.T) {
	const delay = 50 * time.Millisecond
	failure := `{"ErrCode":"%s","ErrMessage":"TheValueofInputParameter%%sisnotvalid.","DynamicMessage":"%s",`
	tests := map[string]struct {
		fault  Fault
		status int
		body   string
		err    error
		code   string // that is recorded
	}{
		"throttling":      {fault: Fault{Kind: "throttling"}, status: 400, body: `"Message":"Requestwasdeniedduetouserflowcontrol."`, code: "Throttling.User"},
		"with settings":   {fault: Fault{Kind: "throttling", Status: 429, Code: "Throttling.Api", Message: "Slowly."}, status: 429, body: `"Code":"Throttling.Api","Message":"Slowly."`, code: "Throttling.Api"},
		"error":           {fault: Fault{Kind: "error"}, status: 500, body: `"Code":"InternalError"`, code: "InternalError"},
		"another error":   {fault: Fault{Kind: "error", Status: 403, Code: "InvalidSecurityToken.Expired"}, status: 403, body: `"Code":"InvalidSecurityToken.Expired"`, code: "InvalidSecurityToken.Expired"},
		"failure":         {fault: Fault{Kind: "failure"}, status: 200, body: fmt.Sprintf(failure, "InternalError", "Type"), code: "InternalError"},
		"another failure": {fault: Fault{Kind: "failure", Status: 500, Code: "Odd", Message: "GroupId"}, status: 500, body: fmt.Sprintf(failure, "Odd", "GroupId"), code: "Odd"},
		"unavailable":     {fault: Fault{Kind: "response"}, status: 503},
		"null":            {fault: Fault{Kind: "response", Status: 200, Body: "null"}, status: 200, body: "null"},
		"HTML":            {fault: Fault{Kind: "response", Status: 502, Body: "<html>"}, status: 502, body: "<html>"},
		"truncated":       {fault: Fault{Kind: "truncated-body"}, status: 200, body: `{"TotalRecordCount":15`, err: io.ErrUnexpectedEOF},
		"reset":           {fault: Fault{Kind: "reset"}, err: syscall.ECONNRESET},
		"refused":         {fault: Fault{Kind: "refused"}, err: io.EOF},
		"slow header":     {fault: Fault{Kind: "slow-header", Delay: delay}, status: 200, body: `{"TotalRecordCount":15`},
		"slow body":       {fault: Fault{Kind: "slow-body", Delay: delay}, status: 200, body: `{"TotalRecordCount":15`},
		"hang":            {fault: Fault{Kind: "hang"}, err: context.DeadlineExceeded},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.fault.Calls = "1"
			e := faulty(t, test.fault)
			server := serveOn(t, e)
			ctx := t.Context()
			if name == "hang" {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, delay)
				defer cancel()
			}
			start := time.Now()
			got := roundTrip(server, acs3Request(pairs{"Region": "cn-hangzhou"}, signing{}).WithContext(ctx))
			body := strings.Join(strings.Fields(got.body), "")
			if got.status != test.status || !strings.Contains(body, test.body) || test.body == "" && body != "" || !errors.Is(got.err, test.err) {
				t.Errorf("the client sees %+v", got)
			}
			if isForeign := test.fault.Kind == "response"; got.status != 0 && (got.header.Get("X-Acs-Request-Id") == "") != isForeign {
				t.Errorf("header %v", got.header)
			}
			if isHTML := got.header.Get("Content-Type") == "text/html"; isHTML != (name == "HTML") {
				t.Errorf("header %v", got.header)
			}
			if wait := got.header.Get("X-Acs-Retry-After"); (wait == "100") != (test.fault.Kind == "throttling") {
				t.Errorf("x-acs-retry-after is %q", wait)
			}
			if took := time.Since(start); took < test.fault.Delay {
				t.Errorf("it took %v", took)
			}
			if next := roundTrip(server, acs3Request(pairs{"Region": "cn-hangzhou"}, signing{})); next.status != 200 || !strings.Contains(next.body, "j15") {
				t.Errorf("the next response is %+v", next)
			}
			recorded := e.Requests()
			if len(recorded) != 2 || recorded[0].Status != test.status || recorded[0].Code != test.code ||
				!slices.Equal(recorded[0].Faults, []string{test.fault.Kind}) || recorded[1].Faults != nil {
				t.Errorf("recorded %+v", recorded)
			}
		})
	}
}

// slow-body is slow after the header, slow-header before it. A fault that waits ends
// with its client, or no server could be stopped.
func TestSlowResponses(t *testing.T) {
	for _, fault := range []Fault{{Kind: "slow-header", Delay: time.Hour}, {Kind: "slow-body", Delay: time.Hour}, {Kind: "hang"}} {
		server := serveOn(t, faulty(t, fault))
		ctx, cancel := context.WithCancel(t.Context())
		isHeaderLate := fault.Kind != "slow-body"
		if isHeaderLate {
			time.AfterFunc(20*time.Millisecond, cancel)
		}
		r := acs3Request(pairs{"Region": "cn-hangzhou"}, signing{}).WithContext(ctx)
		r.URL.Host, r.RequestURI = server.Listener.Addr().String(), ""
		response, err := server.Client().Do(r)
		if (err != nil) != isHeaderLate {
			t.Errorf("%s: the header: %v", fault.Kind, err)
		}
		cancel()
		if err == nil {
			if body, err := io.ReadAll(response.Body); err == nil {
				t.Errorf("%s: the body is %s", fault.Kind, body)
			}
			_ = response.Body.Close()
		}
		server.Close() // returns only once the handlers have
	}
}

func TestResetOverTLS(t *testing.T) {
	server := httptest.NewTLSServer(faulty(t, Fault{Kind: "reset"}))
	defer server.Close()
	r := acs3Request(pairs{"Region": "cn-hangzhou"}, signing{})
	r.URL.Scheme = "https"
	if got := roundTrip(server, r); !errors.Is(got.err, syscall.ECONNRESET) {
		t.Errorf("the client sees %+v", got)
	}
}

// Faults that change a list, as a client sees it that reads pages of 10 of the jobs
// j01 to j15: IDs, and after a slash the count.
func TestFaultsOfLists(t *testing.T) {
	tests := map[string]struct {
		faults       []Fault
		page1, page2 string
	}{
		"none":                    {nil, "j01-j10 /15", "j11-j15 /15"},
		"drift, added":            {[]Fault{{Kind: "drift-added", Calls: "2-"}}, "j01-j10 /15", "j10-j15 /16"},
		"drift, two added":        {[]Fault{{Kind: "drift-added", Count: 2}}, "drift0000000001 drift0000000002 j01-j08 /17", "j09-j15 /17"},
		"drift, removed":          {[]Fault{{Kind: "drift-removed", Calls: "2-", Count: 3}}, "j01-j10 /15", "j14-j15 /12"},
		"drift, removed and back": {[]Fault{{Kind: "drift-removed", Calls: "1", Count: 3}}, "j04-j13 /12", "j11-j15 /15"},
		"drift, all removed":      {[]Fault{{Kind: "drift-removed", Count: 100}}, " /0", " /0"},
		"drift, moved":            {[]Fault{{Kind: "drift-moved", Calls: "2-", Count: 2}}, "j01-j10 /15", "j13-j15 j01-j02 /15"},
		"drifts together":         {[]Fault{{Kind: "drift-removed", Calls: "2-"}, {Kind: "drift-added", Calls: "2-"}}, "j01-j10 /15", "j11-j15 /15"},
		"short page":              {[]Fault{{Kind: "short-page", Calls: "1"}}, "j01-j09 /15", "j11-j15 /15"},
		"emptied page":            {[]Fault{{Kind: "short-page", Count: 10}}, " /15", " /15"},
		"duplicate page":          {[]Fault{{Kind: "duplicate-page"}}, "j01-j10 /15", "j01-j10 /15"},
		"page cap":                {[]Fault{{Kind: "page-cap", Size: 4}}, "j01-j04 /15", "j05-j08 /15"},
		"page cap above":          {[]Fault{{Kind: "page-cap"}}, "j01-j10 /15", "j11-j15 /15"},
		"cap, requested":          {[]Fault{{Kind: "page-cap", Size: 4, Offsets: "requested"}}, "j01-j04 /15", "j11-j14 /15"},
		"size refused":            {[]Fault{{Kind: "page-size-rejection", Size: 9}}, "200 InvalidParameter PageSize", "200 InvalidParameter PageSize"},
		"size refused by gateway": {[]Fault{{Kind: "page-size-rejection", Size: 9, Code: "Odd"}}, "400 Odd ", "400 Odd "},
		"size accepted":           {[]Fault{{Kind: "page-size-rejection", Size: 10}}, "j01-j10 /15", "j11-j15 /15"},
		"cap, size refused":       {[]Fault{{Kind: "page-cap", Size: 5}, {Kind: "page-size-rejection", Size: 9}}, "200 InvalidParameter PageSize", "200 InvalidParameter PageSize"},
		"wrong total":             {[]Fault{{Kind: "wrong-total", Total: 99}}, "j01-j10 /99", "j11-j15 /99"},
		"no total":                {[]Fault{{Kind: "wrong-total"}}, "j01-j10 /0", "j11-j15 /0"},
		"total of page 2":         {[]Fault{{Kind: "wrong-total", Total: 14, When: map[string]string{"PageNumber": "2"}}}, "j01-j10 /15", "j11-j15 /14"},
		"multiple":                {[]Fault{{Kind: "page-cap", Size: 5}, {Kind: "short-page", Count: 2}, {Kind: "wrong-total", Total: 7}}, "j01-j03 /7", "j06-j08 /7"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := faulty(t, test.faults...)
			for i, want := range []string{test.page1, test.page2} {
				got := send(t, e, acs3Request(pairs{"Region": "cn-hangzhou", "PageSize": "10", "PageNumber": fmt.Sprint(i + 1)}, signing{}))
				shown := strings.Join(fieldOf(got.DtsJobList, "DtsJobId"), " ") + fmt.Sprint(" /", got.TotalRecordCount)
				if !got.Success {
					shown = fmt.Sprint(got.status, " ", got.Code+got.ErrCode, " ", got.DynamicMessage)
				} else if got.PageNumber != i+1 || got.PageRecordCount != len(got.DtsJobList) {
					t.Errorf("page %d is numbered %d, with %d rows", i+1, got.PageNumber, got.PageRecordCount)
				}
				if shown != spelled(want) {
					t.Errorf("page %d is %s, want %s", i+1, shown, want)
				}
			}
		})
	}
}

// spelled writes j01-j03 out as j01 j02 j03.
func spelled(ids string) string {
	return regexp.MustCompile(`j(\d\d)-j(\d\d)`).ReplaceAllStringFunc(ids, func(written string) string {
		var all []string
		for n := 1; n <= 15; n++ {
			if id := fmt.Sprintf("j%02d", n); id >= written[:3] && id <= written[4:] {
				all = append(all, id)
			}
		}
		return strings.Join(all, " ")
	})
}

// Faults that touch every part of a response, and nothing but what they are about.
func TestFaultsOfFields(t *testing.T) {
	row := func(kind string) string {
		t.Helper()
		return send(t, faulty(t, Fault{Kind: kind}), acs3Request(pairs{"Region": "cn-hangzhou", "DtsJobId": "j01"}, signing{})).raw
	}
	added := row("unknown-fields")
	if strings.Count(added, `"AddedByTheService"`) != 2 || !strings.Contains(added, `"Text": "{} 1"`) {
		t.Errorf("unknown fields: %s", added)
	}
	// No number is left to decode.
	recorder := serveRecorded(faulty(t, Fault{Kind: "numbers-as-strings"}), acs3Request(pairs{"Region": "cn-hangzhou", "DtsJobId": "j01"}, signing{}))
	for _, want := range []string{`"TotalRecordCount" : "1"`, `"DuLimit": "-1.5e3"`, `"Text": "{} 1"`, `"CreateTime": "2026-01-01T00:00:00Z"`, `"HttpStatusCode" : "200"`, `"Success" : true`} {
		if !strings.Contains(recorder.Body.String(), want) || !json.Valid(recorder.Body.Bytes()) {
			t.Errorf("%s is not in %s", want, recorder.Body)
		}
	}
}

// FAULTS.md has the table of kinds, which make generate writes, and its examples are
// faults.
func TestFaultsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("FAULTS.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), FaultKinds()) {
		t.Error("the tables of FAULTS.md are out of date: run make generate")
	}
	examples := regexp.MustCompile("`(\\[\\{.*\\}\\])`").FindAllStringSubmatch(string(text), -1)
	if len(examples) < 5 {
		t.Errorf("%d examples", len(examples))
	}
	for _, example := range examples {
		faults, err := fault.Parse([]byte(example[1]))
		if err == nil {
			err = new(Emulator).SetFaults(faults...)
		}
		if err != nil {
			t.Errorf("%s: %v", example[1], err)
		}
	}
}

// A refusal by the gateway itself meets no fault and has no number. A reset keeps the
// faults and numbers requests from 1; so do new faults.
func TestWhichRequestsMeetFaults(t *testing.T) {
	e := faulty(t, Fault{Kind: "failure", Calls: "2"})
	e.Rate = 2
	region := pairs{"Region": "cn-hangzhou"}
	sendAll := func(requests ...*http.Request) string {
		for _, r := range requests {
			send(t, e, r)
		}
		var met []string
		for _, r := range e.Requests() {
			met = append(met, fmt.Sprint(r.Code, r.Faults))
		}
		return strings.Join(met, " ")
	}
	want := "SignatureDoesNotMatch[] [] MissingRegion[] InternalError[failure] Throttling.User[]"
	if got := sendAll(acs3Request(region, signing{secret: "wrong"}), acs3Request(region, signing{}), acs3Request(nil, signing{}),
		acs3Request(region, signing{}), acs3Request(region, signing{})); got != want {
		t.Errorf("recorded %s", got)
	}
	e.Reset()
	if got := sendAll(acs3Request(region, signing{}), acs3Request(region, signing{})); got != "[] InternalError[failure]" {
		t.Errorf("after a reset, recorded %s", got)
	}
	e.Reset()
	if err := e.SetFaults(Fault{Kind: "failure", Calls: "1"}); err != nil {
		t.Fatal(err)
	}
	if got := sendAll(acs3Request(region, signing{}), acs3Request(region, signing{})); got != "InternalError[failure] []" {
		t.Errorf("with new faults, recorded %s", got)
	}
}

// Faults over HTTP. Those that are wrong leave the present ones.
func TestControlOfFaults(t *testing.T) {
	e := faulty(t, Fault{Kind: "slow-body", Calls: "7"})
	for i, step := range []struct {
		method, body string
		status       int
		want         string // the beginning of the response, without spaces
	}{
		{"GET", "", 200, `[{"kind":"slow-body","calls":"7","delay":"5s"}]`},
		{"PUT", `[{"kind": "error", "calls": "1", "code": "Odd"}, {"kind": "hang", "calls": "9"}]`, 200,
			`[{"kind":"error","calls":"1","status":500,"code":"Odd","message":"Therequestprocessinghasfailedduetosomeunknownerror."},{"kind":"hang","calls":"9"}]`},
		{"PUT", `[{"kind": "explosion"}]`, 400, `{"error":"fault1:unknownkind`},
		{"PUT", `[` + strings.Repeat(`{"kind":"hang"},`, 1000) + `{"kind":"hang"}]`, 400, `{"error":"1001faultsaremorethan1000"}`},
		{"PUT", strings.Repeat(" ", wire.MaxBody+1), 400, `{"error":"http:requestbodytoolarge"}`},
		{"GET", "", 200, `[{"kind":"error","calls":"1"`},
		{"POST", `{"kind": "page-cap"}`, 200, `[{"kind":"page-cap","size":30,"offsets":"capped"}]`},
		{"DELETE", "", 204, ""},
		{"GET", "", 200, `[]`},
		{"PATCH", "", 405, ""},
	} {
		recorder := controlRequest(e, step.method, "/_emulator/faults", step.body)
		got := strings.Join(strings.Fields(recorder.Body.String()), "")
		if recorder.Code != step.status || !strings.HasPrefix(got, step.want) {
			t.Errorf("step %d, %s: %d %s", i+1, step.method, recorder.Code, got)
		}
	}
	if err := (&Emulator{Faults: []Fault{{Kind: "explosion"}}}).Load(); err == nil {
		t.Error("Load accepted a fault that does not exist")
	}
}

// All that may be called while clients send their first requests; for the race detector.
func TestUseWhileServing(t *testing.T) {
	e := faulty(t, Fault{Kind: "failure", Calls: "every 2"})
	server := serveOn(t, e)
	var clients sync.WaitGroup
	for range 20 {
		signed := acs3Request(pairs{"Region": "cn-hangzhou"}, signing{})
		clients.Go(func() {
			e.Requests()
			if got := roundTrip(server, signed); got.status != http.StatusOK {
				t.Errorf("%+v", got)
			}
			for _, recorded := range e.Requests() {
				recorded.Parameters.Set("Region", "changed by the caller")
				recorded.Header.Del("Host")
			}
			if err := errors.Join(e.SetFaults(Fault{Kind: "failure", Calls: "every 3"}), e.Reload()); err != nil {
				t.Error(err)
			}
		})
	}
	e.Reset()
	clients.Wait()
}
