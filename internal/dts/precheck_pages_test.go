package dts

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// TestKeys has two elements that differ in one field alone. As one, a good copy
// could hide a bad one, or be taken for a change.
func TestKeys(t *testing.T) {
	for name, test := range map[string]struct {
		differ []string // fields of the key
		same   []string // fields in which copies may differ
		count  func(*Precheck) int
	}{
		"JobProgress": {
			[]string{"JobId", "Id", "Item", "Names", "TargetNames", "SourceSchema", "DestSchema", "ParentObj", "OrderNum"},
			[]string{"State", "ErrMsg", "BootTime", "FinishTime"},
			func(r *Precheck) int { return len(r.JobProgress) },
		},
		"AnalysisJobProgress": {
			[]string{"Item", "TargetNames"}, []string{"State"},
			func(r *Precheck) int { return len(r.AnalysisJobProgress) },
		},
		"SubDistributedJobStatus": {
			[]string{"JobId", "Code"}, []string{"State"},
			func(r *Precheck) int { return len(r.SubDistributedJobStatus) },
		},
		"FullNetCheckJobStatus": {
			[]string{"JobId", "Code", "HostRegion", "SrcRegion", "SrcRegionCidr", "DestRegion", "DestRegionCidr", "SourceEndpointType", "DestinationEndpointType"},
			[]string{"State"},
			func(r *Precheck) int { return len(r.FullNetCheckJobStatus) },
		},
	} {
		for want, fields := range map[int][]string{2: test.differ, 1: test.same} {
			for _, field := range fields {
				pages := []api.PrecheckPage{pageWith(t, name, field, "1"), pageWith(t, name, field, "2")}
				if got := test.count(mergePrecheck(pages)); got != want {
					t.Errorf("%s: two elements with another %s are %d, want %d", name, field, got, want)
				}
			}
		}
	}
}

// pageWith is a page with one element that has one field.
func pageWith(t *testing.T, list, field, value string) api.PrecheckPage {
	t.Helper()
	body, err := json.Marshal(map[string]any{list: []map[string]string{{field: value}}})
	if err != nil {
		t.Fatal(err)
	}
	var p api.PrecheckPage
	if _, err := api.Parse(http.StatusOK, body, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestWorseCopyCounts merges copies in both orders.
func TestWorseCopyCounts(t *testing.T) {
	fromGoodToBad := []string{"Success", "Warning", "Checking", "Failed"}
	for i, better := range fromGoodToBad {
		for _, worse := range fromGoodToBad[i+1:] {
			for _, copies := range [][2]string{{better, worse}, {worse, better}} {
				a, b := copies[0], copies[1]
				if got := worseItem(api.ProgressItem{State: &a}, api.ProgressItem{State: &b}); api.Value(got.State) != worse {
					t.Errorf("%v: %s", copies, api.Value(got.State))
				}
			}
		}
	}
}

// TestLargerCountOfFailuresCounts has the count in the copy with the better
// state.
func TestLargerCountOfFailuresCounts(t *testing.T) {
	bad, good := "Failed", "Finished"
	for _, copies := range [][2]api.Subjob{
		{{State: &bad}, {State: &good, ErrorItem: new(int64(2))}},
		{{State: &bad, ErrorItem: new(int64(1))}, {State: &good, ErrorItem: new(int64(2))}},
		{{State: &good, ErrorItem: new(int64(2))}, {State: &bad, ErrorItem: new(int64(1))}},
	} {
		if got := worseSubjob(copies[0], copies[1]); got.ErrorItem == nil || *got.ErrorItem != 2 || *got.State != bad {
			t.Errorf("%+v", got)
		}
	}
}

// TestExcusedIsExact keeps a failure that a warning about the same item would
// hide if any other flag counted as Y.
func TestExcusedIsExact(t *testing.T) {
	warning, failed, flag := "Warning", "Failed", "y"
	got := worseItem(api.ProgressItem{State: &warning}, api.ProgressItem{State: &failed, IgnoreFlag: &flag})
	if *got.State != failed {
		t.Errorf("the copy with state %s counts", *got.State)
	}
}

// TestEarlierStartCounts merges copies of an item that differ in their start
// alone: an older run must not count as a newer one.
func TestEarlierStartCounts(t *testing.T) {
	const older, newer = "2026-03-16T08:00:00Z", "2026-03-16T09:00:00Z"
	for _, test := range []struct{ a, b, want string }{
		{older, newer, older}, {newer, older, older}, {"", newer, newer}, {newer, "", newer}, {"", "", ""},
		// Which is earlier differs between times and texts.
		{"2026-03-16T08:30:00Z", "2026-03-16T16:00:00+08:00", "2026-03-16T16:00:00+08:00"},
		{"2026-03-16T16:00:00+08:00", "2026-03-16T08:30:00Z", "2026-03-16T16:00:00+08:00"},
		{"2026-03-16T16:30:00+08:00", newer, "2026-03-16T16:30:00+08:00"},
		{newer, "2026-03-16 10:00:00.0", "2026-03-16 10:00:00.0"}, {"2026-03-16 10:00:00.0", newer, "2026-03-16 10:00:00.0"},
	} {
		if got := worseItem(api.ProgressItem{BootTime: &test.a}, api.ProgressItem{BootTime: &test.b}); api.Value(got.BootTime) != test.want {
			t.Errorf("%q and %q: %q, want %q", test.a, test.b, api.Value(got.BootTime), test.want)
		}
	}
}

// TestPagesAreMerged has items, sub-jobs and network checks that occur
// on multiple pages. The worse of two copies counts.
func TestPagesAreMerged(t *testing.T) {
	pages := []string{
		`{"State":"Finished","JobName":"first","JobProgress":[{"Id":"1","State":"Failed"},{"Id":"2","State":"Success"}],
		  "AnalysisJobProgress":[{"Id":"a"}],
		  "SubDistributedJobStatus":[{"JobId":"s","Code":"02","State":"Failed","ErrorItem":2,"JobProgress":[{"Id":"x","State":"Failed"}]},{"JobId":"s","Code":"03"}],
		  "FullNetCheckJobStatus":[{"JobId":"n","SrcRegionCidr":"10.0.0.0/8","State":"Failed"},{"JobId":"n","SrcRegionCidr":"10.0.0.0/9","State":"Success"}]}`,
		`{"State":"Finished","JobName":"last","ErrorItem":1,"JobProgress":[{"Id":"1","State":"Success"},{"Id":"2","State":"Failed"},{"Id":"3"},
		  {"Id":"4","SourceSchema":"a"},{"Id":"4","SourceSchema":"b"}],
		  "AnalysisJobProgress":[{"Id":"a"},{"Id":"b"}],
		  "SubDistributedJobStatus":[{"JobId":"s","Code":"02","State":"Finished","JobProgress":[{"Id":"x","State":"Success"},{"Id":"z"}]},{"JobId":"t"}],
		  "FullNetCheckJobStatus":[{"JobId":"n","SrcRegionCidr":"10.0.0.0/8","State":"Success"}]}`,
		`{"JobProgress":[]}`,
	}
	var parsed []api.PrecheckPage
	for _, page := range pages {
		var p api.PrecheckPage
		if _, err := api.Parse(http.StatusOK, []byte(page), &p); err != nil {
			t.Fatal(err)
		}
		parsed = append(parsed, p)
	}
	var want api.Precheck
	if err := json.Unmarshal([]byte(`{"State":"Finished","JobName":"last","ErrorItem":1,
		  "JobProgress":[{"Id":"1","State":"Failed"},{"Id":"2","State":"Failed"},{"Id":"3"},{"Id":"4","SourceSchema":"a"},{"Id":"4","SourceSchema":"b"}],
		  "AnalysisJobProgress":[{"Id":"a"},{"Id":"b"}],
		  "SubDistributedJobStatus":[{"JobId":"s","Code":"02","State":"Failed","ErrorItem":2,"JobProgress":[{"Id":"x","State":"Failed"},{"Id":"z"}]},{"JobId":"s","Code":"03"},{"JobId":"t"}],
		  "FullNetCheckJobStatus":[{"JobId":"n","SrcRegionCidr":"10.0.0.0/8","State":"Failed"},{"JobId":"n","SrcRegionCidr":"10.0.0.0/9","State":"Success"}]}`), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, mergePrecheck(parsed).Precheck); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestExcusedCopyIsNotWorse merges a failure with a copy that was skipped.
func TestExcusedCopyIsNotWorse(t *testing.T) {
	state := "Failed"
	skipped := api.ProgressItem{State: &state, Skip: new(true)}
	for _, list := range [][]api.ProgressItem{{{State: &state}, skipped}, {skipped, {State: &state}}} {
		items := merge([][]api.ProgressItem{list[:1], list[1:]}, itemKey, worseItem)
		if len(items) != 1 || items[0].Excused() {
			t.Errorf("%+v", items)
		}
	}
}

// TestSavedPages reads saved pages, which have to be all of one read.
func TestSavedPages(t *testing.T) {
	page := func(number, total int, items []string) string {
		return fmt.Sprintf(`{"State":"Finished","JobId":"j","Code":"01","PageNumber":%d,"TotalRecordCount":%d,"JobProgress":[%s]}`, number, total, strings.Join(items, ","))
	}
	all := itemsOf(45)
	for _, test := range []struct {
		name         string
		pages        []string
		items        int
		missing      bool
		inconsistent bool
	}{
		{"one page", []string{page(1, 7, all[:7])}, 7, false, false},
		{"all pages", []string{page(1, 45, all[:20]), page(2, 45, all[20:40]), page(3, 45, all[40:])}, 45, false, false},
		{"all pages in another order", []string{page(3, 45, all[40:]), page(1, 45, all[:20]), page(2, 45, all[20:40])}, 45, false, false},
		{"the last page alone", []string{page(3, 5, all[40:])}, 5, true, false},
		{"the first page alone", []string{page(1, 45, all[:20])}, 20, true, false},
		{"a page is missing", []string{page(1, 25, all[:20]), page(3, 25, all[40:])}, 25, true, false},
		{"a page is repeated", []string{page(1, 7, all[:7]), page(1, 7, all[:7])}, 7, true, false},
		{"another count", []string{page(1, 25, all[:20]), page(2, 24, all[20:25])}, 25, false, true},
		{"another state", []string{page(1, 25, all[:20]), strings.Replace(page(2, 25, all[20:25]), "Finished", "Failed", 1)}, 25, false, true},
		{"another job", []string{page(1, 25, all[:20]), strings.Replace(page(2, 25, all[20:25]), `"j"`, `"k"`, 1)}, 25, false, true},
		{"another code", []string{page(1, 25, all[:20]), strings.Replace(page(2, 25, all[20:25]), `"Code":"01"`, `"Code":"02"`, 1)}, 25, false, true},
		{"pages without a number", []string{`{"State":"Finished","JobProgress":[{"Id":"1"}]}`, `{"State":"Finished","JobProgress":[{"Id":"2"}]}`}, 2, true, false},
		{"one of two pages without a number", []string{strings.Replace(page(1, 25, all[:20]), `"PageNumber":1,`, "", 1), page(2, 25, all[20:25])}, 25, true, false},
		{"one page without number and count", []string{`{"State":"Finished","JobProgress":[{"Id":"1"}]}`}, 1, false, false},
		{"a page without its job ID", []string{page(1, 25, all[:20]), strings.Replace(page(2, 25, all[20:25]), `"JobId":"j",`, "", 1)}, 25, false, true},
		{"a page without a count", []string{page(1, 25, all[:20]), strings.Replace(page(2, 25, all[20:25]), `"TotalRecordCount":25,`, "", 1)}, 25, false, true},
		{"error items differ", []string{page(1, 25, all[:20]), strings.Replace(page(2, 25, all[20:25]), `"Code"`, `"ErrorItem":2,"Code"`, 1), strings.Replace(page(3, 25, nil), `"Code"`, `"ErrorItem":1,"Code"`, 1)}, 25, false, true},
		{"states that differ in case", []string{page(1, 25, all[:20]), strings.Replace(page(2, 25, all[20:25]), "Finished", "FINISHED", 1)}, 25, false, false},
		{"a byte order mark", []string{"\uFEFF" + page(1, 7, all[:7])}, 7, false, false},
		{"thirty and a lower count", []string{page(1, 7, all[:30])}, 30, true, false},
		{"seven and a lower count", []string{page(1, 5, all[:7])}, 7, false, false},
		{"more than counted, last page not full", []string{page(1, 20, all[:20]), page(2, 20, all[20:25])}, 25, false, false},
		{"ten without a count", []string{`{"State":"Finished","JobProgress":[` + strings.Join(all[:10], ",") + `]}`}, 10, true, false},
		{"thirty without a count", []string{`{"State":"Finished","JobProgress":[` + strings.Join(all[:30], ",") + `]}`}, 30, true, false},
		{"fifty without a count", []string{`{"State":"Finished","JobProgress":[` + strings.Join(itemsOf(50), ",") + `]}`}, 50, true, false},
		{"no items and no count", []string{`{"State":"Finished"}`}, 0, false, false},
		{"twenty without a count", []string{`{"State":"Finished","JobProgress":[` + strings.Join(all[:20], ",") + `]}`}, 20, true, false},
		{"a hundred without a count", []string{`{"State":"Finished","JobProgress":[` + strings.Join(itemsOf(100), ",") + `]}`}, 100, true, false},
	} {
		var responses [][]byte
		for _, page := range test.pages {
			responses = append(responses, []byte(page))
		}
		got, err := ParsePrecheckPages(responses...)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if len(got.JobProgress) != test.items || got.ItemsMissing != test.missing || got.Inconsistent != test.inconsistent {
			t.Errorf("%s: %d items, missing %t, inconsistent %t; want %d, %t, %t",
				test.name, len(got.JobProgress), got.ItemsMissing, got.Inconsistent, test.items, test.missing, test.inconsistent)
		}
	}
}

func TestSavedPageThatCannotBeRead(t *testing.T) {
	good := []byte(`{"State":"Finished","JobProgress":[]}`)
	for bad, want := range map[string]string{
		`{`:             "broken response",
		`{"RequestId"}`: "broken response",
		`{"State":{}}`:  "field State holds",
		`{"Success":false,"ErrCode":"InvalidJobId","ErrMessage":"no such job"}`: "the API returned an error: InvalidJobId: no such job",
		`{"Code":"Throttling","Message":"slow down"}`:                           "the API returned an error: Throttling: slow down",
	} {
		_, err := ParsePrecheckPages(good, []byte(bad))
		var page *PageError
		if !errors.As(err, &page) || page.Index != 1 || !strings.HasPrefix(err.Error(), "response 2: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q of the second response", bad, err, want)
		}
	}
	if _, err := ParsePrecheckPages([]byte(`{"RequestId":"r"}`)); !errors.Is(err, ErrNoSubtask) {
		t.Errorf("an envelope: %v", err)
	}
}
