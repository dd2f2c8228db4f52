package dts

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// TestIDsAreSplit counts the requests that many IDs take.
func TestIDsAreSplit(t *testing.T) {
	for _, test := range []struct {
		name     string
		request  api.JobsRequest
		requests int
	}{
		{"no jobs", api.JobsRequest{JobIDs: []api.ID{}}, 0},
		{"no instances", api.JobsRequest{InstanceIDs: []api.ID{}}, 0},
		{"one", api.JobsRequest{JobIDs: idsOfJobs(1, 1)}, 1},
		{"as many as a usual cap", api.JobsRequest{JobIDs: idsOfJobs(1, 10)}, 1},
		{"fifty", api.JobsRequest{JobIDs: idsOfJobs(1, 50)}, 1},
		{"fifty-one", api.JobsRequest{JobIDs: idsOfJobs(1, 51)}, 2},
		{"many", api.JobsRequest{JobIDs: idsOfJobs(1, 120)}, 3},
	} {
		synctest.Test(t, func(t *testing.T) {
			s, c := serve(func(q url.Values) (int, string) { return listOf(len(requestedIDs(q)), requestedIDs(q)) })
			list, err := c.Jobs(t.Context(), "cn-hangzhou", test.request)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(append([]api.ID(nil), test.request.JobIDs...), listedIDs(list)); diff != "" || s.count() != test.requests {
				t.Errorf("%s: %d requests, want %d, -want +got:\n%s", test.name, s.count(), test.requests, diff)
			}
			if *list.TotalRecordCount != int64(len(list.Jobs)) || len(list.MissingIDs) != 0 || list.Counted != 0 {
				t.Errorf("%s: count %d, missing %v, counted %d", test.name, *list.TotalRecordCount, list.MissingIDs, list.Counted)
			}
		})
	}
}

// TestJobsOfIDs has a response with jobs that were not requested, and jobs that
// were in other places: as reverse jobs, as ETL jobs, more than once.
func TestJobsOfIDs(t *testing.T) {
	for name, test := range map[string]struct {
		request            api.JobsRequest
		jobs, etl, missing []api.ID
	}{
		"jobs":      {api.JobsRequest{JobIDs: []api.ID{"a", "d", "f", "h", "z"}}, []api.ID{"a", "c"}, []api.ID{"f", "g"}, []api.ID{"z"}},
		"instances": {api.JobsRequest{InstanceIDs: []api.ID{"x", "w", "z"}}, []api.ID{"a", "c"}, []api.ID{"e"}, []api.ID{"z"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			_, c := serve(func(url.Values) (int, string) {
				return 200, `{"TotalRecordCount":6,"DtsJobList":[
					{"DtsJobId":"c","DtsInstanceID":"v","ReverseJob":{"DtsJobId":"d","DtsInstanceID":"w"}},
					{"DtsJobId":"a","DtsInstanceID":"x"}, {"DtsJobId":"b","DtsInstanceID":"y"}, {"DtsJobId":"a","DtsInstanceID":"x"}],
					"EtlDemoList":[{"DtsJobId":"e","DtsInstanceID":"x"},{"DtsJobId":"g","ReverseJob":{"DtsJobId":"h"}},{"DtsJobId":"f"}]}`
			})
			list, err := c.Jobs(t.Context(), "r", test.request)
			if err != nil {
				t.Fatal(err)
			}
			var etl []api.ID
			for i := range list.EtlDemoJobs {
				etl = append(etl, api.ID(list.EtlDemoJobs[i].ID()))
			}
			if diff := cmp.Diff([][]api.ID{test.jobs, test.etl, test.missing}, [][]api.ID{listedIDs(list), etl, list.MissingIDs}); diff != "" {
				t.Errorf("%s: jobs, ETL jobs, missing: -want +got:\n%s", name, diff)
			}
			if *list.TotalRecordCount != int64(len(test.jobs)) {
				t.Errorf("%s: count %d", name, *list.TotalRecordCount)
			}
		})
	}
}

// TestUnknownIDsAreMissing refuses requests with an ID that no job has.
func TestUnknownIDsAreMissing(t *testing.T) {
	unknown := []api.ID{"job0007", "job0044"}
	for body, status := range map[string]int{
		`{"Code":"Forbidden.InstanceNotFound","Message":"The instance is not found.","RequestId":"r"}`:     403,
		`{"Code":"DTS.Msg.InvalidJobId","Message":"x","RequestId":"r"}`:                                    403,
		`{"Code":"InvalidDtsJobId","Message":"x","RequestId":"r"}`:                                         400,
		`{"Success":false,"ErrCode":"InvalidJobId","ErrMessage":"x","RequestId":"r"}`:                      200,
		`{"Success":false,"ErrCode":"DTS.Msg.Forbidden.InstanceNotFound","ErrMessage":"x","RequestId":""}`: 200,
	} {
		for name, request := range map[string]api.JobsRequest{"jobs": {JobIDs: idsOfJobs(1, 50)}, "instances": {InstanceIDs: idsOfJobs(1, 50)}} {
			synctest.Test(t, func(t *testing.T) {
				s, c := serve(func(q url.Values) (int, string) {
					var list []string
					for _, id := range requestedIDs(q) {
						if slices.Contains(unknown, id) {
							return status, body
						}
						list = append(list, fmt.Sprintf(`{"DtsJobId":%q,"DtsInstanceID":%q}`, id, id))
					}
					return 200, fmt.Sprintf(`{"DtsJobList":[%s],"TotalRecordCount":%d}`, strings.Join(list, ","), len(list))
				})
				list, err := c.Jobs(t.Context(), "r", request)
				if err != nil {
					t.Fatalf("%s, %s: %v", name, body, err)
				}
				if diff := cmp.Diff(unknown, list.MissingIDs); diff != "" || len(list.Jobs) != 48 || s.count() > 21 {
					t.Errorf("%s: %d jobs in %d requests, missing -want +got:\n%s", name, len(list.Jobs), s.count(), diff)
				}
			})
		}
	}
}

// result is what a caller sees of a lookup, except for the ID of the response.
type result struct {
	list              JobList
	code, reason, ids string
	listed, etl       int
	attempts, status  int
	isEmpty           bool
	operation, region string
}

// lookUpAll looks up the IDs of each caller, all at once with one client or one
// after the other with a client each. It returns the number of requests, too.
func lookUpAll(ctx context.Context, callers []api.JobsRequest, respond func(url.Values) (int, string), together bool) ([]result, int) {
	s, c := serve(respond)
	s.latency = 50 * time.Millisecond
	results, requests := make([]result, len(callers)), 0
	var group sync.WaitGroup
	for i, request := range callers {
		if !together {
			requests += s.count()
			s, c = serve(respond)
		}
		group.Go(func() {
			list, err := c.Jobs(ctx, "r", request)
			failure := new(rpc.Error)
			if err == nil {
				list.RequestID = ""
				results[i] = result{list: *list, listed: len(list.Jobs), etl: len(list.EtlDemoJobs)}
			} else if errors.As(err, &failure) {
				results[i] = result{
					code: failure.Code, reason: failure.Reason(), ids: failure.Parameters["DtsJobId"] + failure.Parameters["DtsInstanceId"],
					status: failure.Status, attempts: failure.Attempts, isEmpty: errors.Is(err, ErrListEmpty),
					operation: failure.Operation, region: failure.Region,
				}
			}
		})
		if !together {
			group.Wait()
		}
	}
	group.Wait()
	return results, requests + s.count()
}

// TestLookupsShareRequests counts the requests of 300 lookups.
func TestLookupsShareRequests(t *testing.T) {
	for burst, want := range map[int]int{1: 300, 10: 30, 50: 6, 300: 6} {
		synctest.Test(t, func(t *testing.T) {
			s, c := serve(func(q url.Values) (int, string) {
				ids := slices.DeleteFunc(requestedIDs(q), func(id api.ID) bool { return id > "job0290" })
				return listOf(len(ids), ids)
			})
			s.latency = 50 * time.Millisecond
			start := time.Now()
			for ids := range slices.Chunk(idsOfJobs(1, 300), burst) {
				var group sync.WaitGroup
				for i, id := range ids {
					group.Go(func() {
						time.Sleep(time.Duration(i*10/burst) * time.Millisecond) // Terraform does not start them all at once.
						list, err := c.Jobs(t.Context(), "r", api.JobsRequest{JobIDs: []api.ID{id}})
						if err != nil {
							t.Error(err)
							return
						}
						want, missing := []api.ID{id}, []api.ID(nil)
						if id > "job0290" {
							want, missing = missing, want
						}
						if !slices.Equal(listedIDs(list), want) || !slices.Equal(list.MissingIDs, missing) || *list.TotalRecordCount != int64(len(want)) {
							t.Errorf("%s: %v, missing %v, count %d", id, listedIDs(list), list.MissingIDs, *list.TotalRecordCount)
						}
					})
				}
				group.Wait()
			}
			if s.count() != want {
				t.Errorf("300 lookups in bursts of %d took %d requests, want %d", burst, s.count(), want)
			}
			if took := time.Since(start); took > time.Duration(300/burst)*130*time.Millisecond {
				t.Errorf("300 lookups in bursts of %d took %s", burst, took)
			}
		})
	}
}

// TestFullLookupIsSent does not wait until the window ends.
func TestFullLookupIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, sent := time.Now(), []time.Duration{}
		_, c := serve(func(q url.Values) (int, string) {
			sent = append(sent, time.Since(start))
			return listOf(len(requestedIDs(q)), requestedIDs(q))
		})
		var group sync.WaitGroup
		for _, id := range idsOfJobs(1, idsPerRequest+1) {
			group.Go(func() {
				if _, err := c.Jobs(t.Context(), "r", api.JobsRequest{JobIDs: []api.ID{id}}); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if !slices.Equal(sent, []time.Duration{0, lookupWindow}) {
			t.Errorf("requests were sent after %v", sent)
		}
	})
}

// TestLookupsOfOtherParametersAreApart has reads whose other parameters differ.
func TestLookupsOfOtherParametersAreApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := serve(func(q url.Values) (int, string) {
			id := q.Get("JobType") + q.Get("WithoutDbList") + q.Get("Region")
			if q.Has("DtsInstanceId") {
				return 200, fmt.Sprintf(`{"TotalRecordCount":1,"DtsJobList":[{"DtsJobId":"instance-%s","DtsInstanceID":"a"}]}`, id)
			}
			return 200, fmt.Sprintf(`{"TotalRecordCount":1,"DtsJobList":[{"DtsJobId":"a","DtsJobName":%q}]}`, id)
		})
		var group sync.WaitGroup
		for want, request := range map[string]api.JobsRequest{
			"":          {JobIDs: []api.ID{"a"}},
			"SYNC":      {JobIDs: []api.ID{"a"}, JobType: api.FilterSync},
			"true":      {JobIDs: []api.ID{"a"}, WithoutDbList: new(true)},
			"instance-": {InstanceIDs: []api.ID{"a"}},
		} {
			for _, region := range []string{"r", "s"} {
				group.Go(func() {
					list, err := c.Jobs(t.Context(), region, request)
					if err != nil || len(list.Jobs) != 1 {
						t.Errorf("%s: %v, %v", want, list, err)
						return
					}
					if got := strings.TrimPrefix(list.Jobs[0].ID(), "a") + api.Value(list.Jobs[0].DtsJobName); got != strings.TrimPrefix(want, "a")+region {
						t.Errorf("%s in %s: got %s", want, region, got)
					}
				})
			}
		}
		group.Wait()
		if s.count() != 8 {
			t.Errorf("%d requests, want 8", s.count())
		}
	})
}

// TestRandomCancellation looks jobs up while other callers leave. Who stays gets
// the jobs.
func TestRandomCancellation(t *testing.T) {
	for seed := range uint64(50) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			s, c := serve(func(q url.Values) (int, string) { return listOf(len(requestedIDs(q)), requestedIDs(q)) })
			s.latency = 15 * time.Millisecond
			var group sync.WaitGroup
			for n, id := range idsOfJobs(1, 70) {
				start, leave := time.Duration(random.IntN(60))*time.Millisecond, time.Duration(random.IntN(40))*time.Millisecond
				group.Go(func() {
					time.Sleep(start)
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					if n%3 > 0 {
						time.AfterFunc(leave, cancel)
					}
					list, err := c.Jobs(ctx, "r", api.JobsRequest{JobIDs: []api.ID{id, "job9999"}})
					switch {
					case n%3 > 0 && errors.Is(err, context.Canceled):
					case err != nil:
						t.Errorf("seed %d, %s: %v", seed, id, err)
					case !slices.Equal(listedIDs(list), []api.ID{id, "job9999"}):
						t.Errorf("seed %d, %s: got %v", seed, id, listedIDs(list))
					}
				})
			}
			group.Wait()
			time.Sleep(time.Minute)
			if len(c.lookups.reads) != 0 {
				t.Errorf("seed %d: %d lookups can still be joined", seed, len(c.lookups.reads))
			}
		})
	}
}
