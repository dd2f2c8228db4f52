package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// controlRequest sends a control request as a program on the same machine does.
func controlRequest(e *Emulator, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://127.0.0.1:8899"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return serveRecorded(e, r)
}

func TestControl(t *testing.T) {
	e, _ := newEmulator(t)
	var health struct {
		Status                     string
		Jobs, Prechecks, Scenarios int
		Operations                 []string
	}
	got := controlRequest(e, "GET", "/_emulator/health", "")
	if err := json.Unmarshal(got.Body.Bytes(), &health); err != nil || got.Code != 200 || health.Status != "ok" || health.Jobs < 60 ||
		health.Prechecks < 10 || health.Scenarios < 30 || len(health.Operations) < 6 {
		t.Errorf("health: %d %s", got.Code, got.Body)
	}
	if got := controlRequest(e, "GET", "/_emulator/requests", ""); strings.TrimSpace(got.Body.String()) != "[]" {
		t.Errorf("requests before any: %s", got.Body)
	}
	describe(t, e, pairs{"Status": "Migrating"})
	var requests []Request
	got = controlRequest(e, "GET", "/_emulator/requests", "")
	if err := json.Unmarshal(got.Body.Bytes(), &requests); err != nil || len(requests) != 1 || requests[0].Parameters.Get("Status") != "Migrating" {
		t.Errorf("requests: %s", got.Body)
	}
	if got := controlRequest(e, "POST", "/_emulator/reset", ""); got.Code != http.StatusNoContent || len(e.Requests()) != 0 {
		t.Errorf("reset: %d, %d requests left", got.Code, len(e.Requests()))
	}
	if got := controlRequest(e, "GET", "/_emulator/reset", ""); got.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET reset: %d", got.Code)
	}
	if got := controlRequest(e, "GET", "/_emulator/nothing", ""); got.Code != http.StatusNotFound {
		t.Errorf("unknown path: %d", got.Code)
	}
}

// The index lists every path that is served.
func TestControlIndex(t *testing.T) {
	e, _ := newEmulator(t)
	index := controlRequest(e, "GET", "/_emulator/", "").Body.String()
	for _, path := range controlPaths {
		if !strings.Contains(index, path.method) || !strings.Contains(index, path.doc) {
			t.Errorf("%s %s is not in the index:\n%s", path.method, path.path, index)
		}
	}
	for line := range strings.Lines(index) {
		fields := strings.Fields(line)
		if got := controlRequest(e, fields[0], fields[1], ""); got.Code == http.StatusMethodNotAllowed || got.Code == http.StatusNotFound && !strings.Contains(got.Body.String(), `there is no \"NAME\"`) {
			t.Errorf("%s: %d", line, got.Code)
		}
	}
}

// Web sites that a browser shows can neither read nor change the emulator; programs
// on this machine, on other machines and in other containers can.
func TestControlRequestsOfWebSites(t *testing.T) {
	for name, test := range map[string]struct {
		host, header, value string
		status              int
	}{
		"address":           {"127.0.0.1:8899", "", "", 204},
		"IPv6":              {"[::1]:8899", "", "", 204},
		"no port":           {"127.0.0.1", "", "", 204},
		"localhost":         {"localhost:8899", "", "", 204},
		"of a container":    {"dts-emulator:8899", "", "", 204},
		"JSON":              {"127.0.0.1:8899", "Content-Type", "application/json; charset=utf-8", 204},
		"typed in":          {"127.0.0.1:8899", "Sec-Fetch-Site", "none", 204},
		"its own page":      {"127.0.0.1:8899", "Sec-Fetch-Site", "same-origin", 204},
		"own origin":        {"dts-emulator:8899", "Origin", "http://dts-emulator:8899", 204},
		"other origin":      {"dts-emulator:8899", "Origin", "https://attacker.example", 403},
		"no origin":         {"dts-emulator:8899", "Origin", "null", 403},
		"rebound name":      {"attacker.example:8899", "", "", 403},
		"name like local":   {"localhost.attacker.example", "", "", 403},
		"other site":        {"127.0.0.1:8899", "Sec-Fetch-Site", "cross-site", 403},
		"other port":        {"localhost:8899", "Sec-Fetch-Site", "same-site", 403},
		"form":              {"127.0.0.1:8899", "Content-Type", "application/x-www-form-urlencoded", 403},
		"form with a file":  {"127.0.0.1:8899", "Content-Type", "multipart/form-data; boundary=x", 403},
		"form as text":      {"127.0.0.1:8899", "Content-Type", "Text/Plain;charset=UTF-8", 403},
		"type that is none": {"127.0.0.1:8899", "Content-Type", ";", 403},
	} {
		e, _ := newEmulator(t)
		r := httptest.NewRequest(http.MethodPost, "http://"+test.host+"/_emulator/reset", nil)
		if test.header != "" {
			r.Header.Set(test.header, test.value)
		}
		if got := serveRecorded(e, r); got.Code != test.status {
			t.Errorf("%s: %d %s", name, got.Code, got.Body)
		}
	}
}

// Jobs, prechecks, responses and scenarios can be added, replaced and removed while
// the emulator serves, as files of fixtures would hold them; bad ones change nothing.
func TestFixturesOverHTTP(t *testing.T) {
	_, clock := newEmulator(t)
	e := &Emulator{Rate: -1, Fixtures: fifteenJobs(), clock: clock.Now}
	state := func(id string) string {
		return send(t, e, precheckRequest(e, pairs{"DtsJobId": id})).State
	}
	shown := func() string {
		status := fieldOf(describe(t, e, pairs{"DtsJobId": "j01,new,played"}).DtsJobList, "Status")
		detail := send(t, e, acs3Request(pairs{"RegionId": "cn-hangzhou", "Topic": "t"}, signing{headers: map[string]string{"x-acs-action": "DescribeThing"}}))
		return fmt.Sprint(strings.Join(status, ","), " ", state("j01"), " ", state("new"), " ", state("played"), " ", detail.Message+detail.State)
	}
	const precheck = `{"State": "Failed", "_emulator": {"DtsJobId": "new", "JobCode": "01", "StructType": "before"}}`
	unknown := "Specified api is not found, please check your url and method. The emulator has AssumeRole, AssumeRoleWithOIDC, " +
		"DescribeDtsJobDetail, DescribeDtsJobs, DescribePreCheckStatus, GetCallerIdentity; fixtures add others."
	for i, step := range []struct {
		method, name, body string
		status             int
		shown              string
	}{
		{"PUT", "cn-hangzhou/MIGRATION/a", `{"DtsJobList": []}`, 204, " NotStarted   " + unknown},
		{"PUT", "cn-hangzhou/SYNC/a", `{"DtsJobList": [{"DtsJobId": "j01", "Status": "Failed"}]}`, 204, " NotStarted   " + unknown},
		{"PUT", "cn-hangzhou/MIGRATION/a", `{"DtsJobList": [{"DtsJobId": "j01", "Status": "Migrating", "PrecheckStatus": {"Status": "Finished"}}, {"DtsJobId": "new", "Status": "Prechecking"}]}`, 204,
			"Migrating,Prechecking Finished NotStarted  " + unknown},
		{"PUT", "cn-hangzhou/PRECHECK/a", precheck, 204, "Migrating,Prechecking Finished Failed  " + unknown},
		{"PUT", "cn-hangzhou/PRECHECK/a", strings.Replace(precheck, "Failed", "Checking", 1), 204, "Migrating,Prechecking Finished Checking  " + unknown},
		{"PUT", "operations/DescribeThing", `{"parameters": {"Topic": "t"}, "response": {"State": "thing"}}`, 204, "Migrating,Prechecking Finished Checking  thing"},
		{"PUT", "operations/DescribeThing", `[{"parameters": {"Topic": "u"}, "response": {}}]`, 204, "Migrating,Prechecking Finished Checking  No fixture of DescribeThing matches the parameters of the request."},
		{"PUT", "scenarios/played", `{"description": "A.", "job_type": "MIGRATION", "steps": [{"job": {"Status": "Upgrade"}}]}`, 204,
			"Migrating,Prechecking,Upgrade Finished Checking NotStarted No fixture of DescribeThing matches the parameters of the request."},
		{"PUT", "scenarios/played", `{}`, 400, "Migrating,Prechecking,Upgrade Finished Checking NotStarted No fixture of DescribeThing matches the parameters of the request."},
		{"PUT", "cn-hangzhou/SYNC/a", `{"DtsJobList": [{"DtsJobId": "j01"}, 7]}`, 400, "Migrating,Prechecking,Upgrade Finished Checking NotStarted No fixture of DescribeThing matches the parameters of the request."},
		{"PUT", "cn-hangzhou/SYNC/twice", `{"DtsJobList": [{"DtsJobId": "j01"}, {"DtsJobId": "j01"}]}`, 400, "Migrating,Prechecking,Upgrade Finished Checking NotStarted No fixture of DescribeThing matches the parameters of the request."},
		{"PUT", "cn-hangzhou/SYNC/many", `{"DtsJobList": [` + strings.Repeat(`{},`, 10_000) + `{}]}`, 400, "Migrating,Prechecking,Upgrade Finished Checking NotStarted No fixture of DescribeThing matches the parameters of the request."},
		{"PUT", "cn-hangzhou", `{}`, 400, "Migrating,Prechecking,Upgrade Finished Checking NotStarted No fixture of DescribeThing matches the parameters of the request."},
		{"DELETE", "cn-hangzhou/j02", "", 204, "Migrating,Prechecking,Upgrade Finished Checking NotStarted No fixture of DescribeThing matches the parameters of the request."},
		{"DELETE", "cn-hangzhou/new", "", 204, "Migrating,Upgrade Finished  NotStarted No fixture of DescribeThing matches the parameters of the request."},
		{"DELETE", "cn-hangzhou/new", "", 404, "Migrating,Upgrade Finished  NotStarted No fixture of DescribeThing matches the parameters of the request."},
		{"DELETE", "operations/DescribeThing", "", 204, "Migrating,Upgrade Finished  NotStarted " + unknown},
		{"DELETE", "scenarios/played", "", 204, "Migrating Finished   " + unknown},
	} {
		got := controlRequest(e, step.method, "/_emulator/fixtures/"+step.name, step.body)
		if got.Code != step.status || got.Code >= 400 && !strings.Contains(got.Body.String(), `"error"`) {
			t.Errorf("step %d: %d %s", i+1, got.Code, got.Body)
		}
		if err := e.SetFaults(Fault{Kind: "hang", Operation: "DescribeThing", Calls: "1000"}); (err != nil) != strings.Contains(step.shown, unknown) {
			t.Errorf("step %d: a fault of the operation: %v", i+1, err)
		}
		if shown := shown(); shown != step.shown {
			t.Errorf("step %d: %q, want %q", i+1, shown, step.shown)
		}
	}
	controlRequest(e, "POST", "/_emulator/reset", "")
	if n := describe(t, e, pairs{"DtsJobId": "j01"}).DtsJobList; n[0]["Status"] != "Migrating" {
		t.Errorf("after a reset: %v", n)
	}
	controlRequest(e, "POST", "/_emulator/reload", "")
	if n := describe(t, e, pairs{"DtsJobId": "j01"}).DtsJobList; n[0]["Status"] != nil {
		t.Errorf("after a reload: %v", n)
	}
}
