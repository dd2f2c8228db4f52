package emulator

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

func TestControlOfFaults(t *testing.T) {
	e := faulty(t, Fault{Kind: FaultSlowBody, Calls: "7"})
	steps := []struct {
		method, body string
		status       int
		want         string // the response, without spaces
	}{
		{"GET", "", 200, `[{"kind":"slow-body","calls":"7","delay":"5s"}]`},
		{"PUT", `[{"kind": "null", "calls": "1"}, {"kind": "hang", "calls": "9"}]`, 200, `[{"kind":"null","calls":"1"},{"kind":"hang","calls":"9"}]`},
		{"PUT", `[{"kind": "explosion"}]`, 400, `{"error":"fault1:unknownkind`},
		{"PUT", strings.Repeat(" ", wire.MaxBody+1), 400, `{"error":"http:requestbodytoolarge"}`},
		{"GET", "", 200, `[{"kind":"null","calls":"1"},{"kind":"hang","calls":"9"}]`},
		{"POST", `{"kind": "page-cap"}`, 200, `[{"kind":"page-cap","size":30,"offsets":"capped"}]`},
		{"DELETE", "", 204, ""},
		{"GET", "", 200, `[]`},
		{"PATCH", "", 405, ""},
	}
	for i, step := range steps {
		recorder := httptest.NewRecorder()
		e.ServeHTTP(recorder, httptest.NewRequest(step.method, "http://"+testHost+"/_emulator/faults", strings.NewReader(step.body)))
		got := strings.Join(strings.Fields(recorder.Body.String()), "")
		if recorder.Code != step.status || !strings.HasPrefix(got, step.want) {
			t.Errorf("step %d, %s: %d %s", i+1, step.method, recorder.Code, got)
		}
	}
}

// A reset keeps the faults and numbers requests anew; so do new faults.
func TestResetOfFaults(t *testing.T) {
	first := Fault{Kind: FaultFailure, Calls: "1"}
	e := faulty(t, first)
	meets := func() bool {
		t.Helper()
		return !send(t, e, acs3Request(pairs{"Region": "cn-hangzhou"}, signing{})).Success
	}
	if !meets() || meets() {
		t.Error("not the first request alone")
	}
	e.Reset()
	if !meets() || meets() {
		t.Error("not the first request alone after a reset")
	}
	if err := e.SetFaults(first); err != nil || !meets() || meets() {
		t.Errorf("not the first request alone of new faults, error %v", err)
	}
	if err := e.SetFaults(); err != nil || meets() {
		t.Errorf("a fault without any, error %v", err)
	}
}

// Many clients, and somebody who changes the faults; for the race detector.
func TestFaultsWhileServing(t *testing.T) {
	e := faulty(t, Fault{Kind: FaultFailure, Calls: "every 2"})
	server := serveOn(t, e)
	var clients sync.WaitGroup
	for range 20 {
		signed := acs3Request(pairs{"Region": "cn-hangzhou"}, signing{})
		clients.Go(func() {
			if got := roundTrip(server, signed); got.status != http.StatusOK {
				t.Errorf("%+v", got)
			}
			if err := e.SetFaults(Fault{Kind: FaultFailure, Probability: 0.5}); err != nil {
				t.Error(err)
			}
		})
	}
	clients.Wait()
}
