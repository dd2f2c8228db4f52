package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func controlResponse(e *Emulator, method, path string) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, httptest.NewRequest(method, "http://"+testHost+path, nil))
	return recorder
}

func TestControl(t *testing.T) {
	e, _ := newEmulator(t)
	var health struct {
		Status    string
		Jobs      int
		Prechecks int
		Scenarios int
	}
	got := controlResponse(e, "GET", "/_emulator/health")
	if err := json.Unmarshal(got.Body.Bytes(), &health); err != nil || got.Code != 200 || health.Status != "ok" || health.Jobs < 60 ||
		health.Prechecks < 10 || health.Scenarios < 30 {
		t.Errorf("health: %d %s", got.Code, got.Body)
	}
	if got := controlResponse(e, "GET", "/_emulator/requests"); strings.TrimSpace(got.Body.String()) != "[]" {
		t.Errorf("requests before any: %s", got.Body)
	}

	describe(t, e, pairs{"Status": "Migrating"})
	var requests []Request
	got = controlResponse(e, "GET", "/_emulator/requests")
	if err := json.Unmarshal(got.Body.Bytes(), &requests); err != nil || len(requests) != 1 || requests[0].Parameters.Get("Status") != "Migrating" {
		t.Errorf("requests: %s", got.Body)
	}
	if got := controlResponse(e, "POST", "/_emulator/reset"); got.Code != http.StatusNoContent || len(e.Requests()) != 0 {
		t.Errorf("reset: %d, %d requests left", got.Code, len(e.Requests()))
	}
	if got := controlResponse(e, "GET", "/_emulator/reset"); got.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET reset: %d", got.Code)
	}
	if got := controlResponse(e, "GET", "/_emulator/nothing"); got.Code != http.StatusNotFound {
		t.Errorf("unknown path: %d", got.Code)
	}
	if n := len(e.Requests()); n != 0 {
		t.Errorf("%d control requests recorded as API requests", n)
	}
}

func TestHealthOfBadFixtures(t *testing.T) {
	e := &Emulator{Fixtures: fstest.MapFS{"cn-hangzhou/SYNC/bad.json": {Data: []byte("[]")}}}
	if got := controlResponse(e, "GET", "/_emulator/health"); got.Code != 500 || !strings.Contains(got.Body.String(), "bad.json") {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}

// The index lists every path that is served.
func TestControlIndex(t *testing.T) {
	e, _ := newEmulator(t)
	index := controlResponse(e, "GET", "/_emulator/").Body.String()
	for _, path := range controlPaths() {
		if !strings.Contains(index, path.method) || !strings.Contains(index, path.doc) {
			t.Errorf("%s %s is not in the index:\n%s", path.method, path.path, index)
		}
	}
	for line := range strings.Lines(index) {
		method, rest, _ := strings.Cut(line, " ")
		path := strings.Fields(rest)[0]
		if got := controlResponse(e, method, path); got.Code == http.StatusNotFound || got.Code == http.StatusMethodNotAllowed {
			t.Errorf("%s %s: %d", method, path, got.Code)
		}
	}
}

func TestRequestFilters(t *testing.T) {
	e, _ := newEmulator(t)
	describe(t, e, pairs{"Status": "Migrating"})
	precheckStatus(t, e, pairs{"DtsJobId": ordersJob})
	send(t, e, acs3Request(pairs{"Region": "cn-hangzhou"}, signing{secret: "wrong"}))
	if err := e.SetFaults(Fault{Kind: FaultThrottling}); err != nil {
		t.Fatal(err)
	}
	last := send(t, e, acs3Request(pairs{"Region": "ap-southeast-1"}, signing{}))

	for query, want := range map[string]string{
		"":                                       "200 200 400 400",
		"action=DescribePreCheckStatus":          "200",
		"action=DescribeDtsJobs&status=200":      "200",
		"status=400":                             "400 400",
		"code=SignatureDoesNotMatch":             "400",
		"fault=throttling":                       "400",
		"parameter=Status%3DMigrating":           "200",
		"parameter=Region%3Dap-southeast-1":      "400",
		"request_id=" + last.RequestId:           "400",
		"access_key=nobody":                      "",
		"path=/":                                 "200 200 400 400",
		"last=1":                                 "400",
		"last=9":                                 "200 200 400 400",
		"last=0":                                 "",
		"action=DescribeDtsJobs&last=2":          "400 400",
		"parameter=JobCode%3D01&status=200":      "200",
		"parameter=JobCode%3D01&parameter=x%3Dy": "",
	} {
		var requests []Request
		if err := json.Unmarshal(controlResponse(e, "GET", "/_emulator/requests?"+query).Body.Bytes(), &requests); err != nil || requests == nil {
			t.Errorf("%s: %v, error %v", query, requests, err)
		}
		var statuses []string
		for _, r := range requests {
			statuses = append(statuses, fmt.Sprint(r.Status))
		}
		if got := strings.Join(statuses, " "); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	for query, want := range map[string]string{
		"operation=DescribeDtsJobs": `unknown filter \"operation\"; the filters are access_key, action, code, fault, parameter, path, request_id, status, last`,
		"last=-1":                   `last \"-1\" is not a number from 0`,
	} {
		if got := controlResponse(e, "GET", "/_emulator/requests?"+query); got.Code != http.StatusBadRequest || !strings.Contains(got.Body.String(), want) {
			t.Errorf("%s: %d %s", query, got.Code, got.Body)
		}
	}
}

// Fixtures and scenarios are read again on request; broken ones leave the present
// ones.
func TestReload(t *testing.T) {
	file := func(id string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(`{"DtsJobList": [{"DtsJobId": "` + id + `"}]}`)}
	}
	_, clock := newEmulator(t)
	const name = "cn-hangzhou/MIGRATION/jobs.json"
	fixtures := fstest.MapFS{name: file("one")}
	e := &Emulator{Rate: -1, Fixtures: fixtures, Scenarios: script(t, `"reads": 1,`), clock: clock.Now}
	found := func() string { return strings.Join(fieldOf(describe(t, e, nil).DtsJobList, "DtsJobId"), " ") }
	state := func() string { return precheckStatus(t, e, pairs{"DtsJobId": "script"}).State }
	if got := found() + " " + state() + " " + state(); got != "one 1 2" {
		t.Fatal(got)
	}
	fixtures[name] = file("two")
	if got := found(); got != "one" {
		t.Errorf("read again by itself: %s", got)
	}
	if got := controlResponse(e, "POST", "/_emulator/reload"); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), `"jobs": 1`) {
		t.Errorf("reload: %d %s", got.Code, got.Body)
	}
	if got := found() + " " + state(); got != "two 1" {
		t.Errorf("after a reload: %s", got)
	}
	fixtures[name] = &fstest.MapFile{Data: []byte("{")}
	if got := controlResponse(e, "POST", "/_emulator/reload"); got.Code != http.StatusInternalServerError || !strings.Contains(got.Body.String(), "jobs.json: line 1") {
		t.Errorf("reload of broken fixtures: %d %s", got.Code, got.Body)
	}
	if err := e.Reload(); err == nil || found() != "two" {
		t.Errorf("after broken fixtures: %s, error %v", found(), err)
	}
}
