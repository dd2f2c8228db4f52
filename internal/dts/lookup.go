package dts

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// IDsPerRequest is the number of IDs that one request takes. It keeps URLs
// short, because parameters travel in them.
const IDsPerRequest = 50

// A lookup is sent when nobody has joined it for a pause, a longer one while it
// has fewer callers than the one before it, and at the latest after the limit.
// Terraform starts reads in bursts of its parallelism, and the reads of a burst
// that share a lookup end together. A busy machine takes its time to start the
// next ones.
const (
	lookupPause     = 15 * time.Millisecond
	longLookupPause = 200 * time.Millisecond
	lookupLimit     = 2 * time.Second
)

// lookups lets reads by ID that are in progress at the same time share
// requests.
type lookups struct {
	mu      sync.Mutex
	open    map[string]*lookup // those that can be joined, by what else they request
	callers map[string]int     // of the last one that was sent, by the same key
}

// lookup is the request of multiple callers for jobs by ID.
type lookup struct {
	*inflight[foundJobs]
	key     string
	ids     map[api.ID]bool
	callers int           // that have joined so far
	joined  chan int      // is sent how many callers have joined
	full    chan struct{} // is closed when no more IDs fit
}

// foundJobs is what a lookup found. The IDs that the API refuses as unknown are
// just not among the jobs.
type foundJobs struct {
	JobListing
	unknown    map[api.ID]bool
	errors     map[api.ID]error  // those that are due to one ID
	requestIDs map[api.ID]string // of the responses, by requested ID
}

// join takes part in as many lookups as the IDs need.
func (l *lookups) join(ctx context.Context, key string, ids []api.ID, find func(context.Context, []api.ID) (foundJobs, error)) []*lookup {
	l.mu.Lock()
	defer l.mu.Unlock()
	var joined []*lookup
	for _, id := range ids {
		to := l.open[key]
		if to == nil {
			to = l.start(ctx, key, find)
		}
		if !slices.Contains(joined, to) {
			to.addCaller()
			joined = append(joined, to)
		}
		to.ids[id] = true
		if len(to.ids) == IDsPerRequest {
			l.close(to)
		}
	}
	return joined
}

// start opens a lookup; the mutex is locked.
func (l *lookups) start(ctx context.Context, key string, find func(context.Context, []api.ID) (foundJobs, error)) *lookup {
	started := &lookup{key: key, ids: map[api.ID]bool{}, joined: make(chan int, 1), full: make(chan struct{})}
	expected := l.callers[key]
	started.inflight = startRead(ctx, func(ctx context.Context, _ *inflight[foundJobs]) (foundJobs, error) {
		started.gather(ctx, expected)
		return find(ctx, l.closed(started))
	})
	if l.open == nil {
		l.open, l.callers = map[string]*lookup{}, map[string]int{}
	}
	l.open[key] = started
	return started
}

// closed keeps others from joining a lookup and returns its IDs.
func (l *lookups) closed(of *lookup) []api.ID {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.close(of)
	return slices.Sorted(maps.Keys(of.ids))
}

// close keeps others from joining a lookup; the mutex is locked.
func (l *lookups) close(it *lookup) {
	if l.open[it.key] == it {
		delete(l.open, it.key)
		l.callers[it.key] = it.callers
		close(it.full)
	}
}

// addCaller counts a caller; the mutex is locked.
func (l *lookup) addCaller() {
	l.waiting++
	l.callers++
	select {
	case <-l.joined: // The number before was not received.
	default:
	}
	l.joined <- l.callers
}

// gather waits for others to join.
func (l *lookup) gather(ctx context.Context, expected int) {
	ctx, cancel := context.WithTimeout(ctx, lookupLimit)
	defer cancel()
	for pause := lookupPause; ; {
		select {
		case callers := <-l.joined:
			pause = lookupPause
			if callers < expected {
				pause = longLookupPause
			}
		case <-l.full:
			return
		case <-time.After(pause):
			return
		case <-ctx.Done():
			return
		}
	}
}

// jobsByID returns the jobs with the requested IDs.
func (c *Client) jobsByID(ctx context.Context, key rpc.CallKey, r api.JobsRequest) (*JobListing, error) {
	others := fmt.Sprintf("%q %q by job: %t", key.Region, api.Parameters(withIDs(r, nil)), r.JobIDs != nil)
	joined := c.lookups.join(ctx, others, ids(r), func(ctx context.Context, ids []api.ID) (foundJobs, error) {
		return c.find(ctx, key, withIDs(r, ids))
	})
	var all foundJobs
	var failures []error
	for _, l := range joined {
		found, err := l.wait(ctx, &c.lookups.mu, func() { c.lookups.close(l) })
		all.add(found)
		failures = append(failures, err)
	}
	for _, id := range ids(r) {
		failures = append(failures, all.errors[id])
	}
	if i := slices.IndexFunc(failures, func(err error) bool { return err != nil }); i >= 0 {
		return nil, failures[i]
	}
	listing := listingOf(r, pick(r, all.JobList))
	isShort := len(listing.MissingJobIDs)+len(listing.MissingInstanceIDs) > 0
	listing.CountMismatch = all.CountMismatch && isShort
	for _, id := range ids(r) {
		listing.RequestID = all.requestIDs[id]
	}
	return listing, nil
}

// find requests jobs by ID. If the API refuses an ID, the request is split
// until that ID is isolated.
func (c *Client) find(ctx context.Context, key rpc.CallKey, r api.JobsRequest) (foundJobs, error) {
	listing, err := c.readJobs(ctx, key, r)
	ids := ids(r)
	switch {
	case !refusesIDs(err):
		return foundJobs{JobListing: listing, requestIDs: each(ids, listing.RequestID)}, err
	case len(ids) == 1 && isUnknownID(err):
		return foundJobs{unknown: map[api.ID]bool{ids[0]: true}}, nil
	case len(ids) == 1:
		return foundJobs{errors: map[api.ID]error{ids[0]: err}}, nil
	}
	var all foundJobs
	for half := range slices.Chunk(ids, (len(ids)+1)/2) {
		found, err := c.find(ctx, key, withIDs(r, half))
		if err != nil {
			return foundJobs{}, err
		}
		all.add(found)
	}
	return all, nil
}

// add adds what another lookup found.
func (f *foundJobs) add(other foundJobs) {
	f.Jobs = append(f.Jobs, other.Jobs...)
	f.EtlDemoJobs = append(f.EtlDemoJobs, other.EtlDemoJobs...)
	f.CountMismatch = f.CountMismatch || other.CountMismatch
	f.unknown, f.errors = union(f.unknown, other.unknown), union(f.errors, other.errors)
	f.requestIDs = union(f.requestIDs, other.requestIDs)
}

// each returns a map of the same value for each ID.
func each[V any](ids []api.ID, value V) map[api.ID]V {
	values := make(map[api.ID]V, len(ids))
	for _, id := range ids {
		values[id] = value
	}
	return values
}

// union returns the entries of both. A map that is given may belong to multiple
// callers, so it is not changed unless it is a union itself.
func union[V any](a, b map[api.ID]V) map[api.ID]V {
	if a == nil {
		return maps.Clone(b)
	}
	maps.Copy(a, b)
	return a
}
