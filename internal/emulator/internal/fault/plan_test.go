package fault

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

var operations = []string{"AssumeRole", "DescribeDtsJobs", "DescribePreCheckStatus"}

func newPlan(t *testing.T, faults ...Fault) *Plan {
	t.Helper()
	if err := Check(faults, operations); err != nil {
		t.Fatal(err)
	}
	plan := &Plan{}
	plan.Set(faults)
	return plan
}

func requestOf(operation string, parameters url.Values) *wire.Request {
	return &wire.Request{Action: operation, Parameters: parameters}
}

// metBy returns which of the first requests of an operation meet a single fault.
func metBy(t *testing.T, f Fault, calls int) []int {
	t.Helper()
	f.Kind = "hang"
	plan := newPlan(t, f)
	var met []int
	for n := range calls {
		if len(plan.Match(requestOf("DescribeDtsJobs", nil))) > 0 {
			met = append(met, n+1)
		}
	}
	return met
}

func TestRequestsOfFaults(t *testing.T) {
	tests := map[string]string{ // of the requests 1 to 12
		"":              "[1 2 3 4 5 6 7 8 9 10 11 12]",
		"1":             "[1]",
		"2-4":           "[2 3 4]",
		"10-":           "[10 11 12]",
		"every 5":       "[5 10]",
		"every 1":       "[1 2 3 4 5 6 7 8 9 10 11 12]",
		"1, 3-4,9":      "[1 3 4 9]",
		"every 4,5,11-": "[4 5 8 11 12]",
		"3-3":           "[3]",
		"100":           "[]",
	}
	for calls, want := range tests {
		if got := fmt.Sprint(metBy(t, Fault{Calls: calls}, 12)); got != want {
			t.Errorf("%q meets %s, want %s", calls, got, want)
		}
	}
	for _, calls := range []string{"0", "-1", "4-2", "a", "1,", ",", "every", "every 0", "every x", "1-2-3", "1..3", "*", " "} {
		if _, err := parseCalls(calls); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", calls)) {
			t.Errorf("%q: error %v", calls, err)
		}
	}
}

// Calls are numbered for each fault and operation, among those it is about. Requests
// are the first letter of their operation and the PageNumber; the second one that
// counts is marked.
func TestNumbersOfCalls(t *testing.T) {
	named := map[string]string{"J": "DescribeDtsJobs", "P": "DescribePreCheckStatus"}
	for name, test := range map[string]struct {
		fault Fault
		calls string
	}{
		"any operation, each apart":  {Fault{}, "J P P! J! J"},
		"one operation":              {Fault{Operation: "DescribePreCheckStatus"}, "J J P P!"},
		"some parameters":            {Fault{When: map[string]string{"PageNumber": "3"}}, "J3 J4 J3!"},
		"a parameter that is absent": {Fault{When: map[string]string{"PageNumber": ""}}, "J1 J J!"},
	} {
		test.fault.Kind, test.fault.Calls = "short-page", "2"
		plan := newPlan(t, test.fault)
		for i, call := range strings.Fields(test.calls) {
			call, isMet := strings.CutSuffix(call, "!")
			parameters := url.Values{}
			if page := call[1:]; page != "" {
				parameters.Set("PageNumber", page)
			}
			if met := len(plan.Match(requestOf(named[call[:1]], parameters))) > 0; met != isMet {
				t.Errorf("%s: call %d: met is %v", name, i+1, met)
			}
		}
	}
}

// Which of the faults that match one request are active.
func TestFaultsTogether(t *testing.T) {
	tests := map[string]struct{ met, active []string }{
		"changes":             {[]string{"page-cap", "short-page"}, []string{"page-cap", "short-page"}},
		"a change twice":      {[]string{"page-cap", "page-cap"}, []string{"page-cap"}},
		"change and delivery": {[]string{"page-cap", "hang"}, []string{"hang", "page-cap"}},
		"two deliveries":      {[]string{"reset", "hang", "page-cap"}, []string{"reset", "page-cap"}},
		"change and refusal":  {[]string{"page-cap", "error", "short-page"}, []string{"error"}},
		"delivery, refusal":   {[]string{"slow-body", "error", "short-page"}, []string{"slow-body", "short-page"}},
		"refusal, delivery":   {[]string{"error", "slow-body"}, []string{"error"}},
	}
	for name, test := range tests {
		var faults []Fault
		for _, kind := range test.met {
			faults = append(faults, Fault{Kind: kind})
		}
		got := newPlan(t, faults...).Match(requestOf("DescribeDtsJobs", nil)).Kinds()
		if !slices.Equal(got, test.active) {
			t.Errorf("%s: %s are active, want %s", name, got, test.active)
		}
	}
}

// Faults that cannot happen are refused.
func TestWrongFaults(t *testing.T) {
	tests := map[string]struct{ fault, message string }{
		"no kind":             {`{}`, `fault 1: unknown kind ""; the kinds are throttling, error,`},
		"unknown kind":        {`{"kind": "explosion"}`, `unknown kind "explosion"`},
		"unknown member":      {`{"kind": "hang", "speed": 1}`, `unknown object member name "speed"`},
		"unknown operation":   {`{"kind": "hang", "operation": "DescribeNothing"}`, `unknown operation "DescribeNothing"; the operations are `},
		"setting of another":  {`{"kind": "hang", "delay": "1s"}`, `hang has no setting "delay"; it has none`},
		"settings of another": {`{"kind": "throttling", "count": 2}`, `throttling has no setting "count"; it has code, delay, message, status`},
		"other operation's":   {`{"kind": "short-page", "operation": "AssumeRole"}`, "short-page is not a fault of AssumeRole, but of DescribeDtsJobs, DescribePreCheckStatus"},
		"bad calls":           {`{"kind": "hang", "calls": "first"}`, `calls "first" are not of the form`},
		"calls, a number":     {`{"kind": "hang", "calls": 1}`, "calls"},
		"no delay":            {`{"kind": "slow-body", "delay": "soon"}`, `invalid duration "soon"`},
		"negative delay":      {`{"kind": "slow-body", "delay": "-1s"}`, "not be negative"},
		"delay of a day":      {`{"kind": "slow-body", "delay": "24h"}`, "delay is at most 1h0m0s, count at most 10000"},
		"negative count":      {`{"kind": "short-page", "count": -1}`, "not be negative"},
		"count of a billion":  {`{"kind": "drift-added", "count": 1000000000}`, "count at most 10000"},
		"status of success":   {`{"kind": "throttling", "status": 200}`, "status 200 is not that of an error"},
		"unknown offsets":     {`{"kind": "page-cap", "offsets": "none"}`, `offsets "none" is not capped or requested`},
		"a second one":        {`[{"kind": "hang"}, {"kind": "explosion"}]`, "fault 2: unknown kind"},
		"two values":          {`[] []`, "after top-level value"},
		"no list":             {`"hang"`, "unmarshal JSON string into Go []fault.Fault"},
		"null":                {`null`, "null is not a list"},
		"nothing":             {``, "unexpected EOF"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			faults, err := Parse([]byte(test.fault))
			if err == nil {
				err = Check(faults, operations)
			}
			if err == nil || !strings.Contains(err.Error(), test.message) {
				t.Errorf("%v, error %v", faults, err)
			}
		})
	}
}

// Every kind has one way to act, which is one row of the documentation.
func TestKinds(t *testing.T) {
	for _, k := range kinds {
		if n := strings.Count(Document(), "| `"+k.name+"` | "+k.doc+" |"); n != 1 {
			t.Errorf("%s is documented %d times", k.name, n)
		}
	}
}
