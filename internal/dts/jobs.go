package dts

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/paging"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

const describeDtsJobs = "DescribeDtsJobs"

// Errors of a list that could not be read completely.
var (
	ErrListChanged = errors.New("the list kept changing while it was being read")
	ErrListEmpty   = errors.New("the API counts jobs but lists none of them")
	ErrNotPaged    = errors.New("the API counts more jobs than it lists, and lists some of them more than once")
)

// JobList is a complete list of jobs, or the one page that was requested. It may
// be shared by multiple callers, so it must not be changed.
type JobList struct {
	api.JobList

	// MissingIDs are the requested IDs that no job has. They are not determined
	// for a single page.
	MissingIDs []api.ID

	// Counted is the number of jobs that the API counts, if it is larger than the
	// number of jobs that the API lists, and 0 otherwise.
	Counted int64

	// RequestID is the ID of the response that the list came from, or of the last
	// such response.
	RequestID string
}

// Jobs lists jobs: the complete list, or an error. The list is sorted by job ID
// unless the request has an order. The error is an [rpc.Error].
func (c *Client) Jobs(ctx context.Context, region string, q api.JobsRequest) (list *JobList, err error) {
	r := jobsRequest(region, q)
	if q.IDs() != nil {
		list, err = c.jobsByID(ctx, region, q)
	} else {
		list, err = c.lists.do(ctx, fmt.Sprintf("%q", r.Parameters), nil, func(ctx context.Context, _ []api.ID) (*JobList, error) {
			return c.listJobs(ctx, r, q)
		})
	}
	if err != nil {
		return nil, c.describe(r, err)
	}
	return list, nil
}

func jobsRequest(region string, q api.JobsRequest) rpc.Request {
	parameters := api.Parameters(q)
	parameters["Region"], parameters["RegionId"] = region, region // Clients of the service send either.
	return rpc.Request{Operation: describeDtsJobs, Region: region, Parameters: parameters}
}

// listJobs requests all pages of a list, or the one that is requested.
func (c *Client) listJobs(ctx context.Context, r rpc.Request, q api.JobsRequest) (*JobList, error) {
	fetch := pages(c, r, "PageNumber", func(p *api.JobsPage) paging.Page[api.JobsPage] {
		rows, others := jobRows(p.Jobs), jobRows(p.EtlDemoJobs)
		return paging.Page[api.JobsPage]{Rows: rows, Others: others, Count: p.TotalRecordCount, Data: *p}
	})
	list := &JobList{}
	if q.PageNumber != 0 {
		// The same number is the same page, whichever sizes the API accepts.
		page, err := fetch(ctx, int64(q.PageNumber), int64(cmp.Or(q.PageSize, paging.SafeSize)))
		if err != nil {
			return nil, err
		}
		list.JobList, list.RequestID = page.Data.JobList, api.Value(page.Data.RequestID)
	} else {
		reader := paging.Reader[api.JobsPage]{
			Fetch: fetch, Size: int64(q.PageSize), Known: c.knownPageSize(r), CountsOthers: true,
			Complete: func(p api.JobsPage) bool { return q.JobIDs != nil && len(missing(q, p.JobList)) == 0 },
		}
		pass, settled, err := reader.List(ctx)
		switch {
		case err != nil:
			return nil, err
		case !settled:
			return nil, ErrListChanged
		case len(pass.Rows) == 0 && pass.Short():
			return nil, ErrListEmpty
		case pass.Repeats && pass.Short():
			return nil, ErrNotPaged
		case pass.Short():
			list.Counted = pass.Largest
		}
		var jobs [][]api.Job
		var etlJobs [][]api.EtlJob
		for _, page := range pass.Pages {
			jobs, etlJobs = append(jobs, page.Jobs), append(etlJobs, page.EtlDemoJobs)
		}
		list.Jobs, list.EtlDemoJobs = distinct(jobs), distinct(etlJobs)
		list.TotalRecordCount, list.RequestID = pass.Counted, api.Value(pass.Pages[0].RequestID)
	}
	finish(list.Jobs, q)
	finish(list.EtlDemoJobs, q)
	return list, nil
}

// job is a pointer to a job of either list.
type job[J any] interface {
	*J
	ID() string
	Type() string
	Directions() []*api.JobCommon
}

// jobRows identifies jobs by their IDs. A job without an ID is identified by a hash
// of its fields and its ordinal among identical jobs of the page.
func jobRows[J any, P job[J]](jobs []J) []paging.Row {
	rows := make([]paging.Row, len(jobs))
	ordinals := ordinals{}
	for i := range jobs {
		rows[i].Key = P(&jobs[i]).ID()
		if rows[i].Key == "" {
			fields := sha256.New()
			_ = jsonv2.MarshalWrite(fields, &jobs[i], jsonv2.Deterministic(true)) // What was decoded from JSON always marshals.
			rows[i].Key = ordinals.key(fmt.Sprintf("%x", fields.Sum(nil)))
		}
	}
	return rows
}

// ordinals counts equal keys.
type ordinals map[string]int

// key returns a key with its ordinal among equal ones.
func (o ordinals) key(key string) string {
	o[key]++
	return fmt.Sprintf("%s #%d", key, o[key])
}

// distinct returns the jobs of lists, each job once.
func distinct[J any, P job[J]](lists [][]J) []J {
	var all []J
	seen := map[string]bool{}
	for _, jobs := range lists {
		for i, row := range jobRows[J, P](jobs) {
			if !seen[row.Key] {
				seen[row.Key] = true
				all = append(all, jobs[i])
			}
		}
	}
	return all
}

// finish sets the delays of jobs, and sorts the jobs by ID unless the request has
// an order.
func finish[J any, P job[J]](jobs []J, q api.JobsRequest) {
	for i := range jobs {
		setDelays(P(&jobs[i]), cmp.Or(P(&jobs[i]).Type(), string(q.JobType)))
	}
	if q.OrderColumn == "" && q.OrderDirection == "" {
		slices.SortStableFunc(jobs, func(a, b J) int { return strings.Compare(P(&a).ID(), P(&b).ID()) })
	}
}

// delaysPerSecond are the units of Delay by job type in lower case, of the
// response and of the request. Documents give milliseconds for a migration and
// seconds for a synchronization.
var delaysPerSecond = map[string]int64{
	"online":          1000,
	"migration":       1000,
	"sync":            1,
	"synchronization": 1,
}

// setDelays sets the delay of a job of a type, and of its reverse job, in
// seconds. A reverse job is always a synchronization.
func setDelays[J any, P job[J]](j P, jobType string) {
	for i, direction := range j.Directions() {
		if i > 0 {
			jobType = "sync"
		}
		if direction.Delay == nil || *direction.Delay < 0 {
			continue
		}
		// A migration reports 0 while its full data is being migrated.
		stage := api.Value(direction.DataSynchronizationStatus)
		perSecond := delaysPerSecond[strings.ToLower(jobType)]
		if perSecond == 0 || strings.EqualFold(api.Value(stage.Status), "NotStarted") {
			continue
		}
		exact := big.NewRat(*direction.Delay, perSecond).FloatString(3)
		direction.DelaySeconds = new(json.Number(strings.TrimSuffix(strings.TrimRight(exact, "0"), ".")))
	}
}
