package emulator

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// fakeClock does not move until a test moves it.
type fakeClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// newEmulator returns an emulator of the built-in account whose clock is at
// testDate and which does not throttle.
func newEmulator(t *testing.T) (*Emulator, *fakeClock) {
	t.Helper()
	now, err := time.Parse(wire.DateLayout, testDate)
	if err != nil {
		t.Fatal(err)
	}
	clock := &fakeClock{now: now}
	return &Emulator{Rate: -1, clock: clock.Now}, clock
}

// response is a response of any kind, taken apart.
type response struct {
	status int
	header http.Header
	raw    string

	Code, Message, HostId, Recommend    string
	ErrCode, ErrMessage, DynamicMessage string
	RequestId                           string
	Success                             bool
	HttpStatusCode, PageNumber          int
	TotalRecordCount, PageRecordCount   int
	DtsJobList, EtlDemoList             []map[string]any

	State       string
	JobProgress []map[string]any
}

// serveRecorded serves one request without a connection.
func serveRecorded(e *Emulator, r *http.Request) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, r)
	return recorder
}

// send serves one request and takes the response apart.
func send(t *testing.T, e *Emulator, r *http.Request) response {
	t.Helper()
	recorder := serveRecorded(e, r)
	a := response{status: recorder.Code, header: recorder.Header(), raw: recorder.Body.String()}
	if err := json.Unmarshal(recorder.Body.Bytes(), &a); err != nil {
		t.Fatalf("the response is not JSON: %v\n%s", err, a.raw)
	}
	if strings.Contains(a.raw, account.HiddenMember) {
		t.Errorf("a hidden member is returned: %s", a.raw)
	}
	return a
}

// describe requests jobs of cn-hangzhou, unless the parameters specify otherwise,
// and fails if it is refused.
func describe(t *testing.T, e *Emulator, parameters pairs) response {
	t.Helper()
	a := send(t, e, acs3Request(inHangzhou(parameters), signing{}))
	if a.status != http.StatusOK || !a.Success {
		t.Fatalf("%v refused: HTTP %d %s", parameters, a.status, a.raw)
	}
	return a
}

func inHangzhou(parameters pairs) pairs {
	all := pairs{"Region": "cn-hangzhou"}
	maps.Copy(all, parameters)
	return all
}

// listNames returns the names of all jobs that match, reading every page.
func listNames(t *testing.T, e *Emulator, parameters pairs) []string {
	t.Helper()
	var names []string
	for page := 1; ; page++ {
		all := maps.Clone(inHangzhou(parameters))
		all["PageSize"], all["PageNumber"] = "30", strconv.Itoa(page)
		a := describe(t, e, all)
		names = append(names, fieldOf(a.DtsJobList, "DtsJobName")...)
		if len(a.DtsJobList) < 30 {
			return names
		}
	}
}

// precheckRequest is a request for the precheck of a job in cn-hangzhou, unless the
// parameters specify otherwise.
func precheckRequest(e *Emulator, parameters pairs) *http.Request {
	all := pairs{"RegionId": "cn-hangzhou", "JobCode": "01", "StructType": "before"}
	maps.Copy(all, parameters)
	now := time.Now
	if e.clock != nil {
		now = e.clock
	}
	return acs3Request(all, signing{
		date:    now().UTC().Format(wire.DateLayout),
		headers: map[string]string{"x-acs-action": "DescribePreCheckStatus"},
	})
}

// precheckStatus sends it and fails if it is refused.
func precheckStatus(t *testing.T, e *Emulator, parameters pairs) response {
	t.Helper()
	a := send(t, e, precheckRequest(e, parameters))
	if a.status != http.StatusOK || !a.Success {
		t.Fatalf("%v refused: HTTP %d %s", parameters, a.status, a.raw)
	}
	return a
}

// fieldOf returns a text field of each row.
func fieldOf(rows []map[string]any, name string) []string {
	var values []string
	for _, row := range rows {
		text, _ := row[name].(string)
		values = append(values, text)
	}
	return values
}

// sameSet compares two lists without regard to order.
func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}
