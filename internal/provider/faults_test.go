package provider_test

import (
	"context"
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
		"throttling":          {{Kind: "throttling", Calls: "1-3"}},
		"internal error":      {{Kind: "error", Calls: "2,3"}},
		"unavailable":         {{Kind: "response", Status: 503, Calls: "1,3"}},
		"HTML 502":            {{Kind: "response", Status: 502, Body: "<html>502 Bad Gateway</html>", Calls: "2"}},
		"HTML 200":            {{Kind: "response", Status: 200, Body: "<html>Log in</html>", Calls: "2"}},
		"empty":               {{Kind: "response", Status: 200, Calls: "2"}},
		"null":                {{Kind: "response", Status: 200, Body: "null", Calls: "2"}},
		"failure":             {{Kind: "failure", Calls: "2,3"}},
		"truncated":           {{Kind: "truncated-body", Calls: "2"}},
		"reset":               {{Kind: "reset", Calls: "2"}},
		"refused":             {{Kind: "refused", Calls: "2"}},
		"slow header":         {{Kind: "slow-header", Calls: "2", Delay: time.Minute}},
		"slow body":           {{Kind: "slow-body", Calls: "2", Delay: time.Minute}},
		"hang":                {{Kind: "hang", Calls: "2"}},
		"drift, added":        {{Kind: "drift-added", When: map[string]string{"PageNumber": "2"}, Calls: "1"}},
		"drift, removed":      {{Kind: "drift-removed", When: map[string]string{"PageNumber": "2"}, Calls: "1"}},
		"drift, moved":        {{Kind: "drift-moved", When: map[string]string{"PageNumber": "2"}, Calls: "1"}},
		"short first page":    {{Kind: "short-page", When: map[string]string{"PageNumber": "1"}, Calls: "1"}},
		"short last page":     {{Kind: "short-page", When: map[string]string{"PageNumber": "2"}, Calls: "1"}},
		"page twice":          {{Kind: "duplicate-page", When: map[string]string{"PageNumber": "2"}, Calls: "1"}},
		"page cap":            {{Kind: "page-cap", Size: 20}},
		"page cap of 25":      {{Kind: "page-cap", Size: 25}},
		"page size refused":   {{Kind: "page-size-rejection", Size: 30}},
		"refused by gateway":  {{Kind: "page-size-rejection", Size: 30, Code: "InvalidPageSize"}},
		"total too low":       {{Kind: "wrong-total", Total: 5}},
		"total too high":      {{Kind: "wrong-total", Total: 300}},
		"unknown fields":      {{Kind: "unknown-fields"}},
		"numbers as strings":  {{Kind: "numbers-as-strings"}},
		"multiple at once":    {{Kind: "response", Status: 502, Body: "<html>502 Bad Gateway</html>", Calls: "2"}, {Kind: "truncated-body", Calls: "3"}, {Kind: "throttling", Calls: "4"}},
		"a moment of nothing": {{Kind: "refused", Calls: "1-3"}},
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
	case "page-size-rejection", "page-cap":
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
		"throttling":     {emulator.Fault{Kind: "throttling"}, `code: Throttling\.User.*HTTP status: 400.*request ID: .*probably by other clients`},
		"internal error": {emulator.Fault{Kind: "error"}, `code: InternalError.*HTTP status: 500.*request ID: .*attempts: 3.*contact Alibaba Cloud support`},
		"unavailable":    {emulator.Fault{Kind: "response", Status: 503}, `HTTP status 503 without an error of the API.*HTTP status: 503.*proxy`},
		"HTML 502":       {emulator.Fault{Kind: "response", Status: 502, Body: "<html>502 Bad Gateway</html>"}, `HTTP status 502 without an error of the API.*Check endpoints\.dts`},
		"HTML 200":       {emulator.Fault{Kind: "response", Status: 200, Body: "<html>Log in</html>"}, `broken response.*HTTP status: 200.*may come from a proxy`},
		"empty":          {emulator.Fault{Kind: "response", Status: 200}, `broken response.*HTTP status: 200`},
		"null":           {emulator.Fault{Kind: "response", Status: 200, Body: "null"}, `broken response: null`},
		"failure":        {emulator.Fault{Kind: "failure", Message: "GroupId"}, `GroupId is not valid.*code: InternalError.*request ID: .*attempts: 3`},
		"other failure":  {emulator.Fault{Kind: "failure", Code: "InvalidParameter", Message: "GroupId"}, `GroupId is not valid.*code: InvalidParameter`},
		"truncated":      {emulator.Fault{Kind: "truncated-body"}, `broken response: unexpected EOF`},
		"reset":          {emulator.Fault{Kind: "reset"}, `connection reset by peer.*Check that this machine can reach`},
		"refused":        {emulator.Fault{Kind: "refused"}, `EOF.*Check that this machine can reach`},
		"hang":           {emulator.Fault{Kind: "hang"}, `timeout awaiting response headers.*Check that this machine can reach`},
		"slow body":      {emulator.Fault{Kind: "slow-body", Delay: time.Minute}, `broken response.*(deadline|timeout)`},
		"expired token":  {emulator.Fault{Kind: "error", Code: "InvalidSecurityToken.Expired", Status: 403}, `code: InvalidSecurityToken\.Expired.*HTTP status: 403.*request ID: .*Get new temporary credentials`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timeouts := arguments{"client_connect_timeout": 5000, "client_read_timeout": 5000, "max_retry_timeout": 2}
			switch test.fault.Kind { // The others wait for nothing, and end with the time for retries.
			case "error", "failure":
				timeouts["max_retry_timeout"] = 60 // Three attempts end them, however busy the machine is.
			case "hang":
				timeouts["client_read_timeout"] = 300
			case "slow-body":
				timeouts["client_read_timeout"], timeouts["client_connect_timeout"] = 300, 300
			}
			s, _ := sessionWithFaults(t, timeouts, test.fault)
			if got := s.plan(t, "dts_jobs", nil); !wrapped(`ERROR: Unable to List DTS Jobs.*` + test.want).MatchString(got) {
				t.Errorf("no %s in:\n%s", test.want, got)
			}
		})
	}
}

// TestCanceledReads cancels a read in the middle of each kind of wait, and wants
// it to end with that. TestInterruptEndsAWaitForAJob interrupts a real CLI.
func TestCanceledReads(t *testing.T) {
	t.Parallel()
	wait := waitFor("stuck", arguments{"poll_interval": "1h", "timeouts": arguments{"read": "2h"}})
	for name, test := range map[string]struct {
		fault  emulator.Fault
		source string
		set    arguments
	}{
		"hang":       {emulator.Fault{Kind: "hang"}, "dts_jobs", nil},
		"slow body":  {emulator.Fault{Kind: "slow-body", Delay: time.Hour}, "dts_jobs", nil},
		"back-off":   {emulator.Fault{Kind: "response", Status: 503}, "dts_jobs", nil},
		"throttling": {emulator.Fault{Kind: "throttling"}, "dts_jobs", nil},
		"poll":       {emulator.Fault{Kind: "hang"}, "dts_precheck_status", wait},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			server, e := newEmulator(t)
			// The server reports a request before it meets a fault.
			server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				time.AfterFunc(100*time.Millisecond, cancel)
				e.ServeHTTP(w, r)
			})
			if err := e.SetFaults(test.fault); err != nil {
				t.Fatal(err)
			}
			s, _ := configured(t, provider.NewServer("test")(), blockFor(server.URL, arguments{"max_retry_timeout": 3600, "client_read_timeout": 3600000}))
			if got := render(s.readUntil(ctx, t, test.source, test.set).Diagnostics); !strings.Contains(got, "The read was canceled.") {
				t.Error(got)
			}
		})
	}
}
