package dts

import (
	"encoding/json"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// TestWhatTellsElementsApart has two elements that differ in one field alone.
// As one, a good copy could hide a bad one, or be taken for a change.
func TestWhatTellsElementsApart(t *testing.T) {
	for name, test := range map[string]struct {
		differ []string // fields that tell elements apart
		same   []string // fields of which copies of an element may have others
		count  func(*PrecheckReport) int
	}{
		"JobProgress": {
			[]string{"JobId", "Id", "Item", "Names", "TargetNames", "SourceSchema", "DestSchema", "ParentObj", "OrderNum"},
			[]string{"State", "ErrMsg", "BootTime", "FinishTime"},
			func(r *PrecheckReport) int { return len(r.JobProgress) },
		},
		"AnalysisJobProgress": {
			[]string{"Item", "TargetNames"}, []string{"State"},
			func(r *PrecheckReport) int { return len(r.AnalysisJobProgress) },
		},
		"SubDistributedJobStatus": {
			[]string{"JobId", "Code"}, []string{"State"},
			func(r *PrecheckReport) int { return len(r.SubDistributedJobStatus) },
		},
		"FullNetCheckJobStatus": {
			[]string{"JobId", "Code", "HostRegion", "SrcRegion", "SrcRegionCidr", "DestRegion", "DestRegionCidr", "SourceEndpointType", "DestinationEndpointType"},
			[]string{"State"},
			func(r *PrecheckReport) int { return len(r.FullNetCheckJobStatus) },
		},
	} {
		for want, fields := range map[int][]string{2: test.differ, 1: test.same} {
			for _, field := range fields {
				pages := []*precheckPage{pageWith(t, name, field, "1"), pageWith(t, name, field, "2")}
				if got := test.count(mergePrecheck(pages)); got != want {
					t.Errorf("%s: two elements with another %s are %d, want %d", name, field, got, want)
				}
			}
		}
	}
}

// pageWith is a page with one element that has one field.
func pageWith(t *testing.T, list, field, value string) *precheckPage {
	t.Helper()
	body, err := json.Marshal(map[string]any{list: []map[string]string{{field: value}}})
	if err != nil {
		t.Fatal(err)
	}
	p := new(precheckPage)
	if err := api.Decode(body, p); err != nil {
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
				a, b := api.ItemState(copies[0]), api.ItemState(copies[1])
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
	bad, good := api.SubjobState("Failed"), api.SubjobState("Finished")
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
	warning, failed, flag := api.ItemState("Warning"), api.ItemState("Failed"), api.YesNo("y")
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
	} {
		if got := worseItem(api.ProgressItem{BootTime: &test.a}, api.ProgressItem{BootTime: &test.b}); api.Value(got.BootTime) != test.want {
			t.Errorf("%q and %q: %q, want %q", test.a, test.b, api.Value(got.BootTime), test.want)
		}
	}
}
