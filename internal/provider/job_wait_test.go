package provider_test

import (
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// unknownValue is known only after apply.
const unknownValue = tftypes.UnknownValue

// waitForJob is a lookup by ID with a block wait_for. Its interval is shorter
// than a validated configuration can have.
func waitForJob(condition arguments) arguments {
	block := arguments{"poll_interval": nil}
	maps.Copy(block, condition)
	return arguments{"dts_job_id": "s1", "wait_for": block}
}

func quickly(condition arguments) arguments {
	maps.Copy(condition, arguments{"poll_interval": "10ms"})
	return waitForJob(condition)
}

// inStates responds with a synchronization in one state after the other, and
// then in the last for good. A state is a status and a delay, such as "Failed 7".
func inStates(states ...string) func(url.Values) string {
	var requests atomic.Int32
	return func(q url.Values) string {
		if q.Get("JobType") != "SYNC" {
			return emptyList(q)
		}
		status, delay, _ := strings.Cut(states[min(int(requests.Add(1)), len(states))-1], " ")
		return jobResponse(fmt.Sprintf(`{"DtsJobId":"s1","DtsInstanceID":"i1","DtsJobName":"orders","Status":%q,"Delay":%q,"JobType":"sync"}`, status, delay))
	}
}

// TestWaitForJob wants the state in which a wait ends, and how many polls that
// took.
func TestWaitForJob(t *testing.T) {
	t.Parallel()
	const warning = "^WARNING: Wait Ended Early.*"
	for name, test := range map[string]struct {
		condition arguments
		states    []string
		polls     int
		want      string // the diagnostics
	}{
		"at once":                          {arguments{"statuses": []string{"Synchronizing"}}, []string{"Synchronizing 7"}, 1, `^$`},
		"in any case":                      {arguments{"statuses": []string{"SYNCHRONIZING"}}, []string{"synchronizing 7"}, 1, `^$`},
		"after a while":                    {arguments{"statuses": []string{"Synchronizing", "Finished"}}, []string{"Prechecking", "Initializing", "Finished"}, 3, `^$`},
		"delay":                            {arguments{"max_delay_seconds": 7}, []string{"Synchronizing -1", "Synchronizing 9", "Synchronizing 8", "Synchronizing 7"}, 4, `^$`},
		"delay of zero":                    {arguments{"max_delay_seconds": 0}, []string{"Synchronizing 1", "Synchronizing 0"}, 2, `^$`},
		"null delay":                       {arguments{"max_delay_seconds": 7}, []string{"Synchronizing", "Synchronizing", "Synchronizing", "Synchronizing", "Synchronizing 7"}, 5, `^$`},
		"both":                             {arguments{"statuses": []string{"Synchronizing"}, "max_delay_seconds": 7}, []string{"Synchronizing 8", "Initializing 7", "Synchronizing 7"}, 3, `^$`},
		"final status":                     {arguments{"statuses": []string{"Synchronizing"}}, []string{"Initializing", "InitializeFailed"}, 4, warning + `Required: status Synchronizing\. Found: DTS job s1 \(orders\) with status InitializeFailed and delay_seconds null \(request ID R-1\)`},
		"final, in any case":               {arguments{"statuses": []string{"Synchronizing"}}, []string{"suspending 7"}, 3, warning + `status suspending and delay_seconds 7`},
		"final with a delay":               {arguments{"max_delay_seconds": 7}, []string{"Suspending 7"}, 3, warning + `Required: status Migrating or Synchronizing or Normal, delay_seconds of at most 7\.`},
		"wanted final status":              {arguments{"statuses": []string{"finished"}}, []string{"Finished"}, 1, `^$`},
		"wanted final status, delay later": {arguments{"statuses": []string{"Suspending"}, "max_delay_seconds": 1.5}, []string{"Suspending"}, 3, warning + `status Suspending and delay_seconds null`},
		"a reset":                          {arguments{"statuses": []string{"Synchronizing"}}, []string{"PrecheckFailed", "PrecheckFailed", "Prechecking", "PrecheckFailed", "Failed", "Synchronizing"}, 6, `^$`},
		"different failures":               {arguments{"statuses": []string{"Synchronizing"}}, []string{"PrecheckFailed", "Failed", "Abnormal"}, 3, warning + `status Abnormal`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, inStates(test.states...))
			s := newSession(t, api.URL)
			set := quickly(test.condition)
			set["job_types"] = []string{"SYNC"}
			resp := s.read(t, "dts_job", set)
			status, _, _ := strings.Cut(test.states[len(test.states)-1], " ")
			if got := render(resp.Diagnostics); !wrapped(test.want).MatchString(got) || stringOf(t, s.state(t, "dts_job", resp)["status"]) != status {
				t.Errorf("no %s in:\n%s\nstate %v", test.want, got, s.state(t, "dts_job", resp)["status"])
			}
			if polls := len(api.requests()); polls != test.polls {
				t.Errorf("%d polls, want %d", polls, test.polls)
			}
		})
	}
}

// TestPollsAreByID searches once, whatever the lookup is by.
func TestPollsAreByID(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, inStates("Initializing", "Initializing", "Synchronizing 7"))
	set := quickly(arguments{"statuses": []string{"Synchronizing"}})
	delete(set, "dts_job_id")
	set["dts_job_name"] = "orders"
	if diags := newSession(t, api.URL).read(t, "dts_job", set).Diagnostics; len(diags) > 0 {
		t.Fatal(render(diags))
	}
	var got []string
	for _, q := range api.requests() {
		got = append(got, q.Get("JobType")+" "+q.Get("Params")+q.Get("DtsJobId"))
	}
	if want := "MIGRATION orders, SYNC orders, SUBSCRIBE orders, SYNC s1, SYNC s1"; strings.Join(got, ", ") != want {
		t.Errorf("requests: %s\nwant %s", strings.Join(got, ", "), want)
	}
}

// TestWaitForJobSurvivesFailures goes on through failures that pass, and ends
// with others.
func TestWaitForJobSurvivesFailures(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ failure, want string }{
		"passes":      {`500 {"Code":"InternalError","Message":"internal","RequestId":"R-2"}`, `^$`},
		"does not":    {`403 {"Code":"Forbidden.RAM","Message":"denied","RequestId":"R-2"}`, `ERROR: Unable to Read DTS Job denied`},
		"job is gone": {`403 {"Code":"Forbidden.InstanceNotFound","Message":"gone","RequestId":"R-2"}`, `ERROR: Unable to Read DTS Job.*DTS job with the ID "s1" not found`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := 0
			onFakeClock(t, handler(func(url.Values) string {
				requests++
				switch {
				case requests == 1:
					return jobResponse(`{"DtsJobId":"s1","Status":"Initializing"}`)
				case requests <= 7: // Two polls of three attempts.
					return test.failure
				}
				return jobResponse(`{"DtsJobId":"s1","Status":"Synchronizing"}`)
			}), func(t *testing.T, s session) {
				if _, got := s.readState(t, "dts_job", quickly(arguments{"statuses": []string{"Synchronizing"}})); !wrapped(test.want).MatchString(got) {
					t.Errorf("no %s in:\n%s", test.want, got)
				}
			})
		})
	}
}

// TestWaitForJobTimeout wants the error of a wait that timeouts.read ended to
// name what was last found.
func TestWaitForJobTimeout(t *testing.T) {
	t.Parallel()
	const job = `{"DtsJobId":"s1","DtsJobName":"orders","JobType":"sync","Status":"Synchronizing","Delay":12}`
	const found = `Required: status Finished, delay_seconds of at most 5\. The last poll found DTS job s1 \(orders\) with status Synchronizing and delay_seconds 12 \(request ID R-1\)\.`
	for name, test := range map[string]struct {
		interval string
		respond  func(n int32) string
		want     string
	}{
		"between polls": {"1h", func(int32) string { return jobResponse(job) }, found},
		"in a poll": {"10ms", func(n int32) string {
			if n > 1 {
				time.Sleep(2 * time.Second)
			}
			return jobResponse(job)
		}, found},
		"in the first poll": {"10ms", func(int32) string { time.Sleep(2 * time.Second); return jobResponse(job) },
			`No response about the DTS job with the ID "s1" was received\.`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests int32
			onFakeClock(t, handler(func(url.Values) string { requests++; return test.respond(requests) }), func(t *testing.T, s session) {
				set := waitForJob(arguments{"statuses": []string{"Finished"}, "max_delay_seconds": 5, "poll_interval": test.interval})
				set["timeouts"] = arguments{"read": "1s"}
				_, got := s.readState(t, "dts_job", set)
				if !wrapped(`ERROR: Unable to Read DTS Job.*The wait ended after 1s: timeouts\.read has passed\..*` + test.want + `.*Increase timeouts\.read`).MatchString(got) {
					t.Error(got)
				}
			})
		})
	}
}

// TestInterruptEndsAWaitForAJob sends the CLI what Ctrl-C sends, and wants it
// gone well before the next poll.
func TestInterruptEndsAWaitForAJob(t *testing.T) {
	t.Parallel()
	server, e := newEmulator(t)
	read := make(chan bool, 100)
	e.OnRequest = func(emulator.Request) { read <- true }
	c := newCLIWith(t, providerBlock(server.URL)+`
data "dts_job" "test" {
  dts_job_id = "k2fm11x9d8t12ab"
  wait_for {
    statuses      = ["Finished"]
    poll_interval = "1h"
  }
  timeouts { read = "2h" }
}`)
	command := c.command(t, "plan", "-no-color")
	var output strings.Builder
	command.Stdout, command.Stderr = &output, &output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-read:
	case <-time.After(cliDeadline):
		t.Fatal("no request was sent")
	}
	if err := command.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	// A wait of two hours would end with the deadline of the test, which kills the CLI.
	if err := command.Wait(); err == nil || !command.ProcessState.Exited() || !strings.Contains(output.String(), "cancel") {
		t.Errorf("%s:\n%s", command.ProcessState, &output)
	}
}

// TestLogs wants one short line per poll and per retry in the log of the CLI.
func TestLogs(t *testing.T) {
	t.Parallel()
	server, e := newEmulator(t)
	if err := e.SetFaults(emulator.Fault{Kind: "response", Status: 503, Calls: "1"}); err != nil {
		t.Fatal(err)
	}
	c := newCLIWith(t, providerBlock(server.URL)+`
data "dts_job" "test" {
  dts_job_id = "cutover"
  wait_for {
    max_delay_seconds = 5
    poll_interval     = "1s"
  }
}
data "dts_precheck_status" "test" {
  dts_job_id          = "checking-then-passed"
  wait_for_completion = true
  poll_interval       = "1s"
}`)
	log := filepath.Join(t.TempDir(), "log")
	c.environment = append(c.environment, "TF_LOG_PROVIDER=INFO", "TF_LOG_PATH="+log)
	c.mustRun(t, "plan")
	lines := strings.Split(readFile(t, log), "\n")
	for message, want := range map[string]struct {
		least  int
		fields []string // of the first line
	}{
		"status=Migrating":          {2, []string{"waiting for DTS job", "dts_job_id=cutover", "delay_seconds=61.24", "elapsed="}},
		"state=Checking":            {2, []string{"waiting for DTS job", "dts_job_id=checking-then-passed", `items_done="`, "elapsed="}},
		"retrying a failed request": {1, nil},
	} {
		found := slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return !strings.Contains(line, message) })
		if len(found) < want.least {
			t.Fatalf("%s: %d lines in:\n%s", message, len(found), strings.Join(lines, "\n"))
		}
		for _, field := range append(want.fields, "[INFO]") {
			if !strings.Contains(found[0], field) {
				t.Errorf("no %q in %s", field, found[0])
			}
		}
	}
}
