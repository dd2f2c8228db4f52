package verdict_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

var allCodes = []api.JobCode{"01", "02", "03", "04", "07"}

// TestTopLevelStates has each documented state, and others, in any case, over
// good, bad and undecided items, for each job code.
func TestTopLevelStates(t *testing.T) {
	const good, bad, pending = `{"State":"Success"}`, `{"State":"Failed"}`, `{"State":"Checking"}`
	for _, test := range []struct {
		state       string
		want        [3]verdict.Result // over good, bad, pending
		incremental *[3]verdict.Result
	}{
		{"NotStarted", [3]verdict.Result{verdict.NotStarted, verdict.NotStarted, verdict.NotStarted}, nil},
		{"Suspending", [3]verdict.Result{verdict.Suspended, verdict.Suspended, verdict.Suspended}, nil},
		{"Checking", [3]verdict.Result{verdict.Running, verdict.Running, verdict.Running}, nil},
		{"Migrating", [3]verdict.Result{verdict.Running, verdict.Running, verdict.Running}, nil},
		{"Catched", [3]verdict.Result{verdict.Running, verdict.Running, verdict.Running},
			&[3]verdict.Result{verdict.Passed, verdict.Failed, verdict.Unknown}},
		{"Finished", [3]verdict.Result{verdict.Passed, verdict.Failed, verdict.Unknown}, nil},
		{"Failed", [3]verdict.Result{verdict.Failed, verdict.Failed, verdict.Failed}, nil},
		{"Success", [3]verdict.Result{verdict.Unknown, verdict.Unknown, verdict.Unknown}, nil},
		{"Warning", [3]verdict.Result{verdict.Unknown, verdict.Unknown, verdict.Unknown}, nil},
		{"Finished ", [3]verdict.Result{verdict.Unknown, verdict.Unknown, verdict.Unknown}, nil},
		{"", [3]verdict.Result{verdict.Unknown, verdict.Unknown, verdict.Unknown}, nil},
	} {
		for _, code := range allCodes {
			want := test.want
			if code == "04" && test.incremental != nil {
				want = *test.incremental
			}
			for i, item := range []string{good, bad, pending} {
				for _, state := range []string{test.state, strings.ToUpper(test.state), strings.ToLower(test.state)} {
					response := fmt.Sprintf(`{"State":%q,"JobProgress":[%s]}`, state, item)
					v := judge(t, response, verdict.Criteria{JobCode: code})
					if v.Result != want[i] || v.Passed != (want[i] == verdict.Passed) {
						t.Errorf("code %s, %s: %s, passed %t, want %s", code, response, v.Result, v.Passed, want[i])
					}
					// The items are listed whatever the result is.
					if len(v.FailedItems) == 1 != (item == bad) || len(v.PendingItems) == 1 != (item == pending) {
						t.Errorf("code %s, %s: failed %v, pending %v", code, response, v.FailedItems, v.PendingItems)
					}
				}
			}
		}
	}
}

// TestStatesWithin has each state of an item, a sub-job and a network check
// under Finished.
func TestStatesWithin(t *testing.T) {
	const root = `{"State":"Finished","JobProgress":[{"State":"Success"}],`
	places := map[string]string{
		"item":                  `{"State":"Finished","JobProgress":[{"Item":"X","State":%s}]}`,
		"item after a good one": `{"State":"Finished","JobProgress":[{"State":"Success"},{"Item":"X","State":%s}]}`,
		"sub-job":               root + `"SubDistributedJobStatus":[{"JobName":"X","State":%s}]}`,
		"sub-job after another": root + `"SubDistributedJobStatus":[{"State":"Finished"},{"JobName":"X","State":%s}]}`,
		"network check":         root + `"FullNetCheckJobStatus":[{"JobName":"X","State":%s}]}`,
		"item of a sub-job":     `{"State":"Finished","SubDistributedJobStatus":[{"State":"Finished","JobProgress":[{"Item":"X","State":%s}]}]}`,
		"item of a check":       `{"State":"Finished","FullNetCheckJobStatus":[{"State":"Success","JobProgress":[{"Item":"X","State":%s}]}]}`,
	}
	for state, want := range map[string]verdict.Result{
		`"Success"`: verdict.Passed, `"SUCCESS"`: verdict.Passed, `"Finished"`: verdict.Passed, `"finished"`: verdict.Passed,
		`"Warning"`: verdict.Passed, `"warning"`: verdict.Passed,
		`"Failed"`: verdict.Failed, `"FAILED"`: verdict.Failed,
		`"NotStarted"`: verdict.Unknown, `"Checking"`: verdict.Unknown, `"Suspending"`: verdict.Unknown, `"Retrying"`: verdict.Unknown,
		`""`: verdict.Unknown, `null`: verdict.Unknown, `" "`: verdict.Unknown, `"Migrating"`: verdict.Unknown, `"CATCHED"`: verdict.Unknown,
	} {
		for _, code := range allCodes {
			want := want
			if code == "04" && (state == `"Migrating"` || state == `"CATCHED"`) {
				want = verdict.Passed
			}
			for place, form := range places {
				v := judge(t, fmt.Sprintf(form, state), verdict.Criteria{JobCode: code})
				failed, warned := want == verdict.Failed, strings.EqualFold(state, `"Warning"`)
				pending := want == verdict.Unknown && strings.Contains(place, "item")
				if v.Result != want || len(v.FailedItems) == 1 != failed || len(v.WarningItems) == 1 != warned || len(v.PendingItems) == 1 != pending {
					t.Errorf("code %s, %s in state %s: %s, want %s; failed %v, warnings %v, pending %v",
						code, place, state, v.Result, want, names(v.FailedItems), names(v.WarningItems), names(v.PendingItems))
				}
				for _, f := range append(append(v.FailedItems, v.WarningItems...), v.PendingItems...) {
					if text(f.Item) != "X" || !strings.EqualFold(text(f.State), strings.Trim(strings.ReplaceAll(state, "null", ""), `"`)) {
						t.Errorf("code %s, %s in state %s: listed as %q in state %q", code, place, state, text(f.Item), text(f.State))
					}
				}
			}
		}
	}
}
