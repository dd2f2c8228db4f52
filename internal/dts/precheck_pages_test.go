package dts

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// itemsOf are the items number from to number to, as JSON objects.
func itemsOf(from, to int) []string {
	var items []string
	for n := from; n <= to; n++ {
		items = append(items, fmt.Sprintf(`{"Id":"%d","Item":"CHECK_%d"}`, n, n))
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

// TestWholePrecheck reads from servers that behave in all the ways of the
// contract. A reading begins with a call for page 1.
func TestWholePrecheck(t *testing.T) {
	all := itemsOf(1, 250)
	var short atomic.Bool
	for _, test := range []struct {
		name       string
		answer     func(reading, number, size int) string
		want       int // items
		calls      int
		incomplete bool
	}{
		{"one short page", func(_, n, s int) string { return subtask("Finished", 7, cutItems(all[:7], n, s, 100)) }, 7, 1, false},
		{"no items", func(_, _, _ int) string { return subtask("Finished", 0, nil) }, 0, 1, false},
		{"a count and no items", func(_, _, _ int) string { return subtask("Finished", 7, nil) }, 0, 2, false},
		{"250 at 100", func(_, n, s int) string { return subtask("Finished", 250, cutItems(all, n, s, 100)) }, 250, 3, false},
		{"250 at 20", func(_, n, s int) string { return subtask("Finished", 250, cutItems(all, n, s, 20)) }, 250, 13, false},
		{"250 at 30", func(_, n, s int) string { return subtask("Finished", 250, cutItems(all, n, s, 30)) }, 250, 9, false},
		{"last page full", func(_, n, s int) string { return subtask("Finished", 60, cutItems(all[:60], n, s, 30)) }, 60, 3, false},
		{"more than counted", func(_, n, s int) string { return subtask("Finished", 30, cutItems(all[:75], n, s, 30)) }, 75, 3, false},
		{"fewer than counted, then empty", func(_, n, s int) string { return subtask("Finished", 100, cutItems(all[:1], n, s, 30)) }, 1, 3, false},
		{"fewer than counted, then nothing new", func(_, _, _ int) string { return subtask("Finished", 100, all[:1]) }, 1, 2, true},
		{"a page short for once", func(_, n, s int) string {
			items := cutItems(all[:60], n, s, 30)
			if n == 2 && short.CompareAndSwap(false, true) {
				items = items[1:]
			}
			return subtask("Finished", 60, items)
		}, 60, 8, false},
		{"the last page again, all there", func(_, _, _ int) string { return subtask("Finished", 30, all[:30]) }, 30, 2, false},
		{"an envelope past the end", func(_, n, _ int) string {
			if n > 1 {
				return `{"Success":true,"RequestId":"R"}`
			}
			return subtask("Finished", 30, all[:30])
		}, 30, 2, false},
		{"alike on one page", func(_, _, _ int) string {
			return subtask("Finished", 2, []string{`{"Item":"A"}`, `{"Item":"A"}`})
		}, 2, 1, false},
		{"the state changes once", func(reading, n, s int) string {
			state := "Finished"
			if reading == 1 && n == 1 {
				state = "Checking"
			}
			return subtask(state, 60, cutItems(all[:60], n, s, 30))
		}, 60, 5, false},
		{"the state changes in its case only", func(_, n, s int) string {
			return subtask([]string{"Finished", "FINISHED"}[n%2], 45, cutItems(all[:45], n, s, 30))
		}, 45, 2, false},
		{"the state changes each time", func(_, n, s int) string {
			return subtask([]string{"Checking", "Finished"}[n%2], 45, cutItems(all[:45], n, s, 30))
		}, 45, 12, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			reading := 0
			s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
				number, _ := strconv.Atoi(r.URL.Query().Get("PageNo"))
				size, _ := strconv.Atoi(r.URL.Query().Get("PageSize"))
				if number == 1 {
					reading++
				}
				_, _ = w.Write([]byte(test.answer(reading, number, size)))
			})
			got, err := clientOf(s).Precheck(t.Context(), PrecheckQuery{Region: "cn-hangzhou", Parameters: map[string]string{"DtsJobId": "j"}})
			if err != nil {
				t.Fatal(err)
			}
			if len(got.JobProgress) != test.want || s.count() != test.calls || got.Incomplete != test.incomplete {
				t.Errorf("%d items in %d calls, incomplete %t; want %d in %d, %t",
					len(got.JobProgress), s.count(), got.Incomplete, test.want, test.calls, test.incomplete)
			}
			if q := s.calls[0]; q.Get("RegionId") != "cn-hangzhou" || q.Get("DtsJobId") != "j" || q.Get("PageSize") != "100" {
				t.Errorf("asked %v", q)
			}
		})
	}
}

func TestPrecheckPagesAreMerged(t *testing.T) {
	pages := []string{
		`{"State":"Finished","JobName":"first","TotalRecordCount":3,"JobProgress":[{"Id":"1"},{"Id":"2"}],
		  "AnalysisJobProgress":[{"Id":"a"}],
		  "SubDistributedJobStatus":[{"JobId":"s","Code":"02","State":"Checking","JobProgress":[{"Id":"x"}]},{"JobId":"s","Code":"03"}],
		  "FullNetCheckJobStatus":[{"JobId":"n","JobProgress":[{"Id":"y"}]}]}`,
		`{"State":"Finished","JobName":"last","TotalRecordCount":3,"ErrorItem":1,"JobProgress":[{"Id":"2"},{"Id":"3"}],
		  "AnalysisJobProgress":[{"Id":"a"},{"Id":"b"}],
		  "SubDistributedJobStatus":[{"JobId":"s","Code":"02","State":"Finished","JobProgress":[{"Id":"x"},{"Id":"z"}]},{"JobId":"t"}],
		  "FullNetCheckJobStatus":[{"JobId":"n","HostRegion":"r","JobProgress":[]}]}`,
		`{"State":"Finished","JobName":"last","TotalRecordCount":3,"ErrorItem":1,"JobProgress":[]}`,
	}
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		number, _ := strconv.Atoi(r.URL.Query().Get("PageNo"))
		_, _ = w.Write([]byte(pages[number-1]))
	})
	got, err := clientOf(s).Precheck(t.Context(), PrecheckQuery{Region: "r"})
	if err != nil {
		t.Fatal(err)
	}
	var want Precheck
	if err := json.Unmarshal([]byte(`{"State":"Finished","JobName":"last","TotalRecordCount":3,"ErrorItem":1,"JobProgress":[{"Id":"1"},{"Id":"2"},{"Id":"3"}],
		  "AnalysisJobProgress":[{"Id":"a"},{"Id":"b"}],
		  "SubDistributedJobStatus":[{"JobId":"s","Code":"02","State":"Finished","JobProgress":[{"Id":"x"},{"Id":"z"}]},{"JobId":"s","Code":"03"},{"JobId":"t"}],
		  "FullNetCheckJobStatus":[{"JobId":"n","HostRegion":"r","JobProgress":[{"Id":"y"}]}]}`), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.Precheck); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestAnswerOfNoSubtaskIsAnError(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"Success":true,"RequestId":"R-1","State":"","JobProgress":[]}`))
	})
	_, err := clientOf(s).Precheck(t.Context(), PrecheckQuery{Region: "r"})
	var got *Error
	if !errors.Is(err, ErrNoSubtask) || !errors.As(err, &got) || got.RequestID != "R-1" || s.count() != 1 {
		t.Errorf("got %v in %d calls", err, s.count())
	}
}
