package provider

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/dts-community/terraform-provider-dts/internal/emulator"
	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

// Waits are tested on the fake clock of synctest: minutes cost nothing.

// pollTimes returns when a wait polls, in seconds since its start.
func pollTimes(t *testing.T, d *providerData, interval time.Duration, polls int) []int {
	t.Helper()
	var times []int
	err := d.waitUntil(t.Context(), interval, func(_ context.Context, elapsed time.Duration) (bool, error) {
		times = append(times, int(elapsed/time.Second))
		return len(times) == polls, nil
	})
	if err != nil {
		t.Error(err)
	}
	return times
}

// TestWaitsShareTheRate has a rate that leaves half a request per second to
// waits. A wait that has ended no longer slows others down.
func TestWaitsShareTheRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &providerData{requestRate: 1, credentials: credentials.NewSource(credentials.Config{})}
		expect := func(interval time.Duration, want []int) {
			t.Helper()
			if got := pollTimes(t, d, interval, len(want)); !slices.Equal(got, want) {
				t.Errorf("an interval of %s: polls at %v, want %v", interval, got, want)
			}
		}
		expect(time.Second, []int{0, 2, 4, 6})
		expect(5*time.Second, []int{0, 5, 10})
		ended := make(chan bool)
		go func() {
			defer close(ended)
			pollTimes(t, d, 3*time.Second, 3)
		}()
		synctest.Wait()
		expect(time.Second, []int{0, 4, 8, 10, 12}) // Alone from 8 on.
		<-ended
		expect(time.Second, []int{0, 2, 4})
	})
}

// offlineAPI is an API without a network, for tests on the fake clock.
type offlineAPI struct{ http.Handler }

func (a offlineAPI) RoundTrip(req *http.Request) (*http.Response, error) {
	w, received := httptest.NewRecorder(), req.Clone(req.Context())
	received.Body = http.NoBody
	served := make(chan struct{})
	go func() {
		defer close(served)
		a.ServeHTTP(w, received)
	}()
	select {
	case <-served:
		return w.Result(), nil
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

// responses returns one response after the other, and then the last for good.
func responses(list ...string) http.Handler {
	requests := 0
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, list[min(requests, len(list)-1)])
		requests++
	})
}

// dataOf returns the data of a provider that is configured for an API.
func dataOf(api http.Handler) *providerData {
	return &providerData{
		client: dts.NewClient(rpc.Config{
			Credentials: rpc.StaticCredential{AccessKeyID: "emulator", AccessKeySecret: "emulator-secret"},
			Transport:   offlineAPI{api},
		}),
		credentials: credentials.NewSource(credentials.Config{}),
		region:      "cn-hangzhou",
		requestRate: rpc.DefaultRequestRate,
	}
}

// TestWaitForPrecheckStalls ends a wait for a subtask that nobody starts, or that
// ended in doubt, after the grace period without a break.
func TestWaitForPrecheckStalls(t *testing.T) {
	t.Parallel()
	state := func(states ...string) []string {
		var list []string
		for _, state := range states {
			list = append(list, fmt.Sprintf(`{"JobId":"j","State":%q,"TotalRecordCount":1,"JobProgress":[{"Item":"A","State":"NotStarted"}]}`, state))
		}
		return list
	}
	for name, test := range map[string]struct {
		rules     precheckRules
		responses []string
		after     time.Duration
		result    verdict.Result
	}{
		"default grace":            {precheckRules{}, state("NotStarted"), time.Minute, verdict.NotStarted},
		"no grace":                 {precheckRules{NotStartedGrace: "0s"}, state("NotStarted"), 0, verdict.NotStarted},
		"interval":                 {precheckRules{PollInterval: "40s"}, state("NotStarted"), 80 * time.Second, verdict.NotStarted},
		"started in between":       {precheckRules{}, state("NotStarted", "NotStarted", "Checking", "NotStarted"), 90 * time.Second, verdict.NotStarted},
		"ended in doubt":           {precheckRules{}, state("Checking", "Finished"), 70 * time.Second, verdict.Unknown},
		"doubt before the end":     {precheckRules{}, append(state("Other", "Other", "Other", "Other", "Other", "Other", "Other", "Other", "Other"), state("Suspending")...), 90 * time.Second, verdict.Suspended},
		"paused, then not started": {precheckRules{}, state("Suspending", "NotStarted"), 0, verdict.Suspended},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				test.rules.WaitForCompletion = true
				var diags diag.Diagnostics
				r := &reading[precheckConfig]{providerData: dataOf(responses(test.responses...)), region: "r", diags: &diags}
				start := time.Now()
				p, v, err := judgePrecheck(t.Context(), r, api.PrecheckRequest{PrecheckSelection: api.PrecheckSelection{DtsJobID: "j"}}, test.rules)
				if err != nil || p == nil || v.Result != test.result || time.Since(start) != test.after {
					t.Errorf("%s after %s, %v", v.Result, time.Since(start), err)
				}
				if stalled := !v.Settled(); stalled != (len(diags) == 1) {
					t.Error(diags)
				}
			})
		})
	}
}

// TestWaitForJobMissesPolls goes on after one poll that does not find the job,
// and ends after two in a row.
func TestWaitForJobMissesPolls(t *testing.T) {
	t.Parallel()
	const none, behind, reached = `{"DtsJobList":[]}`, `{"DtsJobList":[{"DtsJobId":"j","Status":"Initializing"}]}`, `{"DtsJobList":[{"DtsJobId":"j","Status":"Synchronizing"}]}`
	const failed = `{"DtsJobList":[{"DtsJobId":"j","Status":"Failed"}]}`
	for name, test := range map[string]struct {
		responses []string
		found     bool
		after     time.Duration
	}{
		"found":              {[]string{behind, reached}, true, 10 * time.Second},
		"missed once":        {[]string{behind, none, behind, none, reached}, true, 40 * time.Second},
		"missed first":       {[]string{none, reached}, true, 10 * time.Second},
		"missed twice":       {[]string{behind, none, none, reached}, false, 20 * time.Second},
		"missed from now on": {[]string{none}, false, 10 * time.Second},
		"missed at the end":  {[]string{failed, failed, none, failed}, true, 50 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				query := dts.JobQuery{JobID: "j", JobTypes: []api.JobTypeFilter{api.FilterSync}}
				start := time.Now()
				_, err := waitForJob(t.Context(), dataOf(responses(test.responses...)), "r", query, jobCondition{})
				if failure := asError[*dts.FindError](err); (err == nil) != test.found || (failure == nil) != test.found {
					t.Error(err)
				}
				if took := time.Since(start).Round(time.Second); took != test.after {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

// TestManyReadsKeepToTheLimit has sixty lists and sixty waits at once under a
// limit of the emulator, which throttles what is above it.
func TestManyReadsKeepToTheLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e := &emulator.Emulator{Rate: rpc.DefaultRequestRate}
		d := dataOf(e)
		var reads sync.WaitGroup
		for i := range 60 {
			reads.Go(func() {
				_, err := d.client.Jobs(t.Context(), "cn-hangzhou", api.JobsRequest{Status: api.JobStatus(fmt.Sprint("Status", i))})
				if err != nil {
					t.Error(err)
				}
			})
			reads.Go(func() {
				var diags diag.Diagnostics
				r := &reading[precheckConfig]{providerData: d, region: "cn-hangzhou", diags: &diags}
				request := api.PrecheckRequest{PrecheckSelection: api.PrecheckSelection{DtsJobID: "checking-then-passed", JobCode: api.JobCode(fmt.Sprintf("%02d", 1+i%4))}}
				_, v, err := judgePrecheck(t.Context(), r, request, precheckRules{WaitForCompletion: true, PollInterval: "1s"})
				if err != nil || !v.Passed {
					t.Errorf("%v, %v", v, err)
				}
			})
		}
		reads.Wait()
		requests := e.Requests()
		for _, request := range requests {
			if strings.HasPrefix(request.Code, "Throttling") {
				t.Errorf("a request was throttled at %s", request.Time)
			}
		}
		if len(requests) < 2*rpc.DefaultRequestRate {
			t.Errorf("only %d requests", len(requests))
		}
	})
}
