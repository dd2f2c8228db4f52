package dts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/paging"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// TestJobs lists from servers that count and page in different ways.
func TestJobs(t *testing.T) {
	all := idsOfJobs(1, 95)
	pass := 0
	refuseSize := func(body string) func(url.Values) (int, string) {
		return func(q url.Values) (int, string) {
			if number(q, "PageSize") > 30 {
				return 200, body
			}
			return listOf(45, pageOf(all[:45], q, 30))
		}
	}
	for _, test := range []struct {
		name    string
		request api.JobsRequest
		server  func(url.Values) (int, string)
		jobs    int
		counted int64
		total   int64 // -1: none
		err     error
		most    int // requests
	}{
		{"all", api.JobsRequest{}, func(q url.Values) (int, string) { return listOf(95, pageOf(all, q, 30)) }, 95, 0, 95, nil, 4},
		{"no jobs", api.JobsRequest{}, func(url.Values) (int, string) { return listOf(0, nil) }, 0, 0, 0, nil, 1},
		{"a count alone", api.JobsRequest{}, func(url.Values) (int, string) { return 200, `{"TotalRecordCount":0}` }, 0, 0, 0, nil, 1},
		{"no count", api.JobsRequest{}, func(q url.Values) (int, string) { return listOf(-1, pageOf(all, q, 30)) }, 95, 0, -1, nil, 4},
		{"count of the page", api.JobsRequest{}, func(q url.Values) (int, string) {
			page := pageOf(all, q, 30)
			return listOf(len(page), page)
		}, 95, 0, 5, nil, 4},
		{"jobs hidden by permissions", api.JobsRequest{}, func(q url.Values) (int, string) { return listOf(60, pageOf(all[:45], q, 30)) }, 45, 60, 60, nil, 6},
		{"jobs and ETL jobs are counted", api.JobsRequest{}, func(url.Values) (int, string) {
			return 200, `{"TotalRecordCount":3,"DtsJobList":[{"DtsJobId":"a"}],"EtlDemoList":[{"DtsJobId":"b"},{"DtsJobId":"c"}]}`
		}, 1, 0, 3, nil, 3},
		{"page number ignored", api.JobsRequest{}, func(url.Values) (int, string) { return listOf(45, all[:30]) }, 0, 0, 0, ErrNotPaged, 5},
		{"page number ignored, no count", api.JobsRequest{}, func(url.Values) (int, string) { return listOf(-1, all[:30]) }, 30, 0, -1, nil, 4},
		{"a count and no jobs", api.JobsRequest{}, func(url.Values) (int, string) { return listOf(45, nil) }, 0, 0, 0, ErrListEmpty, 2},
		{"jobs that keep changing", api.JobsRequest{}, func(q url.Values) (int, string) {
			if q.Get("PageNumber") == "1" {
				pass++
				return listOf(45, idsOfJobs(pass, pass+29))
			}
			return listOf(45, idsOfJobs(pass+29, pass+43))
		}, 0, 0, 0, ErrListChanged, 11},
		{"a page", api.JobsRequest{PageNumber: 2}, func(q url.Values) (int, string) { return listOf(95, pageOf(all, q, 100)) }, 30, 0, 95, nil, 1},
		{"a page of a size", api.JobsRequest{PageNumber: 2, PageSize: 10}, func(q url.Values) (int, string) { return listOf(95, pageOf(all, q, 100)) }, 10, 0, 95, nil, 1},
		{"size refused in the dynamic message", api.JobsRequest{}, refuseSize(`{"Success":false,"ErrCode":"InvalidParameter","ErrMessage":"The Value of Input Parameter %s is not valid.","DynamicMessage":"PageSize"}`), 45, 0, 45, nil, 3},
		{"size refused in the message", api.JobsRequest{}, refuseSize(`{"Success":false,"ErrCode":"Whatever","ErrMessage":"PageSize must not exceed 30"}`), 45, 0, 45, nil, 3},
		{"size refused by the gateway", api.JobsRequest{}, refuseSize(`{"Code":"InvalidPageSize","Message":"Not valid.","RequestId":"r"}`), 45, 0, 45, nil, 3},
		{"number refused past the end", api.JobsRequest{}, func(q url.Values) (int, string) {
			if page := pageOf(all[:60], q, 30); len(page) > 0 {
				return listOf(-1, page)
			}
			return 400, `{"Code":"InvalidParameter","Message":"The parameter PageNo is not valid."}`
		}, 60, 0, -1, nil, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, c := serve(test.server)
			list, err := c.Jobs(t.Context(), "cn-hangzhou", test.request)
			if s.count() > test.most || !errors.Is(err, test.err) {
				t.Fatalf("%d requests, at most %d are needed; %v", s.count(), test.most, err)
			}
			if failure := new(rpc.Error); err != nil && (!errors.As(err, &failure) || failure.Region != "cn-hangzhou" || failure.Operation != "DescribeDtsJobs") {
				t.Fatalf("got %v", err)
			}
			if err == nil && (len(list.Jobs) != test.jobs || list.Counted != test.counted || (list.TotalRecordCount == nil) != (test.total < 0) || api.Value(list.TotalRecordCount) != max(test.total, 0)) {
				t.Errorf("%d jobs, counted %d, total %v; want %d, %d, %d", len(list.Jobs), list.Counted, list.TotalRecordCount, test.jobs, test.counted, test.total)
			}
		})
	}
}

// TestRefusedForGood has errors that another page size does not help against,
// one of which quotes the request with its page size.
func TestRefusedForGood(t *testing.T) {
	const signature = `{"Code":"SignatureDoesNotMatch","Message":"server string to sign is:POST /?PageNumber=1&PageSize=100","RequestId":"R-7"}`
	const size = `{"Success":false,"RequestId":"R-7","ErrCode":"Refused","ErrMessage":"PageSize"}`
	for _, test := range []struct {
		size     api.PageSize
		body     string
		code     string
		requests int
	}{{0, size, "Refused", 2}, {100, size, "Refused", 1}, {50, size, "Refused", 1}, {0, signature, "SignatureDoesNotMatch", 1}} {
		s, c := serve(func(url.Values) (int, string) { return 400, test.body })
		_, err := c.Jobs(t.Context(), "r", api.JobsRequest{PageSize: test.size})
		if failure := new(rpc.Error); !errors.As(err, &failure) || failure.Code != test.code || failure.RequestID != "R-7" || s.count() != test.requests {
			t.Errorf("page size %d: %v after %d requests", test.size, err, s.count())
		}
	}
}

// TestPageSizeIsRemembered shares the accepted size between the reads of an
// operation in a region.
func TestPageSizeIsRemembered(t *testing.T) {
	s, c := serve(func(q url.Values) (int, string) {
		if number(q, "PageSize") > 30 {
			return 400, `{"Code":"InvalidPageSize","Message":"No."}`
		}
		return listOf(1, idsOfJobs(1, 1))
	})
	for _, test := range []struct {
		region   string
		status   api.JobStatus
		requests int
	}{{"a", "Failed", 2}, {"a", "Migrating", 1}, {"b", "Failed", 2}} {
		before := s.count()
		if _, err := c.Jobs(t.Context(), test.region, api.JobsRequest{Status: test.status}); err != nil || s.count()-before != test.requests {
			t.Errorf("%+v: %d requests, %v", test, s.count()-before, err)
		}
	}
	if _, err := c.Precheck(t.Context(), "a", api.PrecheckRequest{}); !errors.Is(err, ErrNoSubtask) || s.requests[len(s.requests)-2].Get("PageSize") != "100" {
		t.Errorf("the first page size of another operation: %v, %v", s.requests[len(s.requests)-1], err)
	}
}

// largePage is a page that takes 100 MiB.
type largePage struct{ api.JobsPage }

func (*largePage) Size() int64 { return 100 << 20 }

// TestTooLongList counts the memory of the pages of a pass, not of the pass before.
func TestTooLongList(t *testing.T) {
	_, c := serve(func(url.Values) (int, string) { return listOf(0, nil) })
	fetch := pages(c, rpc.Request{Operation: "DescribeDtsJobs", Region: "r", Parameters: map[string]string{}}, "PageNumber", func(*largePage) paging.Page[largePage] {
		return paging.Page[largePage]{}
	})
	for range 2 {
		for i, want := range []error{nil, ErrListTooLarge} {
			_, err := fetch(t.Context(), int64(i+1), 10)
			if failure := new(rpc.Error); !errors.Is(err, want) || want != nil && (!errors.As(err, &failure) || failure.Region != "r") {
				t.Errorf("page %d: %v", i+1, err)
			}
		}
	}
}

// TestCrowdedLists has a list that does not fit beside others: it is read once
// more, in turn, and its memory is counted no longer.
func TestCrowdedLists(t *testing.T) {
	s, c := serve(func(url.Values) (int, string) { return 200, `{"TotalRecordCount":1,"DtsJobList":[{"DtsJobId":"a"}]}` })
	for _, test := range []struct {
		others   int64
		requests int
	}{{0, 1}, {maxLists - 1<<20, 1}, {maxLists, 2}} {
		before := s.count()
		c.listed.Store(test.others)
		list, err := c.Jobs(t.Context(), "r", api.JobsRequest{})
		if err != nil || len(list.Jobs) != 1 || s.count()-before != test.requests || c.listed.Load() != test.others {
			t.Errorf("beside %d bytes: %v, %d requests, %d bytes", test.others, err, s.count()-before, c.listed.Load())
		}
	}
	c.alone <- struct{}{}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := c.Jobs(ctx, "r", api.JobsRequest{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("while another list has the turn: %v", err)
	}
}

func TestOrder(t *testing.T) {
	for _, test := range []struct {
		request api.JobsRequest
		want    []api.ID
	}{
		{api.JobsRequest{}, []api.ID{"a", "b", "c"}},
		{api.JobsRequest{OrderColumn: "CreateTime"}, []api.ID{"b", "c", "a"}},
		{api.JobsRequest{OrderDirection: "DESC"}, []api.ID{"b", "c", "a"}},
	} {
		_, c := serve(func(url.Values) (int, string) {
			const list = `[{"DtsJobId":"b"},{"DtsJobId":"c"},{"DtsJobId":"a"}]`
			return 200, fmt.Sprintf(`{"TotalRecordCount":3,"DtsJobList":%s,"EtlDemoList":%s}`, list, list)
		})
		list, err := c.Jobs(t.Context(), "r", test.request)
		if err != nil {
			t.Fatal(err)
		}
		var etlJobs []api.ID
		for i := range list.EtlDemoJobs {
			etlJobs = append(etlJobs, api.ID(list.EtlDemoJobs[i].ID()))
		}
		if diff := cmp.Diff([][]api.ID{test.want, test.want}, [][]api.ID{listedIDs(list), etlJobs}); diff != "" {
			t.Errorf("%v: -want +got:\n%s", test.request, diff)
		}
	}
}

// TestJobsOfAllPages has ETL jobs, which every page repeats, and jobs without an
// ID, which are different jobs if they differ or are on the same page.
func TestJobsOfAllPages(t *testing.T) {
	_, c := serve(func(q url.Values) (int, string) {
		page := number(q, "PageNumber")
		if page > 2 {
			return listOf(6, nil)
		}
		return 200, fmt.Sprintf(`{"TotalRecordCount":6,"DtsJobList":[{"DtsJobId":"%d"},{"DtsJobName":"%d"},{"DtsJobName":"%d"}],
			"EtlDemoList":[{"DtsJobName":"a"},{"DtsJobName":"a"},{"DtsJobId":"e","DtsJobName":"b"}]}`, page, page, page)
	})
	list, err := c.Jobs(t.Context(), "r", api.JobsRequest{PageSize: 3})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i := range list.EtlDemoJobs {
		names = append(names, api.Value(list.EtlDemoJobs[i].DtsJobName))
	}
	if diff := cmp.Diff([]string{"a", "a", "b"}, names); diff != "" || len(list.Jobs) != 6 {
		t.Errorf("%d jobs, -want +got:\n%s", len(list.Jobs), diff)
	}
}

func TestDelaySeconds(t *testing.T) {
	for _, test := range []struct {
		jobType   string
		requested api.JobTypeFilter
		delay     string
		want      string // "" for null
	}{
		{"online", api.FilterSync, "1234", "1.234"},
		{"online", "", "0", "0"},
		{"online", "", "10000", "10"},
		{"online", "", "100", "0.1"},
		{"online", "", "-1", ""},
		{"online", "", "-1500", ""},
		{"online", "", "9223372036854775807", "9223372036854775.807"},
		{"MIGRATION", api.FilterSync, "1500", "1.5"},
		{"Migration", api.FilterSubscribe, "1500", "1.5"},
		{"sync", api.FilterMigration, "7", "7"},
		{"sync", api.FilterMigration, "1500", "1500"},
		{"synchronization", api.FilterMigration, "7", "7"},
		{"SYNC", api.FilterMigration, "7", "7"},
		{"Sync", "", "9223372036854775807", "9223372036854775807"},
		{"sync", "", `"12"`, "12"},
		{"sync", "", "null", ""},
		{"sync", "", "-1", ""},
		{"sync", "", `5,"DataSynchronizationStatus":{"Status":"notstarted"}`, ""},
		{"sync", "", `5,"DataSynchronizationStatus":{"Status":"Synchronizing"}`, "5"},
		{"subscribe", api.FilterMigration, "5", ""},
		{"SUBSCRIBE", api.FilterSync, "5", ""},
		{"other", api.FilterMigration, "5", ""},
		{"", api.FilterMigration, "5", "0.005"},
		{"", api.FilterSync, "5", "5"},
		{"", api.FilterSubscribe, "5", ""},
		{"", api.FilterCheck, "5", ""},
		{"", "OTHER", "5", ""},
	} {
		job := fmt.Sprintf(`[{"JobType":%q,"Delay":%s,"ReverseJob":{"Delay":1500}}]`, test.jobType, test.delay)
		_, c := serve(func(url.Values) (int, string) {
			return 200, fmt.Sprintf(`{"DtsJobList":%s,"EtlDemoList":%s}`, job, job)
		})
		for _, request := range []api.JobsRequest{{PageNumber: 1, JobType: test.requested}, {JobType: test.requested}} {
			list, err := c.Jobs(t.Context(), "r", request)
			if err != nil {
				t.Fatal(err)
			}
			job, etlJob := list.Jobs[0], list.EtlDemoJobs[0]
			for name, got := range map[string][2]*json.Number{"job": {job.DelaySeconds, job.ReverseJob.DelaySeconds}, "ETL job": {etlJob.DelaySeconds, etlJob.ReverseJob.DelaySeconds}} {
				if api.Value(got[0]) != json.Number(test.want) || api.Value(got[1]) != "1500" {
					t.Errorf("%s of type %q, requested %q, delay %s: %q, reverse %q, want %q", name, test.jobType, test.requested, test.delay, api.Value(got[0]), api.Value(got[1]), test.want)
				}
			}
		}
	}
}

// TestIdenticalReadsShareOneList has ten callers of three reads.
func TestIdenticalReadsShareOneList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := serve(func(url.Values) (int, string) { return listOf(7, idsOfJobs(1, 7)) })
		s.latency = time.Second
		reads := []struct {
			region  string
			jobType api.JobTypeFilter
		}{{"r", api.FilterSync}, {"r", api.FilterMigration}, {"s", api.FilterSync}}
		var group sync.WaitGroup
		for n := range 10 {
			group.Go(func() {
				read := reads[n%len(reads)]
				list, err := c.Jobs(t.Context(), read.region, api.JobsRequest{JobType: read.jobType})
				if err != nil || len(list.Jobs) != 7 {
					t.Errorf("%v, %v", list, err)
				}
			})
		}
		group.Wait()
		if s.count() != len(reads) {
			t.Errorf("%d requests for %d different reads", s.count(), len(reads))
		}
		// A read that has ended is not joined.
		if _, err := c.Jobs(t.Context(), "r", api.JobsRequest{JobType: api.FilterSync}); err != nil || s.count() != len(reads)+1 {
			t.Errorf("%d requests, %v", s.count(), err)
		}
	})
}

// TestLeaving has two callers of one list or lookup, who leave one after the
// other. The last one ends the request, which nobody can join then.
func TestLeaving(t *testing.T) {
	for name, requests := range map[string][3]api.JobsRequest{
		"list":   {},
		"lookup": {{JobIDs: []api.ID{"a"}}, {JobIDs: []api.ID{"b"}}, {JobIDs: []api.ID{"a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, c := serve(func(q url.Values) (int, string) { return listOf(1, append(requestedIDs(q), "x")[:1]) })
				s.latency = time.Hour
				reason := errors.New("out of time")
				ctx := make([]context.Context, 2)
				leave := make([]context.CancelCauseFunc, 2)
				results := make(chan error, 2)
				for n := range leave {
					ctx[n], leave[n] = context.WithCancelCause(t.Context())
					go func() {
						_, err := c.Jobs(ctx[n], "r", requests[n])
						results <- err
					}()
				}
				time.Sleep(time.Second)
				for n, want := range []int{0, 1} { // requests that ended
					leave[n](reason)
					err := <-results
					synctest.Wait()
					if failure := new(rpc.Error); !errors.As(err, &failure) || failure.Operation != "DescribeDtsJobs" || failure.Region != "r" || !errors.Is(err, reason) {
						t.Errorf("caller %d got %v", n, err)
					}
					if s.count() != 1 || s.ended != want {
						t.Errorf("after caller %d has left, %d of %d requests have ended", n, s.ended, s.count())
					}
				}
				s.latency = 0
				if list, err := c.Jobs(t.Context(), "r", requests[2]); err != nil || len(list.Jobs) != 1 || s.count() != 2 {
					t.Errorf("a newcomer got %v, %v after %d requests", list, err, s.count())
				}
			})
		})
	}
}

// TestCanceledReadIsNotJoined has a read that takes a while to end after its only
// caller has left.
func TestCanceledReadIsNotJoined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var group shared[string]
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := group.do(ctx, "key", nil, func(ctx context.Context, _ []api.ID) (string, error) {
			<-ctx.Done()
			time.Sleep(time.Minute)
			return "canceled", ctx.Err()
		})
		got, second := group.do(t.Context(), "key", nil, func(context.Context, []api.ID) (string, error) { return "second", nil })
		if !errors.Is(err, context.Canceled) || got != "second" || second != nil {
			t.Errorf("%v, then %q, %v", err, got, second)
		}
		time.Sleep(time.Hour)
		if len(group.reads) != 0 {
			t.Errorf("%d reads are kept", len(group.reads))
		}
	})
}

// TestSoak reads thousands of lists through random failures, on a fake clock.
// Each list is complete, or there is an error that says what failed.
func TestSoak(t *testing.T) {
	failures := []func() (int, string){
		func() (int, string) { return refusal("Throttling.User") },
		func() (int, string) { return refusal("InternalError") },
		func() (int, string) { return 503, `{"Code":"ServiceUnavailable"}` },
		func() (int, string) { return 502, `<html>Bad Gateway</html>` },
		func() (int, string) { return 200, `<html>Welcome</html>` },
		func() (int, string) { return 200, `` },
		func() (int, string) { return 200, `null` },
		func() (int, string) { return 200, `{"Success":true,"DtsJobList":[{"DtsJobId"` },
		func() (int, string) { return 200, `{"Success":false,"ErrCode":"SystemBusy","ErrMessage":"x"}` },
		func() (int, string) { return -1, `` },
	}
	synctest.Test(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(1, 1))
		all := idsOfJobs(1, 150)
		s, c := serve(func(q url.Values) (int, string) {
			if random.IntN(20) == 0 {
				return failures[random.IntN(len(failures))]()
			}
			if ids := requestedIDs(q); ids != nil {
				return listOf(len(ids), ids)
			}
			return listOf(len(all), pageOf(all, q, 30))
		})
		s.latency = 10 * time.Millisecond
		var reads, failed atomic.Int32
		var group sync.WaitGroup
		for n := range 8 {
			group.Go(func() {
				for round := range 30 {
					request, want := api.JobsRequest{PageSize: 10, GroupID: fmt.Sprint(n)}, all // Of a group, so that no list is shared.
					if round%2 > 0 {
						request = api.JobsRequest{JobIDs: all[n*10 : n*10+3]}
						want = request.JobIDs
					}
					list, err := c.Jobs(t.Context(), "r", request)
					reads.Add(1)
					switch failure := new(rpc.Error); {
					case err == nil && !slices.Equal(listedIDs(list), want):
						t.Errorf("an incomplete list: %v", listedIDs(list))
					case err != nil && (!errors.As(err, &failure) || failure.Operation == "" || failure.Code != "SystemBusy" && failure.Code != "InternalError"):
						t.Errorf("an error that says nothing: %v", err)
					case err != nil:
						failed.Add(1)
					}
				}
			})
		}
		group.Wait()
		if share := float64(failed.Load()) / float64(reads.Load()); share == 0 || share > 0.1 {
			t.Errorf("%.1f %% of the reads failed", 100*share)
		}
	})
}
