package dts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

const describePreCheckStatus = "DescribePreCheckStatus"

// ErrNoSubtask is a response that is not about any subtask, as for a job that
// does not exist.
var ErrNoSubtask = errors.New("the response has no state, no job and no items")

// Precheck reads a subtask of a job with all of its items. The error is an
// [Error].
func (c *Client) Precheck(ctx context.Context, region string, r PrecheckRequest) (*PrecheckReport, error) {
	return c.precheck(ctx, region, r, c.scanPrecheck)
}

// PrecheckFirstPage reads a subtask of a job with the items of the first page
// alone, for polls.
func (c *Client) PrecheckFirstPage(ctx context.Context, region string, r PrecheckRequest) (*PrecheckReport, error) {
	return c.precheck(ctx, region, r, c.firstPrecheckPage)
}

func (c *Client) precheck(ctx context.Context, region string, r PrecheckRequest, read readPrecheck) (*PrecheckReport, error) {
	r.JobCode = cmp.Or(r.JobCode, JobCodePrecheck)
	r.StructType = cmp.Or(r.StructType, StructTypeBefore)
	key := callKey{describePreCheckStatus, region}
	parameters := parametersOf(r)
	parameters["RegionId"] = region
	report, err := read(ctx, scanner[precheckPage, *precheckPage]{
		fetch:     c.precheckPages(key, parameters),
		sizes:     c.pageSizesOf(key),
		requested: int64(r.PageSize),
	})
	if err != nil {
		return nil, c.asError(key, parameters, err)
	}
	if report.isBlank() && r.PrecheckFilter == (PrecheckFilter{}) {
		failure := c.asError(key, parameters, ErrNoSubtask)
		failure.RequestID = report.RequestID
		return nil, failure
	}
	return report, nil
}

// readPrecheck reads a subtask with the scanner for its pages.
type readPrecheck = func(context.Context, scanner[precheckPage, *precheckPage]) (*PrecheckReport, error)

func (c *Client) firstPrecheckPage(ctx context.Context, s scanner[precheckPage, *precheckPage]) (*PrecheckReport, error) {
	first, err := s.first(ctx)
	if err != nil {
		return nil, err
	}
	return mergePrecheck([]*precheckPage{first}), nil
}

func (c *Client) scanPrecheck(ctx context.Context, s scanner[precheckPage, *precheckPage]) (*PrecheckReport, error) {
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
		report.ItemsMissing = p.short()
	case p.short():
		report.ItemsMissing = looksCut(len(report.JobProgress), cmp.Or(s.requested, MaxPageSize))
	}
	return report, nil
}

// looksCut reports a number of items at which a page may have been cut off.
func looksCut(items int, requested int64) bool {
	n := int64(items)
	return slices.Contains(usualCaps, n) || n == MaxPageSize || n == requested
}

// precheckPages returns how the pages of a subtask are requested.
func (c *Client) precheckPages(key callKey, all map[string]string) func(ctx context.Context, number, size int64) (*precheckPage, error) {
	return func(ctx context.Context, number, size int64) (*precheckPage, error) {
		parameters := maps.Clone(all)
		parameters["PageNo"], parameters["PageSize"] = fmt.Sprint(number), fmt.Sprint(size)
		return call[precheckPage](ctx, c.sender, key, parameters)
	}
}
