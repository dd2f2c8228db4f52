// Package rpc sends single requests to the API of Alibaba Cloud Data
// Transmission Service (DTS), version 2020-01-01: signed, at the rate that the
// API allows, and repeated when the failure may pass.
//
// Requests are signed by the core library that the service's typed client is
// generated on, and are the same on the wire. [Client.Do] is the way of a request
// from top to bottom.
package rpc

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// DefaultRequestRate is the documented limit of an account, in requests per
// second and region.
const DefaultRequestRate = 20

// Config configures a [Client]. The zero value of a field other than
// Credentials means its default.
type Config struct {
	Credentials CredentialSource

	Endpoint       string        // host or host:port; defaults to the endpoint of the region
	Protocol       string        // HTTPS or HTTP; defaults to HTTPS
	ConnectTimeout time.Duration // for a connection, and for its TLS handshake; defaults to 10 s
	ReadTimeout    time.Duration // for a response once connected; defaults to 60 s
	RetryTimeout   time.Duration // for a request and its retries, from the first attempt on; defaults to 120 s
	RequestRate    int           // requests per second and region; defaults to DefaultRequestRate; negative: no limit
	UserAgent      string        // appended to the User-Agent of the core library

	// Transport sends requests. It defaults to one with the timeouts above and
	// the proxy of the environment.
	Transport http.RoundTripper

	// Log receives events that a reader of logs may look for. By default nothing
	// is logged.
	Log func(ctx context.Context, message string, fields map[string]any)

	// OnResponse, if set, receives each request with the body of its response,
	// once that was decoded without error. It may be called concurrently.
	OnResponse func(r Request, body []byte)
}

// Client sends requests. It may be used from many goroutines.
type Client struct {
	config   Config
	http     *http.Client
	backOff  func(attempt int) time.Duration
	limiters sync.Map      // region to *limiter
	verified sync.Map      // endpoints that have sent a well-formed response
	decoding chan struct{} // holds a token while a response is being decoded

	maxResponse, smallResponse int64 // in bytes
}

// NewClient returns a client. It opens no connection.
func NewClient(config Config) *Client {
	config.Protocol = cmp.Or(config.Protocol, "HTTPS")
	config.ConnectTimeout = cmp.Or(config.ConnectTimeout, 10*time.Second)
	config.ReadTimeout = cmp.Or(config.ReadTimeout, time.Minute)
	config.RetryTimeout = cmp.Or(config.RetryTimeout, 2*time.Minute)
	config.RequestRate = cmp.Or(config.RequestRate, DefaultRequestRate)
	if config.Log == nil {
		config.Log = func(context.Context, string, map[string]any) {}
	}
	if config.Transport == nil {
		config.Transport = newTransport(config.ConnectTimeout, config.ReadTimeout)
	}
	return &Client{
		config: config,
		http: &http.Client{
			Transport:     config.Transport,
			Timeout:       config.ConnectTimeout + config.ReadTimeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		backOff:  backOff,
		decoding: make(chan struct{}, 1),

		maxResponse:   maxResponse,
		smallResponse: smallResponse,
	}
}

// Request is a request of an operation.
type Request struct {
	Operation  string            // such as DescribeDtsJobs
	Region     string            // such as cn-hangzhou
	Parameters map[string]string // by API name

	// Shared is set for a request on behalf of multiple callers. If it fails, each
	// caller repeats it alone, because the parameters of one caller may be the cause.
	Shared bool
}

// Do sends a request and decodes the response into v, which is zeroed before
// each attempt. The error is an [*Error].
func (c *Client) Do(ctx context.Context, r Request, v api.Response) error {
	var (
		queue     = c.limiter(r.Region)
		attempts  int       // sent so far
		deadline  time.Time // for all attempts
		refreshed bool      // whether the credential was refreshed
		before    *Error    // of the attempt before
	)
	for n := 1; ; n++ {
		// Credentials come first: requests that waited for them must not leave
		// together.
		credential, err := c.config.Credentials.Credential(ctx)
		if err != nil {
			err = fmt.Errorf("%w: %w", errNoCredential, err)
		}
		var unsigned *http.Request
		if err == nil {
			unsigned, err = c.newHTTPRequest(r)
		}

		// The time for retries starts when the first attempt is about to be sent,
		// or has failed before, and stands still while an attempt waits its turn.
		waiting := time.Now()
		var turn time.Time
		if err == nil {
			turn, err = queue.wait(ctx)
		}
		if deadline.IsZero() {
			deadline = time.Now().Add(c.config.RetryTimeout)
		} else {
			deadline = deadline.Add(time.Since(waiting))
		}

		var got received
		if err == nil {
			attempts++
			attempt, cancel := context.WithDeadlineCause(ctx, deadline, errRetryTimeout)
			got, err = c.roundTrip(sign(unsigned.WithContext(attempt), r, credential, time.Now(), newNonce()))
			cancel()
			if !got.sent {
				queue.giveBack(turn)
			}
		}
		if err == nil {
			reflect.ValueOf(v).Elem().SetZero()
			var id string
			id, err = api.Parse(got.status, got.body, v)
			got.requestID = cmp.Or(id, got.requestID)
		}
		if err == nil || errors.As(err, new(*api.Refusal)) {
			c.verified.Store(c.endpoint(r.Region), true)
		}
		if err == nil && c.config.OnResponse != nil {
			c.config.OnResponse(r, got.body)
		}
		if got.locked {
			<-c.decoding
		}
		if err == nil {
			return nil
		}

		failure := c.NewError(r, err)
		failure.Attempts, failure.Status, failure.RequestID = attempts, got.status, got.requestID
		if failure.Throttled() {
			queue.throttle(time.Now())
		}
		if before != nil && errors.Is(err, errRetryTimeout) {
			before.Attempts = attempts // The response before says more than one that did not come.
			return before
		}
		before = failure
		if failure.BareCode() == "InvalidSecurityToken.Expired" && !refreshed {
			refreshed, err = c.config.Credentials.Refresh(ctx, credential)
			if refreshed && err == nil {
				continue
			}
			if refreshed = false; err != nil {
				failure.Err = fmt.Errorf("%w: %w", errNoCredential, err)
			}
		}
		if n >= attemptsFor(failure) {
			return failure
		}

		wait := max(c.backOff(n), got.retryAfter)
		if ctx.Err() == nil && time.Now().Add(wait).After(deadline) {
			return failure
		}
		c.config.Log(ctx, "retrying a failed request", map[string]any{"error": failure.Error(), "wait": wait.String()})
		if err := Sleep(ctx, wait); err != nil {
			failure.noteContextEnd(err)
			return failure
		}
	}
}

// NewError returns an error that describes a request. An error of the API is
// taken apart; any other becomes the cause.
func (c *Client) NewError(r Request, err error) *Error {
	endpoint := c.endpoint(r.Region)
	_, verified := c.verified.Load(endpoint)
	e := &Error{Request: r, Endpoint: endpoint, EndpointVerified: verified, Err: err}
	if refusal := new(api.Refusal); errors.As(err, &refusal) {
		e.Code, e.Message, e.DynamicMessage, e.Err = refusal.Code, refusal.Message, refusal.DynamicMessage, nil
	}
	return e
}

// endpoint returns the host that serves a region.
func (c *Client) endpoint(region string) string { return cmp.Or(c.config.Endpoint, HostOf(region)) }

// limiter returns the limiter of a region, which all requests to it share.
func (c *Client) limiter(region string) *limiter {
	l, _ := c.limiters.LoadOrStore(region, newLimiter(c.config.RequestRate))
	return l.(*limiter) //nolint:forcetypeassert // Nothing else is stored.
}

// Sleep waits, or returns why the context ended as soon as it does.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return context.Cause(ctx)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
