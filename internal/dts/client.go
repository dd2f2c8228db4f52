// Package dts is a client of the API of Alibaba Cloud Data Transmission Service
// (DTS), version 2020-01-01. It lists jobs ([Client.Jobs]), finds one job
// ([Client.FindJob]), reads a precheck or a later subtask of a job
// ([Client.Precheck]), and requests any other operation ([Client.Call]).
//
// It exists because the service's typed client cannot be resolved as a Go
// module, and because reading a complete list needs facts that such a client
// hides: the page size that was accepted, whether the list changed while it was
// being read, and the reason of a failure. It does not depend on Terraform.
//
// Package api below it has the fields and decodes responses, rpc sends one
// request, and paging reads complete lists.
package dts

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/paging"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// maxList is how much memory the pages of the longest list that is read take, in
// bytes. Lists that are read at the same time may take maxLists together; beyond
// that, they take turns.
const (
	maxList  = 160 << 20
	maxLists = 80 << 20
)

// ErrListTooLarge is the error of a list that is too long to be kept in memory.
var ErrListTooLarge = fmt.Errorf("the pages of the list take more than %d MiB", maxList>>20)

// Client reads jobs and prechecks. It may be used from many goroutines.
type Client struct {
	rpc       *rpc.Client
	pageSizes sync.Map // operation and region to *atomic.Int64, the page size that is accepted
	lists     shared[*JobList]
	lookups   shared[foundJobs]
	listed    atomic.Int64  // memory that the lists in progress take, in bytes
	alone     chan struct{} // holds a token while a list is read that did not fit beside others
}

// NewClient returns a client. It opens no connection.
func NewClient(config rpc.Config) *Client {
	return &Client{rpc: rpc.NewClient(config), alone: make(chan struct{}, 1), lookups: shared[foundJobs]{window: lookupWindow}}
}

// errCrowded is the error of a list that does not fit beside others in progress.
var errCrowded = errors.New("other lists take the memory")

// Call requests an operation and decodes its response, into a struct of package
// api or into an [api.Fields]. The error is an [rpc.Error].
func (c *Client) Call(ctx context.Context, r rpc.Request, response api.Response) error {
	return c.rpc.Do(ctx, r, response)
}

// knownPageSize returns the page size that an operation accepts in a region.
func (c *Client) knownPageSize(r rpc.Request) *atomic.Int64 {
	size, _ := c.pageSizes.LoadOrStore(r.Operation+" "+r.Region, new(atomic.Int64))
	return size.(*atomic.Int64) //nolint:forcetypeassert // Nothing else is stored.
}

// pages returns a function that requests the pages of a list. Number is the name
// of the parameter that has the number of a page.
func pages[T any, P interface {
	*T
	api.Response
}](c *Client, r rpc.Request, number string, toPage func(P) paging.Page[T]) func(context.Context, int64, int64) (paging.Page[T], error) {
	var size atomic.Int64 // of the pages of one pass
	return func(ctx context.Context, n, pageSize int64) (none paging.Page[T], err error) {
		response := P(new(T))
		request := r
		request.Parameters = maps.Clone(r.Parameters)
		request.Parameters[number], request.Parameters["PageSize"] = fmt.Sprint(n), fmt.Sprint(pageSize)
		err = c.rpc.Do(ctx, request, response)
		if failure := new(rpc.Error); errors.As(err, &failure) {
			switch {
			case failure.RefusesPageSize():
				err = fmt.Errorf("%w: %w", paging.ErrPageSize, err)
			case failure.RefusesPageNumber():
				err = fmt.Errorf("%w: %w", paging.ErrPageNumber, err)
			}
		}
		if err != nil {
			return none, err
		}
		if n == 1 {
			size.Store(0)
		}
		if size.Add(response.Size()) > maxList {
			return none, c.rpc.NewError(request, ErrListTooLarge)
		}
		return toPage(response), nil
	}
}

// describe returns an [rpc.Error] for an error of a read: the one that it wraps,
// or else one that describes the request.
func (c *Client) describe(r rpc.Request, err error) error {
	if failure := new(rpc.Error); errors.As(err, &failure) {
		return failure
	}
	return c.rpc.NewError(r, err)
}
