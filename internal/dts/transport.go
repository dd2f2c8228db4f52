package dts

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
)

// maxResponse is the largest response read, in bytes: no page comes near it,
// and Terraform takes no more in one message.
const maxResponse = 256 << 20

// announcedResponse is how many bytes are allocated because a server announced
// them.
const announcedResponse = 8 << 20

// errResponseTooLarge is not worth a retry: the next response would be as long.
var errResponseTooLarge = fmt.Errorf("the response is longer than %d MiB", maxResponse>>20)

// errRedirect is a response that points elsewhere. Following it would send the
// signed request, a security token with it, to a host that nobody configured.
var errRedirect = errors.New("the server redirects to another address, which is never followed")

// received is the response to an attempt, as far as it came.
type received struct {
	sent       bool // whether the request left, so that the API may have counted it
	status     int
	requestID  string
	retryAfter time.Duration
	body       []byte
}

// roundTrip sends a signed request and reads the response.
func (s *sender) roundTrip(r *http.Request) (received, error) {
	ctx := r.Context()
	var sent atomic.Bool
	trace := &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }}
	response, err := s.http.Do(r.WithContext(httptrace.WithClientTrace(ctx, trace)))
	if err != nil {
		return received{sent: sent.Load()}, transportError(ctx, err)
	}
	got := received{
		sent:       true,
		status:     response.StatusCode,
		requestID:  response.Header.Get("X-Acs-Request-Id"),
		retryAfter: retryAfter(response.Header),
	}
	got.body, err = readBody(response, maxResponse)
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

// transportError returns why a context ended, if it did, and otherwise the
// error without the URL, which has nothing that the error has not.
func transportError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if wrapped := new(url.Error); errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// readBody reads a body of at most limit bytes.
func readBody(response *http.Response, limit int64) ([]byte, error) {
	var body bytes.Buffer
	// Growing on the way would copy it many times.
	body.Grow(int(min(max(response.ContentLength, 0), announcedResponse)) + bytes.MinRead)
	var err error
	if response.ContentLength <= limit {
		_, err = body.ReadFrom(io.LimitReader(response.Body, limit+1))
	}
	err = errors.Join(err, response.Body.Close())
	switch {
	case max(response.ContentLength, int64(body.Len())) > limit:
		return nil, errResponseTooLarge
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	return body.Bytes(), nil
}

// retryAfter returns how long the server wants a client to wait, or 0.
func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.ParseUint(h.Get("Retry-After"), 10, 16)
	if err != nil {
		return 0 // Absent, or a date, which is not worth trusting two clocks.
	}
	return time.Duration(seconds) * time.Second
}

// newHTTPClient returns a client with timeouts, the standard proxy rules and no
// redirects, that keeps enough connections open to reuse them at the rate that
// the API allows.
func newHTTPClient(connect, read time.Duration) *http.Client {
	const idleConnections = 32
	return &http.Client{
		Timeout:       connect + read,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: connect}).DialContext,
			TLSHandshakeTimeout:   connect,
			ResponseHeaderTimeout: read,
			MaxIdleConns:          idleConnections,
			MaxIdleConnsPerHost:   idleConnections,
			IdleConnTimeout:       90 * time.Second,
			ForceAttemptHTTP2:     true,
		},
	}
}
