package provider

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// answer decodes an answer in the API's own form.
func answer(t *testing.T, text string) dts.Precheck {
	t.Helper()
	var p dts.Precheck
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// items are the items of job_progress under a top-level state.
func under(state, items string) string {
	return fmt.Sprintf(`{"State":%q,"JobProgress":[%s]}`, state, items)
}

var allCodes = []dts.JobCode{"01", "02", "03", "04", "05"}

// TestVerdictOfTopLevelStates has each documented state, each without case,
// over good, bad and undecided items, for each job code.
func TestVerdictOfTopLevelStates(t *testing.T) {
	const good, bad, open = `{"State":"Success"}`, `{"State":"Failed"}`, `{"State":"Checking"}`
	for _, test := range []struct {
		state           string
		good, bad, open result
		incremental     []result // for job code 04, where it differs
	}{
		{"NotStarted", resultNotStarted, resultNotStarted, resultNotStarted, nil},
		{"Suspending", resultSuspended, resultSuspended, resultSuspended, nil},
		{"Checking", resultRunning, resultRunning, resultRunning, nil},
		{"Migrating", resultRunning, resultRunning, resultRunning, nil},
		{"Catched", resultRunning, resultRunning, resultRunning, []result{resultPassed, resultFailed, resultUnknown}},
		{"Finished", resultPassed, resultFailed, resultUnknown, nil},
		{"Failed", resultFailed, resultFailed, resultFailed, nil},
		{"Success", resultUnknown, resultUnknown, resultUnknown, nil},
		{"Warning", resultUnknown, resultUnknown, resultUnknown, nil},
		{"", resultUnknown, resultUnknown, resultUnknown, nil},
	} {
		for _, code := range allCodes {
			want := []result{test.good, test.bad, test.open}
			if code == "04" && test.incremental != nil {
				want = test.incremental
			}
			for i, item := range []string{good, bad, open} {
				for _, state := range []string{test.state, strings.ToUpper(test.state), strings.ToLower(test.state)} {
					v := judge(answer(t, under(state, item)), question{jobCode: code})
					if v.result != want[i] || v.passed != (want[i] == resultPassed) {
						t.Errorf("code %s, state %q over %s: %s, passed %t, want %s", code, state, item, v.result, v.passed, want[i])
					}
					if failed := item == bad; failed != (len(v.failed) == 1) {
						t.Errorf("code %s, state %q over %s: %d failed items", code, state, item, len(v.failed))
					}
				}
			}
		}
	}
}

// TestVerdictOfItemStates has each state of an item, a sub-job and a network
// check under Finished.
func TestVerdictOfItemStates(t *testing.T) {
	places := map[string]string{
		"item":               `{"State":"Finished","JobProgress":[{"Item":"X","State":%s}]}`,
		"sub-job":            `{"State":"Finished","SubDistributedJobStatus":[{"JobName":"X","State":%s}]}`,
		"network check":      `{"State":"Finished","FullNetCheckJobStatus":[{"JobName":"X","State":%s}]}`,
		"item of a sub-job":  `{"State":"Finished","SubDistributedJobStatus":[{"State":"Finished","JobProgress":[{"Item":"X","State":%s}]}]}`,
		"item of a check":    `{"State":"Finished","FullNetCheckJobStatus":[{"State":"Success","JobProgress":[{"Item":"X","State":%s}]}]}`,
		"item after a good":  `{"State":"Finished","JobProgress":[{"State":"Success"},{"Item":"X","State":%s}]}`,
		"check after a good": `{"State":"Finished","FullNetCheckJobStatus":[{"State":"Success"},{"JobName":"X","State":%s}]}`,
	}
	for state, want := range map[string]result{
		`"Success"`: resultPassed, `"Finished"`: resultPassed, `"FINISHED"`: resultPassed, `"Warning"`: resultPassed, `"warning"`: resultPassed,
		`"Failed"`: resultFailed, `"FAILED"`: resultFailed,
		`"NotStarted"`: resultUnknown, `"Checking"`: resultUnknown, `"Suspending"`: resultUnknown, `"Retrying"`: resultUnknown,
		`""`: resultUnknown, `null`: resultUnknown, `"Migrating"`: resultUnknown, `"Catched"`: resultUnknown,
	} {
		for _, code := range allCodes {
			want := want
			if code == "04" && (state == `"Migrating"` || state == `"Catched"`) {
				want = resultPassed
			}
			for place, form := range places {
				v := judge(answer(t, fmt.Sprintf(form, state)), question{jobCode: code})
				if v.result != want {
					t.Errorf("code %s, %s in state %s: %s, want %s", code, place, state, v.result, want)
				}
				if (want == resultFailed) != (len(v.failed) == 1) || want == resultFailed && orEmpty(v.failed[0].Item) != "X" {
					t.Errorf("code %s, %s in state %s: failed items %v", code, place, state, v.failed)
				}
				if warned := strings.EqualFold(state, `"Warning"`); warned != (len(v.warnings) == 1) {
					t.Errorf("code %s, %s in state %s: warnings %v", code, place, state, v.warnings)
				}
			}
		}
	}
}

// TestVerdictRules has the rules that are not about a single state.
func TestVerdictRules(t *testing.T) {
	march := time.Date(2022, 3, 16, 0, 0, 0, 0, time.UTC)
	run := func(boot string) string {
		return under("Finished", fmt.Sprintf(`{"State":"Success","BootTime":%q}`, boot))
	}
	for _, test := range []struct {
		name, answer     string
		question         question
		want             result
		failed, warnings []string // as source/item
		passed           bool
		summary          string // a part of it
	}{
		{"nothing to check", `{"State":"Finished"}`, question{}, resultPassed, nil, nil, true, ""},
		{"skipped failure", under("Finished", `{"Item":"A","State":"Failed","Skip":true}`), question{}, resultPassed, nil, []string{"job_progress/A"}, true, ""},
		{"ignored failure", under("Finished", `{"Item":"A","State":"Failed","IgnoreFlag":"Y"}`), question{}, resultPassed, nil, []string{"job_progress/A"}, true, ""},
		{"failure that is not ignored", under("Finished", `{"Item":"A","State":"Failed","IgnoreFlag":"N","CanSkip":true,"Skip":false}`), question{}, resultFailed, []string{"job_progress/A"}, nil, false, "A"},
		{"skipped, but undecided", under("Finished", `{"Item":"A","State":"Checking","Skip":true}`), question{}, resultUnknown, nil, nil, false, "item A is in state Checking"},
		{"skipped under Failed", under("Failed", `{"Item":"A","State":"Failed","Skip":true}`), question{}, resultFailed, nil, []string{"job_progress/A"}, false, "FAILED"},
		{"warnings allowed", under("Finished", `{"Item":"A","State":"Warning"}`), question{}, resultPassed, nil, []string{"job_progress/A"}, true, ""},
		{"warnings not allowed", under("Finished", `{"Item":"A","State":"Warning"}`), question{failOnWarnings: true}, resultPassed, nil, []string{"job_progress/A"}, false, "fail_on_warnings"},
		{"no warnings, none allowed", under("Finished", `{"Item":"A","State":"Success"}`), question{failOnWarnings: true}, resultPassed, nil, nil, true, ""},
		{"a second run still shows the first's failures", under("Checking", `{"Item":"A","State":"Failed"},{"State":"NotStarted"}`), question{}, resultRunning, []string{"job_progress/A"}, nil, false, "RUNNING"},
		{"assessment failed", `{"State":"Finished","AnalysisJobProgress":[{"Item":"A","State":"Failed"},{"Item":"B","State":"NotStarted"}]}`, question{}, resultPassed, nil, []string{"analysis_job_progress/A"}, true, ""},
		{"assessment failed, no warnings allowed", `{"State":"Finished","AnalysisJobProgress":[{"Item":"A","State":"Failed"}]}`, question{failOnWarnings: true}, resultPassed, nil, []string{"analysis_job_progress/A"}, false, "A"},
		{"failure in a sub-job", `{"State":"Finished","SubDistributedJobStatus":[{"JobName":"S","State":"Finished","JobProgress":[{"Item":"A","State":"Failed"}]}]}`, question{}, resultFailed, []string{"sub_distributed_job_status/A"}, nil, false, "A"},
		{"failed sub-job with its failed item", `{"State":"Finished","SubDistributedJobStatus":[{"JobName":"S","State":"Failed","JobProgress":[{"Item":"A","State":"Failed"}]}]}`, question{}, resultFailed, []string{"sub_distributed_job_status/A"}, nil, false, "A"},
		{"failed sub-job with a skipped item", `{"State":"Finished","SubDistributedJobStatus":[{"JobName":"S","State":"Failed","JobProgress":[{"Item":"A","State":"Failed","Skip":true}]}]}`, question{}, resultFailed, []string{"sub_distributed_job_status/S"}, []string{"sub_distributed_job_status/A"}, false, "S"},
		{"failed network check without items", `{"State":"Finished","FullNetCheckJobStatus":[{"JobName":"N","State":"Failed"}],"NetworkDiagnosisResult":{"Diagnosis":[{"EndpointType":"source","CnDocUrl":"https://cn.example","InternationalDocUrl":"https://intl.example"}]}}`, question{}, resultFailed, []string{"full_net_check_job_status/N"}, nil, false, "source: https://intl.example"},
		{"more errors than shown", `{"State":"Finished","ErrorItem":1}`, question{}, resultUnknown, nil, nil, false, "counts more failed items than it shows"},
		{"as many errors as shown, skipped", `{"State":"Finished","ErrorItem":1,"JobProgress":[{"State":"Failed","Skip":true,"Item":"A"}]}`, question{}, resultPassed, nil, []string{"job_progress/A"}, true, ""},
		{"errors shown in a sub-job, skipped", `{"State":"Finished","ErrorItem":1,"SubDistributedJobStatus":[{"State":"Finished","ErrorItem":1,"JobProgress":[{"State":"Failed","Skip":true,"Item":"A"}]}]}`, question{}, resultPassed, nil, []string{"sub_distributed_job_status/A"}, true, ""},
		{"more errors in a sub-job than shown", `{"State":"Finished","SubDistributedJobStatus":[{"JobName":"S","State":"Finished","ErrorItem":2,"JobProgress":[{"State":"Failed","Skip":true,"Item":"A"}]}]}`, question{}, resultUnknown, nil, []string{"sub_distributed_job_status/A"}, false, "sub-job S"},
		{"a network check's count does not decide", `{"State":"Finished","FullNetCheckJobStatus":[{"State":"Success","ErrorItem":2}]}`, question{}, resultPassed, nil, nil, true, ""},
		{"the assessment's count does not decide", `{"State":"Finished","ErrorAnalysisItem":2}`, question{}, resultPassed, nil, nil, true, ""},
		{"items missing", `{"State":"Finished"}`, question{incomplete: true}, resultUnknown, nil, nil, false, "items are missing"},
		{"items missing, one bad", under("Finished", `{"Item":"A","State":"Failed"}`), question{incomplete: true}, resultFailed, []string{"job_progress/A"}, nil, false, "A"},
		{"started after", run("2022-03-16T00:00:00.000+00:00"), question{startedAfter: march}, resultPassed, nil, nil, true, ""},
		{"started before", run("2022-03-15T23:59:59.999+00:00"), question{startedAfter: march}, resultNotStarted, nil, nil, false, "before started_after"},
		{"started before, in another zone", run("2022-03-16T07:59:00.000+08:00"), question{startedAfter: march}, resultNotStarted, nil, nil, false, "before started_after"},
		{"started nobody knows when", run(""), question{startedAfter: march}, resultUnknown, nil, nil, false, "not known when"},
		{"started in no known zone", run("2022-03-17 11:39:44.0"), question{startedAfter: march}, resultUnknown, nil, nil, false, "not known when"},
		{"failed before", under("Failed", `{"State":"Failed","Item":"A","BootTime":"2021-01-11T11:39:44Z"}`), question{startedAfter: march}, resultNotStarted, []string{"job_progress/A"}, nil, false, "before started_after"},
		{"checking, started before", under("Checking", `{"State":"Checking","BootTime":"2021-01-11T11:39:44Z"}`), question{startedAfter: march}, resultRunning, nil, nil, false, "RUNNING"},
		{"one item of the first run, others of the second", under("Finished", `{"State":"Success","BootTime":"2022-03-17T00:00:00Z"},{"State":"Success","BootTime":"2022-03-15T00:00:00Z"}`), question{startedAfter: march}, resultNotStarted, nil, nil, false, "before started_after"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.question.jobCode == "" {
				test.question.jobCode = dts.JobCodePrecheck
			}
			p := answer(t, test.answer)
			v := judge(p, test.question)
			if v.result != test.want || v.passed != test.passed {
				t.Errorf("%s, passed %t, want %s, %t (%s)", v.result, v.passed, test.want, test.passed, v.reason)
			}
			if got := titles(v.failed); !slices.Equal(got, test.failed) {
				t.Errorf("failed items %v, want %v", got, test.failed)
			}
			if got := titles(v.warnings); !slices.Equal(got, test.warnings) {
				t.Errorf("warning items %v, want %v", got, test.warnings)
			}
			summary := summarize(v, p, "job", test.question)
			if (summary == "") != test.passed || !strings.Contains(summary, test.summary) {
				t.Errorf("summary %q, want a part %q", summary, test.summary)
			}
		})
	}
}

func titles(findings []finding) []string {
	var titles []string
	for _, f := range findings {
		titles = append(titles, f.Source+"/"+f.title())
	}
	return titles
}

func TestTimesOfARun(t *testing.T) {
	p := answer(t, `{"State":"Finished",
		"JobProgress":[{"BootTime":"2022-03-16T08:01:31.000+00:00","FinishTime":"2022-03-16T08:01:34.000+00:00"},{"BootTime":"2021-01-11 11:39:44.0"}],
		"SubDistributedJobStatus":[{"JobProgress":[{"BootTime":"2022-03-16T16:01:30+0800"}]}],
		"FullNetCheckJobStatus":[{"JobProgress":[{"FinishTime":"2022-03-16T09:00:00Z"}]}],
		"AnalysisJobProgress":[{"BootTime":"2020-01-01T00:00:00Z","FinishTime":"2023-01-01T00:00:00Z"}]}`)
	v := judge(p, question{jobCode: "01"})
	if got := *formatTime(v.started); got != "2022-03-16T08:01:30Z" {
		t.Errorf("started %s", got)
	}
	if got := *formatTime(v.ended); got != "2022-03-16T09:00:00Z" {
		t.Errorf("ended %s", got)
	}
	if formatTime(judge(dts.Precheck{}, question{}).started) != nil {
		t.Error("a time was made up")
	}
}

func TestSummaryIsReadable(t *testing.T) {
	p := answer(t, `{"State":"Failed","TotalRecordCount":3,"JobProgress":[
		{"Item":"CHECK_CONN_SRC","State":"Success"},
		{"Item":"CHECK_SAME_OBJ","State":"Failed","TargetNames":"orders.customer","ErrMsg":"Table 'customer'\n already exists","ErrDetail":"in orders","RepairMethod":"Drop or rename the table.\t\n"},
		{"Names":"CHECK_SERVER_ID_DETAIL","State":"Warning"}],
		"NetworkDiagnosisResult":{"Diagnosis":[{"EndpointType":"source","CnDocUrl":"https://cn.example"}]}}`)
	q := question{jobCode: "01", failOnWarnings: true}
	got := summarize(judge(p, q), p, "k2fm11x9d8t12ab", q)
	const want = `Precheck of DTS job k2fm11x9d8t12ab is FAILED: state Failed, 3 of 3 items done, 1 failed.

Failed:
- CHECK_SAME_OBJ (orders.customer)
    Table 'customer' already exists
    in orders
    repair: Drop or rename the table.

Warnings, which fail_on_warnings does not let pass:
- CHECK_SERVER_ID_DETAIL

Network diagnosis:
- source: https://cn.example`
	if got != want {
		t.Errorf("got:\n%s", got)
	}
}

// TestNoFalsePass generates answers and holds each verdict against the safe
// half of the contract, written down a second time and more simply.
func TestNoFalsePass(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	passed := 0
	for range 100_000 {
		p, code := generate(random), allCodes[random.IntN(len(allCodes))]
		q := question{jobCode: code, failOnWarnings: random.IntN(4) == 0, incomplete: random.IntN(10) == 0}
		if random.IntN(4) == 0 {
			q.startedAfter = time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
		}
		v := judge(p, q)
		if v.passed {
			passed++
			if why := notPassable(p, q); why != "" {
				t.Fatalf("passed with %s: %s", why, dump(t, p))
			}
		}
		if summary := summarize(v, p, "job", q); (summary == "") != v.passed {
			t.Fatalf("passed %t with summary %q: %s", v.passed, summary, dump(t, p))
		}
	}
	if passed < 1000 {
		t.Errorf("only %d of the answers passed", passed)
	}
}

func dump(t *testing.T, p dts.Precheck) string {
	t.Helper()
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// notPassable names a sign that no answer may pass with.
func notPassable(p dts.Precheck, q question) string {
	final := []string{"finished"}
	fine := []string{"success", "finished", "warning"}
	if q.jobCode == "04" {
		final, fine = append(final, "catched"), append(fine, "catched", "migrating")
	}
	items := slices.Clone(p.JobProgress)
	var states []string
	for _, job := range p.SubDistributedJobStatus {
		items, states = append(items, job.JobProgress...), append(states, string(orEmpty(job.State)))
	}
	for _, job := range p.FullNetCheckJobStatus {
		items, states = append(items, job.JobProgress...), append(states, string(orEmpty(job.State)))
	}
	for _, item := range items {
		excused := item.Skip != nil && *item.Skip || item.IgnoreFlag != nil && *item.IgnoreFlag == "Y"
		if state := string(orEmpty(item.State)); !excused || !strings.EqualFold(state, "failed") {
			states = append(states, state)
		}
	}
	switch {
	case !slices.Contains(final, strings.ToLower(string(orEmpty(p.State)))):
		return "top-level state"
	case q.incomplete:
		return "items missing"
	case p.ErrorItem != nil && *p.ErrorItem > int64(len(items)):
		return "more errors than items"
	}
	for _, state := range states {
		if !slices.Contains(fine, strings.ToLower(state)) {
			return "state " + state
		}
	}
	return ""
}

var someStates = []string{"Success", "Success", "Success", "Success", "Finished", "Finished", "Finished", "finished", "Warning", "Failed", "FAILED", "Checking", "Migrating", "Catched", "NotStarted", "", "New"}

func generate(r *rand.Rand) dts.Precheck {
	var p dts.Precheck
	p.State = pick[dts.SubtaskState](r, []string{"Finished", "Finished", "Finished", "FINISHED", "Catched", "Failed", "Checking", "NotStarted", "", "New"})
	p.JobProgress = generateItems(r)
	p.AnalysisJobProgress = generateItems(r)
	for range r.IntN(3) {
		job := dts.Subjob{State: pick[dts.SubjobState](r, someStates), JobProgress: generateItems(r)}
		if r.IntN(2) == 0 {
			p.SubDistributedJobStatus = append(p.SubDistributedJobStatus, dts.DistributedJob{Subjob: job})
		} else {
			p.FullNetCheckJobStatus = append(p.FullNetCheckJobStatus, dts.FullNetCheckJob{Subjob: job})
		}
	}
	if r.IntN(3) == 0 {
		count := int64(r.IntN(3))
		p.ErrorItem = &count
	}
	return p
}

func generateItems(r *rand.Rand) []dts.ProgressItem {
	items := make([]dts.ProgressItem, r.IntN(4))
	for i := range items {
		items[i].State = pick[dts.ItemState](r, someStates)
		items[i].IgnoreFlag = pick[dts.YesNo](r, []string{"N", "N", "Y"})
		items[i].BootTime = pick[string](r, []string{"2022-03-16T08:01:31.000+00:00", "2021-01-11 11:39:44.0", "2021-01-11T11:39:44Z"})
		skip := r.IntN(4) == 0
		items[i].Skip = &skip
	}
	return items
}

// pick returns one of the values, now and then none.
func pick[S ~string](r *rand.Rand, values []string) *S {
	if r.IntN(20) == 0 {
		return nil
	}
	value := S(values[r.IntN(len(values))])
	return &value
}
