package verdict_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

// TestPassesExactlyWithoutObjection generates responses and holds each verdict
// against a second, simpler statement of what passes.
func TestPassesExactlyWithoutObjection(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	passed, held := 0, map[string]int{} // by an objection that is the only one
	for range 30_000 {
		p, doubt, c := generateResponse(r), generateDoubt(r), generateCriteria(r)
		v, against := verdict.Judge(p, doubt, c), objections(p, doubt, c)
		if v.Passed != (len(against) == 0) || v.Passed && v.Result != verdict.Passed || (v.FailureSummary == "") != v.Passed {
			t.Fatalf("%s, passed %t, with objections %q, doubt %d, criteria %+v, summary %q: %s",
				v.Result, v.Passed, against, doubt, c, v.FailureSummary, dump(t, p))
		}
		if len(against) == 1 {
			held[against[0]]++
		}
		if v.Passed {
			passed++
		}
	}
	if passed < 1000 {
		t.Errorf("only %d responses passed", passed)
	}
	for _, objection := range []string{
		"top-level state", "items missing", "inconsistent", "other code", "bad item", "undecided item", "bad sub-job", "undecided sub-job",
		"undecided network check", "hidden failure", "hidden failure in a sub-job", "hidden failure in a network check", "nothing to decide", "empty root", "older", "undated", "never dated", "warning",
	} {
		if held[objection] < 20 {
			t.Errorf("objection %q was the only one %d times", objection, held[objection])
		}
	}
}

// objections returns everything that keeps a response from passing.
func objections(p api.Precheck, doubt verdict.Doubt, c verdict.Criteria) []string {
	requested := string(c.JobCode)
	against := map[string]bool{}
	isGood := func(state, code string) bool {
		incremental := state == "catched" || state == "migrating"
		return state == "success" || state == "finished" || state == "warning" || incremental && code == "04"
	}
	deciding, dated, reported, warned := 0, false, 0, false
	visit := func(list []api.ProgressItem, code string, decides bool) (reportedHere int) {
		for _, item := range list {
			state := strings.ToLower(text(item.State))
			excused := (item.Skip != nil && *item.Skip || text(item.IgnoreFlag) == "Y") && (state == "warning" || !isGood(state, code))
			if excused || state == "warning" || state == "failed" {
				reportedHere++
			}
			warned = warned || excused || state == "warning"
			against["bad item"] = against["bad item"] || state == "failed" && !excused
			if !decides {
				continue
			}
			deciding++
			against["undecided item"] = against["undecided item"] || state != "failed" && !isGood(state, code) && !excused
			if boot := text(item.BootTime); boot != "" {
				started, err := time.Parse(time.RFC3339, boot)
				known := err == nil && started.Year() != 1
				dated = dated || known
				against["undated"] = against["undated"] || !known && !c.StartedAfter.IsZero()
				against["older"] = against["older"] || known && started.Before(c.StartedAfter)
			}
		}
		reported += reportedHere
		return reportedHere
	}
	visitJob := func(kind string, job api.Subjob, decidesAlways bool) {
		code := text(job.Code)
		if code == "" {
			code = requested
		}
		decides := decidesAlways || code == requested
		shown := visit(job.JobProgress, code, decides)
		hidden := job.ErrorItem != nil && int(*job.ErrorItem) > shown
		state := strings.ToLower(text(job.State))
		warned = warned || state == "warning"
		against["bad sub-job"] = against["bad sub-job"] || state == "failed"
		against["undecided "+kind] = against["undecided "+kind] || state != "failed" && !isGood(state, code) && decides
		against["hidden failure in a "+kind] = against["hidden failure in a "+kind] || hidden && decides
	}
	visit(p.JobProgress, requested, true)
	for _, job := range p.SubDistributedJobStatus {
		visitJob("sub-job", job.Subjob, false)
	}
	for _, job := range p.FullNetCheckJobStatus {
		visitJob("network check", job.Subjob, true)
	}
	for _, item := range p.AnalysisJobProgress {
		state := strings.ToLower(text(item.State))
		warned = warned || state == "failed" || state == "warning"
	}
	top := strings.ToLower(text(p.State))
	against["top-level state"] = top != "finished" && (top != "catched" || requested != "04")
	against["items missing"] = doubt == verdict.ItemsMissing
	against["inconsistent"] = doubt == verdict.Inconsistent
	against["other code"] = text(p.Code) != "" && text(p.Code) != requested
	against["hidden failure"] = p.ErrorItem != nil && int(*p.ErrorItem) > reported
	against["nothing to decide"] = requested == "01" && deciding == 0
	against["empty root"] = len(p.JobProgress) == 0 && p.TotalRecordCount != nil && *p.TotalRecordCount > 0
	against["never dated"] = !dated && !c.StartedAfter.IsZero()
	against["warning"] = warned && c.FailOnWarnings
	var list []string
	for objection, holds := range against {
		if holds {
			list = append(list, objection)
		}
	}
	return list
}

func dump(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func generateDoubt(r *rand.Rand) verdict.Doubt {
	return max(0, verdict.Doubt(r.IntN(10)-7)) // Mostly none.
}

func generateCriteria(r *rand.Rand) verdict.Criteria {
	c := verdict.Criteria{JobCode: api.JobCodePrecheck, FailOnWarnings: r.IntN(4) == 0}
	if r.IntN(3) > 0 {
		c.JobCode = allCodes[r.IntN(len(allCodes))]
	}
	if r.IntN(4) == 0 {
		c.StartedAfter = time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return c
}

func generateResponse(r *rand.Rand) api.Precheck {
	p := api.Precheck{
		State:               pick[string](r, "Finished Finished Finished Finished FINISHED Catched Failed Checking NotStarted New "),
		Code:                pick[api.JobCode](r, "01 01 01 02 04  "),
		JobProgress:         generateItems(r),
		AnalysisJobProgress: generateItems(r),
		ErrorItem:           generateCount(r),
		TotalRecordCount:    generateCount(r),
	}
	for range r.IntN(3) {
		job := api.Subjob{
			State:       pick[string](r, someStates),
			Code:        pick[api.JobCode](r, "01 01 02 04 "),
			ErrorItem:   generateCount(r),
			JobProgress: generateItems(r),
		}
		if r.IntN(2) == 0 {
			p.SubDistributedJobStatus = append(p.SubDistributedJobStatus, api.DistributedJob{Subjob: job})
		} else {
			p.FullNetCheckJobStatus = append(p.FullNetCheckJobStatus, api.FullNetCheckJob{Subjob: job})
		}
	}
	return p
}

const someStates = "Success Success Success Success Success Finished Finished Finished finished Warning Failed FAILED Checking Migrating Catched New "

func generateItems(r *rand.Rand) []api.ProgressItem {
	list := make([]api.ProgressItem, r.IntN(3))
	for i := range list {
		skip := r.IntN(4) == 0
		list[i] = api.ProgressItem{
			State:      pick[string](r, someStates),
			IgnoreFlag: pick[string](r, "N N N Y"),
			BootTime:   pick[string](r, "2022-03-16T08:01:31.000+00:00 2022-03-16T08:01:31Z 2022-03-16T08:01:31Z 2021-01-11T11:39:44Z 2022-01-11T11:39:44.0 0001-01-01T00:00:00Z "),
			Skip:       &skip,
		}
	}
	return list
}

func generateCount(r *rand.Rand) *int64 {
	if r.IntN(3) > 0 {
		return nil
	}
	count := int64(r.IntN(3))
	return &count
}

// pick returns one of the values between spaces, now and then none.
func pick[S ~string](r *rand.Rand, values string) *S {
	if r.IntN(20) == 0 {
		return nil
	}
	list := strings.Split(values, " ")
	value := S(list[r.IntN(len(list))])
	return &value
}

// TestOrderDoesNotMatter judges the same items in another order.
func TestOrderDoesNotMatter(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 5_000 {
		p, doubt, c := generateResponse(r), generateDoubt(r), generateCriteria(r)
		before := verdict.Judge(p, doubt, c)
		slices.Reverse(p.JobProgress)
		slices.Reverse(p.SubDistributedJobStatus)
		slices.Reverse(p.FullNetCheckJobStatus)
		after := verdict.Judge(p, doubt, c)
		if before.Result != after.Result || before.Passed != after.Passed || text(before.StartedAt) != text(after.StartedAt) || text(before.FinishedAt) != text(after.FinishedAt) {
			t.Fatalf("%s turned into %s: %s", before.Result, after.Result, dump(t, p))
		}
	}
}
