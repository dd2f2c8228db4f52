package dts

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// jobLists is what a server lists, by job type.
type jobLists map[string][]string

// serveJobs serves lists as raw JSON. It looks for IDs and names as the API
// does: a name matches any part, and an ID that of a reverse job, too.
func serveJobs(jobs jobLists) (*server, *Client) {
	return serve(func(q url.Values) (int, string) {
		list := slices.DeleteFunc(slices.Clone(jobs[q.Get("JobType")]), func(job string) bool { return !selects(q, job) })
		rows := strings.Join(slices.DeleteFunc(slices.Clone(list), isEtl), ",")
		others := strings.Join(slices.DeleteFunc(slices.Clone(list), func(job string) bool { return !isEtl(job) }), ",")
		return 200, fmt.Sprintf(`{"RequestId":"R-%s","TotalRecordCount":%d,"DtsJobList":[%s],"EtlDemoList":[%s]}`, q.Get("JobType"), len(list), rows, others)
	})
}

func isEtl(job string) bool { return strings.Contains(job, "etl") }

func selects(q url.Values, job string) bool {
	contains := func(field, value string) bool { return strings.Contains(job, fmt.Sprintf(`"%s":"%s"`, field, value)) }
	switch {
	case q.Has("DtsJobId"):
		return contains("DtsJobId", q.Get("DtsJobId"))
	case q.Has("DtsInstanceId"):
		return contains("DtsInstanceID", q.Get("DtsInstanceId"))
	case q.Get("Type") == "name":
		return strings.Contains(norm.NFC.String(job), norm.NFC.String(q.Get("Params"))) // As a collation does.
	}
	return true
}

const (
	orders     = `{"DtsJobId":"m1","DtsInstanceID":"i1","DtsJobName":"orders","Status":"Migrating"}`
	ordersCopy = `{"DtsJobId":"m2","DtsInstanceID":"i2","DtsJobName":"orders-copy","Status":"Finished"}`
	ordersSync = `{"DtsJobId":"s1","DtsInstanceID":"i3","DtsJobName":"orders","Status":"Synchronizing"}`
	twoWay     = `{"DtsJobId":"s2","DtsInstanceID":"i4","DtsJobName":"stock","ReverseJob":{"DtsJobId":"s3","DtsInstanceID":"i4","DtsJobName":"stock-back"}}`
	twoWayBack = `{"DtsJobId":"s3","DtsInstanceID":"i4","DtsJobName":"stock-back"}`
	changes    = `{"DtsJobId":"c1","DtsInstanceID":"i5","DtsJobName":"changes"}`
	unnamed    = `{"DtsJobId":"c2","DtsInstanceID":"i5"}`
	etl        = `{"DtsJobId":"e1","DtsInstanceID":"i7","DtsJobName":"etl"}`
	accented   = `{"DtsJobId":"n1","DtsJobName":"Zürich"}`
	mutual     = `{"DtsJobId":"b1","DtsInstanceID":"i8","DtsJobName":"there","ReverseJob":{"DtsJobId":"b2","DtsInstanceID":"i8"}}`
	mutualBack = `{"DtsJobId":"b2","DtsInstanceID":"i8","DtsJobName":"back","ReverseJob":{"DtsJobId":"b1","DtsInstanceID":"i8"}}`
	ownReverse = `{"DtsJobId":"o1","DtsJobName":"own","ReverseJob":{"DtsJobId":"o1"}}`
	verify     = `{"DtsJobId":"v1","DtsInstanceID":"i6","DtsJobName":"verify"}`
)

var someJobs = jobLists{
	"MIGRATION": {orders, ordersCopy},
	"SYNC":      {ordersSync, twoWay, etl},
	"SUBSCRIBE": {changes, unnamed},
	"CHECK":     {verify},
}

func TestFindJob(t *testing.T) {
	for name, test := range map[string]struct {
		jobs     jobLists
		query    JobQuery
		want     api.ID
		requests string // job types, with what was requested of each
	}{
		"by ID":                     {someJobs, JobQuery{JobID: "m1"}, "m1", "MIGRATION id"},
		"by ID, of the second type": {someJobs, JobQuery{JobID: "s1"}, "s1", "MIGRATION id, SYNC id"},
		"by ID, of the last type":   {someJobs, JobQuery{JobID: "c1"}, "c1", "MIGRATION id, SYNC id, SUBSCRIBE id"},
		"by ID, one type":           {someJobs, JobQuery{JobID: "s1", JobTypes: []api.JobTypeFilter{api.FilterSync}}, "s1", "SYNC id"},
		"types in order":            {someJobs, JobQuery{JobID: "v1", JobTypes: []api.JobTypeFilter{"CHECK", "NEW", "SYNC"}}, "v1", "SYNC id, CHECK id"},
		"by instance ID":            {someJobs, JobQuery{InstanceID: "i2"}, "m2", "MIGRATION instance"},
		"by an instance shared with the reverse job": {someJobs, JobQuery{InstanceID: "i4"}, "s2", "MIGRATION instance, SYNC instance"},
		"by an instance whose reverse job is listed, too": {
			jobLists{"SYNC": {twoWay, twoWayBack}}, JobQuery{InstanceID: "i4"}, "s2", "MIGRATION instance, SYNC instance"},
		"by the ID of a reverse job that is listed, too": {
			jobLists{"SYNC": {twoWay, twoWayBack}}, JobQuery{JobID: "s3"}, "s3", "MIGRATION id, SYNC id"},
		"by name":                           {someJobs, JobQuery{Name: "orders-copy"}, "m2", "MIGRATION name, SYNC name, SUBSCRIBE name"},
		"by a name that is part of another": {someJobs, JobQuery{Name: "orders", JobTypes: []api.JobTypeFilter{"MIGRATION"}}, "m1", "MIGRATION name"},
		"by the name of a job that is also listed as a reverse job": {
			jobLists{"SYNC": {twoWay, twoWayBack}}, JobQuery{Name: "stock-back"}, "s3", "MIGRATION name, SYNC name, SUBSCRIBE name"},
		"by the ID of a reverse job that is listed under a later type": {
			jobLists{"MIGRATION": {twoWay}, "SYNC": {twoWayBack}}, JobQuery{JobID: "s3"}, "s3", "MIGRATION id, SYNC id"},
		"by a name in another form":                  {jobLists{"SYNC": {accented}}, JobQuery{Name: "Z\u00fcrich"}, "n1", "MIGRATION name, SYNC name, SUBSCRIBE name"},
		"by a name that the API matches in one form": {jobLists{"SYNC": {`{"DtsJobId":"n1","DtsJobName":"Zürich"}`}}, JobQuery{Name: "Zu\u0308rich"}, "n1", "MIGRATION name, SYNC name, SUBSCRIBE name"},
		"by name, listed under two types":            {jobLists{"MIGRATION": {orders}, "SYNC": {orders}}, JobQuery{Name: "orders"}, "m1", "MIGRATION name, SYNC name, SUBSCRIBE name"},
		"by the name of a job and a finished one": {
			jobLists{"MIGRATION": {orders}, "SYNC": {`{"DtsJobId":"s9","DtsJobName":"orders","Status":"finished"}`}}, JobQuery{Name: "orders"}, "m1", "MIGRATION name, SYNC name, SUBSCRIBE name"},
		"by the name of a finished job":                  {someJobs, JobQuery{Name: "orders-copy"}, "m2", "MIGRATION name, SYNC name, SUBSCRIBE name"},
		"by the ID of a job that is its own reverse job": {jobLists{"SYNC": {ownReverse}}, JobQuery{JobID: "o1"}, "o1", "MIGRATION id, SYNC id"},
		"without an ID, as its reverse job": {
			jobLists{"SYNC": {`{"DtsJobName":"one","ReverseJob":{"DtsJobName":"other"}}`}}, JobQuery{Name: "one"}, "", "MIGRATION name, SYNC name, SUBSCRIBE name"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s, c := serveJobs(test.jobs)
			found, err := c.FindJob(t.Context(), "cn-hangzhou", test.query)
			if err != nil {
				t.Fatal(err)
			}
			if got := api.ID(found.Job.ID()); got != test.want || found.RequestID != "R-"+string(found.Type) {
				t.Errorf("%s: found %s under %s with request ID %s, want %s", name, got, found.Type, found.RequestID, test.want)
			}
			if diff := cmp.Diff(test.requests, s.summary()); diff != "" {
				t.Errorf("%s: requests: -want +got:\n%s", name, diff)
			}
		})
	}
}

// summary returns the job types that were requested, each with the kind of
// request.
func (s *server) summary() string {
	var requests []string
	for _, q := range s.requests {
		what := "all"
		for parameter, short := range map[string]string{"DtsJobId": "id", "DtsInstanceId": "instance", "Params": q.Get("Type")} {
			if q.Has(parameter) {
				what = short
			}
		}
		requests = append(requests, q.Get("JobType")+" "+what)
	}
	return strings.Join(requests, ", ")
}

// TestNoTypesToSearch searches nowhere, rather than everywhere.
func TestNoTypesToSearch(t *testing.T) {
	s, c := serveJobs(someJobs)
	found, err := c.FindJob(t.Context(), "cn-hangzhou", JobQuery{JobID: "m1", JobTypes: []api.JobTypeFilter{}})
	if !errors.As(err, new(*FindError)) || s.count() != 0 {
		t.Errorf("found %v, error %v in %d requests", found, err, s.count())
	}
}

// TestOneMoreMatch has one more than are shown.
func TestOneMoreMatch(t *testing.T) {
	if list := (&FindError{Matches: make([]FoundJob, 11)}).List(); !strings.HasSuffix(list, "\n  and 1 more") {
		t.Errorf("no more:%s", list)
	}
	if list := (&FindError{Matches: make([]FoundJob, 10)}).List(); strings.Contains(list, "more") {
		t.Errorf("more:%s", list)
	}
}

// TestNotOneJob wants errors with what was searched and what was found.
func TestNotOneJob(t *testing.T) {
	many := jobLists{}
	for i := range 12 {
		many["MIGRATION"] = append(many["MIGRATION"], fmt.Sprintf(`{"DtsJobId":"m%02d","DtsInstanceID":"i","DtsJobName":"same","Status":"Migrating"}`, i))
	}
	for name, test := range map[string]struct {
		jobs  jobLists
		query JobQuery
		want  string
	}{
		"no ID": {someJobs, JobQuery{JobID: "x"},
			`DTS job with the ID "x" not found in region cn-hangzhou (job types searched: MIGRATION, SYNC, SUBSCRIBE)`},
		"no ID of a type": {someJobs, JobQuery{JobID: "m1", JobTypes: []api.JobTypeFilter{"CHECK", "SYNC"}},
			`DTS job with the ID "m1" not found in region cn-hangzhou (job types searched: SYNC, CHECK)`},
		"no instance": {someJobs, JobQuery{InstanceID: "x"},
			`DTS job with the instance ID "x" not found in region cn-hangzhou (job types searched: MIGRATION, SYNC, SUBSCRIBE)`},
		"part of a name": {someJobs, JobQuery{Name: "order"},
			`DTS job with the name "order" not found in region cn-hangzhou (job types searched: MIGRATION, SYNC, SUBSCRIBE)`},
		"two types": {someJobs, JobQuery{Name: "orders"},
			"2 DTS jobs with the name \"orders\" found in region cn-hangzhou (job types searched: MIGRATION, SYNC, SUBSCRIBE)\n\n" +
				"  m1  MIGRATION  Migrating  orders\n  s1  SYNC  Synchronizing  orders"},
		"an instance of two jobs": {someJobs, JobQuery{InstanceID: "i5"},
			"2 DTS jobs with the instance ID \"i5\" found in region cn-hangzhou (job types searched: MIGRATION, SYNC, SUBSCRIBE)\n\n" +
				"  c1  SUBSCRIBE    changes\n  c2  SUBSCRIBE    "},
		"an instance of a finished job and another": {jobLists{"MIGRATION": {ordersCopy, strings.Replace(orders, "i1", "i2", 1)}}, JobQuery{InstanceID: "i2"},
			"2 DTS jobs with the instance ID \"i2\" found in region cn-hangzhou (job types searched: MIGRATION, SYNC, SUBSCRIBE)\n\n" +
				"  m1  MIGRATION  Migrating  orders\n  m2  MIGRATION  Finished  orders-copy"},
		"more than ten": {many, JobQuery{Name: "same"},
			"12 DTS jobs with the name \"same\" found in region cn-hangzhou (job types searched: MIGRATION, SYNC, SUBSCRIBE)\n" +
				linesOf(10) + "\n  and 2 more"},
		"two that are each other's reverse job": {jobLists{"SYNC": {mutual, mutualBack}}, JobQuery{InstanceID: "i8"},
			"2 DTS jobs with the instance ID \"i8\" found in region cn-hangzhou (job types searched: MIGRATION, SYNC, SUBSCRIBE)\n\n" +
				"  b1  SYNC    there\n  b2  SYNC    back"},
		"its own reverse job and another": {jobLists{"MIGRATION": {`{"DtsJobId":"o2","DtsJobName":"own"}`}, "SYNC": {ownReverse}}, JobQuery{Name: "own"},
			"2 DTS jobs with the name \"own\" found in region cn-hangzhou (job types searched: MIGRATION, SYNC, SUBSCRIBE)\n\n" +
				"  o2  MIGRATION    own\n  o1  SYNC    own"},
		"finished, but more than one": {jobLists{"MIGRATION": {ordersCopy, strings.Replace(ordersCopy, "m2", "m3", 1)}}, JobQuery{Name: "orders-copy"},
			"2 DTS jobs with the name \"orders-copy\" found in region cn-hangzhou (job types searched: MIGRATION, SYNC, SUBSCRIBE)\n\n" +
				"  m2  MIGRATION  Finished  orders-copy\n  m3  MIGRATION  Finished  orders-copy"},
		"ETL job": {someJobs, JobQuery{JobID: "e1"}, `DTS job with the ID "e1" is an ETL job in region cn-hangzhou`},
		"reverse job": {someJobs, JobQuery{JobID: "s3"},
			`DTS job with the ID "s3" is the reverse job of s2 (stock) in region cn-hangzhou`},
		"name of a reverse job": {someJobs, JobQuery{Name: "stock-back"},
			`DTS job with the name "stock-back" is the reverse job of s2 (stock) in region cn-hangzhou`},
	} {
		synctest.Test(t, func(t *testing.T) {
			_, c := serveJobs(test.jobs)
			_, err := c.FindJob(t.Context(), "cn-hangzhou", test.query)
			var failed *FindError
			if !errors.As(err, &failed) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("%s: -want +got:\n%s", name, diff)
			}
		})
	}
}

// linesOf are the lines of the first of twelve jobs.
func linesOf(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "\n  m%02d  MIGRATION  Migrating  same", i)
	}
	return b.String()
}

// TestFindJobPassesErrorsOn fails with the API's error, not as if there were no
// job.
func TestFindJobPassesErrorsOn(t *testing.T) {
	_, c := serve(func(url.Values) (int, string) { return refusal("Forbidden.RAM") })
	_, err := c.FindJob(t.Context(), "cn-hangzhou", JobQuery{Name: "orders"})
	var failure *rpc.Error
	if !errors.As(err, &failure) || failure.Code != "Forbidden.RAM" {
		t.Error(err)
	}
}
