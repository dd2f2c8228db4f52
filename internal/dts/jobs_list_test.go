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

	"github.com/google/go-cmp/cmp"
)

// jobIDs returns the IDs of jobs number from to number to.
func jobIDs(from, to int) []ID {
	ids := []ID{}
	for n := from; n <= to; n++ {
		ids = append(ids, ID(fmt.Sprintf("job%04d", n)))
	}
	return ids
}

// jobs is a response: some jobs and a count, -1 for none.
type jobs struct {
	ids   []ID
	total int
}

func (j jobs) write(w http.ResponseWriter) {
	response := map[string]any{"Success": true, "RequestId": "test"}
	if j.total >= 0 {
		response["TotalRecordCount"] = j.total
	}
	list := []map[string]ID{}
	for _, id := range j.ids {
		list = append(list, map[string]ID{"DtsJobId": id})
	}
	response["DtsJobList"] = list
	_ = json.NewEncoder(w).Encode(response)
}

// cut returns a page of a list under a cap of the page size.
func cut(ids []ID, query url.Values, limit, total int) jobs {
	size := min(number(query, "PageSize"), limit)
	from := min((number(query, "PageNumber")-1)*size, len(ids))
	return jobs{ids[from:min(from+size, len(ids))], total}
}

func number(query url.Values, parameter string) int {
	n, _ := strconv.Atoi(query.Get(parameter))
	return n
}

// requestedIDs are those of one parameter.
func requestedIDs(query url.Values, parameter string) []ID {
	var ids []ID
	for id := range strings.SplitSeq(query.Get(parameter), ",") {
		ids = append(ids, ID(id))
	}
	return ids
}

func listedIDs(l *JobListing) []ID {
	var ids []ID
	for _, job := range l.Jobs {
		ids = append(ids, ID(job.id()))
	}
	return ids
}

func TestListThatKeepsChangingIsAnError(t *testing.T) {
	var passes atomic.Int32
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("PageNumber") == "1" {
			pass := int(passes.Add(1))
			jobs{jobIDs(pass, pass+29), 45}.write(w)
			return
		}
		pass := int(passes.Load())
		jobs{jobIDs(pass+29, pass+43), 45}.write(w)
	})
	_, err := clientOf(s).Jobs(t.Context(), "cn-hangzhou", JobsRequest{})
	var failure *Error
	if !errors.Is(err, ErrListChanged) || !errors.As(err, &failure) || failure.Region != "cn-hangzhou" || passes.Load() != maxPasses {
		t.Errorf("got %v after %d passes", err, passes.Load())
	}
}

// TestPageNumberIgnored returns the first 30 of 45 jobs on each page. With a
// count, and without one, two equal passes are doubtful.
func TestPageNumberIgnored(t *testing.T) {
	for _, count := range []int{45, -1} {
		s := newServer(t, func(w http.ResponseWriter, _ *http.Request) { jobs{jobIDs(1, 30), count}.write(w) })
		listing, err := clientOf(s).Jobs(t.Context(), "r", JobsRequest{})
		if err != nil || len(listing.Jobs) != 30 || !listing.CountMismatch {
			t.Errorf("count %d: %v, %v", count, listing, err)
		}
	}
}

func TestCountWithoutJobsIsAnError(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) { jobs{nil, 45}.write(w) })
	_, err := clientOf(s).Jobs(t.Context(), "cn-hangzhou", JobsRequest{})
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
			s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
				if number(r.URL.Query(), "PageSize") > 30 {
					w.WriteHeader(refusal.status)
					_, _ = w.Write([]byte(refusal.body))
					return
				}
				cut(jobIDs(1, 45), r.URL.Query(), 30, 45).write(w)
			})
			c := clientOf(s)
			for _, wantRequests := range []int{3, 5} { // Remembered the second time.
				listing, err := c.Jobs(t.Context(), "cn-hangzhou", JobsRequest{})
				if err != nil {
					t.Fatal(err)
				}
				if len(listing.Jobs) != 45 || s.count() != wantRequests {
					t.Errorf("%d jobs in %d requests, want 45 in %d", len(listing.Jobs), s.count(), wantRequests)
				}
			}
		})
	}
}

// TestPageSizesRefusedForGood refuses the size that every document allows, and
// the user's own.
func TestPageSizesRefusedForGood(t *testing.T) {
	for size, wantRequests := range map[PageSize]int{0: 2, 100: 1, 50: 1} {
		s := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"Success":false,"RequestId":"R-7","ErrCode":"Refused","ErrMessage":"PageSize"}`))
		})
		_, err := clientOf(s).Jobs(t.Context(), "r", JobsRequest{PageSize: size})
		var failure *Error
		if !errors.As(err, &failure) || failure.Code != "Refused" || failure.RequestID != "R-7" || s.count() != wantRequests {
			t.Errorf("page size %d: %v after %d requests", size, err, s.count())
		}
	}
}

// TestOneReadTriesTheLargestPageSize starts three reads at once.
func TestOneReadTriesTheLargestPageSize(t *testing.T) {
	var tried atomic.Int32
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		if number(r.URL.Query(), "PageSize") > 30 {
			tried.Add(1)
			_, _ = w.Write([]byte(refusals["message"].body))
			return
		}
		jobs{jobIDs(1, 3), 3}.write(w)
	})
	c := clientOf(s)
	var group sync.WaitGroup
	for _, status := range []JobStatus{"Migrating", "Finished", "Failed"} {
		group.Go(func() {
			if _, err := c.Jobs(t.Context(), "r", JobsRequest{Status: status}); err != nil {
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
	fakeTime(t, func(t *testing.T) {
		c := offline(hang, func(c *Config) { c.RetryTimeout = 30 * time.Second })
		start := time.Now()
		var group sync.WaitGroup
		for n := range 10 {
			group.Go(func() {
				if _, err := c.Jobs(t.Context(), "r", JobsRequest{GroupID: fmt.Sprint(n)}); err == nil {
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
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"Code":"SignatureDoesNotMatch","Message":"server string to sign is:POST /?PageNumber=1&PageSize=100"}`))
	})
	_, err := clientOf(s).Jobs(t.Context(), "r", JobsRequest{})
	var failure *Error
	if !errors.As(err, &failure) || failure.Code != "SignatureDoesNotMatch" || s.count() != 1 {
		t.Errorf("got %v in %d requests", err, s.count())
	}
}

func TestNumberedPage(t *testing.T) {
	for _, test := range []struct {
		request JobsRequest
		size    string
		want    []ID
	}{
		{JobsRequest{PageNumber: 2}, "30", jobIDs(31, 60)},
		{JobsRequest{PageNumber: 2, PageSize: 10}, "10", jobIDs(11, 20)},
	} {
		s := newServer(t, func(w http.ResponseWriter, r *http.Request) { cut(jobIDs(1, 95), r.URL.Query(), 100, 95).write(w) })
		listing, err := clientOf(s).Jobs(t.Context(), "r", test.request)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, listedIDs(listing)); diff != "" || s.count() != 1 || s.calls[0].Get("PageSize") != test.size {
			t.Errorf("%d requests, page size %s, -want +got:\n%s", s.count(), s.calls[0].Get("PageSize"), diff)
		}
	}
}

func TestRequestIsSentAsDeclared(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) { jobs{nil, 0}.write(w) })
	_, err := clientOf(s).Jobs(t.Context(), "cn-hangzhou", JobsRequest{
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
		request JobsRequest
		want    []ID
	}{
		{JobsRequest{}, []ID{"a", "b", "c"}},
		{JobsRequest{OrderColumn: "CreateTime"}, []ID{"b", "c", "a"}},
		{JobsRequest{OrderDirection: "DESC"}, []ID{"b", "c", "a"}},
	} {
		s := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
			const list = `[{"DtsJobId":"b"},{"DtsJobId":"c"},{"DtsJobId":"a"}]`
			_, _ = fmt.Fprintf(w, `{"TotalRecordCount":3,"DtsJobList":%s,"EtlDemoList":%s}`, list, list)
		})
		listing, err := clientOf(s).Jobs(t.Context(), "r", test.request)
		if err != nil {
			t.Fatal(err)
		}
		var etlJobs []ID
		for _, job := range listing.EtlDemoJobs {
			etlJobs = append(etlJobs, ID(job.id()))
		}
		if diff := cmp.Diff([][]ID{test.want, test.want}, [][]ID{listedIDs(listing), etlJobs}); diff != "" {
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
		s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
			page := cut(jobIDs(1, 45), r.URL.Query(), 30, 0)
			page.total = test.total(len(page.ids))
			page.write(w)
		})
		listing, err := clientOf(s).Jobs(t.Context(), "r", JobsRequest{})
		if err != nil || len(listing.Jobs) != 45 || listing.CountMismatch != test.mismatch {
			t.Errorf("%s: %+v, %v", name, listing, err)
		}
	}
}

// TestNumberedPageOfIDs requests a page of jobs by ID: the others may be on
// other pages.
func TestNumberedPageOfIDs(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) { jobs{jobIDs(11, 20), 25}.write(w) })
	listing, err := clientOf(s).Jobs(t.Context(), "r", JobsRequest{JobIDs: jobIDs(1, 25), PageNumber: 2, PageSize: 10})
	if err != nil || len(listing.Jobs) != 10 || len(listing.MissingJobIDs) != 0 || *listing.TotalRecordCount != 25 || s.count() != 1 {
		t.Errorf("%+v, %v in %d requests", listing, err, s.count())
	}
}

// TestEtlJobsOfAllPages has ETL jobs without an ID, which every page repeats.
func TestEtlJobsOfAllPages(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		page := number(r.URL.Query(), "PageNumber")
		if page > 2 {
			jobs{nil, 4}.write(w)
			return
		}
		_, _ = fmt.Fprintf(w, `{"TotalRecordCount":4,"DtsJobList":[{"DtsJobId":"%d1"},{"DtsJobId":"%d2"}],
			"EtlDemoList":[{"DtsJobName":"a"},{"DtsJobName":"a"},{"DtsJobId":"e","DtsJobName":"b"}]}`, page, page)
	})
	listing, err := clientOf(s).Jobs(t.Context(), "r", JobsRequest{PageSize: 2})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, job := range listing.EtlDemoJobs {
		names = append(names, text(job.DtsJobName))
	}
	slices.Sort(names)
	if diff := cmp.Diff([]string{"a", "a", "b"}, names); diff != "" || len(listing.Jobs) != 4 {
		t.Errorf("%d jobs, -want +got:\n%s", len(listing.Jobs), diff)
	}
}

func TestDelaySeconds(t *testing.T) {
	for _, test := range []struct {
		jobType   string
		requested JobTypeFilter
		delay     string
		want      string // "" for null
	}{
		{"online", FilterSync, "1234", "1.234"},
		{"online", "", "0", "0"},
		{"online", "", "10000", "10"},
		{"online", "", "100", "0.1"},
		{"online", "", "-1", ""},
		{"online", "", "-1500", "-1.5"},
		{"online", "", "9223372036854775807", "9223372036854775.807"},
		{"MIGRATION", FilterSync, "1500", "1.5"},
		{"Migration", FilterSubscribe, "1500", "1.5"},
		{"sync", FilterMigration, "7", "7"},
		{"sync", FilterMigration, "1500", "1500"},
		{"synchronization", FilterMigration, "7", "7"},
		{"SYNC", FilterMigration, "7", "7"},
		{"Sync", "", "9223372036854775807", "9223372036854775807"},
		{"sync", "", `"12"`, "12"},
		{"sync", "", "null", ""},
		{"sync", "", "-1", ""},
		{"subscribe", FilterMigration, "5", ""},
		{"SUBSCRIBE", FilterSync, "5", ""},
		{"other", FilterMigration, "5", ""},
		{"", FilterMigration, "5", "0.005"},
		{"", FilterSync, "5", "5"},
		{"", FilterSubscribe, "5", ""},
		{"", FilterCheck, "5", ""},
		{"", "OTHER", "5", ""},
	} {
		response := fmt.Sprintf(`{"DtsJobList":[{"JobType":%q,"Delay":%s,"ReverseJob":{"Delay":1500}}],
			"EtlDemoList":[{"JobType":%q,"Delay":%s,"ReverseJob":{"Delay":1500}}]}`,
			test.jobType, test.delay, test.jobType, test.delay)
		s := newServer(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(response)) })
		listing, err := clientOf(s).Jobs(t.Context(), "r", JobsRequest{PageNumber: 1, JobType: test.requested})
		if err != nil {
			t.Fatal(err)
		}
		job, etlJob := listing.Jobs[0], listing.EtlDemoJobs[0]
		for name, got := range map[string]*json.Number{"job": job.DelaySeconds, "ETL job": etlJob.DelaySeconds} {
			if text(got) != test.want {
				t.Errorf("%s of type %q, requested %q, delay %s: %q, want %q", name, test.jobType, test.requested, test.delay, text(got), test.want)
			}
		}
		for name, got := range map[string]*json.Number{"job": job.ReverseJob.DelaySeconds, "ETL job": etlJob.ReverseJob.DelaySeconds} {
			if text(got) != "1500" {
				t.Errorf("reverse job of %s: %q", name, text(got))
			}
		}
	}
}
