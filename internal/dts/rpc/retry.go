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
// response, and three for a response to a request of several callers, which must
// not use up the time of all of them.
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
	switch {
	case errors.Is(e.Err, errNoCredential):
		return temporary(e.Err)
	case e.Attempts == 0, errors.Is(e.Err, ErrTooLarge):
		return false // Nothing was sent, because of the caller, or the same comes again.
	case e.BareCode() == "ServiceUnavailable", e.Status >= http.StatusInternalServerError:
		return true
	case e.Status >= http.StatusMultipleChoices:
		return false
	case errors.Is(e.Err, api.ErrBroken):
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
