package dts

import (
	"errors"
	"sync"

	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// Client reads jobs and prechecks. It may be used from many goroutines.
type Client struct {
	*rpc.Client

	pageSizes sync.Map // callKey to *pageSizes
	lists     readGroup[*JobListing]
	lookups   lookups
}

// NewClient returns a client. It opens no connection.
func NewClient(config rpc.Config) *Client { return &Client{Client: rpc.New(config)} }

func (c *Client) pageSizesOf(key rpc.CallKey) *pageSizes {
	sizes, _ := c.pageSizes.LoadOrStore(key, newPageSizes())
	return sizes.(*pageSizes) //nolint:forcetypeassert // Nothing else is stored.
}

// asError makes of any failure of a read an [Error] that tells what was read.
func (c *Client) asError(key rpc.CallKey, parameters map[string]string, err error) *rpc.Error {
	if failure := new(rpc.Error); errors.As(err, &failure) {
		return failure
	}
	return c.NewError(key, parameters, err)
}
