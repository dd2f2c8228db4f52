package dts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// idsPerRequest is the number of IDs that one request takes. It keeps URLs
// short, because parameters travel in them.
const idsPerRequest = 50

// lookupWindow is how long reads of jobs by ID gather IDs before they start.
// Terraform takes some 50 milliseconds to start a burst of its parallelism: with a
// window of 20 milliseconds, 300 lookups took 62 to 84 requests instead of 30.
const lookupWindow = 60 * time.Millisecond

// foundJobs is the result of a request for IDs.
type foundJobs struct {
	ids  []api.ID
	list *JobList
}

// jobsByID returns the jobs with the requested IDs.
func (c *Client) jobsByID(ctx context.Context, region string, q api.JobsRequest) (*JobList, error) {
	chunks := slices.Collect(slices.Chunk(q.IDs(), idsPerRequest))
	lists, failures := make([]*JobList, len(chunks)), make([]error, len(chunks))
	var group sync.WaitGroup
	for i, ids := range chunks {
		group.Go(func() { lists[i], failures[i] = c.lookUp(ctx, region, q.WithIDs(ids)) })
	}
	group.Wait()
	if i := slices.IndexFunc(failures, func(err error) bool { return err != nil }); i >= 0 {
		return nil, failures[i]
	}
	all := join(lists)
	result := &JobList{RequestID: all.RequestID}
	result.Jobs, result.EtlDemoJobs = pick(all.Jobs, q), pick(all.EtlDemoJobs, q)
	result.TotalRecordCount = new(int64(len(result.Jobs)))
	if result.MissingIDs = missing(q, result.JobList); len(result.MissingIDs) > 0 {
		result.Counted = all.Counted
	}
	return result, nil
}

// lookUp requests at most idsPerRequest IDs, together with other callers. If
// something went wrong that may be due to another caller's ID, the IDs are
// requested once more, alone.
func (c *Client) lookUp(ctx context.Context, region string, q api.JobsRequest) (*JobList, error) {
	others := jobsRequest(region, q.WithIDs([]api.ID{})) // An empty list keeps jobs and instances apart.
	find := func(ctx context.Context, ids []api.ID) (foundJobs, error) {
		list, err := c.findIDs(ctx, region, q.WithIDs(ids), len(ids) > len(q.IDs()))
		return foundJobs{ids, list}, err
	}
	found, err := c.lookups.do(ctx, fmt.Sprintf("%q", others.Parameters), q.IDs(), find)
	switch failure := new(rpc.Error); {
	case found.ids == nil, len(found.ids) == len(q.IDs()): // The caller has left, or shares with nobody.
		return found.list, err
	case errors.As(err, &failure) && failure.OfAnyRequest():
		own := *failure
		own.Request = jobsRequest(region, q)
		return nil, &own
	case err != nil, found.list.Counted > 0 && len(missing(q, found.list.JobList)) > 0:
		return c.findIDs(ctx, region, q, false)
	}
	return found.list, nil
}

// findIDs requests jobs by ID. If the API refuses the request because it does not
// know an ID, the request is split until that ID is isolated. Shared is set if
// multiple callers requested the IDs.
func (c *Client) findIDs(ctx context.Context, region string, q api.JobsRequest, shared bool) (*JobList, error) {
	r := jobsRequest(region, q)
	r.Shared = shared
	list, err := c.listJobs(ctx, r, q)
	ids := q.IDs()
	switch {
	case err == nil:
		return list, nil
	case !isUnknownID(err):
		return nil, c.describe(r, err)
	case len(ids) == 1:
		return &JobList{}, nil
	}
	var halves []*JobList
	for half := range slices.Chunk(ids, (len(ids)+1)/2) {
		found, err := c.findIDs(ctx, region, q.WithIDs(half), shared)
		if err != nil {
			return nil, err
		}
		halves = append(halves, found)
	}
	return join(halves), nil
}

// isUnknownID reports an error for an ID that no job has.
func isUnknownID(err error) bool {
	failure := new(rpc.Error)
	if !errors.As(err, &failure) {
		return false
	}
	code := failure.BareCode()
	return code == "Forbidden.InstanceNotFound" || strings.HasPrefix(code, "InvalidJob") || strings.HasPrefix(code, "InvalidDtsJob")
}

// join returns the jobs of all lists.
func join(lists []*JobList) *JobList {
	all := &JobList{}
	for _, list := range lists {
		all.Jobs = append(all.Jobs, list.Jobs...)
		all.EtlDemoJobs = append(all.EtlDemoJobs, list.EtlDemoJobs...)
		all.Counted += list.Counted
		all.RequestID = cmp.Or(list.RequestID, all.RequestID)
	}
	return all
}

// pick returns the distinct jobs that have a requested ID, themselves or as their
// reverse job.
func pick[J any, P job[J]](jobs []J, q api.JobsRequest) []J {
	requested := map[api.ID]bool{}
	for _, id := range q.IDs() {
		requested[id] = true
	}
	picked := slices.DeleteFunc(distinct[J, P]([][]J{jobs}), func(j J) bool {
		return !slices.ContainsFunc(idsOf[J, P](q, j), func(id api.ID) bool { return requested[id] })
	})
	finish[J, P](picked, q)
	return picked
}

// missing returns the requested IDs that no job has, itself or as its reverse
// job.
func missing(q api.JobsRequest, list api.JobList) []api.ID {
	present := map[api.ID]bool{}
	for _, id := range append(idsOf(q, list.Jobs...), idsOf(q, list.EtlDemoJobs...)...) {
		present[id] = true
	}
	return slices.DeleteFunc(slices.Clone(q.IDs()), func(id api.ID) bool { return present[id] })
}

// idsOf returns the IDs of jobs and of their reverse jobs, of the requested kind.
func idsOf[J any, P job[J]](q api.JobsRequest, jobs ...J) []api.ID {
	var ids []api.ID
	for i := range jobs {
		for _, direction := range P(&jobs[i]).Directions() {
			if q.JobIDs != nil {
				ids = append(ids, api.ID(direction.ID()))
			} else {
				ids = append(ids, api.ID(direction.InstanceID()))
			}
		}
	}
	return ids
}
