package dts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// IDsPerRequest is the number of IDs that one request takes. It keeps URLs
// short, because parameters travel in them.
const IDsPerRequest = 50

// lookupWindow is how long a lookup can be joined. Terraform starts reads in
// bursts of its parallelism.
const lookupWindow = 20 * time.Millisecond

// lookups lets reads of jobs by ID that are in progress at the same time share
// requests. Sharing is not visible in a result: see [Client.lookUp].
type lookups struct {
	mu     sync.Mutex
	open   map[string]*lookup // those that can be joined, by the rest of the request
	opened int                // so far
	reads  shared[foundJobs]
}

// lookup is a request of multiple callers.
type lookup struct {
	key string
	ids map[api.ID]bool
	// full is closed when the lookup can no longer be joined.
	full chan struct{}
}

// foundJobs is the result of a request for IDs.
type foundJobs struct {
	ids  []api.ID
	list *JobList
	err  error
}

// find requests IDs, together with those of other callers of the same key. The
// error is that of the context.
func (l *lookups) find(ctx context.Context, key string, ids []api.ID, find func(context.Context, []api.ID) (*JobList, error)) (foundJobs, error) {
	l.mu.Lock()
	joined := l.open[key]
	if joined != nil && len(joined.ids)+len(ids) > IDsPerRequest {
		l.close(key, joined)
		joined = nil
	}
	if joined == nil {
		l.opened++
		joined = &lookup{key: fmt.Sprint(key, l.opened), ids: map[api.ID]bool{}, full: make(chan struct{})}
		if l.open == nil {
			l.open = map[string]*lookup{}
		}
		l.open[key] = joined
	}
	for _, id := range ids {
		joined.ids[id] = true
	}
	l.mu.Unlock()
	return l.reads.do(ctx, joined.key, func(ctx context.Context) (foundJobs, error) {
		select {
		case <-time.After(lookupWindow):
		case <-joined.full:
		case <-ctx.Done():
		}
		l.mu.Lock()
		l.close(key, joined)
		found := foundJobs{ids: slices.Sorted(maps.Keys(joined.ids))}
		l.mu.Unlock()
		found.list, found.err = find(ctx, found.ids)
		return found, nil
	})
}

// close keeps others from joining a lookup. The mutex is locked.
func (l *lookups) close(key string, it *lookup) {
	if l.open[key] == it {
		delete(l.open, key)
		close(it.full)
	}
}

// jobsByID returns the jobs with the requested IDs.
func (c *Client) jobsByID(ctx context.Context, r rpc.Request, q api.JobsRequest) (*JobList, error) {
	chunks := slices.Collect(slices.Chunk(q.IDs(), IDsPerRequest))
	lists, failures := make([]*JobList, len(chunks)), make([]error, len(chunks))
	var group sync.WaitGroup
	for i, ids := range chunks {
		group.Go(func() { lists[i], failures[i] = c.lookUp(ctx, r, q.WithIDs(ids)) })
	}
	group.Wait()
	if i := slices.IndexFunc(failures, func(err error) bool { return err != nil }); i >= 0 {
		return nil, failures[i]
	}
	all := merge(lists...)
	result := &JobList{RequestID: all.RequestID}
	wanted := map[api.ID]bool{}
	for _, id := range q.IDs() {
		wanted[id] = true
	}
	result.Jobs = pick(all.Jobs, wanted, q)
	result.EtlDemoJobs = pick(all.EtlDemoJobs, wanted, q)
	result.TotalRecordCount = new(int64(len(result.Jobs)))
	if result.MissingIDs = missing(q, result.JobList); len(result.MissingIDs) > 0 {
		result.Counted = all.Counted
	}
	sortByID(result.Jobs)
	sortByID(result.EtlDemoJobs)
	return result, nil
}

// lookUp requests at most IDsPerRequest IDs, together with other callers. If
// something went wrong that may be due to another caller's ID, the IDs are
// requested once more, alone.
func (c *Client) lookUp(ctx context.Context, r rpc.Request, q api.JobsRequest) (*JobList, error) {
	key := fmt.Sprintf("%q", withIDs(r, q, []api.ID{}).Parameters) // An empty list keeps jobs and instances apart.
	found, err := c.lookups.find(ctx, key, q.IDs(), func(ctx context.Context, ids []api.ID) (*JobList, error) {
		shared := r
		shared.Shared = len(ids) > len(q.IDs())
		return c.findIDs(ctx, shared, q.WithIDs(ids))
	})
	switch failure := new(rpc.Error); {
	case err != nil:
		return nil, err
	case len(found.ids) == len(q.IDs()):
		return found.list, found.err
	case errors.As(found.err, &failure) && failure.OfAnyRequest():
		own := *failure
		own.Request = withIDs(r, q, q.IDs())
		return nil, &own
	case found.err != nil, found.list.Counted > 0 && len(missing(q, found.list.JobList)) > 0:
		return c.findIDs(ctx, r, q)
	}
	return found.list, nil
}

// findIDs requests jobs by ID. If the API refuses the request because it does not
// know an ID, the request is split until that ID is isolated.
func (c *Client) findIDs(ctx context.Context, r rpc.Request, q api.JobsRequest) (*JobList, error) {
	list, err := c.listJobs(ctx, withIDs(r, q, q.IDs()), q)
	switch ids := q.IDs(); {
	case err == nil:
		return list, nil
	case !isUnknownID(err):
		return nil, c.describe(withIDs(r, q, ids), err)
	case len(ids) == 1:
		return &JobList{}, nil
	default:
		var halves []*JobList
		for half := range slices.Chunk(ids, (len(ids)+1)/2) {
			found, err := c.findIDs(ctx, r, q.WithIDs(half))
			if err != nil {
				return nil, err
			}
			halves = append(halves, found)
		}
		return merge(halves...), nil
	}
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

// withIDs returns the request for other IDs.
func withIDs(r rpc.Request, q api.JobsRequest, ids []api.ID) rpc.Request {
	parameters := api.Parameters(q.WithIDs(ids))
	parameters["Region"], parameters["RegionId"] = r.Region, r.Region
	r.Parameters = parameters
	return r
}

// merge returns the jobs of all lists.
func merge(lists ...*JobList) *JobList {
	all := &JobList{}
	for _, list := range lists {
		all.Jobs = append(all.Jobs, list.Jobs...)
		all.EtlDemoJobs = append(all.EtlDemoJobs, list.EtlDemoJobs...)
		all.Counted += list.Counted
		all.RequestID = cmp.Or(list.RequestID, all.RequestID)
	}
	return all
}

// pick returns the distinct jobs that have a wanted ID, themselves or as their
// reverse job.
func pick[J any, P job[J]](jobs []J, wanted map[api.ID]bool, q api.JobsRequest) []J {
	jobs = appendNew[J, P](nil, map[string]bool{}, jobs)
	return slices.DeleteFunc(jobs, func(j J) bool {
		return !slices.ContainsFunc(idsOf[J, P](&j, q), func(id api.ID) bool { return wanted[id] })
	})
}

// missing returns the requested IDs that no job has, itself or as its reverse
// job.
func missing(q api.JobsRequest, list api.JobList) []api.ID {
	present := map[api.ID]bool{}
	for i := range list.Jobs {
		for _, id := range idsOf(&list.Jobs[i], q) {
			present[id] = true
		}
	}
	for i := range list.EtlDemoJobs {
		for _, id := range idsOf(&list.EtlDemoJobs[i], q) {
			present[id] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(q.IDs()), func(id api.ID) bool { return present[id] })
}

// idsOf returns the IDs of a job and of its reverse job, of the requested kind.
func idsOf[J any, P job[J]](j P, q api.JobsRequest) []api.ID {
	var ids []api.ID
	for _, direction := range j.Directions() {
		switch {
		case direction == nil:
		case q.JobIDs != nil:
			ids = append(ids, api.ID(direction.ID()))
		default:
			ids = append(ids, api.ID(direction.InstanceID()))
		}
	}
	return ids
}
