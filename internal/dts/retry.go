package dts

import (
	"context"
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"time"
)

// Policy says how many attempts an error is worth in all: 1 for an error that
// another attempt would only repeat.
type Policy func(*Error) int

// untilTimeout is an attempt count that only the time-out ends.
const untilTimeout = 1 << 30

// DefaultPolicy retries what passes by itself, and nothing else:
//
//	Throttling*, HTTP 429            until the time-out
//	InternalError                    three attempts in all
//	ServiceUnavailable, other 5xx    until the time-out
//	broken or truncated answer       until the time-out
//	connection failure, time-out     until the time-out
//	host or certificate not found    never: it is the configuration
//	redirect, other 4xx, wrong type  never
func DefaultPolicy(e *Error) int {
	switch {
	case e.Throttled():
		return untilTimeout
	case e.Code == "InternalError":
		return 3
	case e.Status >= http.StatusBadRequest && e.Status < http.StatusInternalServerError:
		return 1
	case e.Code == "ServiceUnavailable", e.Status >= http.StatusInternalServerError, errors.Is(e.Err, ErrBroken):
		return untilTimeout
	case e.Status == 0 && e.Err != nil && !misconfigured(e.Err):
		return untilTimeout
	}
	return 1
}

// misconfigured reports failures that lie in the address or the certificate.
func misconfigured(err error) bool {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	return errors.As(err, &dns) && dns.IsNotFound ||
		errors.As(err, &certificate) || errors.As(err, &record) ||
		errors.Is(err, errNotSent) || errors.Is(err, http.ErrSchemeMismatch)
}

// Backoff gives the wait after an attempt, the first being 1.
type Backoff func(attempt int) time.Duration

// DefaultBackoff doubles from half a second to ten, and takes a random half
// off, so that clients that failed together do not come back together.
func DefaultBackoff(attempt int) time.Duration {
	wait := min(500*time.Millisecond<<min(attempt-1, 8), 10*time.Second)
	return wait/2 + rand.N(wait/2)
}

// retry calls attempt until it succeeds, its error is not worth another
// attempt, the next would start after the time-out, or the context ends.
func (c *Client) retry(ctx context.Context, attempt func() *Error) error {
	deadline := time.Now().Add(c.config.RetryTimeout)
	renewed := false
	for n := 1; ; n++ {
		failure := attempt()
		if failure == nil {
			return nil
		}
		failure.Attempts = n
		if !renewed && failure.expired() && c.renew(ctx, failure) {
			renewed = true
			continue
		}
		wait := c.config.Backoff(n)
		if ctx.Err() != nil || n >= c.config.Policy(failure) || time.Now().Add(wait).After(deadline) {
			return failure
		}
		c.config.Log(ctx, "retrying a failed call", map[string]any{"error": failure.Error(), "wait": wait.String()})
		if err := Sleep(ctx, wait); err != nil {
			failure.Err = errors.Join(failure.Err, err)
			return failure
		}
	}
}

// renew gets another credential in place of one that has expired.
func (c *Client) renew(ctx context.Context, failure *Error) bool {
	if c.config.Renew == nil {
		return false
	}
	renewed, err := c.config.Renew(ctx, failure.credential)
	failure.Err = err
	return renewed
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
