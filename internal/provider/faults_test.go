package provider_test

import (
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// migrations is how many migration jobs the emulator's account has in
// cn-hangzhou, on more than one page.
const migrations = 33

// patience is for servers that are slow on purpose.
const patience = "client_connect_timeout = 1000\nclient_read_timeout = 1000\nmax_retry_timeout = 20\n"

// TestFaultsHeal plays each fault that passes by itself and wants the whole
// list all the same.
func TestFaultsHeal(t *testing.T) {
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
		"short first page":    {{Kind: emulator.FaultShortPage, When: map[string]string{"PageNumber": "1", "PageSize": "30"}, Calls: "1"}},
		"short last page":     {{Kind: emulator.FaultShortPage, When: map[string]string{"PageNumber": "2"}, Calls: "1"}},
		"page twice":          {{Kind: emulator.FaultDuplicatePage, When: map[string]string{"PageNumber": "2"}, Calls: "1"}},
		"page cap":            {{Kind: emulator.FaultPageCap, Size: 20}},
		"page cap of 7":       {{Kind: emulator.FaultPageCap, Size: 7}},
		"page size refused":   {{Kind: emulator.FaultPageSizeRejection, Size: 30}},
		"refused by gateway":  {{Kind: emulator.FaultPageSizeRejection, Size: 30, Code: "InvalidPageSize"}},
		"total too low":       {{Kind: emulator.FaultWrongTotal, Total: 5}},
		"total too high":      {{Kind: emulator.FaultWrongTotal, Total: 300}},
		"unknown fields":      {{Kind: emulator.FaultUnknownFields}},
		"numbers as strings":  {{Kind: emulator.FaultNumbersAsStrings}},
		"several at a time":   {{Kind: emulator.FaultHTML502, Calls: "2"}, {Kind: emulator.FaultTruncatedBody, Calls: "3"}, {Kind: emulator.FaultThrottling, Calls: "4"}},
		"a moment of nothing": {{Kind: emulator.FaultRefused, Calls: "1-3"}},
	} {
		t.Run(name, func(t *testing.T) {
			server, e := newEmulator(t)
			// With the documented page sizes, the account is on more than one page.
			if err := e.SetFaults(append(faults, emulator.Fault{Kind: emulator.FaultDocumentedPageSizes})...); err != nil {
				t.Fatal(err)
			}
			c := newCLI(t, folderWith(t, providerSource+providerBlock(server.URL, patience)+jobs("")+
				`output "read" { value = "${length(data.dts_jobs.test.jobs)} jobs" }`))
			if output := c.must(t, "plan", "-no-color"); !strings.Contains(output, fmt.Sprintf(`read = "%d jobs"`, migrations)) {
				t.Error(output)
			}
			played := 0
			for _, call := range e.Requests() {
				for _, kind := range call.Faults {
					if kind != emulator.FaultDocumentedPageSizes {
						played++
					}
				}
			}
			if played == 0 {
				t.Error("the fault was never played")
			}
		})
	}
}

// TestFaultsThatStay wants an error that names the fault, what to quote and
// the next step.
func TestFaultsThatStay(t *testing.T) {
	for name, test := range map[string]struct {
		fault emulator.Fault
		want  string
	}{
		"throttling":     {emulator.Fault{Kind: emulator.FaultThrottling}, `code: Throttling\.User.*HTTP status: 400.*request id: .*Other clients of this account`},
		"internal error": {emulator.Fault{Kind: emulator.FaultInternalError}, `code: InternalError.*HTTP status: 500.*request id: .*attempts: 3.*ask Alibaba Cloud support`},
		"unavailable":    {emulator.Fault{Kind: emulator.FaultUnavailable}, `HTTP status 503 without an error of the API.*HTTP status: 503.*proxy`},
		"HTML 502":       {emulator.Fault{Kind: emulator.FaultHTML502}, `HTTP status 502 without an error of the API.*Check endpoints\.dts`},
		"HTML 200":       {emulator.Fault{Kind: emulator.FaultHTML200}, `broken answer.*HTTP status: 200.*may not be the DTS API but a proxy`},
		"empty":          {emulator.Fault{Kind: emulator.FaultEmpty200}, `broken answer.*HTTP status: 200`},
		"null":           {emulator.Fault{Kind: emulator.FaultNull}, `broken answer: null`},
		"failure":        {emulator.Fault{Kind: emulator.FaultFailure, Message: "GroupId"}, `GroupId is not valid.*code: InternalError.*request id: .*attempts: 3`},
		"other failure":  {emulator.Fault{Kind: emulator.FaultFailure, Code: "InvalidParameter", Message: "GroupId"}, `GroupId is not valid.*code: InvalidParameter.*attempts: 1`},
		"truncated":      {emulator.Fault{Kind: emulator.FaultTruncatedBody}, `broken answer: unexpected EOF`},
		"reset":          {emulator.Fault{Kind: emulator.FaultReset}, `connection reset by peer.*Check that this machine reaches the endpoint`},
		"refused":        {emulator.Fault{Kind: emulator.FaultRefused}, `EOF.*Check that this machine reaches the endpoint`},
		"hang":           {emulator.Fault{Kind: emulator.FaultHang}, `time.?out.*Check that this machine reaches the endpoint`},
		"slow body":      {emulator.Fault{Kind: emulator.FaultSlowBody, Delay: time.Minute}, `broken answer.*(deadline|timeout)`},
		"expired token":  {emulator.Fault{Kind: emulator.FaultExpiredToken}, `code: InvalidSecurityToken\.Expired.*HTTP status: 403.*request id: .*Get a new set of temporary keys`},
	} {
		t.Run(name, func(t *testing.T) {
			server, e := newEmulator(t)
			if err := e.SetFaults(test.fault); err != nil {
				t.Fatal(err)
			}
			config := providerBlock(server.URL, "client_connect_timeout = 300\nclient_read_timeout = 300\nmax_retry_timeout = 2\n") + jobs("")
			output, code := newCLI(t, folderWith(t, providerSource+config)).run(t, "plan", "-no-color")
			if code == 0 || !words(`(?s)DTS jobs could not be listed.*`+test.want).MatchString(output) {
				t.Errorf("exit code %d, want %s:\n%s", code, test.want, output)
			}
		})
	}
}

// TestInterruptDuringAFault sends the CLI what Ctrl-C sends in the middle of
// each kind of wait, and wants the provider gone with it.
func TestInterruptDuringAFault(t *testing.T) {
	for _, kind := range []emulator.FaultKind{emulator.FaultHang, emulator.FaultSlowBody, emulator.FaultUnavailable, emulator.FaultThrottling} {
		t.Run(string(kind), func(t *testing.T) {
			server, e := newEmulator(t)
			fault := emulator.Fault{Kind: kind}
			if kind == emulator.FaultSlowBody {
				fault.Delay = time.Hour
			}
			// The server tells of a call before it plays a fault with it.
			reached := make(chan bool, 1000)
			server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				reached <- true
				e.ServeHTTP(w, r)
			})
			if err := e.SetFaults(fault); err != nil {
				t.Fatal(err)
			}
			c := newCLI(t, folderWith(t, providerSource+providerBlock(server.URL, "max_retry_timeout = 3600\nclient_read_timeout = 3600000")+jobs("")))
			command := exec.CommandContext(t.Context(), cliPath(t), "plan", "-no-color")
			command.Dir, command.Env = c.folder, c.environment
			var output strings.Builder
			command.Stdout, command.Stderr = &output, &output
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			<-reached
			if err := command.Process.Signal(syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			interrupted := time.Now()
			if err := command.Wait(); err == nil {
				t.Error("the plan succeeded")
			}
			t.Logf("gone %s after the interrupt", time.Since(interrupted))
			if took := time.Since(interrupted); took > time.Minute {
				t.Errorf("it took %s:\n%s", took, &output)
			}
		})
	}
}

// TestManyBlocksAtOnce reads twenty lists that differ, so that none is shared,
// under a limit of the emulator, which throttles what is above it.
func TestManyBlocksAtOnce(t *testing.T) {
	server, e := newEmulator(t)
	e.Rate = limitWithRoom
	var config strings.Builder
	for n := range 20 {
		fmt.Fprintf(&config, "data \"dts_jobs\" \"block%d\" { status = \"Status%d\" }\n", n, n)
	}
	applied(t, providerBlock(server.URL, "")+config.String()+jobs(""), []statecheck.StateCheck{in(key("ids"), knownvalue.ListSizeExact(migrations))}...)
	for _, call := range e.Requests() {
		if strings.HasPrefix(call.Code, "Throttling") {
			t.Errorf("a call was throttled at %s", call.Time)
		}
	}
}
