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
		"missing total":    {[]Fault{{Kind: FaultMissingTotal}}, "j01-j10 /none", "j11-j15 /none"},
		"total of a page":  {[]Fault{{Kind: FaultPageTotal}}, "j01-j10 /10", "j11-j15 /5"},
		"empty page":       {[]Fault{{Kind: FaultEmptyPage, Calls: "1"}}, " /15", "j11-j15 /15"},
		"page 1 always":    {[]Fault{{Kind: FaultPageNumberIgnored}}, "j01-j10 /15", "j01-j10 /15"},
		"hidden rows":      {[]Fault{{Kind: FaultHiddenRows, Count: 2}}, "j03-j12 /15", "j13-j15 /15"},
		"cap, requested":   {[]Fault{{Kind: FaultPageCap, Size: 4, Offsets: "requested"}}, "j01-j04 /15", "j11-j14 /15"},
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
				total := fmt.Sprint(got.TotalRecordCount)
				if !strings.Contains(sent.body, "TotalRecordCount") {
					total = "none"
				}
				if shown := strings.Join(fieldOf(got.DtsJobList, "DtsJobId"), " ") + " /" + total; shown != spelled(want) {
					t.Errorf("page %d is %s, want %s", number+1, shown, want)
				}
				if got.PageNumber != number+1 || got.PageRecordCount != len(got.DtsJobList) {
					t.Errorf("page %d is numbered %d, with %d rows", number+1, got.PageNumber, got.PageRecordCount)
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

// Which page sizes are accepted, and how others are refused.
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
		"cap above what is requested":    {[]Fault{{Kind: FaultPageCap, Size: 100}}, "7", "7"},
		"cap above the default":          {[]Fault{{Kind: FaultPageCap, Size: 100}}, "", "15"},
		"rejection":                      {[]Fault{{Kind: FaultPageSizeRejection}}, "31", "200 InvalidParameter PageSize"},
		"rejection, accepted":            {[]Fault{{Kind: FaultPageSizeRejection, Size: 50}}, "50", "15"},
		"rejection by the gateway":       {[]Fault{{Kind: FaultPageSizeRejection, Code: "InvalidPageSize"}}, "100", "400 InvalidPageSize"},
		"rejection and cap":              {[]Fault{{Kind: FaultPageCap, Size: 5}, {Kind: FaultPageSizeRejection}}, "30", "5"},
		"rejection and cap, refused":     {[]Fault{{Kind: FaultPageCap, Size: 5}, {Kind: FaultPageSizeRejection}}, "50", "200 InvalidParameter PageSize"},
		"rejection of 30":                {[]Fault{{Kind: FaultPageSizeRejection, Size: 20}}, "30", "200 InvalidParameter PageSize"},
		"rejection, 400":                 {[]Fault{{Kind: FaultPageSizeRejection400}}, "31", "400 InvalidParameter PageSize"},
		"rejection, 400, accepted":       {[]Fault{{Kind: FaultPageSizeRejection400}}, "30", "15"},
		"documented sizes":               {[]Fault{{Kind: FaultDocumentedPageSizes}}, "15", "200 InvalidParameter PageSize"},
		"documented sizes, accepted":     {[]Fault{{Kind: FaultDocumentedPageSizes}}, "20", "15"},
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

// A page past the end can be refused, or have nothing at all.
func TestFaultsPastTheEnd(t *testing.T) {
	jobs := func(e *Emulator, number string) response {
		return send(t, e, acs3Request(pairs{"Region": "cn-hangzhou", "PageSize": "10", "PageNumber": number}, signing{}))
	}
	items := func(e *Emulator, number string) response {
		return send(t, e, precheckRequest(e, pairs{"DtsJobId": "failed-on-last-page", "PageSize": "50", "PageNo": number}))
	}
	tests := map[string]struct {
		read      func(*Emulator, string) response
		last, end string
		parameter string
	}{
		"jobs":  {jobs, "2", "3", "PageNumber"},
		"items": {items, "5", "6", "PageNo"},
	}
	for name, test := range tests {
		e := faulty(t, Fault{Kind: FaultPastEndError})
		if r := test.read(e, test.last); !r.Success {
			t.Errorf("%s: the last page is refused: %s", name, r.raw)
		}
		if r := test.read(e, test.end); r.Success || r.DynamicMessage != test.parameter {
			t.Errorf("%s: the page past the end is %s", name, r.raw)
		}
		e = faulty(t, Fault{Kind: FaultPastEndBare})
		if r := test.read(e, test.last); r.TotalRecordCount == 0 {
			t.Errorf("%s: the last page is bare: %s", name, r.raw)
		}
		if r := test.read(e, test.end); !r.Success || len(decodeObject(t, []byte(r.raw))) != 3 {
			t.Errorf("%s: the page past the end is %s", name, r.raw)
		}
	}
}

// The same item is good at the end of one page and bad at the beginning of the
// next.
func TestItemInTwoStates(t *testing.T) {
	e := faulty(t, Fault{Kind: FaultItemInTwoStates})
	page := func(number string) []map[string]any {
		return precheckStatus(t, e, pairs{"DtsJobId": "failed-on-last-page", "PageSize": "30", "PageNo": number}).JobProgress
	}
	first, second := page("1"), page("2")
	last, again := first[len(first)-1], second[0]
	if last["Id"] != again["Id"] || last["State"] != "Success" || again["State"] != "Failed" || second[1]["State"] != "Success" {
		t.Errorf("the last item is %v, the next one %v", last, again)
	}
}

// Requests with an ID that is refused, alone or among others, in either form.
func TestRefusedIDs(t *testing.T) {
	tests := map[string]struct {
		fault      Fault
		parameters pairs
		want       string // HTTP status, code and message, or the number of jobs
	}{
		"the ID":             {Fault{IDs: "j02"}, pairs{"DtsJobId": "j02"}, "403 Forbidden.InstanceNotFound"},
		"among others":       {Fault{IDs: "x,j02"}, pairs{"DtsJobId": "j01,j02,j03"}, "403 Forbidden.InstanceNotFound"},
		"other IDs":          {Fault{IDs: "j02"}, pairs{"DtsJobId": "j01,j03"}, "2"},
		"a part of an ID":    {Fault{IDs: "j0"}, pairs{"DtsJobId": "j01"}, "1"},
		"an instance":        {Fault{IDs: "dtsj02"}, pairs{"DtsInstanceId": "dtsj02"}, "403 Forbidden.InstanceNotFound"},
		"any ID":             {Fault{}, pairs{"DtsJobId": "j01"}, "403 Forbidden.InstanceNotFound"},
		"no ID":              {Fault{}, nil, "15"},
		"by the service":     {Fault{Status: 200, Code: "InvalidJobId"}, pairs{"DtsJobId": "j01"}, "200 by the service: InvalidJobId"},
		"with the prefix":    {Fault{Code: "DTS.Msg.InvalidJobId"}, pairs{"DtsJobId": "j01"}, "403 DTS.Msg.InvalidJobId"},
		"not the first time": {Fault{Calls: "2"}, pairs{"DtsJobId": "j01"}, "1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			test.fault.Kind = FaultRefusedID
			r := send(t, faulty(t, test.fault), acs3Request(inHangzhou(test.parameters), signing{}))
			got := fmt.Sprint(len(r.DtsJobList))
			if !r.Success {
				got = fmt.Sprint(r.status, " ", r.Code)
			}
			if r.ErrCode != "" {
				got = fmt.Sprint(r.status, " by the service: ", r.ErrCode)
			}
			if got != test.want {
				t.Errorf("got %s, want %s: %s", got, test.want, r.raw)
			}
		})
	}
}

// Faults that touch every part of a response, and nothing but what they are about.
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
