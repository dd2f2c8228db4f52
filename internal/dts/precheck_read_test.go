package dts

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/google/go-cmp/cmp"
)

// itemsOf are the items from number 1, as JSON objects.
func itemsOf(count int) []string {
	var items []string
	for n := 1; n <= count; n++ {
		items = append(items, fmt.Sprintf(`{"Id":"%d","Item":"CHECK_%d","State":"Success"}`, n, n))
	}
	return items
}

// subtask is a page of items under a state and a count.
func subtask(state string, total int, items []string) string {
	return fmt.Sprintf(`{"Success":true,"RequestId":"R","State":%q,"JobId":"j","TotalRecordCount":%d,"JobProgress":[%s]}`,
		state, total, strings.Join(items, ","))
}

// cutItems is a page of a list under a cap of the page size.
func cutItems(all []string, number, size, limit int) []string {
	size = min(size, limit)
	from := min((number-1)*size, len(all))
	return all[from:min(from+size, len(all))]
}

// TestprecheckPages reads from servers that page items in the ways that the
// documents allow.
func TestprecheckPages(t *testing.T) {
	all := itemsOf(250)
	failed := func(items []string, n int) []string {
		items = slices.Clone(items)
		items[n] = strings.ReplaceAll(items[n], "Success", "Failed")
		return items
	}
	for _, test := range []struct {
		name     string
		response func(pass, number, size int) string
		items    int
		missing  bool
		most     int // requests
	}{
		{"one short page", func(_, n, s int) string { return subtask("Finished", 7, cutItems(all[:7], n, s, 100)) }, 7, false, 1},
		{"no items", func(_, _, _ int) string { return subtask("Finished", 0, nil) }, 0, false, 1},
		{"a count and no items", func(_, _, _ int) string { return subtask("Finished", 7, nil) }, 0, true, 4},
		{"250 at 100", func(_, n, s int) string { return subtask("Finished", 250, cutItems(all, n, s, 100)) }, 250, false, 3},
		{"250 at 20", func(_, n, s int) string { return subtask("Finished", 250, cutItems(all, n, s, 20)) }, 250, false, 13},
		{"250 at 30", func(_, n, s int) string { return subtask("Finished", 250, cutItems(all, n, s, 30)) }, 250, false, 9},
		{"capped at 30, offsets by requested size", func(_, n, s int) string {
			from := min((n-1)*s, 45)
			return subtask("Finished", 45, all[from:min(from+min(s, 30), 45)])
		}, 45, false, 3},
		{"last page full", func(_, n, s int) string { return subtask("Finished", 60, cutItems(all[:60], n, s, 30)) }, 60, false, 3},
		{"more than counted", func(_, n, s int) string { return subtask("Finished", 30, cutItems(all[:75], n, s, 30)) }, 75, false, 3},
		{"documented sample: one of 100", func(_, n, s int) string { return subtask("Finished", 100, cutItems(all[:1], n, s, 30)) }, 1, false, 8},
		{"twenty of 45 and no more", func(_, n, s int) string { return subtask("Finished", 45, cutItems(all[:20], n, s, 20)) }, 20, true, 8},
		{"a hundred of 250 and no more", func(_, n, s int) string { return subtask("Finished", 250, cutItems(all[:100], n, s, 100)) }, 100, true, 8},
		{"the same page always", func(_, _, _ int) string { return subtask("Finished", 100, all[:1]) }, 1, true, 8},
		{"the same thirty always, without a count", func(_, _, _ int) string {
			return strings.Replace(subtask("Finished", 0, all[:30]), `"TotalRecordCount":0,`, "", 1)
		}, 30, true, 4},
		{"shifted by one, count from 40 to 39", func(_, n, s int) string {
			if n == 1 {
				return subtask("Finished", 40, all[:20])
			}
			return subtask("Finished", 39, cutItems(all[1:40], n, s, 20))
		}, 39, true, 10},
		{"empty page in between once", func(pass, n, s int) string {
			if pass == 1 && n == 2 {
				return subtask("Finished", 60, nil)
			}
			return subtask("Finished", 60, cutItems(all[:60], n, s, 20))
		}, 60, false, 9},
		{"the same item in two states", func(_, n, s int) string {
			if n == 2 {
				return subtask("Finished", 40, append(failed(all, 3)[3:4], all[20:39]...))
			}
			return subtask("Finished", 40, cutItems(all[:40], n, s, 20))
		}, 39, true, 8},
		{"an envelope past the end", func(_, n, _ int) string {
			if n > 1 {
				return `{"Success":true,"RequestId":"R"}`
			}
			return subtask("Finished", 30, all[:30])
		}, 30, false, 2},
		{"alike on one page", func(_, _, _ int) string {
			return subtask("Finished", 2, []string{`{"Item":"A"}`, `{"Item":"A"}`})
		}, 2, false, 1},
		{"the state changes once", func(pass, n, s int) string {
			state := "Finished"
			if pass == 1 && n == 1 {
				state = "Checking"
			}
			return subtask(state, 60, cutItems(all[:60], n, s, 30))
		}, 60, false, 6},
		{"the state changes in its case only", func(_, n, s int) string {
			return subtask([]string{"Finished", "FINISHED"}[n%2], 45, cutItems(all[:45], n, s, 30))
		}, 45, false, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			var pass atomic.Int32
			s := NewServer(t, func(w http.ResponseWriter, r *http.Request) {
				page, size := number(r.URL.Query(), "PageNo"), number(r.URL.Query(), "PageSize")
				if page == 1 {
					pass.Add(1)
				}
				_, _ = w.Write([]byte(test.response(int(pass.Load()), page, size)))
			})
			got, err := ClientOf(s).Precheck(t.Context(), "cn-hangzhou", api.PrecheckRequest{PrecheckSelection: api.PrecheckSelection{DtsJobID: "j"}})
			if err != nil {
				t.Fatal(err)
			}
			if len(got.JobProgress) != test.items || got.ItemsMissing != test.missing || s.Count() > test.most {
				t.Errorf("%d items, missing %t, in %d requests; want %d, %t, at most %d",
					len(got.JobProgress), got.ItemsMissing, s.Count(), test.items, test.missing, test.most)
			}
			q := s.calls[0]
			if q.Get("RegionId") != "cn-hangzhou" || q.Get("DtsJobId") != "j" || q.Get("JobCode") != "01" || q.Get("StructType") != "before" || q.Get("PageSize") != "100" {
				t.Errorf("requested %v", q)
			}
		})
	}
}

// TestCutAtTheUsersPageSize reads a page that is as full as was requested, and
// no more of what is counted.
func TestCutAtTheUsersPageSize(t *testing.T) {
	s := NewServer(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(subtask("Finished", 60, cutItems(itemsOf(25), number(r.URL.Query(), "PageNo"), 25, 25))))
	})
	got, err := ClientOf(s).Precheck(t.Context(), "r", api.PrecheckRequest{PageSize: 25})
	if err != nil || len(got.JobProgress) != 25 || !got.ItemsMissing {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestprecheckPagesAreMerged has items, sub-jobs and network checks that occur
// on multiple pages. The worse of two copies counts.
func TestprecheckPagesAreMerged(t *testing.T) {
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
	var parsed []*precheckPage
	for _, page := range pages {
		p := new(precheckPage)
		if _, err := api.Parse(http.StatusOK, []byte(page), p); err != nil {
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
	state := api.ItemState("Failed")
	skipped := api.ProgressItem{State: &state, Skip: new(true)}
	for _, list := range [][]api.ProgressItem{{{State: &state}, skipped}, {skipped, {State: &state}}} {
		var items merger[api.ProgressItem]
		items.add(list[:1], (*api.ProgressItem).key, worseItem)
		items.add(list[1:], (*api.ProgressItem).key, worseItem)
		if len(items.merged) != 1 || items.merged[0].Excused() {
			t.Errorf("%+v", items.merged)
		}
	}
}

func TestResponseWithoutSubtask(t *testing.T) {
	s := NewServer(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"Success":true,"RequestId":"R-1","State":"","JobProgress":[]}`))
	})
	_, err := ClientOf(s).Precheck(t.Context(), "r", api.PrecheckRequest{})
	var got *rpc.Error
	if !errors.Is(err, ErrNoSubtask) || !errors.As(err, &got) || got.RequestID != "R-1" || got.Region != "r" || s.Count() != 1 {
		t.Errorf("got %v in %d requests", err, s.Count())
	}
	// A filter may just match nothing.
	if got, err := ClientOf(s).Precheck(t.Context(), "r", api.PrecheckRequest{PrecheckFilter: api.PrecheckFilter{Name: "x"}}); err != nil || len(got.JobProgress) != 0 {
		t.Errorf("filtered: %v, %v", got, err)
	}
}

// TestPoll polls a subtask of 45 items. A poll of one that goes on costs one
// request, and that of one that has ended reads the first page once.
func TestPoll(t *testing.T) {
	for wantsAll, want := range map[bool]struct{ items, requests int }{false: {30, 1}, true: {45, 2}} {
		s := NewServer(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(subtask("Checking", 45, cutItems(itemsOf(45), number(r.URL.Query(), "PageNo"), 100, 30))))
		})
		got, err := ClientOf(s).PollPrecheck(t.Context(), "r", api.PrecheckRequest{}, func(first *PrecheckReport) bool {
			if len(first.JobProgress) != 30 {
				t.Errorf("%d items on the first page", len(first.JobProgress))
			}
			return wantsAll
		})
		if err != nil || len(got.JobProgress) != want.items || s.Count() != want.requests {
			t.Errorf("%t: %d items, %v in %d requests, want %+v", wantsAll, len(got.JobProgress), err, s.Count(), want)
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
		name    string
		pages   []string
		items   int
		missing bool
	}{
		{"one page", []string{page(1, 7, all[:7])}, 7, false},
		{"all pages", []string{page(1, 45, all[:20]), page(2, 45, all[20:40]), page(3, 45, all[40:])}, 45, false},
		{"all pages in another order", []string{page(3, 45, all[40:]), page(1, 45, all[:20]), page(2, 45, all[20:40])}, 45, false},
		{"the last page alone", []string{page(3, 5, all[40:])}, 5, true},
		{"the first page alone", []string{page(1, 45, all[:20])}, 20, true},
		{"a page is missing", []string{page(1, 25, all[:20]), page(3, 25, all[40:])}, 25, true},
		{"a page is repeated", []string{page(1, 7, all[:7]), page(1, 7, all[:7])}, 7, true},
		{"another count", []string{page(1, 25, all[:20]), page(2, 24, all[20:25])}, 25, true},
		{"another state", []string{page(1, 25, all[:20]), strings.Replace(page(2, 25, all[20:25]), "Finished", "Failed", 1)}, 25, true},
		{"another job", []string{page(1, 25, all[:20]), strings.Replace(page(2, 25, all[20:25]), `"j"`, `"k"`, 1)}, 25, true},
		{"another code", []string{page(1, 25, all[:20]), strings.Replace(page(2, 25, all[20:25]), `"Code":"01"`, `"Code":"02"`, 1)}, 25, true},
		{"pages without a number", []string{`{"State":"Finished","JobProgress":[{"Id":"1"}]}`, `{"State":"Finished","JobProgress":[{"Id":"2"}]}`}, 2, true},
		{"one of two pages without a number", []string{strings.Replace(page(1, 25, all[:20]), `"PageNumber":1,`, "", 1), page(2, 25, all[20:25])}, 25, true},
		{"one page without number and count", []string{`{"State":"Finished","JobProgress":[{"Id":"1"}]}`}, 1, false},
		{"twenty without a count", []string{`{"State":"Finished","JobProgress":[` + strings.Join(all[:20], ",") + `]}`}, 20, true},
		{"a hundred without a count", []string{`{"State":"Finished","JobProgress":[` + strings.Join(itemsOf(100), ",") + `]}`}, 100, true},
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
		if len(got.JobProgress) != test.items || got.ItemsMissing != test.missing {
			t.Errorf("%s: %d items, missing %t; want %d, %t", test.name, len(got.JobProgress), got.ItemsMissing, test.items, test.missing)
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
		if !errors.As(err, &page) || page.Index != 1 || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q of page 1", bad, err, want)
		}
	}
	if _, err := ParsePrecheckPages([]byte(`{"RequestId":"r"}`)); !errors.Is(err, ErrNoSubtask) {
		t.Errorf("an envelope: %v", err)
	}
}
