package emulator

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func controlPath(e *Emulator, method, path string) *httptest.ResponseRecorder {
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
	answered := controlPath(e, "GET", "/_emulator/health")
	if err := json.Unmarshal(answered.Body.Bytes(), &health); err != nil || answered.Code != 200 || health.Status != "ok" || health.Jobs < 60 ||
		health.Prechecks < 10 || health.Scenarios < 30 {
		t.Errorf("health: %d %s", answered.Code, answered.Body)
	}
	if answered := controlPath(e, "GET", "/_emulator/requests"); strings.TrimSpace(answered.Body.String()) != "[]" {
		t.Errorf("requests before any: %s", answered.Body)
	}

	describe(t, e, pairs{"Status": "Migrating"})
	var requests []Request
	answered = controlPath(e, "GET", "/_emulator/requests")
	if err := json.Unmarshal(answered.Body.Bytes(), &requests); err != nil || len(requests) != 1 || requests[0].Parameters.Get("Status") != "Migrating" {
		t.Errorf("requests: %s", answered.Body)
	}
	if answered := controlPath(e, "POST", "/_emulator/reset"); answered.Code != http.StatusNoContent || len(e.Requests()) != 0 {
		t.Errorf("reset: %d, %d requests left", answered.Code, len(e.Requests()))
	}
	if answered := controlPath(e, "GET", "/_emulator/reset"); answered.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET reset: %d", answered.Code)
	}
	if answered := controlPath(e, "GET", "/_emulator/nothing"); answered.Code != http.StatusNotFound {
		t.Errorf("unknown path: %d", answered.Code)
	}
	if n := len(e.Requests()); n != 0 {
		t.Errorf("%d control calls recorded as API calls", n)
	}
}

func TestHealthOfBadFixtures(t *testing.T) {
	e := &Emulator{Fixtures: fstest.MapFS{"cn-hangzhou/SYNC/bad.json": {Data: []byte("[]")}}}
	if answered := controlPath(e, "GET", "/_emulator/health"); answered.Code != 500 || !strings.Contains(answered.Body.String(), "bad.json") {
		t.Errorf("%d %s", answered.Code, answered.Body)
	}
}
