package dts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// IDsPerCall is the most ids that one call asks for. It keeps URLs short, for
// parameters travel in them.
const IDsPerCall = 50

const (
	describeJobs = "DescribeDtsJobs"
	// maxPasses bounds how often a list that moves is read again.
	maxPasses = 5
)

// ErrMoving is a list that changed each time it was read.
var ErrMoving = errors.New("the list of jobs kept changing while it was read")

// JobsQuery selects jobs.
type JobsQuery struct {
	Region     string
	Parameters map[string]string // request parameters by API name

	// JobIDs and InstanceIDs limit the list to these ids, to both if both are
	// given; nil is no limit, an empty slice is no job.
	JobIDs, InstanceIDs []string

	PageSize   int64 // 0: the largest that the API grants
	PageNumber int64 // 0: all pages
}

// Listing is a list of jobs, whole unless one page of it was asked for.
type Listing struct {
	JobList
	// Disputed is a list that moved while it was read and whose number of jobs
	// is still not what the API counts, though two readings agreed on the jobs.
	Disputed bool
}

// Jobs lists jobs: all pages, or an error. The list is sorted by job id unless
// the query asks for an order. Its jobs may be shared with other callers and
// must not be changed.
func (c *Client) Jobs(ctx context.Context, q JobsQuery) (Listing, error) {
	return c.shared.list(ctx, q, func(ctx context.Context) (Listing, error) { return c.jobs(ctx, q) })
}

func (c *Client) jobs(ctx context.Context, q JobsQuery) (Listing, error) {
	var jobs distinct[Job]
	var etl distinct[EtlJob]
	var all Listing
	for _, parameters := range q.calls() {
		part, err := c.list(ctx, q, parameters)
		if err != nil {
			return Listing{}, err
		}
		jobs.add(part.Jobs)
		etl.add(part.EtlDemoJobs)
		all.TotalRecordCount = sum(all.TotalRecordCount, part.TotalRecordCount)
		all.Disputed = all.Disputed || part.Disputed
	}
	all.Jobs, all.EtlDemoJobs = jobs.list, etl.list
	all.finish(q)
	return all, nil
}

// calls returns the parameters of each list that the query takes: one, or
// several when there are more ids than one call can ask for.
func (q JobsQuery) calls() []map[string]string {
	var calls []map[string]string
	for _, jobs := range chunks(q.JobIDs) {
		for _, instances := range chunks(q.InstanceIDs) {
			call := with(q.Parameters, map[string]string{"Region": q.Region})
			if jobs != "" {
				call["DtsJobId"] = jobs
			}
			if instances != "" {
				call["DtsInstanceId"] = instances
			}
			calls = append(calls, call)
		}
	}
	return calls
}

// chunks joins ids as one call takes them. No limit is one empty chunk; no ids
// are no chunk at all.
func chunks(ids []string) []string {
	if ids == nil {
		return []string{""}
	}
	var joined []string
	for chunk := range slices.Chunk(ids, IDsPerCall) {
		joined = append(joined, strings.Join(chunk, ","))
	}
	return joined
}

// list reads one call's list, again as long as it moves.
func (c *Client) list(ctx context.Context, q JobsQuery, parameters map[string]string) (Listing, error) {
	pages := jobPages{client: c, key: callKey{describeJobs, q.Region}, parameters: parameters, size: q.PageSize}
	if q.PageNumber > 0 {
		page, _, err := pages.first(ctx, q.PageNumber)
		if err != nil {
			return Listing{}, err
		}
		return Listing{JobList: page.JobList}, nil
	}
	var last *pass
	for range maxPasses {
		p, err := pages.pass(ctx)
		if refusesPageSize(err) && q.PageSize == 0 {
			c.smallPages.Store(pages.key, true) // It was granted for the first page and not for all.
			continue
		}
		if err != nil {
			return Listing{}, err
		}
		settled := !p.moved || last != nil && maps.Equal(last.jobs.seen, p.jobs.seen)
		if settled {
			return p.listing(ctx, c), nil
		}
		c.config.Log(ctx, "the list of jobs moved while it was read, reading it again",
			map[string]any{"region": q.Region, "jobs": len(p.jobs.list)})
		last = p
	}
	return Listing{}, fmt.Errorf("%s in region %s: %w, in %d readings", describeJobs, q.Region, ErrMoving, maxPasses)
}

// sum adds counts that may be missing.
func sum(a, b *int64) *int64 {
	if a == nil || b == nil {
		return cmp.Or(a, b)
	}
	total := *a + *b
	return &total
}

// finish puts what the API answered into the form that the query promises.
func (l *Listing) finish(q JobsQuery) {
	if q.JobIDs != nil && q.InstanceIDs != nil {
		l.Jobs = slices.DeleteFunc(l.Jobs, func(j Job) bool {
			return !slices.ContainsFunc(q.JobIDs, j.HasID) || !slices.ContainsFunc(q.InstanceIDs, j.HasInstanceID)
		})
	}
	if len(q.calls()) == 0 {
		l.TotalRecordCount = new(int64)
	}
	if q.Parameters["OrderColumn"] == "" && q.Parameters["OrderDirection"] == "" {
		sortByID(l.Jobs)
		sortByID(l.EtlDemoJobs)
	}
	asked := JobTypeFilter(q.Parameters["JobType"])
	for i := range l.Jobs {
		l.Jobs[i].setDelaySeconds(asked)
	}
	for i := range l.EtlDemoJobs {
		l.EtlDemoJobs[i].setDelaySeconds(asked)
	}
}

// identified is a job of either list.
type identified interface{ id() string }

func (t Task) id() string { return text(t.DtsJobID) }

// HasID reports whether the job or its reverse job has the id.
func (j Job) HasID(id string) bool {
	return j.id() == id || j.ReverseJob != nil && j.ReverseJob.id() == id
}

// HasInstanceID reports whether the job or its reverse job runs on the instance.
func (j Job) HasInstanceID(id string) bool {
	return text(j.DtsInstanceID) == id || j.ReverseJob != nil && text(j.ReverseJob.DtsInstanceID) == id
}

func sortByID[J identified](jobs []J) {
	slices.SortStableFunc(jobs, func(a, b J) int { return strings.Compare(a.id(), b.id()) })
}

// distinct is a list of jobs without repetition. A job without an id is like
// no other.
type distinct[J identified] struct {
	list []J
	seen map[string]bool // ids
}

// add appends the jobs that are new and returns how many they were.
func (d *distinct[J]) add(jobs []J) int {
	if d.seen == nil {
		d.seen = map[string]bool{}
	}
	before := len(d.list)
	for _, job := range jobs {
		if id := job.id(); id == "" || !d.seen[id] {
			d.seen[id] = true
			d.list = append(d.list, job)
		}
	}
	return len(d.list) - before
}

// with returns the parameters with more of them set.
func with(parameters, more map[string]string) map[string]string {
	all := map[string]string{}
	maps.Copy(all, parameters)
	maps.Copy(all, more)
	return all
}

func formatInt(i int64) string { return strconv.FormatInt(i, 10) }
