package dts

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/google/go-cmp/cmp"
)

// TestIDsAreSplit counts the requests that many IDs take.
func TestIDsAreSplit(t *testing.T) {
	s := NewServer(t, func(w http.ResponseWriter, r *http.Request) {
		ids := requestedIDs(r.URL.Query(), "DtsJobId")
		cut(ids, r.URL.Query(), 100, len(ids)).Write(w)
	})
	for _, test := range []struct {
		name            string
		request         api.JobsRequest
		found, requests int
	}{
		{"no jobs", api.JobsRequest{JobIDs: []api.ID{}}, 0, 0},
		{"no instances", api.JobsRequest{JobIDs: JobIDs(1, 1), InstanceIDs: []api.ID{}}, 0, 0},
		{"one", api.JobsRequest{JobIDs: JobIDs(1, 1)}, 1, 1},
		{"as many as a usual cap", api.JobsRequest{JobIDs: JobIDs(1, 10)}, 10, 1},
		{"fifty", api.JobsRequest{JobIDs: JobIDs(1, 50)}, 50, 1},
		{"fifty-one", api.JobsRequest{JobIDs: JobIDs(1, 51)}, 51, 2},
		{"many", api.JobsRequest{JobIDs: JobIDs(1, 120)}, 120, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := s.Count()
			listing, err := ClientOf(s).Jobs(t.Context(), "cn-hangzhou", test.request)
			if err != nil {
				t.Fatal(err)
			}
			if requests := s.Count() - before; requests != test.requests {
				t.Errorf("%d requests, want %d", requests, test.requests)
			}
			missing := len(test.request.JobIDs) - test.found
			if len(listing.Jobs) != test.found || *listing.TotalRecordCount != int64(test.found) || len(listing.MissingJobIDs) != missing {
				t.Errorf("%d jobs, count %d, missing %v; want %d", len(listing.Jobs), *listing.TotalRecordCount, listing.MissingJobIDs, test.found)
			}
		})
	}
}

func TestBothKindsOfIDsMeanJobsInBoth(t *testing.T) {
	s := NewServer(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"TotalRecordCount":3,"DtsJobList":[
			{"DtsJobId":"a","DtsInstanceID":"x"},
			{"DtsJobId":"b","DtsInstanceID":"y"},
			{"DtsJobId":"c","DtsInstanceID":"x","ReverseJob":{"DtsJobId":"d","DtsInstanceID":"y"}}],
			"EtlDemoList":[{"DtsJobId":"a","DtsInstanceID":"x"},{"DtsJobId":"b","DtsInstanceID":"y"},{"DtsJobId":"e","DtsInstanceID":"x"}]}`))
	})
	listing, err := ClientOf(s).Jobs(t.Context(), "r", api.JobsRequest{JobIDs: []api.ID{"a", "b", "d"}, InstanceIDs: []api.ID{"x", "z"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]api.ID{"a", "c"}, listedIDs(listing)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff([][]api.ID{{"b"}, {"z"}}, [][]api.ID{listing.MissingJobIDs, listing.MissingInstanceIDs}); diff != "" {
		t.Errorf("missing: -want +got:\n%s", diff)
	}
	if len(listing.EtlDemoJobs) != 1 || listing.EtlDemoJobs[0].id() != "a" {
		t.Errorf("ETL jobs: %v", listing.EtlDemoJobs)
	}
	one, err := ClientOf(s).Jobs(t.Context(), "r", api.JobsRequest{JobIDs: []api.ID{"a", "b"}, InstanceIDs: []api.ID{"x"}})
	if err != nil || !slices.Equal(listedIDs(one), []api.ID{"a"}) {
		t.Errorf("of one instance: %v, %v", one, err)
	}
	if q := s.calls[0]; q.Get("DtsJobId") != "a,b,d" || q.Has("DtsInstanceId") {
		t.Errorf("requested %v", q)
	}
}

// TestUnknownIDsAreMissing refuses requests that hold an ID which no job has.
func TestUnknownIDsAreMissing(t *testing.T) {
	unknown := []api.ID{"job0007", "job0044"}
	for _, refusal := range []struct {
		status int
		body   string
	}{
		{403, `{"Code":"Forbidden.InstanceNotFound","Message":"The instance is not found.","RequestId":"r"}`},
		{403, `{"Code":"DTS.Msg.InvalidJobId","Message":"x","RequestId":"r"}`},
		{200, `{"Success":false,"ErrCode":"InvalidJobId","ErrMessage":"x","RequestId":"r"}`},
		{200, `{"Success":false,"ErrCode":"DTS.Msg.Forbidden.InstanceNotFound","ErrMessage":"x","RequestId":"r"}`},
	} {
		for name, request := range map[string]api.JobsRequest{
			"jobs":         {JobIDs: JobIDs(1, 50)},
			"instances":    {InstanceIDs: JobIDs(1, 50)},
			"ordered jobs": {JobIDs: JobIDs(1, 50), OrderDirection: "DESC"},
			"both":         {JobIDs: JobIDs(1, 50), InstanceIDs: []api.ID{"instance"}},
		} {
			s := NewServer(t, func(w http.ResponseWriter, r *http.Request) {
				parameter, field := "DtsJobId", `{"DtsJobId":%q,"DtsInstanceID":"instance"}`
				if name == "instances" {
					parameter, field = "DtsInstanceId", `{"DtsInstanceID":%q}`
				}
				var list []string
				for _, id := range requestedIDs(r.URL.Query(), parameter) {
					if slices.Contains(unknown, id) {
						w.WriteHeader(refusal.status)
						_, _ = w.Write([]byte(refusal.body))
						return
					}
					list = append(list, fmt.Sprintf(field, id))
				}
				_, _ = fmt.Fprintf(w, `{"DtsJobList":[%s],"TotalRecordCount":%d}`, strings.Join(list, ","), len(list))
			})
			listing, err := ClientOf(s).Jobs(t.Context(), "r", request)
			if err != nil {
				t.Errorf("%s, %s: %v", name, refusal.body, err)
				continue
			}
			missing := append(listing.MissingJobIDs, listing.MissingInstanceIDs...)
			if diff := cmp.Diff(unknown, missing); diff != "" || len(listing.Jobs) != 48 {
				t.Errorf("%s: %d jobs, missing -want +got:\n%s", name, len(listing.Jobs), diff)
			}
		}
	}
}

// TestErrorOfOneIDIsItsCallersAlone refuses one of the IDs of three callers for
// a reason other than being unknown.
func TestErrorOfOneIDIsItsCallersAlone(t *testing.T) {
	s := NewServer(t, func(w http.ResponseWriter, r *http.Request) {
		ids := requestedIDs(r.URL.Query(), "DtsJobId")
		if slices.Contains(ids, "b") {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(`{"Code":"InvalidParameter","Message":"The parameter DtsJobId is not valid."}`))
			return
		}
		Jobs{ids, len(ids)}.Write(w)
	})
	c := ClientOf(s)
	var group sync.WaitGroup
	for _, id := range []api.ID{"a", "b", "c"} {
		group.Go(func() {
			listing, err := c.Jobs(t.Context(), "r", api.JobsRequest{JobIDs: []api.ID{id}})
			if id == "b" != (err != nil) {
				t.Errorf("%s: %v", id, err)
			}
			if err == nil && !slices.Equal(listedIDs(listing), []api.ID{id}) {
				t.Errorf("%s: got %v", id, listedIDs(listing))
			}
		})
	}
	group.Wait()
}

// TestLookupsShareRequests holds no request back: the lookups are gathered
// because they start together.
func TestLookupsShareRequests(t *testing.T) {
	s := NewServer(t, func(w http.ResponseWriter, r *http.Request) {
		var known []api.ID
		for _, id := range requestedIDs(r.URL.Query(), "DtsJobId") {
			if id < "job0290" {
				known = append(known, id)
			}
		}
		Jobs{known, len(known)}.Write(w)
	})
	c := ClientOf(s)
	var group sync.WaitGroup
	for _, id := range JobIDs(1, 300) {
		group.Go(func() {
			listing, err := c.Jobs(t.Context(), "r", api.JobsRequest{JobIDs: []api.ID{id}})
			if err != nil {
				t.Error(err)
				return
			}
			want, missing := []api.ID{id}, []api.ID(nil)
			if id >= "job0290" {
				want, missing = missing, want
			}
			if !slices.Equal(listedIDs(listing), want) || !slices.Equal(listing.MissingJobIDs, missing) || *listing.TotalRecordCount != int64(len(want)) || listing.CountMismatch {
				t.Errorf("%s: %v, missing %v, count %d, mismatch %t", id, listedIDs(listing), listing.MissingJobIDs, *listing.TotalRecordCount, listing.CountMismatch)
			}
		})
	}
	group.Wait()
	if s.Count() > 60 {
		t.Errorf("300 lookups took %d requests", s.Count())
	}
}

// TestLookupsOfOtherParametersAreApart has reads whose other parameters differ.
func TestLookupsOfOtherParametersAreApart(t *testing.T) {
	s := NewServer(t, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		Jobs{[]api.ID{api.ID(q.Get("JobType") + q.Get("DtsJobId") + q.Get("DtsInstanceId"))}, 1}.Write(w)
	})
	c := ClientOf(s)
	var group sync.WaitGroup
	for _, request := range []api.JobsRequest{
		{JobIDs: []api.ID{"a"}},
		{JobIDs: []api.ID{"a"}, JobType: api.FilterSync},
		{JobIDs: []api.ID{"a"}, WithoutDbList: new(true)},
		{InstanceIDs: []api.ID{"a"}},
	} {
		for _, region := range []string{"r", "s"} {
			group.Go(func() {
				if _, err := c.Jobs(t.Context(), region, request); err != nil {
					t.Error(err)
				}
			})
		}
	}
	group.Wait()
	if s.Count() != 8 {
		t.Errorf("%d requests, want 8", s.Count())
	}
}

// TestErrorOfAPartOfALookup refuses an ID as unknown, and another for a reason
// that has nothing to do with it: no ID may be reported as missing.
func TestErrorOfAPartOfALookup(t *testing.T) {
	s := NewServer(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		if slices.Contains(requestedIDs(r.URL.Query(), "DtsJobId"), "a") {
			_, _ = w.Write([]byte(`{"Code":"InvalidJobId","Message":"x"}`))
			return
		}
		_, _ = w.Write([]byte(`{"Code":"NoPermission","Message":"x"}`))
	})
	_, err := ClientOf(s).Jobs(t.Context(), "r", api.JobsRequest{JobIDs: []api.ID{"a", "b"}})
	var failure *rpc.Error
	if !errors.As(err, &failure) || failure.Code != "NoPermission" {
		t.Errorf("got %v", err)
	}
}

// TestMismatchOfOneLookupIsOneOfAll adds lookups in either order.
func TestMismatchOfOneLookupIsOneOfAll(t *testing.T) {
	mismatch := foundJobs{JobListing: JobListing{CountMismatch: true}}
	for _, order := range [][]foundJobs{{mismatch, {}}, {{}, mismatch}} {
		var all foundJobs
		for _, found := range order {
			all.add(found)
		}
		if !all.CountMismatch {
			t.Error("the mismatch is lost")
		}
	}
}

// TestLeavingALookup has a caller of two IDs leave a lookup alone: its request
// ends.
func TestLeavingALookup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent, ended atomic.Bool
		c := Offline(func(r *http.Request) (int, string) {
			sent.Store(true)
			defer ended.Store(true)
			return Hang(r)
		})
		ctx, leave := context.WithCancel(t.Context())
		left := make(chan error)
		go func() {
			_, err := c.Jobs(ctx, "r", api.JobsRequest{JobIDs: []api.ID{"a", "b"}})
			left <- err
		}()
		time.Sleep(time.Second) // On a fake clock; the lookup has been sent then.
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		synctest.Wait()
		if !sent.Load() || !ended.Load() {
			t.Errorf("the request was sent: %t, and ended: %t", sent.Load(), ended.Load())
		}
	})
}

// TestRandomCancellation looks jobs up while other callers leave at random.
// Who stays gets the truth.
func TestRandomCancellation(t *testing.T) {
	s := NewServer(t, func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(rand.N(5 * time.Millisecond)) // Not waited for: it only varies what overlaps.
		ids := requestedIDs(r.URL.Query(), "DtsJobId")
		Jobs{ids, len(ids)}.Write(w)
	})
	c := ClientOf(s)
	var group sync.WaitGroup
	for n, id := range JobIDs(1, 50) {
		group.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if n%3 == 0 {
				time.AfterFunc(rand.N(40*time.Millisecond), cancel)
			}
			listing, err := c.Jobs(ctx, "r", api.JobsRequest{JobIDs: []api.ID{id, "job9999"}})
			switch {
			case n%3 == 0 && errors.Is(err, context.Canceled):
			case err != nil:
				t.Errorf("%s: %v", id, err)
			case !slices.Equal(listedIDs(listing), []api.ID{id, "job9999"}):
				t.Errorf("%s: got %v", id, listedIDs(listing))
			}
		})
	}
	group.Wait()
}

// TestLateLookupsJoinTheirBurst has ten callers that look up one job after the
// other, like reads of Terraform on a busy machine, which starts the next one
// every 40 ms. The fake clock makes the requests countable.
func TestLateLookupsJoinTheirBurst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int32
		c := Offline(func(r *http.Request) (int, string) {
			requests.Add(1)
			time.Sleep(50 * time.Millisecond)
			var list []string
			for _, id := range requestedIDs(r.URL.Query(), "DtsJobId") {
				list = append(list, fmt.Sprintf(`{"DtsJobId":%q}`, id))
			}
			return 200, fmt.Sprintf(`{"DtsJobList":[%s],"TotalRecordCount":%d}`, strings.Join(list, ","), len(list))
		})
		const callers, rounds = 10, 5
		for round := range rounds {
			var wg sync.WaitGroup
			for i := range callers {
				if round > 0 {
					time.Sleep(40 * time.Millisecond)
				}
				wg.Go(func() {
					id := api.ID(fmt.Sprint(round, "-", i))
					if l, err := c.Jobs(t.Context(), "r", api.JobsRequest{JobIDs: []api.ID{id}}); err != nil || len(l.Jobs) != 1 || l.Jobs[0].id() != string(id) {
						t.Errorf("%s: %v, %v", id, l, err)
					}
				})
			}
			wg.Wait()
		}
		if got := requests.Load(); got != rounds {
			t.Errorf("%d requests for %d bursts", got, rounds)
		}
		started := time.Now()
		for range 3 {
			if _, err := c.Jobs(t.Context(), "r", api.JobsRequest{JobIDs: []api.ID{"last"}}); err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(started); took != 3*50*time.Millisecond+longLookupPause+2*lookupPause {
			t.Errorf("three single lookups took %s", took)
		}
	})
}
