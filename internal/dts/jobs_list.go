package dts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

const describeDtsJobs = "DescribeDtsJobs"

// numberedPageSize is the size of a page that is requested by its number, so
// that the same number is the same page whatever the API accepts.
const numberedPageSize = safePageSize

// Errors of a list that could not be read completely.
var (
	ErrListChanged = errors.New("the list kept changing while it was being read")
	ErrListEmpty   = errors.New("the API counts jobs but lists none of them")
)

// Jobs lists jobs: the complete list, or an error. It is sorted by job ID
// unless the request has an order. Reads in progress at the same time share
// requests, so the jobs of a listing must not be changed. The error is an
// [Error].
func (c *Client) Jobs(ctx context.Context, region string, r api.JobsRequest) (*JobListing, error) {
	r.JobType = cmp.Or(r.JobType, api.FilterMigration)
	key := rpc.CallKey{describeDtsJobs, region}
	listing, err := c.jobs(ctx, key, r)
	if err != nil {
		return nil, c.asError(key, api.Parameters(r), err)
	}
	return listing, nil
}

func (c *Client) jobs(ctx context.Context, key rpc.CallKey, r api.JobsRequest) (*JobListing, error) {
	switch {
	case matchesNothing(r):
		return listingOf(r, api.JobList{}), nil
	case byID(r) && !isWindow(r):
		return c.jobsByID(ctx, key, r)
	}
	return c.lists.share(ctx, fmt.Sprintf("%q %q", key.Region, api.Parameters(r)), func(ctx context.Context) (*JobListing, error) {
		return c.listJobs(ctx, key, r)
	})
}

// listJobs reads the list, or the page, that a request selects. IDs that the
// API refuses as unknown are left out.
func (c *Client) listJobs(ctx context.Context, key rpc.CallKey, r api.JobsRequest) (*JobListing, error) {
	requested := r
	if byID(r) {
		requested = withIDs(r, ids(r))
	}
	read, err := c.readJobs(ctx, key, requested)
	if isUnknownID(err) && byID(r) {
		if requested, err = c.withoutUnknownIDs(ctx, key, requested); err == nil {
			read, err = c.readJobs(ctx, key, requested)
		}
	}
	if err != nil {
		return nil, err
	}
	listing := listingOf(r, read.JobList)
	listing.CountMismatch, listing.RequestID = read.CountMismatch, read.RequestID
	return listing, nil
}

// withoutUnknownIDs returns the request without the IDs that the API refuses.
func (c *Client) withoutUnknownIDs(ctx context.Context, key rpc.CallKey, r api.JobsRequest) (api.JobsRequest, error) {
	unordered := r
	unordered.OrderColumn, unordered.OrderDirection, unordered.PageNumber = "", "", 0
	found, err := c.find(ctx, key, unordered)
	known := slices.DeleteFunc(slices.Clone(ids(r)), func(id api.ID) bool { return found.unknown[id] })
	return withIDs(r, known), err
}

// readJobs sends the requests for a list, or for the one page of it.
func (c *Client) readJobs(ctx context.Context, key rpc.CallKey, r api.JobsRequest) (JobListing, error) {
	if matchesNothing(r) {
		return JobListing{}, nil
	}
	fetch := c.jobsPages(key, r)
	if r.PageNumber == 0 {
		return c.scanJobs(ctx, key, r, fetch)
	}
	page, err := fetch(ctx, int64(r.PageNumber), int64(cmp.Or(r.PageSize, numberedPageSize)))
	if err != nil {
		return JobListing{}, err
	}
	setDelays(page.JobList, r.JobType)
	return JobListing{JobList: page.JobList, RequestID: api.Value(page.RequestID)}, nil
}

// scanJobs reads all pages of a list.
func (c *Client) scanJobs(ctx context.Context, key rpc.CallKey, r api.JobsRequest, fetch fetchJobs) (JobListing, error) {
	s := scanner[jobsPage, *jobsPage]{
		fetch:     fetch,
		complete:  func(p *jobsPage) bool { return isCompleteOn(r, p) },
		sizes:     c.pageSizesOf(key),
		requested: int64(r.PageSize),
	}
	p, how, err := s.scan(ctx)
	switch {
	case err != nil:
		return JobListing{}, err
	case how == unstable:
		return JobListing{}, ErrListChanged
	case len(p.seen) == 0 && p.short():
		return JobListing{}, ErrListEmpty
	case how == stable && p.short() && !p.complete:
		c.Config.Log(ctx, "the API counts more jobs than it lists", map[string]any{"total_record_count": p.largest, "jobs": len(p.seen)})
	}
	list := mergeJobs(p.pages)
	list.TotalRecordCount = p.counted
	setDelays(list, r.JobType)
	return JobListing{
		JobList:       list,
		CountMismatch: how == repeated && p.miscounted(),
		RequestID:     api.Value(p.pages[0].RequestID),
	}, nil
}

// fetchJobs requests one page of a list.
type fetchJobs = func(ctx context.Context, number, size int64) (*jobsPage, error)

// jobsPages returns how the pages of a list are requested. Documents name both
// parameters for the region, and clients of the service send either.
func (c *Client) jobsPages(key rpc.CallKey, r api.JobsRequest) fetchJobs {
	all := api.Parameters(r)
	all["Region"], all["RegionId"] = key.Region, key.Region
	return func(ctx context.Context, number, size int64) (*jobsPage, error) {
		parameters := maps.Clone(all)
		parameters["PageNumber"], parameters["PageSize"] = fmt.Sprint(number), fmt.Sprint(size)
		return rpc.Call[jobsPage](ctx, c.Sender, key, parameters)
	}
}
