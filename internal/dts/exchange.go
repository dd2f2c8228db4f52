package dts

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// maxAnswer is the largest answer read, in bytes: no page comes near it, and
// Terraform takes no more in one message.
const maxAnswer = 256 << 20

// announcedAnswer is how many bytes are made room for on a server's word alone.
const announcedAnswer = 8 << 20

// errRedirect is an answer that points elsewhere. Following it would send the
// signed request, a security token with it, to a host that nobody configured.
var errRedirect = errors.New("the server redirects to another address, which is never followed")

// exchange sends one signed request over the provider's own HTTP client and
// keeps the answer. The core library sees an empty 200, since its own reading
// of answers loses status, request id and cause of what is not plain JSON.
type exchange struct {
	http *http.Client

	sent      bool
	status    int
	requestID string
	body      []byte
	err       error
}

// Call implements the core library's HTTP client. Its transport is not used.
func (x *exchange) Call(r *http.Request, _ *http.Transport) (*http.Response, error) {
	x.sent = true
	// The core adds the proxy's credentials for its own transport; they are
	// the proxy's to see, not the API's.
	r.Header.Del("Proxy-Authorization")
	if x.err = x.send(r); x.err != nil {
		return nil, x.err
	}
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
}

func (x *exchange) send(r *http.Request) error {
	response, err := x.http.Do(r)
	if wrapped := new(url.Error); errors.As(err, &wrapped) {
		return wrapped.Err // The URL around it says nothing that the error does not.
	}
	if err != nil {
		return err
	}
	x.status = response.StatusCode
	x.requestID = response.Header.Get("X-Acs-Request-Id")
	var body bytes.Buffer
	// Growing on the way would copy it several times.
	body.Grow(int(min(max(response.ContentLength, 0), announcedAnswer)) + bytes.MinRead)
	_, err = body.ReadFrom(io.LimitReader(response.Body, maxAnswer+1))
	x.body = body.Bytes()
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return fmt.Errorf("%w: %w", ErrBroken, err)
	}
	if len(x.body) > maxAnswer {
		return fmt.Errorf("answer of more than %d MiB", maxAnswer>>20)
	}
	if x.status >= 300 && x.status < 400 {
		return errRedirect
	}
	return nil
}

// newHTTPClient returns a client with time-outs, the standard proxy rules and
// no redirects, that keeps enough connections open to reuse them at the rate
// that the API allows.
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
