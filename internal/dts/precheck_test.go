package dts

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
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

func cutItems(all []string, number, size, limit int) []string {
	return pageOf(all, url.Values{"PageNo": {fmt.Sprint(number)}, "PageSize": {fmt.Sprint(size)}}, limit)
}

// TestPrecheck reads from servers that page items in the ways that the
// documents allow.
func TestPrecheck(t *testing.T) {
	all := itemsOf(250)
	failed := func(items []string, n int) []string {
		items = slices.Clone(items)
		items[n] = strings.ReplaceAll(items[n], "Success", "Failed")
		return items
	}
	for _, test := range []struct {
		name         string
		size         api.PageSize                        // that the user chose
		response     func(pass, number, size int) string // "": the number is refused
		items        int
		missing      bool
		inconsistent bool
		most         int // requests
	}{
		{"one short page", 0, func(_, n, s int) string { return subtask("Finished", 7, cutItems(all[:7], n, s, 100)) }, 7, false, false, 1},
		{"no items", 0, func(_, _, _ int) string { return subtask("Finished", 0, nil) }, 0, false, false, 1},
		{"a count and no items", 0, func(_, _, _ int) string { return subtask("Finished", 7, nil) }, 0, true, false, 4},
		{"250 at 100", 0, func(_, n, s int) string { return subtask("Finished", 250, cutItems(all, n, s, 100)) }, 250, false, false, 3},
		{"250 at 20", 0, func(_, n, s int) string { return subtask("Finished", 250, cutItems(all, n, s, 20)) }, 250, false, false, 13},
		{"250 at 30", 0, func(_, n, s int) string { return subtask("Finished", 250, cutItems(all, n, s, 30)) }, 250, false, false, 9},
		{"capped at 30, offsets by requested size", 0, func(_, n, s int) string {
			from := min((n-1)*s, 45)
			return subtask("Finished", 45, all[from:min(from+min(s, 30), 45)])
		}, 45, false, false, 3},
		{"last page full", 0, func(_, n, s int) string { return subtask("Finished", 60, cutItems(all[:60], n, s, 30)) }, 60, false, false, 3},
		{"more than counted", 0, func(_, n, s int) string { return subtask("Finished", 30, cutItems(all[:75], n, s, 30)) }, 75, false, false, 3},
		{"documented sample: one of 100", 0, func(_, n, s int) string { return subtask("Finished", 100, cutItems(all[:1], n, s, 30)) }, 1, false, false, 8},
		{"twenty of 45 and no more", 0, func(_, n, s int) string { return subtask("Finished", 45, cutItems(all[:20], n, s, 20)) }, 20, true, false, 8},
		{"a hundred of 250 and no more", 0, func(_, n, s int) string { return subtask("Finished", 250, cutItems(all[:100], n, s, 100)) }, 100, true, false, 8},
		{"the same page always", 0, func(_, _, _ int) string { return subtask("Finished", 100, all[:1]) }, 1, true, false, 8},
		{"the same thirty always, without a count", 0, func(_, _, _ int) string {
			return strings.Replace(subtask("Finished", 0, all[:30]), `"TotalRecordCount":0,`, "", 1)
		}, 30, true, false, 4},
		{"shifted by one, count from 40 to 39", 0, func(_, n, s int) string {
			if n == 1 {
				return subtask("Finished", 40, all[:20])
			}
			return subtask("Finished", 39, cutItems(all[1:40], n, s, 20))
		}, 39, true, false, 10},
		{"empty page in between once", 0, func(pass, n, s int) string {
			if pass == 1 && n == 2 {
				return subtask("Finished", 60, nil)
			}
			return subtask("Finished", 60, cutItems(all[:60], n, s, 20))
		}, 60, false, false, 9},
		{"the same item in two states", 0, func(_, n, s int) string {
			if n == 2 {
				return subtask("Finished", 40, append(failed(all, 3)[3:4], all[20:39]...))
			}
			return subtask("Finished", 40, cutItems(all[:40], n, s, 20))
		}, 39, true, false, 8},
		{"an envelope past the end", 0, func(_, n, _ int) string {
			if n > 1 {
				return `{"Success":true,"RequestId":"R"}`
			}
			return subtask("Finished", 30, all[:30])
		}, 30, false, false, 2},
		{"alike on one page", 0, func(_, _, _ int) string {
			return subtask("Finished", 2, []string{`{"Item":"A"}`, `{"Item":"A"}`})
		}, 2, false, false, 1},
		{"the state changes once", 0, func(pass, n, s int) string {
			state := "Finished"
			if pass == 1 && n == 1 {
				state = "Checking"
			}
			return subtask(state, 60, cutItems(all[:60], n, s, 30))
		}, 60, false, false, 6},
		{"the state changes in its case only", 0, func(_, n, s int) string {
			return subtask([]string{"Finished", "FINISHED"}[n%2], 45, cutItems(all[:45], n, s, 30))
		}, 45, false, false, 2},
		{"the state changes always", 0, func(_, n, s int) string {
			return subtask([]string{"Finished", "Checking"}[n%2], 45, cutItems(all[:45], n, s, 30))
		}, 45, false, true, 4},
		{"error items differ", 0, func(_, n, s int) string {
			return strings.Replace(subtask("Finished", 45, cutItems(all[:45], n, s, 30)), `"State"`, fmt.Sprintf(`"ErrorItem":%d,"State"`, n), 1)
		}, 45, false, true, 4},
		{"codes differ", 0, func(_, n, s int) string {
			return strings.Replace(subtask("Finished", 45, cutItems(all[:45], n, s, 30)), `"State"`, fmt.Sprintf(`"Code":"0%d","State"`, n), 1)
		}, 45, false, true, 4},
		{"pages of different jobs", 0, func(_, n, s int) string {
			return strings.Replace(subtask("Finished", 45, cutItems(all[:45], n, s, 30)), `"j"`, fmt.Sprintf(`"%d"`, n), 1)
		}, 45, false, true, 4},
		{"a page without fields of the subtask", 0, func(_, n, s int) string {
			if n == 2 {
				return fmt.Sprintf(`{"RequestId":"other","TotalRecordCount":45,"JobProgress":[%s]}`, strings.Join(all[30:45], ","))
			}
			return subtask("Finished", 45, cutItems(all[:45], n, s, 30))
		}, 45, false, false, 2},
		{"no page has a state", 0, func(_, n, s int) string {
			if n > 1 {
				return `{"RequestId":"other"}`
			}
			return strings.Replace(subtask("", 30, cutItems(all[:30], n, s, 30)), `"State":"",`, "", 1)
		}, 30, false, false, 2},
		{"the last page always refused", 0, func(_, n, s int) string {
			if n == 4 {
				return ""
			}
			return subtask("Finished", 95, cutItems(all[:95], n, s, 30))
		}, 90, true, false, 8},
		{"refused past the end", 0, func(_, n, s int) string {
			if n > 2 {
				return ""
			}
			return subtask("Finished", 60, cutItems(all[:60], n, s, 30))
		}, 60, false, false, 3},
		{"signs, and more items than counted", 0, func(_, n, s int) string {
			return subtask("Finished", 30, append(slices.Clone(cutItems(all[:75], n, s, 30)), failed(all, 0)[:n-1]...))
		}, 75, true, false, 9},
		{"always changing", 0, func(pass, n, s int) string {
			return subtask("Finished", 45+pass*2+n, cutItems(all[pass:45+pass], n, s, 30))
		}, 45, true, false, 12},
		{"cut at the user's size", 25, func(_, n, s int) string { return subtask("Finished", 60, cutItems(all[:25], n, s, 25)) }, 25, true, false, 6},
		{"an odd number of items that are counted higher", 0, func(_, n, s int) string { return subtask("Finished", 60, cutItems(all[:45], n, s, 100)) }, 45, false, false, 6},
	} {
		t.Run(test.name, func(t *testing.T) {
			pass := 0
			s, c := serve(func(q url.Values) (int, string) {
				if q.Get("PageNo") == "1" {
					pass++
				}
				body := test.response(pass, number(q, "PageNo"), number(q, "PageSize"))
				if body == "" {
					return 400, `{"Code":"InvalidParameter","Message":"The parameter PageNo is not valid."}`
				}
				return 200, body
			})
			got, err := c.Precheck(t.Context(), "cn-hangzhou", api.PrecheckRequest{PrecheckSelection: api.PrecheckSelection{DtsJobID: "j"}, PageSize: test.size})
			if err != nil {
				t.Fatal(err)
			}
			if len(got.JobProgress) != test.items || got.ItemsMissing != test.missing || got.Inconsistent != test.inconsistent || s.count() > test.most {
				t.Errorf("%d items, missing %t, inconsistent %t, in %d requests; want %d, %t, %t, at most %d",
					len(got.JobProgress), got.ItemsMissing, got.Inconsistent, s.count(), test.items, test.missing, test.inconsistent, test.most)
			}
			if isShort := api.Value(got.TotalRecordCount) > int64(test.items); isShort && got.Counted != *got.TotalRecordCount || !isShort && got.Counted > 0 && got.Counted <= int64(test.items) {
				t.Errorf("%d items, count %d, counted %d", test.items, api.Value(got.TotalRecordCount), got.Counted)
			}
			if got.RequestID != "R" || api.Value(got.JobID) != "j" && test.name != "pages of different jobs" {
				t.Errorf("job %q, request ID %q", api.Value(got.JobID), got.RequestID)
			}
			if q := s.requests[0]; q.Get("RegionId") != "cn-hangzhou" || q.Get("DtsJobId") != "j" || number(q, "PageSize") != int(cmp.Or(test.size, 100)) {
				t.Errorf("requested %v", q)
			}
		})
	}
}

func TestResponseWithoutSubtask(t *testing.T) {
	blank := func(url.Values) (int, string) {
		return 200, `{"Success":true,"RequestId":"R-1","State":"","JobProgress":[]}`
	}
	s, c := serve(blank)
	_, err := c.Precheck(t.Context(), "r", api.PrecheckRequest{})
	if failure := new(rpc.Error); !errors.Is(err, ErrNoSubtask) || !errors.As(err, &failure) || failure.RequestID != "R-1" || failure.Region != "r" || s.count() != 1 {
		t.Errorf("got %v in %d requests", err, s.count())
	}
	// A filter may match nothing.
	for _, filter := range []api.PrecheckFilter{{Name: "x"}, {StructPhase: "View"}} {
		_, c := serve(blank)
		if got, err := c.Precheck(t.Context(), "r", api.PrecheckRequest{PrecheckFilter: filter}); err != nil || len(got.JobProgress) != 0 {
			t.Errorf("%+v: %v, %v", filter, got, err)
		}
	}
}

// TestPollPrecheck polls a subtask of 45 items. A poll costs one request, and
// reading the rest does not request the first page again.
func TestPollPrecheck(t *testing.T) {
	s, c := serve(func(q url.Values) (int, string) {
		return 200, subtask("Checking", 45, pageOf(itemsOf(45), q, 30))
	})
	first, all, err := c.PollPrecheck(t.Context(), "r", api.PrecheckRequest{})
	if err != nil || len(first.JobProgress) != 30 || s.count() != 1 {
		t.Fatalf("%+v, %v in %d requests", first, err, s.count())
	}
	rest, err := all(t.Context())
	if err != nil || len(rest.JobProgress) != 45 || s.count() != 2 {
		t.Errorf("%+v, %v in %d requests", rest, err, s.count())
	}
	_, c = serve(func(url.Values) (int, string) { return refusal("Forbidden.RAM") })
	if _, _, err := c.PollPrecheck(t.Context(), "r", api.PrecheckRequest{}); !errors.As(err, new(*rpc.Error)) {
		t.Errorf("got %v", err)
	}
}
