package dts

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/google/go-cmp/cmp"
)

// jobIDs returns the IDs of jobs number from to number to.
func JobIDs(from, to int) []api.ID {
	ids := []api.ID{}
	for n := from; n <= to; n++ {
		ids = append(ids, api.ID(fmt.Sprintf("job%04d", n)))
	}
	return ids
}

// jobs is a response: some jobs and a count, -1 for none.
type Jobs struct {
	ids   []api.ID
	total int
}

func (j Jobs) Write(w http.ResponseWriter) {
	response := map[string]any{"Success": true, "RequestId": "test"}
	if j.total >= 0 {
		response["TotalRecordCount"] = j.total
	}
	list := []map[string]api.ID{}
	for _, id := range j.ids {
		list = append(list, map[string]api.ID{"DtsJobId": id})
	}
	response["DtsJobList"] = list
	_ = json.NewEncoder(w).Encode(response)
}

// cut returns a page of a list under a cap of the page size.
func cut(ids []api.ID, query url.Values, limit, total int) Jobs {
	size := min(number(query, "PageSize"), limit)
	from := min((number(query, "PageNumber")-1)*size, len(ids))
	return Jobs{ids[from:min(from+size, len(ids))], total}
}

func number(query url.Values, parameter string) int {
	n, _ := strconv.Atoi(query.Get(parameter))
	return n
}

// requestedIDs are those of one parameter.
func requestedIDs(query url.Values, parameter string) []api.ID {
	var ids []api.ID
	for id := range strings.SplitSeq(query.Get(parameter), ",") {
		ids = append(ids, api.ID(id))
	}
	return ids
}

func listedIDs(l *JobListing) []api.ID {
	var ids []api.ID
	for _, job := range l.Jobs {
		ids = append(ids, api.ID(job.ID()))
	}
	return ids
}

func TestListThatKeepsChangingIsAnError(t *testing.T) {
	var passes atomic.Int32
	s := NewServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("PageNumber") == "1" {
			pass := int(passes.Add(1))
			Jobs{JobIDs(pass, pass+29), 45}.Write(w)
			return
		}
		pass := int(passes.Load())
		Jobs{JobIDs(pass+29, pass+43), 45}.Write(w)
	})
	_, err := ClientOf(s).Jobs(t.Context(), "cn-hangzhou", api.JobsRequest{})
	var failure *rpc.Error
	if !errors.Is(err, ErrListChanged) || !errors.As(err, &failure) || failure.Region != "cn-hangzhou" || passes.Load() != maxPasses {
		t.Errorf("got %v after %d passes", err, passes.Load())
	}
}

// TestPageNumberIgnored returns the first 30 of 45 jobs on each page. With a
// count, and without one, two equal passes are doubtful.
func TestPageNumberIgnored(t *testing.T) {
	for _, count := range []int{45, -1} {
		s := NewServer(t, func(w http.ResponseWriter, _ *http.Request) { Jobs{JobIDs(1, 30), count}.Write(w) })
		listing, err := ClientOf(s).Jobs(t.Context(), "r", api.JobsRequest{})
		if err != nil || len(listing.Jobs) != 30 || !listing.CountMismatch {
			t.Errorf("count %d: %v, %v", count, listing, err)
		}
	}
}

func TestCountWithoutJobsIsAnError(t *testing.T) {
	s := NewServer(t, func(w http.ResponseWriter, _ *http.Request) { Jobs{nil, 45}.Write(w) })
	_, err := ClientOf(s).Jobs(t.Context(), "cn-hangzhou", api.JobsRequest{})
	if !errors.Is(err, ErrListEmpty) {
		t.Errorf("got %v", err)
	}
}

// refusals are the ways in which a page size is known or likely to be refused.
var refusals = map[string]struct {
	status int
	body   string
}{
	"dynamic message":         {200, `{"Success":false,"ErrCode":"InvalidParameter","ErrMessage":"The Value of Input Parameter %s is not valid.","DynamicMessage":"PageSize"}`},
	"message":                 {200, `{"Success":false,"ErrCode":"Whatever","ErrMessage":"PageSize must not exceed 30"}`},
	"gateway":                 {400, `{"Code":"InvalidPageSize","Message":"The specified PageSize is not valid.","RequestId":"r"}`},
	"gateway dynamic message": {400, `{"Code":"InvalidParameter","Message":"The Value of Input Parameter %s is not valid.","DynamicMessage":"PageSize","RequestId":"r"}`},
}

func TestPageSizeRefused(t *testing.T) {
	for name, refusal := range refusals {
		t.Run(name, func(t *testing.T) {
			s := NewServer(t, func(w http.ResponseWriter, r *http.Request) {
				if number(r.URL.Query(), "PageSize") > 30 {
					w.WriteHeader(refusal.status)
					_, _ = w.Write([]byte(refusal.body))
					return
				}
				cut(JobIDs(1, 45), r.URL.Query(), 30, 45).Write(w)
			})
			c := ClientOf(s)
			for _, wantRequests := range []int{3, 5} { // Remembered the second time.
				listing, err := c.Jobs(t.Context(), "cn-hangzhou", api.JobsRequest{})
				if err != nil {
					t.Fatal(err)
				}
				if len(listing.Jobs) != 45 || s.Count() != wantRequests {
					t.Errorf("%d jobs in %d requests, want 45 in %d", len(listing.Jobs), s.Count(), wantRequests)
				}
			}
		})
	}
}

// TestPageSizesRefusedForGood refuses the size that every document allows, and
// the user's own.
func TestPageSizesRefusedForGood(t *testing.T) {
	for size, wantRequests := range map[api.PageSize]int{0: 2, 100: 1, 50: 1} {
		s := NewServer(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"Success":false,"RequestId":"R-7","ErrCode":"Refused","ErrMessage":"PageSize"}`))
		})
		_, err := ClientOf(s).Jobs(t.Context(), "r", api.JobsRequest{PageSize: size})
		var failure *rpc.Error
		if !errors.As(err, &failure) || failure.Code != "Refused" || failure.RequestID != "R-7" || s.Count() != wantRequests {
			t.Errorf("page size %d: %v after %d requests", size, err, s.Count())
		}
	}
}

// TestOneReadTriesTheLargestPageSize starts three reads at once.
func TestOneReadTriesTheLargestPageSize(t *testing.T) {
	var tried atomic.Int32
	s := NewServer(t, func(w http.ResponseWriter, r *http.Request) {
		if number(r.URL.Query(), "PageSize") > 30 {
			tried.Add(1)
			_, _ = w.Write([]byte(refusals["message"].body))
			return
		}
		Jobs{JobIDs(1, 3), 3}.Write(w)
	})
	c := ClientOf(s)
	var group sync.WaitGroup
	for _, status := range []api.JobStatus{"Migrating", "Finished", "Failed"} {
		group.Go(func() {
			if _, err := c.Jobs(t.Context(), "r", api.JobsRequest{Status: status}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if tried.Load() != 1 {
		t.Errorf("%d reads tried a page size of 100", tried.Load())
	}
}

// TestReadsFailTogether has as many reads of an endpoint that is down fail in
// the time that one takes, for none of them learns a page size.
func TestReadsFailTogether(t *testing.T) {
	rpc.FakeTime(t, func(t *testing.T) {
		c := Offline(Hang, func(c *rpc.Config) { c.RetryTimeout = 30 * time.Second })
		start := time.Now()
		var group sync.WaitGroup
		for n := range 10 {
			group.Go(func() {
				if _, err := c.Jobs(t.Context(), "r", api.JobsRequest{GroupID: fmt.Sprint(n)}); err == nil {
					t.Error("no error")
				}
			})
		}
		group.Wait()
		if took := time.Since(start); took > 40*time.Second {
			t.Errorf("the last of 10 reads failed after %s", took)
		}
	})
}

// TestSignatureErrorIsNoPageSizeRefused has a message that quotes the request,
// page size and all.
func TestSignatureErrorIsNoPageSizeRefused(t *testing.T) {
	s := NewServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"Code":"SignatureDoesNotMatch","Message":"server string to sign is:POST /?PageNumber=1&PageSize=100"}`))
	})
	_, err := ClientOf(s).Jobs(t.Context(), "r", api.JobsRequest{})
	var failure *rpc.Error
	if !errors.As(err, &failure) || failure.Code != "SignatureDoesNotMatch" || s.Count() != 1 {
		t.Errorf("got %v in %d requests", err, s.Count())
	}
}

func TestNumberedPage(t *testing.T) {
	for _, test := range []struct {
		request api.JobsRequest
		size    string
		want    []api.ID
	}{
		{api.JobsRequest{PageNumber: 2}, "30", JobIDs(31, 60)},
		{api.JobsRequest{PageNumber: 2, PageSize: 10}, "10", JobIDs(11, 20)},
	} {
		s := NewServer(t, func(w http.ResponseWriter, r *http.Request) { cut(JobIDs(1, 95), r.URL.Query(), 100, 95).Write(w) })
		listing, err := ClientOf(s).Jobs(t.Context(), "r", test.request)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, listedIDs(listing)); diff != "" || s.Count() != 1 || s.calls[0].Get("PageSize") != test.size {
			t.Errorf("%d requests, page size %s, -want +got:\n%s", s.Count(), s.calls[0].Get("PageSize"), diff)
		}
	}
}

func TestRequestIsSentAsDeclared(t *testing.T) {
	s := NewServer(t, func(w http.ResponseWriter, _ *http.Request) { Jobs{nil, 0}.Write(w) })
	_, err := ClientOf(s).Jobs(t.Context(), "cn-hangzhou", api.JobsRequest{
		Type: "name", Params: "a b", WithoutDbList: new(false), ZeroEtlJob: new(true), Tags: map[string]string{"b": "2", "a": ""},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"Region": {"cn-hangzhou"}, "RegionId": {"cn-hangzhou"}, "JobType": {"MIGRATION"}, "Type": {"name"}, "Params": {"a b"},
		"WithoutDbList": {"false"}, "ZeroEtlJob": {"true"}, "Tags": {`[{"key":"a","value":""},{"key":"b","value":"2"}]`},
		"PageNumber": {"1"}, "PageSize": {"100"},
	}
	if diff := cmp.Diff(want, s.calls[0]); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
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
		s := NewServer(t, func(w http.ResponseWriter, _ *http.Request) {
			const list = `[{"DtsJobId":"b"},{"DtsJobId":"c"},{"DtsJobId":"a"}]`
			_, _ = fmt.Fprintf(w, `{"TotalRecordCount":3,"DtsJobList":%s,"EtlDemoList":%s}`, list, list)
		})
		listing, err := ClientOf(s).Jobs(t.Context(), "r", test.request)
		if err != nil {
			t.Fatal(err)
		}
		var etlJobs []api.ID
		for _, job := range listing.EtlDemoJobs {
			etlJobs = append(etlJobs, api.ID(job.ID()))
		}
		if diff := cmp.Diff([][]api.ID{test.want, test.want}, [][]api.ID{listedIDs(listing), etlJobs}); diff != "" {
			t.Errorf("%v: -want +got:\n%s", test.request, diff)
		}
	}
}

// TestCountOfAListThatChanged has a server that counts the rows of each page
// alone: a sign of a change, in two passes with the same jobs.
func TestCountOfAListThatChanged(t *testing.T) {
	for name, test := range map[string]struct {
		total    func(rows int) int
		mismatch bool
	}{
		"count of the page": {func(rows int) int { return rows }, true},
		"count of the list": {func(int) int { return 45 }, false},
	} {
		s := NewServer(t, func(w http.ResponseWriter, r *http.Request) {
			page := cut(JobIDs(1, 45), r.URL.Query(), 30, 0)
			page.total = test.total(len(page.ids))
			page.Write(w)
		})
		listing, err := ClientOf(s).Jobs(t.Context(), "r", api.JobsRequest{})
		if err != nil || len(listing.Jobs) != 45 || listing.CountMismatch != test.mismatch {
			t.Errorf("%s: %+v, %v", name, listing, err)
		}
	}
}

// TestNumberedPageOfIDs requests a page of jobs by ID: the others may be on
// other pages.
func TestNumberedPageOfIDs(t *testing.T) {
	s := NewServer(t, func(w http.ResponseWriter, _ *http.Request) { Jobs{JobIDs(11, 20), 25}.Write(w) })
	listing, err := ClientOf(s).Jobs(t.Context(), "r", api.JobsRequest{JobIDs: JobIDs(1, 25), PageNumber: 2, PageSize: 10})
	if err != nil || len(listing.Jobs) != 10 || len(listing.MissingJobIDs) != 0 || *listing.TotalRecordCount != 25 || s.Count() != 1 {
		t.Errorf("%+v, %v in %d requests", listing, err, s.Count())
	}
}

// TestEtlJobsOfAllPages has ETL jobs without an ID, which every page repeats.
func TestEtlJobsOfAllPages(t *testing.T) {
	s := NewServer(t, func(w http.ResponseWriter, r *http.Request) {
		page := number(r.URL.Query(), "PageNumber")
		if page > 2 {
			Jobs{nil, 4}.Write(w)
			return
		}
		_, _ = fmt.Fprintf(w, `{"TotalRecordCount":4,"DtsJobList":[{"DtsJobId":"%d1"},{"DtsJobId":"%d2"}],
			"EtlDemoList":[{"DtsJobName":"a"},{"DtsJobName":"a"},{"DtsJobId":"e","DtsJobName":"b"}]}`, page, page)
	})
	listing, err := ClientOf(s).Jobs(t.Context(), "r", api.JobsRequest{PageSize: 2})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, job := range listing.EtlDemoJobs {
		names = append(names, api.Value(job.DtsJobName))
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{"a", "a", "b"}, names); diff != "" || len(listing.Jobs) != 4 {
		t.Errorf("%d jobs, -want +got:\n%s", len(listing.Jobs), diff)
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
		{"online", "", "-1500", "-1.5"},
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
		{"subscribe", api.FilterMigration, "5", ""},
		{"SUBSCRIBE", api.FilterSync, "5", ""},
		{"other", api.FilterMigration, "5", ""},
		{"", api.FilterMigration, "5", "0.005"},
		{"", api.FilterSync, "5", "5"},
		{"", api.FilterSubscribe, "5", ""},
		{"", api.FilterCheck, "5", ""},
		{"", "OTHER", "5", ""},
	} {
		response := fmt.Sprintf(`{"DtsJobList":[{"JobType":%q,"Delay":%s,"ReverseJob":{"Delay":1500}}],
			"EtlDemoList":[{"JobType":%q,"Delay":%s,"ReverseJob":{"Delay":1500}}]}`,
			test.jobType, test.delay, test.jobType, test.delay)
		s := NewServer(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(response)) })
		listing, err := ClientOf(s).Jobs(t.Context(), "r", api.JobsRequest{PageNumber: 1, JobType: test.requested})
		if err != nil {
			t.Fatal(err)
		}
		job, etlJob := listing.Jobs[0], listing.EtlDemoJobs[0]
		for name, got := range map[string]*json.Number{"job": job.DelaySeconds, "ETL job": etlJob.DelaySeconds} {
			if api.Value(got) != test.want {
				t.Errorf("%s of type %q, requested %q, delay %s: %q, want %q", name, test.jobType, test.requested, test.delay, api.Value(got), test.want)
			}
		}
		for name, got := range map[string]*json.Number{"job": job.ReverseJob.DelaySeconds, "ETL job": etlJob.ReverseJob.DelaySeconds} {
			if api.Value(got) != "1500" {
				t.Errorf("reverse job of %s: %q", name, api.Value(got))
			}
		}
	}
}
