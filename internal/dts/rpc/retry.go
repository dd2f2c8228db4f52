package rpc

import (
	"crypto/tls"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

const (
	// untilTimeout is a number of attempts that only the timeout ends.
	untilTimeout = 1 << 30
	// unverifiedAttempts is for endpoints that are more likely misconfigured
	// than down, because they have not sent one well-formed response yet.
	unverifiedAttempts = 5
)

// attemptsFor returns how many attempts an error is worth in all. It retries a
// failure that passes by itself, and nothing else:
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
// response, and three for a response to a shared request, which must not use up the
// time of all its callers.
func attemptsFor(e *Error) int {
	switch {
	case e.Throttled():
		return untilTimeout
	case e.BareCode() == "InternalError":
		return 3
	case !transient(e):
		return 1
	case e.Shared && !e.OfAnyRequest():
		return 3
	case !e.EndpointVerified:
		return unverifiedAttempts
	}
	return untilTimeout
}

// transient reports whether another attempt may succeed.
func transient(e *Error) bool {
	var source interface{ Temporary() bool }
	var dns *net.DNSError
	switch {
	case errors.Is(e.Err, errNoCredential):
		return errors.As(e.Err, &source) && source.Temporary()
	case e.Attempts == 0, errors.Is(e.Err, ErrTooLarge):
		return false // Nothing was sent, because of the caller or the endpoint, or the same comes again.
	case e.BareCode() == "ServiceUnavailable", e.Status >= http.StatusInternalServerError:
		return true
	case e.Status >= http.StatusMultipleChoices:
		return false
	case e.Status > 0:
		return errors.Is(e.Err, api.ErrBroken)
	case errors.As(e.Err, &dns) && dns.IsNotFound,
		errors.As(e.Err, new(*tls.CertificateVerificationError)),
		errors.As(e.Err, new(tls.RecordHeaderError)), errors.Is(e.Err, http.ErrSchemeMismatch):
		return false // The address or the certificate is wrong.
	}
	return e.Err != nil
}

// backOff returns the wait after an attempt, the first being 1. It doubles from
// half a second to ten, less a random half, so that clients that failed together
// do not come back together.
func backOff(attempt int) time.Duration {
	wait := min(500*time.Millisecond<<min(attempt-1, 8), 10*time.Second)
	return wait/2 + rand.N(wait/2)
}

// errRetryTimeout is why an attempt ended that would have taken longer than all
// attempts together may.
var errRetryTimeout = errors.New("no response came before the retry timeout")
