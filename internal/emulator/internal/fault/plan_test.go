package fault

import (
	"fmt"
	"math"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

var operations = []string{"AssumeRole", "DescribeDtsJobs", "DescribePreCheckStatus"}

func newPlan(t *testing.T, seed uint64, faults ...Fault) *Plan {
	t.Helper()
	if err := Check(faults, operations); err != nil {
		t.Fatal(err)
	}
	plan := &Plan{Seed: seed}
	plan.Set(faults)
	return plan
}

func requestOf(operation string, parameters url.Values) *wire.Request {
	return &wire.Request{Action: operation, Parameters: parameters}
}

// metBy returns which of the first requests of an operation meet a single fault.
func metBy(t *testing.T, f Fault, seed uint64, calls int) []int {
	t.Helper()
	f.Kind = "null"
	plan := newPlan(t, seed, f)
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
		if got := fmt.Sprint(metBy(t, Fault{Calls: calls}, 0, 12)); got != want {
			t.Errorf("%q meets %s, want %s", calls, got, want)
		}
	}
	for _, calls := range []string{"0", "-1", "4-2", "a", "1,", ",", "every", "every 0", "every x", "1-2-3", "1..3", "*", " "} {
		if _, err := parseCalls(calls); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%q", calls)) {
			t.Errorf("%q: error %v", calls, err)
		}
	}
}

func TestProbabilityIsRepeatable(t *testing.T) {
	const calls = 10_000
	some := Fault{Probability: 0.05}
	first := metBy(t, some, 1, calls)
	if again := metBy(t, some, 1, calls); !slices.Equal(first, again) {
		t.Error("the same seed chose other calls")
	}
	if other := metBy(t, some, 2, calls); slices.Equal(first, other) {
		t.Error("another seed chose the same calls")
	}
	if n := float64(len(first)); math.Abs(n-500) > 100 { // more than four standard deviations
		t.Errorf("%v of %d requests met, want about 500", n, calls)
	}
	if n := len(metBy(t, Fault{Probability: 1}, 1, 100)); n != 100 {
		t.Errorf("%d of 100 requests met by certainty", n)
	}
	if got := metBy(t, Fault{Probability: 0.5, Calls: "1-10"}, 1, 100); len(got) == 0 || len(got) == 10 || got[len(got)-1] > 10 {
		t.Errorf("half of the first ten is %v", got)
	}
}

// Calls are numbered for each fault and operation, among those it is about.
func TestNumbersOfCalls(t *testing.T) {
	second := func(f Fault) Fault {
		f.Kind, f.Calls = "short-page", "2"
		return f
	}
	page := func(number string) url.Values { return url.Values{"PageNumber": {number}} }
	type sent struct {
		operation  string
		parameters url.Values
		met        bool
	}
	tests := map[string]struct {
		fault Fault
		calls []sent
	}{
		"any operation, each apart": {second(Fault{}), []sent{
			{"DescribeDtsJobs", nil, false}, {"DescribePreCheckStatus", nil, false}, {"DescribePreCheckStatus", nil, true}, {"DescribeDtsJobs", nil, true}, {"DescribeDtsJobs", nil, false},
		}},
		"one operation": {second(Fault{Operation: "DescribePreCheckStatus"}), []sent{
			{"DescribeDtsJobs", nil, false}, {"DescribeDtsJobs", nil, false}, {"DescribePreCheckStatus", nil, false}, {"DescribePreCheckStatus", nil, true},
		}},
		"some parameters": {second(Fault{When: map[string]string{"PageNumber": "3"}}), []sent{
			{"DescribeDtsJobs", page("3"), false}, {"DescribeDtsJobs", page("4"), false}, {"DescribeDtsJobs", page("3"), true},
		}},
		"a parameter that is absent": {second(Fault{When: map[string]string{"PageNumber": ""}}), []sent{
			{"DescribeDtsJobs", page("1"), false}, {"DescribeDtsJobs", nil, false}, {"DescribeDtsJobs", nil, true},
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			plan := newPlan(t, 0, test.fault)
			for i, call := range test.calls {
				if met := len(plan.Match(requestOf(call.operation, call.parameters))) > 0; met != call.met {
					t.Errorf("call %d: met is %v", i+1, met)
				}
			}
		})
	}
}

// Which of the faults that match one request are active.
func TestFaultsTogether(t *testing.T) {
	tests := map[string]struct{ met, active []Kind }{
		"changes":             {[]Kind{"page-cap", "short-page"}, []Kind{"page-cap", "short-page"}},
		"a change twice":      {[]Kind{"page-cap", "page-cap"}, []Kind{"page-cap"}},
		"change and delivery": {[]Kind{"page-cap", "hang"}, []Kind{"hang", "page-cap"}},
		"two deliveries":      {[]Kind{"reset", "hang", "page-cap"}, []Kind{"reset", "page-cap"}},
		"change and refusal":  {[]Kind{"page-cap", "null", "short-page"}, []Kind{"null"}},
		"delivery, refusal":   {[]Kind{"slow-body", "null", "short-page"}, []Kind{"slow-body", "short-page"}},
		"refusal, delivery":   {[]Kind{"null", "slow-body"}, []Kind{"null"}},
	}
	for name, test := range tests {
		var faults []Fault
		for _, kind := range test.met {
			faults = append(faults, Fault{Kind: kind})
		}
		got := newPlan(t, 0, faults...).Match(requestOf("DescribeDtsJobs", nil)).Kinds()
		if !slices.Equal(got, test.active) {
			t.Errorf("%s: %s are active, want %s", name, got, test.active)
		}
	}
}

// What cannot happen is refused.
func TestWrongFaults(t *testing.T) {
	tests := map[string]struct{ fault, message string }{
		"no kind":             {`{}`, `fault 1: unknown kind ""; the kinds are documented-page-sizes, drift-added,`},
		"unknown kind":        {`{"kind": "explosion"}`, `unknown kind "explosion"`},
		"unknown member":      {`{"kind": "hang", "speed": 1}`, `unknown field "speed"`},
		"unknown operation":   {`{"kind": "hang", "operation": "DescribeNothing"}`, `unknown operation "DescribeNothing"; the operations are `},
		"setting of another":  {`{"kind": "hang", "delay": "1s"}`, `hang has no setting "delay"; it has none`},
		"settings of another": {`{"kind": "throttling", "count": 2}`, `throttling has no setting "count"; it has code, message, status`},
		"other operation's":   {`{"kind": "short-page", "operation": "AssumeRole"}`, "short-page is not a fault of AssumeRole, but of DescribeDtsJobs, DescribePreCheckStatus"},
		"bad calls":           {`{"kind": "hang", "calls": "first"}`, `calls "first" are not of the form`},
		"calls, a number":     {`{"kind": "hang", "calls": 1}`, "calls"},
		"probability above 1": {`{"kind": "hang", "probability": 5}`, "probability 5 is not above 0 and up to 1"},
		"probability below 0": {`{"kind": "hang", "probability": -0.1}`, "probability -0.1"},
		"no delay":            {`{"kind": "slow-body", "delay": "soon"}`, `invalid duration "soon"`},
		"negative delay":      {`{"kind": "slow-body", "delay": "-1s"}`, "not be negative"},
		"negative count":      {`{"kind": "short-page", "count": -1}`, "not be negative"},
		"status of success":   {`{"kind": "throttling", "status": 200}`, "status 200 is not that of an error"},
		"unknown offsets":     {`{"kind": "page-cap", "offsets": "none"}`, `offsets "none" is not capped or requested`},
		"a second one":        {`[{"kind": "hang"}, {"kind": "explosion"}]`, "fault 2: unknown kind"},
		"two values":          {`[] []`, "line 1, column 4: invalid character '['"},
		"no list":             {`"hang"`, "cannot unmarshal string"},
		"null":                {`null`, "null is not a list"},
		"nothing":             {``, "line 1, column 1: unexpected end"},
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

// A fault reads as it is written, and the other way round.
func TestFaultsInJSON(t *testing.T) {
	written := `[{"kind": "slow-body", "operation": "DescribeDtsJobs", "when": {"PageNumber": "2"}, "calls": "1-3", "probability": 0.5, "delay": "1m30s"},
		{"kind": "wrong-total", "total": -1}, {"kind": "throttling", "status": 429, "code": "Throttling", "message": "Slowly."},
		{"kind": "short-page", "count": 2}, {"kind": "page-cap", "size": 7, "offsets": "requested"},
		{"kind": "refused-id", "ids": "a,b", "status": 200}, {"kind": "item-in-two-states", "state": "Migrating"}]`
	want := []Fault{
		{Kind: "slow-body", Operation: "DescribeDtsJobs", When: map[string]string{"PageNumber": "2"}, Calls: "1-3", Probability: 0.5, Delay: 90 * time.Second},
		{Kind: "wrong-total", Total: -1}, {Kind: "throttling", Status: 429, Code: "Throttling", Message: "Slowly."},
		{Kind: "short-page", Count: 2}, {Kind: "page-cap", Size: 7, Offsets: "requested"},
		{Kind: "refused-id", IDs: "a,b", Status: 200}, {Kind: "item-in-two-states", State: "Migrating"},
	}
	read, err := Parse([]byte(written))
	if err != nil || !reflect.DeepEqual(read, want) {
		t.Fatalf("read %+v, error %v", read, err)
	}
	var texts []string
	for _, f := range read {
		text, err := f.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	again, err := Parse([]byte("[" + strings.Join(texts, ",") + "]"))
	if err != nil || !reflect.DeepEqual(again, want) {
		t.Errorf("wrote %s, error %v", texts, err)
	}
}
