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

const describePreCheckStatus = "DescribePreCheckStatus"

// ErrNoSubtask is a response that is not about any subtask, as for a job that
// does not exist.
var ErrNoSubtask = errors.New("the response has no state, no job and no items")

// Precheck reads a subtask of a job with all of its items. The error is an
// [Error].
func (c *Client) Precheck(ctx context.Context, region string, r api.PrecheckRequest) (*PrecheckReport, error) {
	return c.precheck(ctx, region, r, c.scanPrecheck)
}

// PollPrecheck reads the first page of a subtask, and its other items only if
// they are wanted after that.
func (c *Client) PollPrecheck(ctx context.Context, region string, r api.PrecheckRequest, wantsAll func(first *PrecheckReport) bool) (*PrecheckReport, error) {
	return c.precheck(ctx, region, r, func(ctx context.Context, s precheckScanner) (*PrecheckReport, error) {
		first, err := s.first(ctx)
		if err != nil {
			return nil, err
		}
		report := mergePrecheck([]*precheckPage{first})
		if !report.IsBlank() && wantsAll(report) {
			s.start = first
			return c.scanPrecheck(ctx, s)
		}
		return report, nil
	})
}

func (c *Client) precheck(ctx context.Context, region string, r api.PrecheckRequest, read func(context.Context, precheckScanner) (*PrecheckReport, error)) (*PrecheckReport, error) {
	r.JobCode = cmp.Or(r.JobCode, api.JobCodePrecheck)
	r.StructType = cmp.Or(r.StructType, api.StructTypeBefore)
	key := rpc.CallKey{describePreCheckStatus, region}
	parameters := api.Parameters(r)
	parameters["RegionId"] = region
	report, err := read(ctx, precheckScanner{
		fetch:     c.precheckPages(key, parameters),
		sizes:     c.pageSizesOf(key),
		requested: int64(r.PageSize),
	})
	if err != nil {
		return nil, c.asError(key, parameters, err)
	}
	if report.IsBlank() && r.PrecheckFilter == (api.PrecheckFilter{}) {
		failure := c.asError(key, parameters, ErrNoSubtask)
		failure.RequestID = report.RequestID
		return nil, failure
	}
	return report, nil
}

// precheckScanner reads the pages of a subtask.
type precheckScanner = scanner[precheckPage, *precheckPage]

func (c *Client) scanPrecheck(ctx context.Context, s precheckScanner) (*PrecheckReport, error) {
	p, how, err := s.scan(ctx)
	if err != nil {
		return nil, err
	}
	report := mergePrecheck(p.pages)
	report.TotalRecordCount = p.counted
	switch {
	case how == unstable:
		report.ItemsMissing = true
	case how == repeated:
		report.ItemsMissing = p.short() || p.counted == nil
	case p.short():
		report.ItemsMissing = looksCut(len(report.JobProgress), cmp.Or(s.requested, api.MaxPageSize))
	}
	return report, nil
}

// looksCut reports a number of items at which a page may have been cut off.
func looksCut(items int, requested int64) bool {
	n := int64(items)
	return slices.Contains(usualCaps, n) || n == api.MaxPageSize || n == requested
}

// precheckPages returns how the pages of a subtask are requested.
func (c *Client) precheckPages(key rpc.CallKey, all map[string]string) func(ctx context.Context, number, size int64) (*precheckPage, error) {
	return func(ctx context.Context, number, size int64) (*precheckPage, error) {
		parameters := maps.Clone(all)
		parameters["PageNo"], parameters["PageSize"] = fmt.Sprint(number), fmt.Sprint(size)
		return rpc.Call[precheckPage](ctx, c.Sender, key, parameters)
	}
}
