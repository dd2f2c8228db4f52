package dts

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// jobIDs returns the ids of jobs number from to number to.
func jobIDs(from, to int) []string {
	var ids []string
	for n := from; n <= to; n++ {
		ids = append(ids, fmt.Sprintf("job%04d", n))
	}
	return ids
}

// page is what a server answers: some jobs and a count, -1 for none.
type page struct {
	ids   []string
	total int
}

func (p page) write(w http.ResponseWriter) {
	answer := map[string]any{"Success": true, "RequestId": "test"}
	if p.total >= 0 {
		answer["TotalRecordCount"] = p.total
	}
	jobs := []map[string]string{}
	for _, id := range p.ids {
		jobs = append(jobs, map[string]string{"DtsJobId": id})
	}
	answer["DtsJobList"] = jobs
	_ = json.NewEncoder(w).Encode(answer)
}

// cut returns a page of a list under a cap of the page size.
func cut(ids []string, number, size, limit, total int) page {
	size = min(size, limit)
	from := min((number-1)*size, len(ids))
	return page{ids[from:min(from+size, len(ids))], total}
}

// TestWholeList lists from servers that behave in all the ways of the
// contract. A pass begins with a call for page 1.
func TestWholeList(t *testing.T) {
	all := jobIDs(1, 95)
	var shortOnce, shortFirst atomic.Bool
	for _, test := range []struct {
		name     string
		answer   func(pass, number, size int) page
		want     []string
		calls    int
		disputed bool
		ahead    int // of the calls, those that may not be made
	}{
		{"no jobs", func(_, n, s int) page { return cut(nil, n, s, 100, 0) }, nil, 1, false, 0},
		{"one short page", func(_, n, s int) page { return cut(all[:7], n, s, 100, 7) }, all[:7], 1, false, 0},
		{"a page of a usual size may be a cap", func(_, n, s int) page { return cut(all[:10], n, s, 100, 10) }, all[:10], 2, false, 0},
		{"95 at once", func(_, n, s int) page { return cut(all, n, s, 100, 95) }, all, 1, false, 0},
		{"silent cap, last page short", func(_, n, s int) page { return cut(all, n, s, 30, 95) }, all, 4, false, 0},
		{"silent cap, last page full", func(_, n, s int) page { return cut(all[:60], n, s, 30, 60) }, all[:60], 3, false, 0},
		{"silent cap of an unusual size", func(_, n, s int) page { return cut(all, n, s, 25, 95) }, all, 4, false, 0},
		{"count too low", func(_, n, s int) page { return cut(all, n, s, 30, 31) }, all, 4, false, 0},
		{"count too high", func(_, n, s int) page { return cut(all[:45], n, s, 30, 200) }, all[:45], 9, false, 3},
		{"no count", func(_, n, s int) page { return cut(all, n, s, 30, -1) }, all, 4, false, 0},
		{"short page in the middle, then quiet", func(pass, n, s int) page {
			p := cut(all, n, s, 30, 95)
			if pass == 1 && n == 2 {
				p.ids = p.ids[1:]
			}
			return p
		}, all, 8, false, 0},
		{"empty page in the middle, then quiet", func(pass, n, s int) page {
			if pass == 1 && n == 2 {
				return page{nil, 95}
			}
			return cut(all, n, s, 30, 95)
		}, all, 8, false, 0},
		{"first page short, then quiet", func(pass, n, s int) page {
			p := cut(all, n, s, 30, 95)
			if pass == 1 && n == 1 {
				p.ids = p.ids[1:]
			}
			return p
		}, all, 8, false, 0},
		{"last page short, then quiet", func(pass, n, s int) page {
			p := cut(all, n, s, 30, 95)
			if pass == 1 && n == 4 && shortOnce.CompareAndSwap(false, true) {
				p.ids = p.ids[1:]
			}
			return p
		}, all, 10, false, 0},
		{"first page short of its count, then quiet", func(_, n, s int) page {
			p := cut(all[:33], n, s, 30, 33)
			if n == 1 && shortFirst.CompareAndSwap(false, true) {
				p.ids = p.ids[1:]
			}
			return p
		}, all[:33], 5, false, 0},
		{"a job twice, then quiet", func(pass, n, s int) page {
			if pass == 1 && n == 2 {
				return page{all[29:59], 95} // A job before the page was added.
			}
			return cut(all, n, s, 30, 95)
		}, all, 8, false, 0},
		{"the total changes, then stays", func(pass, n, s int) page {
			if pass == 1 && n == 1 {
				return page{all[:30], 94}
			}
			return cut(all, n, s, 30, 95)
		}, all, 8, false, 0},
		{"empty first page under a count", func(int, int, int) page { return page{nil, 5} }, nil, 2, true, 0},
		{"empty first page under a count, then jobs", func(pass, n, s int) page {
			if pass == 1 {
				return page{nil, 7}
			}
			return cut(all[:7], n, s, 100, 7)
		}, all[:7], 2, false, 0},
		{"the page number is ignored", func(int, int, int) page { return page{all[:1], 15} }, all[:1], 4, true, 0},
		{"always a job twice, count right", func(_, n, s int) page {
			return cut(slices.Concat(all[:30], all[29:59]), n, s, 30, 59)
		}, all[:59], 6, false, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			var pass atomic.Int32
			s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
				number, _ := strconv.Atoi(r.URL.Query().Get("PageNumber"))
				size, _ := strconv.Atoi(r.URL.Query().Get("PageSize"))
				if number == 1 {
					pass.Add(1)
				}
				test.answer(int(pass.Load()), number, size).write(w)
			})
			listing, err := clientOf(s).Jobs(t.Context(), JobsQuery{Region: "cn-hangzhou"})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, idsOf(listing)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			// Pages that were asked for ahead may not have been sent when they
			// turned out not to be needed.
			fewest := test.calls - test.ahead
			if s.count() > test.calls || s.count() < fewest || listing.Disputed != test.disputed {
				t.Errorf("%d calls, disputed %t, want %d to %d, %t", s.count(), listing.Disputed, fewest, test.calls, test.disputed)
			}
		})
	}
}

func idsOf(l Listing) []string {
	var ids []string
	for _, job := range l.Jobs {
		ids = append(ids, job.id())
	}
	return ids
}

func TestListThatKeepsChangingIsAnError(t *testing.T) {
	var passes atomic.Int32
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("PageNumber") == "1" {
			pass := int(passes.Add(1))
			page{jobIDs(pass, pass+29), 45}.write(w)
			return
		}
		pass := int(passes.Load())
		page{jobIDs(pass+29, pass+43), 45}.write(w)
	})
	_, err := clientOf(s).Jobs(t.Context(), JobsQuery{Region: "cn-hangzhou"})
	if !errors.Is(err, ErrMoving) || passes.Load() != 5 {
		t.Errorf("got %v after %d readings", err, passes.Load())
	}
}

func TestPageSizeRefused(t *testing.T) {
	all := jobIDs(1, 45)
	for name, refusal := range map[string]string{
		"DynamicMessage": `{"Success":false,"ErrCode":"InvalidParameter","ErrMessage":"The Value of Input Parameter %s is not valid.","DynamicMessage":"PageSize"}`,
		"message":        `{"Success":false,"ErrCode":"Whatever","ErrMessage":"PageSize must not exceed 30"}`,
		"gateway":        `{"Code":"InvalidPageSize","Message":"The specified PageSize is not valid.","RequestId":"r"}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
				number, _ := strconv.Atoi(r.URL.Query().Get("PageNumber"))
				size, _ := strconv.Atoi(r.URL.Query().Get("PageSize"))
				if size > 30 {
					if name == "gateway" {
						w.WriteHeader(http.StatusBadRequest)
					}
					_, _ = w.Write([]byte(refusal))
					return
				}
				cut(all, number, size, 30, 45).write(w)
			})
			c := clientOf(s)
			for _, wantCalls := range []int{3, 5} { // Remembered the second time.
				listing, err := c.Jobs(t.Context(), JobsQuery{Region: "cn-hangzhou"})
				if err != nil {
					t.Fatal(err)
				}
				if len(listing.Jobs) != 45 || s.count() != wantCalls {
					t.Errorf("%d jobs in %d calls, want 45 in %d", len(listing.Jobs), s.count(), wantCalls)
				}
			}
		})
	}
}

// TestSignatureErrorIsNoPageSizeRefused has a message that quotes the request,
// page size and all.
func TestSignatureErrorIsNoPageSizeRefused(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"Code":"SignatureDoesNotMatch","Message":"server string to sign is:POST /?PageNumber=1&PageSize=100"}`))
	})
	_, err := clientOf(s).Jobs(t.Context(), JobsQuery{Region: "r"})
	var got *Error
	if !errors.As(err, &got) || got.Code != "SignatureDoesNotMatch" || s.count() != 1 {
		t.Errorf("got %v in %d calls", err, s.count())
	}
}

func TestIDsAreSplit(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, r *http.Request) {
		ids := strings.Split(r.URL.Query().Get("DtsJobId"), ",")
		number, _ := strconv.Atoi(r.URL.Query().Get("PageNumber"))
		cut(ids, number, 100, 30, len(ids)).write(w)
	})
	for _, test := range []struct {
		name                   string
		jobs, instances, calls int
	}{
		{"no jobs, no call", 0, -1, 0},
		{"no instances, no call", 1, 0, 0},
		{"fifty in one call", 50, -1, 2},
		{"fifty-one in two", 51, -1, 3},
		{"many, the last call's list of a usual page size", 120, -1, 6},
	} {
		t.Run(test.name, func(t *testing.T) {
			before := s.count()
			q := JobsQuery{Region: "cn-hangzhou", JobIDs: jobIDs(1, test.jobs)}
			if test.jobs == 0 {
				q.JobIDs = []string{}
			}
			if test.instances == 0 {
				q.InstanceIDs = []string{}
			}
			listing, err := clientOf(s).Jobs(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if calls := s.count() - before; calls != test.calls {
				t.Errorf("%d calls, want %d", calls, test.calls)
			}
			want := test.jobs
			if test.calls == 0 {
				want = 0
			}
			if len(listing.Jobs) != want || *listing.TotalRecordCount != int64(want) {
				t.Errorf("%d jobs, count %d, want %d", len(listing.Jobs), *listing.TotalRecordCount, want)
			}
		})
	}
}

func TestBothKindsOfIDsMeanJobsInBoth(t *testing.T) {
	s := newServer(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"TotalRecordCount":3,"DtsJobList":[
			{"DtsJobId":"a","DtsInstanceID":"x"},
			{"DtsJobId":"b","DtsInstanceID":"y"},
			{"DtsJobId":"c","DtsInstanceID":"x","ReverseJob":{"DtsJobId":"d","DtsInstanceID":"y"}}]}`))
	})
	listing, err := clientOf(s).Jobs(t.Context(), JobsQuery{Region: "r", JobIDs: []string{"a", "b", "d"}, InstanceIDs: []string{"x"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "c"}, idsOf(listing)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if q := s.calls[0]; q.Get("DtsJobId") != "a,b,d" || q.Get("DtsInstanceId") != "x" {
		t.Errorf("asked %v", q)
	}
}

func TestOrder(t *testing.T) {
	for _, test := range []struct {
		parameters map[string]string
		want       []string
	}{
		{nil, []string{"a", "b", "c"}},
		{map[string]string{"OrderColumn": "CreateTime"}, []string{"b", "c", "a"}},
		{map[string]string{"OrderDirection": "DESC"}, []string{"b", "c", "a"}},
	} {
		s := newServer(t, func(w http.ResponseWriter, _ *http.Request) { page{[]string{"b", "c", "a"}, 3}.write(w) })
		listing, err := clientOf(s).Jobs(t.Context(), JobsQuery{Region: "r", Parameters: test.parameters})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, idsOf(listing)); diff != "" {
			t.Errorf("%v: -want +got:\n%s", test.parameters, diff)
		}
	}
}

func TestDelaySeconds(t *testing.T) {
	for _, test := range []struct {
		kind  string
		asked JobTypeFilter
		delay string
		want  string // "" for null
	}{
		{"online", FilterSync, "1234", "1.234"},
		{"online", "", "0", "0"},
		{"online", "", "10000", "10"},
		{"online", "", "100", "0.1"},
		{"online", "", "-1", ""},
		{"online", "", "-1500", "-1.5"},
		{"online", "", "9223372036854775807", "9223372036854775.807"},
		{"sync", FilterMigration, "7", "7"},
		{"Sync", "", "9223372036854775807", "9223372036854775807"},
		{"sync", "", `"12"`, "12"},
		{"sync", "", "null", ""},
		{"sync", "", "-1", ""},
		{"subscribe", FilterMigration, "5", ""},
		{"other", FilterMigration, "5", ""},
		{"", FilterMigration, "5", "0.005"},
		{"", FilterSync, "5", "5"},
		{"", FilterSubscribe, "5", ""},
		{"", "OTHER", "5", ""},
	} {
		answer := fmt.Sprintf(`{"DtsJobList":[{"JobType":%q,"Delay":%s,"ReverseJob":{"Delay":3}}],"EtlDemoList":[{"JobType":%q,"Delay":%s}]}`,
			test.kind, test.delay, test.kind, test.delay)
		s := newServer(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) })
		listing, err := clientOf(s).Jobs(t.Context(), JobsQuery{Region: "r", PageNumber: 1, Parameters: map[string]string{"JobType": string(test.asked)}})
		if err != nil {
			t.Fatal(err)
		}
		for place, got := range map[string]*json.Number{"job": listing.Jobs[0].DelaySeconds, "ETL job": listing.EtlDemoJobs[0].DelaySeconds} {
			if text(got) != test.want {
				t.Errorf("%s of kind %q, asked %q, delay %s: %q, want %q", place, test.kind, test.asked, test.delay, text(got), test.want)
			}
		}
		if got := text(listing.Jobs[0].ReverseJob.DelaySeconds); got != "3" {
			t.Errorf("reverse job: %q", got)
		}
	}
}
