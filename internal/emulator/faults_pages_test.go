package emulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Faults that change a list, as a client sees it that reads pages of 10 of the
// jobs j01 to j15: ids, and after a slash the count.
func TestFaultsOfLists(t *testing.T) {
	tests := map[string]struct {
		faults []Fault
		page1  string
		page2  string
	}{
		"none": {nil, "j01-j10 /15", "j11-j15 /15"},
		"drift, added": {[]Fault{{Kind: FaultDriftAdded, Calls: "2-"}},
			"j01-j10 /15", "j10-j15 /16"},
		"drift, two added": {[]Fault{{Kind: FaultDriftAdded, Count: 2}},
			"drift0000000001 drift0000000002 j01-j08 /17", "j09-j15 /17"},
		"drift, removed": {[]Fault{{Kind: FaultDriftRemoved, Calls: "2-", Count: 3}},
			"j01-j10 /15", "j14-j15 /12"},
		"drift, removed and back": {[]Fault{{Kind: FaultDriftRemoved, Calls: "1", Count: 3}},
			"j04-j13 /12", "j11-j15 /15"},
		"drift, all removed": {[]Fault{{Kind: FaultDriftRemoved, Count: 100}}, " /0", " /0"},
		"drift, moved": {[]Fault{{Kind: FaultDriftMoved, Calls: "2-", Count: 2}},
			"j01-j10 /15", "j13-j15 j01-j02 /15"},
		"drifts together": {[]Fault{{Kind: FaultDriftRemoved, Calls: "2-"}, {Kind: FaultDriftAdded, Calls: "2-"}},
			"j01-j10 /15", "j11-j15 /15"},
		"short page":       {[]Fault{{Kind: FaultShortPage, Calls: "1"}}, "j01-j09 /15", "j11-j15 /15"},
		"emptied page":     {[]Fault{{Kind: FaultShortPage, Count: 10}}, " /15", " /15"},
		"duplicate page":   {[]Fault{{Kind: FaultDuplicatePage}}, "j01-j10 /15", "j01-j10 /15"},
		"page cap":         {[]Fault{{Kind: FaultPageCap, Size: 4}}, "j01-j04 /15", "j05-j08 /15"},
		"page cap above":   {[]Fault{{Kind: FaultPageCap}}, "j01-j10 /15", "j11-j15 /15"},
		"wrong total":      {[]Fault{{Kind: FaultWrongTotal, Total: 99}}, "j01-j10 /99", "j11-j15 /99"},
		"no total":         {[]Fault{{Kind: FaultWrongTotal}}, "j01-j10 /0", "j11-j15 /0"},
		"total of page 2":  {[]Fault{{Kind: FaultWrongTotal, Total: 14, When: map[string]string{"PageNumber": "2"}}}, "j01-j10 /15", "j11-j15 /14"},
		"several together": {[]Fault{{Kind: FaultPageCap, Size: 5}, {Kind: FaultShortPage, Count: 2}, {Kind: FaultWrongTotal, Total: 7}}, "j01-j03 /7", "j06-j08 /7"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := faulty(t, test.faults...)
			server := serveOn(t, e)
			for number, want := range []string{test.page1, test.page2} {
				var got response
				parameters := pairs{"Region": "cn-hangzhou", "PageSize": "10", "PageNumber": fmt.Sprint(number + 1)}
				sent := roundTrip(server, acs3Request(parameters, signing{}))
				if err := json.Unmarshal([]byte(sent.body), &got); err != nil || !got.Success {
					t.Fatalf("page %d: %v %+v", number+1, err, sent)
				}
				if shown := fmt.Sprintf("%s /%d", strings.Join(fieldOf(got.DtsJobList, "DtsJobId"), " "), got.TotalRecordCount); shown != spelled(want) {
					t.Errorf("page %d is %s, want %s", number+1, shown, want)
				}
				if got.PageNumber != number+1 || got.PageRecordCount != len(got.DtsJobList) {
					t.Errorf("page %d says it is %d, with %d rows", number+1, got.PageNumber, got.PageRecordCount)
				}
			}
		})
	}
}

// spelled writes j01-j03 out as j01 j02 j03.
func spelled(ids string) string {
	var all []string
	for word := range strings.SplitSeq(ids, " ") {
		first, last, isRange := strings.Cut(word, "-")
		if !isRange {
			all = append(all, word)
			continue
		}
		for n := 1; n <= 15; n++ {
			if id := fmt.Sprintf("j%02d", n); id >= first && id <= last {
				all = append(all, id)
			}
		}
	}
	return strings.Join(all, " ")
}

// Which page sizes are granted, and what it says of those that are not.
func TestFaultsOfPageSizes(t *testing.T) {
	tests := map[string]struct {
		faults []Fault
		size   string
		want   string // the number of rows, or how it is refused
	}{
		"no fault":                       {nil, "101", "200 InvalidParameter PageSize"},
		"no fault, largest":              {nil, "100", "15"},
		"cap":                            {[]Fault{{Kind: FaultPageCap, Size: 12}}, "100", "12"},
		"cap above what there is":        {[]Fault{{Kind: FaultPageCap, Size: 100}}, "100", "15"},
		"cap above what is asked for":    {[]Fault{{Kind: FaultPageCap, Size: 100}}, "7", "7"},
		"cap above the default":          {[]Fault{{Kind: FaultPageCap, Size: 100}}, "", "15"},
		"rejection":                      {[]Fault{{Kind: FaultPageSizeRejection}}, "31", "200 InvalidParameter PageSize"},
		"rejection, granted":             {[]Fault{{Kind: FaultPageSizeRejection, Size: 50}}, "50", "15"},
		"rejection by the gateway":       {[]Fault{{Kind: FaultPageSizeRejection, Code: "InvalidPageSize"}}, "100", "400 InvalidPageSize"},
		"rejection and cap":              {[]Fault{{Kind: FaultPageCap, Size: 5}, {Kind: FaultPageSizeRejection}}, "30", "5"},
		"rejection and cap, refused":     {[]Fault{{Kind: FaultPageCap, Size: 5}, {Kind: FaultPageSizeRejection}}, "50", "200 InvalidParameter PageSize"},
		"no page size at all stays none": {[]Fault{{Kind: FaultPageCap}}, "0", "200 InvalidParameter PageSize"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := send(t, faulty(t, test.faults...), acs3Request(pairs{"Region": "cn-hangzhou", "PageSize": test.size}, signing{}))
			got := fmt.Sprint(len(a.DtsJobList))
			if !a.Success {
				got = strings.TrimSpace(fmt.Sprint(a.status, " ", a.Code+a.ErrCode, " ", a.DynamicMessage))
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// The faults of pages are those of a precheck's items too; this one has 250.
func TestFaultsOfPrecheckItems(t *testing.T) {
	e, _ := newEmulator(t)
	read := func(fault Fault, page string) response {
		t.Helper()
		if err := e.SetFaults(fault); err != nil {
			t.Fatal(err)
		}
		return precheckStatus(t, e, pairs{"DtsJobId": "failed-on-last-page", "PageSize": "30", "PageNo": page})
	}
	second := read(Fault{Kind: FaultWrongTotal, Total: 7}, "2")
	if second.TotalRecordCount != 7 || len(second.JobProgress) != 30 {
		t.Errorf("wrong total: %d of %d", len(second.JobProgress), second.TotalRecordCount)
	}
	if a := read(Fault{Kind: FaultShortPage, Count: 4}, "2"); len(a.JobProgress) != 26 || a.TotalRecordCount != 250 {
		t.Errorf("short page: %d of %d", len(a.JobProgress), a.TotalRecordCount)
	}
	if a := read(Fault{Kind: FaultPageCap, Size: 11}, "1"); len(a.JobProgress) != 11 {
		t.Errorf("page cap: %d", len(a.JobProgress))
	}
	if a := read(Fault{Kind: FaultDuplicatePage}, "3"); a.PageNumber != 3 || !slices.EqualFunc(a.JobProgress, second.JobProgress, func(x, y map[string]any) bool {
		return maps.EqualFunc(x, y, func(v, w any) bool { return fmt.Sprint(v) == fmt.Sprint(w) })
	}) {
		t.Errorf("duplicate page: page %d is not page 2", a.PageNumber)
	}
}

// Faults that touch every part of an answer, and nothing but what they are about.
func TestFaultsOfFields(t *testing.T) {
	row := func(fault FaultKind) string {
		t.Helper()
		server := serveOn(t, faulty(t, Fault{Kind: fault}))
		return roundTrip(server, acs3Request(pairs{"Region": "cn-hangzhou", "DtsJobId": "j01"}, signing{})).body
	}
	quoted := row(FaultNumbersAsStrings)
	for _, want := range []string{`"TotalRecordCount" : "1"`, `"DuLimit": "-1.5e3"`, `"Text": "{} 1"`, `"CreateTime": "2026-01-01T00:00:00Z"`, `"HttpStatusCode" : "200"`, `"Success" : true`} {
		if !strings.Contains(quoted, want) || !json.Valid([]byte(quoted)) {
			t.Errorf("%s is not in %s", want, quoted)
		}
	}
	added := row(FaultUnknownFields)
	if strings.Count(added, `"AddedByTheService"`) != 2 || !strings.Contains(added, `"Text": "{} 1"`) || !json.Valid([]byte(added)) {
		t.Errorf("unknown fields: %s", added)
	}
}
