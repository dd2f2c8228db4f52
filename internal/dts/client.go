package dts

import (
	"errors"
	"sync"
)

// Client reads jobs and prechecks. It may be used from many goroutines.
type Client struct {
	*sender

	pageSizes sync.Map // callKey to *pageSizes
	lists     readGroup[*JobListing]
	lookups   lookups
}

// NewClient returns a client. It opens no connection.
func NewClient(config Config) *Client { return &Client{sender: newSender(config)} }

func (c *Client) pageSizesOf(key callKey) *pageSizes {
	sizes, _ := c.pageSizes.LoadOrStore(key, newPageSizes())
	return sizes.(*pageSizes) //nolint:forcetypeassert // Nothing else is stored.
}

// asError makes of any failure of a read an [Error] that tells what was read.
func (c *Client) asError(key callKey, parameters map[string]string, err error) *Error {
	if failure := new(Error); errors.As(err, &failure) {
		return failure
	}
	return c.newError(key, parameters, err)
}
