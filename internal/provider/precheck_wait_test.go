package provider_test

import (
	"fmt"
	"maps"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// waitFor are the arguments of a wait for a job. Its interval is shorter than
// a validated configuration can have.
func waitFor(job string, more arguments) arguments {
	set := arguments{"dts_job_id": job, "wait_for_completion": true, "poll_interval": "50ms"}
	maps.Copy(set, more)
	return set
}

func TestWaitGoesOnUntilARunCounts(t *testing.T) {
	t.Parallel()
	server, _ := newEmulator(t)
	s := newSession(t, server.URL)
	after := time.Now().Add(-10 * time.Minute).UTC().Format(time.RFC3339)
	state := s.state(t, "dts_precheck_status", s.read(t, "dts_precheck_status", waitFor("second-run-seen-late", arguments{"started_after": after})))
	if result := stringOf(t, state["result"]); result != "PASSED" {
		t.Errorf("result %s", result)
	}
}

// subtaskPage is the requested page of a subtask with a number of items.
func subtaskPage(q url.Values, state string, items int) string {
	var number, size int
	if _, err := fmt.Sscan(q.Get("PageNo"), &number); err != nil {
		return "400 " + err.Error()
	}
	if _, err := fmt.Sscan(q.Get("PageSize"), &size); err != nil {
		return "400 " + err.Error()
	}
	var page []string
	for i := (number - 1) * size; i < min(number*size, items); i++ {
		page = append(page, fmt.Sprintf(`{"Item":"I%d","State":"Success"}`, i))
	}
	return fmt.Sprintf(`{"State":%q,"JobId":"j","RequestId":"R-1","TotalRecordCount":%d,"JobProgress":[%s]}`, state, items, strings.Join(page, ","))
}

// TestPollsReadTheFirstPage reads the other pages only once the subtask has
// ended.
func TestPollsReadTheFirstPage(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	api := newFakeAPI(t, func(q url.Values) string {
		if requests.Add(1) > 5 {
			return subtaskPage(q, "Finished", 250)
		}
		if q.Get("PageNo") != "1" {
			t.Errorf("page %s was read while the subtask was running", q.Get("PageNo"))
		}
		return subtaskPage(q, "Checking", 250)
	})
	s := newSession(t, api.URL)
	state := s.state(t, "dts_precheck_status", s.read(t, "dts_precheck_status", waitFor("j", nil)))
	if items := elementsOf(t, state["job_progress"]); len(items) != 250 || stringOf(t, state["result"]) != "PASSED" {
		t.Errorf("%d items, result %s", len(items), state["result"])
	}
}

// TestWaitSequences waits through states in which a wait must not end.
func TestWaitSequences(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		states []string // of the polls; the last one goes on
		grace  string
		want   string
	}{
		"stalled, running, stalled": {[]string{"NotStarted", "Checking", "NotStarted", "Finished"}, "80ms", "PASSED"},
		"undocumented":              {[]string{"Pondering", "Pondering", "Pondering", "Finished"}, "0s", "PASSED"},
		"failed":                    {[]string{"Checking", "Failed"}, "0s", "FAILED"},
		"suspended":                 {[]string{"Checking", "Suspending"}, "0s", "SUSPENDED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			polls := 0
			onFakeClock(t, handler(func(q url.Values) string {
				if q.Get("PageNo") == "1" {
					polls++
				}
				return subtaskPage(q, test.states[min(polls, len(test.states))-1], 120)
			}), func(t *testing.T, s session) {
				state, diags := s.readState(t, "dts_precheck_status", waitFor("j", arguments{"not_started_grace": test.grace}))
				items, _ := state["job_progress"].([]any)
				if diags != "" || state["result"] != test.want || len(items) != 120 {
					t.Errorf("result %s, %d items; %s", state["result"], len(items), diags)
				}
			})
		})
	}
}

// TestWaitSurvivesFailures goes on through failures that pass, after the
// endpoint has sent a well-formed response.
func TestWaitSurvivesFailures(t *testing.T) {
	t.Parallel()
	requests := 0
	onFakeClock(t, handler(func(q url.Values) string {
		requests++
		switch {
		case requests == 1:
			return subtaskPage(q, "Checking", 2)
		case requests <= 7: // Two polls of three attempts.
			return `500 {"Code":"InternalError","Message":"internal","RequestId":"R-2"}`
		}
		return subtaskPage(q, "Finished", 2)
	}), func(t *testing.T, s session) {
		if state, diags := s.readState(t, "dts_precheck_status", waitFor("j", nil)); diags != "" || state["result"] != "PASSED" {
			t.Errorf("result %s; %s", state["result"], diags)
		}
	})
}

// TestWaitEndsWithAFailure ends at once for a failure that does not pass, and
// for one of an endpoint that has never sent a well-formed response.
func TestWaitEndsWithAFailure(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		first, later string
		want         string
	}{
		"released":         {"", `403 {"Code":"Forbidden.InstanceNotFound","Message":"gone","RequestId":"R-2"}`, "InstanceNotFound.*R-2"},
		"released, empty":  {"", `{"Success":true,"RequestId":"R-2"}`, "no state, no job and no items.*R-2"},
		"no good response": {"502 <html>", "502 <html>", "HTTP status 502.*endpoints.dts"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := 0
			onFakeClock(t, handler(func(q url.Values) string {
				requests++
				switch {
				case requests > 1:
					return test.later
				case test.first != "":
					return test.first
				}
				return subtaskPage(q, "Checking", 2)
			}), func(t *testing.T, s session) {
				if _, got := s.readState(t, "dts_precheck_status", waitFor("j", nil)); !wrapped("ERROR: Unable to Read DTS Precheck Status.*" + test.want).MatchString(got) {
					t.Error(got)
				}
			})
		})
	}
}

// TestWaitTimeout wants the error of a wait that timeouts.read ended to name
// what is known of the subtask, in every phase of a poll.
func TestWaitTimeout(t *testing.T) {
	t.Parallel()
	const running = `{"State":"Checking","JobId":"j","RequestId":"R-1","TotalRecordCount":2,"JobProgress":[{"Item":"A","State":"Success"},{"Item":"B","State":"Checking"}]}`
	const progress = `j was RUNNING: state Checking, 1 of 2 items done \(request ID R-1\)\..*Pending items:.*- B \[Checking\]`
	for name, test := range map[string]struct {
		interval, timeout string
		respond           func(n int32) string
		want              string
	}{
		"between polls":         {"1h", "1s", func(int32) string { return running }, progress},
		"count above the items": {"1h", "1s", func(int32) string { return strings.Replace(running, `":2,`, `":5,`, 1) }, `1 of 5 items done`},
		"in a poll": {"10ms", "1s", func(n int32) string {
			if n > 1 {
				time.Sleep(2 * time.Second)
			}
			return running
		}, progress},
		"after failed polls": {"10ms", "10s", func(n int32) string {
			if n > 1 {
				return `500 {"Code":"InternalError","Message":"internal","RequestId":"R-2"}`
			}
			return running
		}, progress + `.*last failed poll: internal.*request ID: R-2`},
		"in a poll that failed": {"10ms", "1s", func(n int32) string {
			if n > 1 {
				return `503 {"Code":"ServiceUnavailable","Message":"unavailable","RequestId":"R-2"}`
			}
			return running
		}, progress + `.*last failed poll: unavailable.*request ID: R-2`},
		"in the first poll": {"10ms", "1s", func(int32) string { time.Sleep(2 * time.Second); return running }, `No response about DTS job j was received`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests int32
			onFakeClock(t, handler(func(url.Values) string { requests++; return test.respond(requests) }), func(t *testing.T, s session) {
				set := waitFor("j", arguments{"poll_interval": test.interval, "timeouts": arguments{"read": test.timeout}})
				got := render(s.read(t, "dts_precheck_status", set).Diagnostics)
				if !wrapped(`The wait ended after ` + test.timeout + `: timeouts\.read has passed\..*` + test.want + `.*Increase timeouts\.read`).MatchString(got) {
					t.Error(got)
				}
			})
		})
	}
}
