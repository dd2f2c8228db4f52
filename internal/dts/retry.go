package dts

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"time"
)

// Policy returns how many attempts an error is worth in all: 1 for an error
// that another attempt would only repeat.
type Policy func(*Error) int

const (
	// untilTimeout is a number of attempts that only the timeout ends.
	untilTimeout = 1 << 30
	// unverifiedAttempts is for endpoints that are more likely misconfigured
	// than down, because they have not sent one well-formed response yet.
	unverifiedAttempts = 5
)

// DefaultPolicy retries what passes by itself, and nothing else:
//
//	a code with Throttling, HTTP 429       until the timeout
//	InternalError                          three attempts in all
//	ServiceUnavailable, other 5xx          until the timeout, (1)
//	broken or truncated response           until the timeout, (1)
//	connection failure, timeout            until the timeout, (1)
//	credentials temporarily unavailable    until the timeout, (1)
//	unknown host, certificate              never: it is the configuration
//	anything else                          never
//
// (1) Five attempts in all as long as the endpoint has not sent one well-formed
// response.
func DefaultPolicy(e *Error) int {
	switch {
	case e.Throttled():
		return untilTimeout
	case e.BareCode() == "InternalError":
		return 3
	case !transient(e):
		return 1
	case !e.EndpointVerified:
		return unverifiedAttempts
	}
	return untilTimeout
}

// transient reports whether another attempt may succeed.
func transient(e *Error) bool {
	switch {
	case errors.Is(e.Err, errNoCredential):
		return temporary(e.Err)
	case errors.Is(e.Err, ErrNoSubtask):
		return false
	case e.BareCode() == "ServiceUnavailable", e.Status >= http.StatusInternalServerError:
		return true
	case e.Status >= http.StatusMultipleChoices:
		return false
	case errors.Is(e.Err, ErrBroken):
		return true
	}
	return e.Status == 0 && e.Err != nil && !misconfigured(e.Err)
}

// temporary reports what the source of an error says about it.
func temporary(err error) bool {
	var source interface{ Temporary() bool }
	return errors.As(err, &source) && source.Temporary()
}

// misconfigured reports failures that lie in the request, the address or the
// certificate.
func misconfigured(err error) bool {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	return errors.Is(err, ErrInvalidRequest) ||
		errors.As(err, &dns) && dns.IsNotFound ||
		errors.As(err, &certificate) || errors.As(err, &record) || errors.Is(err, http.ErrSchemeMismatch)
}

// Backoff returns the wait after an attempt, the first being 1.
type Backoff func(attempt int) time.Duration

// DefaultBackoff doubles from half a second to ten, and takes a random half
// off, so that clients that failed together do not come back together.
func DefaultBackoff(attempt int) time.Duration {
	wait := min(500*time.Millisecond<<min(attempt-1, 8), 10*time.Second)
	return wait/2 + rand.N(wait/2)
}

// errRetryTimeout is why an attempt ended that would have taken longer than all
// attempts together may.
var errRetryTimeout = errors.New("no response came before the retry timeout")

// retry makes attempts until one succeeds, its error is not worth another
// attempt, the next would start after the timeout, or the context ends.
func (r *request) retry(ctx context.Context, attempt func() *Error) *Error {
	var before *Error
	refreshed := false
	for n := 1; ; n++ {
		failure := attempt()
		if failure == nil {
			return nil
		}
		if before != nil && errors.Is(failure.Err, errRetryTimeout) {
			before.Attempts = failure.Attempts // It tells more than a response cut off.
			return before
		}
		before = failure
		if failure.expired() && !refreshed {
			if refreshed = r.refresh(ctx, failure); refreshed {
				continue
			}
		}
		if n >= r.sender.config.Policy(failure) || !r.backOff(ctx, failure, n) {
			return failure
		}
	}
}

// backOff waits before the next attempt and reports whether there may be one.
func (r *request) backOff(ctx context.Context, failure *Error, attempt int) bool {
	wait := max(r.sender.config.Backoff(attempt), failure.retryAfter)
	r.postpone(0)
	if ctx.Err() != nil {
		failure.interrupted(context.Cause(ctx))
		return false
	}
	if time.Now().Add(wait).After(r.deadline) {
		return false
	}
	r.sender.config.Log(ctx, "retrying a failed request", map[string]any{"error": failure.Error(), "wait": wait.String()})
	if err := Sleep(ctx, wait); err != nil {
		failure.interrupted(err)
		return false
	}
	return true
}

// refresh replaces a credential that has expired. A failure to do so becomes
// the cause of the error.
func (r *request) refresh(ctx context.Context, failure *Error) bool {
	refreshed, err := r.sender.config.Credentials.Refresh(ctx, r.credential)
	if err != nil {
		failure.Err = fmt.Errorf("%w: %w", errNoCredential, err)
	}
	return refreshed && err == nil
}

// Sleep waits, or returns why the context ended as soon as it does.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
