package dts

import (
	"cmp"
	"context"
	"errors"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/paging"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

const describePreCheckStatus = "DescribePreCheckStatus"

// ErrNoSubtask is the error of a response that is not about any subtask, as for a
// job that does not exist.
var ErrNoSubtask = errors.New("the response has no state, no job and no items")

// Precheck is a subtask of a job with the items of the pages that were read.
type Precheck struct {
	api.Precheck

	// RequestID is the ID of the last response with a state.
	RequestID string
	// ItemsMissing is set if the subtask is known to have more items.
	ItemsMissing bool
	// Inconsistent is set if the pages are not about the same run of the subtask.
	Inconsistent bool
	// Counted is the number of items that the API counts, if it is larger than
	// the number of items that it lists, and 0 otherwise.
	Counted int64
}

// Precheck reads a subtask of a job with all of its items. The error is an
// [rpc.Error].
func (c *Client) Precheck(ctx context.Context, region string, q api.PrecheckRequest) (*Precheck, error) {
	_, all, err := c.PollPrecheck(ctx, region, q)
	if err != nil {
		return nil, err
	}
	return all(ctx)
}

// PollPrecheck reads the first page of a subtask. All reads the other pages, and
// returns the subtask with the items of all of them.
func (c *Client) PollPrecheck(ctx context.Context, region string, q api.PrecheckRequest) (first *Precheck, all func(context.Context) (*Precheck, error), err error) {
	r := rpc.Request{Operation: describePreCheckStatus, Region: region, Parameters: api.Parameters(q)}
	r.Parameters["RegionId"] = region
	reader := paging.Reader[api.PrecheckPage]{
		Fetch: pages(c, r, "PageNo", precheckPage),
		Size:  int64(q.PageSize), Known: c.knownPageSize(r),
	}
	check := func(p *Precheck, err error) (*Precheck, error) {
		switch {
		case err != nil:
			return nil, c.describe(r, err)
		case p.IsBlank() && q.PrecheckFilter == (api.PrecheckFilter{}):
			failure := c.rpc.NewError(r, ErrNoSubtask)
			failure.RequestID = p.RequestID
			return nil, failure
		}
		return p, nil
	}
	page, err := reader.First(ctx)
	if err == nil {
		first = mergePrecheck([]api.PrecheckPage{page})
	}
	if first, err = check(first, err); err != nil {
		return nil, nil, err
	}
	return first, func(ctx context.Context) (*Precheck, error) {
		return check(readPrecheck(ctx, &reader, int64(q.PageSize)))
	}, nil
}

// readPrecheck reads all pages of a subtask.
func readPrecheck(ctx context.Context, reader *paging.Reader[api.PrecheckPage], size int64) (*Precheck, error) {
	pass, settled, err := reader.List(ctx)
	if err != nil {
		return nil, err
	}
	p := mergePrecheck(pass.Pages)
	p.TotalRecordCount = pass.Counted
	switch items := int64(len(p.JobProgress)); {
	case !settled:
		p.ItemsMissing = true
	case pass.Changed():
		p.ItemsMissing = pass.Short() || pass.Counted == nil || *pass.Counted < items
	case pass.Short():
		p.ItemsMissing = paging.LooksCut(items, cmp.Or(size, paging.LargestSize))
	}
	if pass.Short() {
		p.Counted = pass.Largest
	}
	return p, nil
}
