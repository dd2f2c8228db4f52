package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
	"github.com/dts-community/terraform-provider-dts/internal/provider"
)

// migrations is how many migration jobs the emulator's account has in
// cn-hangzhou, on more than one page.
const migrations = 33

// sessionWithFaults is a session with an emulator that has faults.
func sessionWithFaults(t *testing.T, block arguments, faults ...emulator.Fault) (session, *emulator.Emulator) {
	t.Helper()
	server, e := newEmulator(t)
	if err := e.SetFaults(faults...); err != nil {
		t.Fatal(err)
	}
	s, diags := configured(t, provider.NewServer("test")(), blockFor(server.URL, block))
	if len(diags) > 0 {
		t.Fatal(render(diags))
	}
	return s, e
}

// TestFaultsThatPass meets each fault that passes and wants the complete list.
func TestFaultsThatPass(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string][]emulator.Fault{
		"throttling":          {{Kind: emulator.FaultThrottling, Calls: "1-3"}},
		"internal error":      {{Kind: emulator.FaultInternalError, Calls: "2,3"}},
		"unavailable":         {{Kind: emulator.FaultUnavailable, Calls: "1,3"}},
		"HTML 502":            {{Kind: emulator.FaultHTML502, Calls: "2"}},
		"HTML 200":            {{Kind: emulator.FaultHTML200, Calls: "2"}},
		"empty":               {{Kind: emulator.FaultEmpty200, Calls: "2"}},
		"null":                {{Kind: emulator.FaultNull, Calls: "2"}},
		"failure":             {{Kind: emulator.FaultFailure, Calls: "2,3"}},
		"truncated":           {{Kind: emulator.FaultTruncatedBody, Calls: "2"}},
		"reset":               {{Kind: emulator.FaultReset, Calls: "2"}},
		"refused":             {{Kind: emulator.FaultRefused, Calls: "2"}},
		"slow header":         {{Kind: emulator.FaultSlowHeader, Calls: "2", Delay: time.Minute}},
		"slow body":           {{Kind: emulator.FaultSlowBody, Calls: "2", Delay: time.Minute}},
		"hang":                {{Kind: emulator.FaultHang, Calls: "2"}},
		"drift, added":        {{Kind: emulator.FaultDriftAdded, When: map[string]string{"PageNumber": "2"}, Calls: "1"}},
		"drift, removed":      {{Kind: emulator.FaultDriftRemoved, When: map[string]string{"PageNumber": "2"}, Calls: "1"}},
		"drift, moved":        {{Kind: emulator.FaultDriftMoved, When: map[string]string{"PageNumber": "2"}, Calls: "1"}},
		"short first page":    {{Kind: emulator.FaultShortPage, When: map[string]string{"PageNumber": "1"}, Calls: "1"}},
		"short last page":     {{Kind: emulator.FaultShortPage, When: map[string]string{"PageNumber": "2"}, Calls: "1"}},
		"page twice":          {{Kind: emulator.FaultDuplicatePage, When: map[string]string{"PageNumber": "2"}, Calls: "1"}},
		"page cap":            {{Kind: emulator.FaultPageCap, Size: 20}},
		"page cap of 25":      {{Kind: emulator.FaultPageCap, Size: 25}},
		"page size refused":   {{Kind: emulator.FaultPageSizeRejection, Size: 30}},
		"refused by gateway":  {{Kind: emulator.FaultPageSizeRejection, Size: 30, Code: "InvalidPageSize"}},
		"total too low":       {{Kind: emulator.FaultWrongTotal, Total: 5}},
		"total too high":      {{Kind: emulator.FaultWrongTotal, Total: 300}},
		"unknown fields":      {{Kind: emulator.FaultUnknownFields}},
		"numbers as strings":  {{Kind: emulator.FaultNumbersAsStrings}},
		"multiple at once":    {{Kind: emulator.FaultHTML502, Calls: "2"}, {Kind: emulator.FaultTruncatedBody, Calls: "3"}, {Kind: emulator.FaultThrottling, Calls: "4"}},
		"a moment of nothing": {{Kind: emulator.FaultRefused, Calls: "1-3"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, e := sessionWithFaults(t, arguments{"client_connect_timeout": 1000, "client_read_timeout": 1000, "max_retry_timeout": 20}, faults...)
			resp := s.read(t, "dts_jobs", arguments{"page_size": pageSizeFor(faults)})
			if got := render(resp.Diagnostics); strings.Contains(got, "ERROR") {
				t.Fatal(got)
			}
			if jobs := elementsOf(t, s.state(t, "dts_jobs", resp)["jobs"]); len(jobs) != migrations {
				t.Errorf("%d jobs", len(jobs))
			}
			met := 0
			for _, request := range e.Requests() {
				met += len(request.Faults)
			}
			if met == 0 {
				t.Error("no request met the fault")
			}
		})
	}
}

// pageSizeFor splits the account into pages, except for faults that are about
// the size that the provider chooses.
func pageSizeFor(faults []emulator.Fault) any {
	switch faults[0].Kind {
	case emulator.FaultPageSizeRejection, emulator.FaultPageCap:
		return nil
	}
	return 10
}

// TestFaultsThatStay wants an error that names the fault, what to quote and
// the next step.
func TestFaultsThatStay(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault emulator.Fault
		want  string
	}{
		"throttling":     {emulator.Fault{Kind: emulator.FaultThrottling}, `code: Throttling\.User.*HTTP status: 400.*request ID: .*probably by other clients`},
		"internal error": {emulator.Fault{Kind: emulator.FaultInternalError}, `code: InternalError.*HTTP status: 500.*request ID: .*attempts: 3.*contact Alibaba Cloud support`},
		"unavailable":    {emulator.Fault{Kind: emulator.FaultUnavailable}, `HTTP status 503 without an error of the API.*HTTP status: 503.*proxy`},
		"HTML 502":       {emulator.Fault{Kind: emulator.FaultHTML502}, `HTTP status 502 without an error of the API.*Check endpoints\.dts`},
		"HTML 200":       {emulator.Fault{Kind: emulator.FaultHTML200}, `broken response.*HTTP status: 200.*may come from a proxy`},
		"empty":          {emulator.Fault{Kind: emulator.FaultEmpty200}, `broken response.*HTTP status: 200`},
		"null":           {emulator.Fault{Kind: emulator.FaultNull}, `broken response: null`},
		"failure":        {emulator.Fault{Kind: emulator.FaultFailure, Message: "GroupId"}, `GroupId is not valid.*code: InternalError.*request ID: .*attempts: 3`},
		"other failure":  {emulator.Fault{Kind: emulator.FaultFailure, Code: "InvalidParameter", Message: "GroupId"}, `GroupId is not valid.*code: InvalidParameter`},
		"truncated":      {emulator.Fault{Kind: emulator.FaultTruncatedBody}, `broken response: unexpected EOF`},
		"reset":          {emulator.Fault{Kind: emulator.FaultReset}, `connection reset by peer.*Check that this machine can reach`},
		"refused":        {emulator.Fault{Kind: emulator.FaultRefused}, `EOF.*Check that this machine can reach`},
		"hang":           {emulator.Fault{Kind: emulator.FaultHang}, `timeout awaiting response headers.*Check that this machine can reach`},
		"slow body":      {emulator.Fault{Kind: emulator.FaultSlowBody, Delay: time.Minute}, `broken response.*(deadline|timeout)`},
		"expired token":  {emulator.Fault{Kind: emulator.FaultExpiredToken}, `code: InvalidSecurityToken\.Expired.*HTTP status: 403.*request ID: .*Get new temporary credentials`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timeouts := arguments{"client_connect_timeout": 5000, "client_read_timeout": 5000, "max_retry_timeout": 2}
			switch test.fault.Kind { // The others wait for nothing, and end with the time for retries.
			case emulator.FaultInternalError, emulator.FaultFailure:
				timeouts["max_retry_timeout"] = 60 // Three attempts end them, however busy the machine is.
			case emulator.FaultHang:
				timeouts["client_read_timeout"] = 300
			case emulator.FaultSlowBody:
				timeouts["client_read_timeout"], timeouts["client_connect_timeout"] = 300, 300
			}
			s, _ := sessionWithFaults(t, timeouts, test.fault)
			if got := s.plan(t, "dts_jobs", nil); !wrapped(`ERROR: Unable to List DTS Jobs.*` + test.want).MatchString(got) {
				t.Errorf("no %s in:\n%s", test.want, got)
			}
		})
	}
}

// TestInterruptDuringAFault sends the CLI what Ctrl-C sends in the middle of
// each kind of wait, and wants the provider to end with it.
func TestInterruptDuringAFault(t *testing.T) {
	t.Parallel()
	skipIfShort(t)
	for _, kind := range []emulator.FaultKind{emulator.FaultHang, emulator.FaultSlowBody, emulator.FaultUnavailable, emulator.FaultThrottling} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			server, e := newEmulator(t)
			fault := emulator.Fault{Kind: kind}
			if kind == emulator.FaultSlowBody {
				fault.Delay = time.Hour
			}
			// The server reports a request before it meets a fault.
			reached := make(chan bool, 1000)
			server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				reached <- true
				e.ServeHTTP(w, r)
			})
			if err := e.SetFaults(fault); err != nil {
				t.Fatal(err)
			}
			newCLIWith(t, providerBlock(server.URL, "max_retry_timeout = 3600\nclient_read_timeout = 3600000")+jobs("")).interrupted(t, reached)
		})
	}
}

// TestManyBlocksAtOnce reads twenty lists that differ, so that none is shared,
// under a limit of the emulator, which throttles what is above it.
func TestManyBlocksAtOnce(t *testing.T) {
	t.Parallel()
	server, e := newEmulator(t)
	e.Rate = limitWithRoom
	var config strings.Builder
	for n := range 20 {
		fmt.Fprintf(&config, "data \"dts_jobs\" \"block%d\" { status = \"Status%d\" }\n", n, n)
	}
	applyOnce(t, providerBlock(server.URL, "")+config.String())
	wantNoThrottling(t, e)
}
