package rpc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

const (
	// maxResponse is the length of the longest response that is read, in bytes
	// after decompression.
	maxResponse = 64 << 20
	// smallResponse is the length of a response, in bytes, above which responses
	// are read one at a time. All responses are decoded one at a time, so that
	// pages in flight do not exhaust the memory.
	smallResponse = 2 << 20
)

// ErrTooLarge is the error of a response that is too long to be read. Another
// request would bring the same response.
var ErrTooLarge = fmt.Errorf("the response is longer than %d MiB", maxResponse>>20)

// errRedirect is a response that points elsewhere. Following it would send the
// signed request, a security token with it, to a host that nobody configured.
var errRedirect = errors.New("the server redirects to another address, which is never followed")

// received is the response to an attempt, which may be incomplete.
type received struct {
	sent       bool // whether the request left, so that the API may have counted it
	status     int
	requestID  string
	retryAfter time.Duration
	body       []byte
	locked     bool // whether the response holds Client.decoding
}

// roundTrip sends a signed request and reads the response.
func (c *Client) roundTrip(r *http.Request) (received, error) {
	ctx := r.Context()
	var sent atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }}
	response, err := c.http.Do(r.WithContext(httptrace.WithClientTrace(ctx, trace)))
	if err != nil {
		wrapped := new(url.Error) // Its URL has nothing that the cause has not.
		switch {
		case ctx.Err() != nil:
			err = context.Cause(ctx)
		case errors.As(err, &wrapped):
			err = wrapped.Err
		}
		return received{sent: sent.Load()}, err
	}
	got := received{
		sent:       true,
		status:     response.StatusCode,
		requestID:  response.Header.Get("X-Acs-Request-Id"),
		retryAfter: retryAfter(response.Header),
	}
	err = c.readBody(ctx, response, &got)
	err = errors.Join(err, response.Body.Close())
	switch {
	case err != nil && ctx.Err() != nil:
		return got, context.Cause(ctx)
	case err != nil:
		return got, err
	case got.status >= 300 && got.status < 400:
		return got, errRedirect
	}
	return got, nil
}

// readBody reads the body of a response, and waits for the turn to decode it. A
// large one waits before it is read to its end.
func (c *Client) readBody(ctx context.Context, response *http.Response, into *received) error {
	var body bytes.Buffer
	_, err := body.ReadFrom(io.LimitReader(response.Body, c.smallResponse))
	select {
	case c.decoding <- struct{}{}:
	default:
		select {
		case c.decoding <- struct{}{}:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	into.locked = true
	if err == nil && int64(body.Len()) == c.smallResponse && response.ContentLength <= c.maxResponse {
		// Growing on the way would copy the body many times.
		body.Grow(int(max(response.ContentLength-c.smallResponse, 0)) + bytes.MinRead)
		_, err = body.ReadFrom(io.LimitReader(response.Body, c.maxResponse+1-c.smallResponse))
	}
	switch {
	case max(response.ContentLength, int64(body.Len())) > c.maxResponse:
		return ErrTooLarge
	case err != nil:
		return fmt.Errorf("%w: %w", api.ErrBroken, err)
	}
	into.body = body.Bytes()
	return nil
}

// retryAfter returns how long the server wants a client to wait, or 0: the
// header of the API in milliseconds, or else the standard one in seconds. A date
// is ignored, because it would compare two clocks.
func retryAfter(h http.Header) time.Duration {
	for _, header := range []struct {
		name string
		unit time.Duration
		bits int
	}{{"X-Acs-Retry-After", time.Millisecond, 32}, {"Retry-After", time.Second, 16}} {
		if n, err := strconv.ParseUint(h.Get(header.name), 10, header.bits); err == nil {
			return time.Duration(n) * header.unit
		}
	}
	return 0
}

// newTransport returns a transport with timeouts and the standard proxy rules
// that keeps enough connections open to reuse them at the rate that the API
// allows. It speaks HTTP/1.1, because HTTP/2 prints headers, a security token
// among them, with GODEBUG=http2debug=1.
func newTransport(connect, read time.Duration) *http.Transport {
	const idleConnections = 32
	transport := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: connect}).DialContext,
		TLSHandshakeTimeout:    connect,
		ResponseHeaderTimeout:  read,
		MaxResponseHeaderBytes: 1 << 20,
		MaxIdleConns:           idleConnections,
		MaxIdleConnsPerHost:    idleConnections,
		IdleConnTimeout:        90 * time.Second,
		Protocols:              new(http.Protocols),
	}
	transport.Protocols.SetHTTP1(true)
	return transport
}
