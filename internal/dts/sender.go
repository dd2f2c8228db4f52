package dts

import (
	"cmp"
	"context"
	"net/http"
	"sync"
)

// version is that of the API.
const version = "2020-01-01"

// sender sends single requests, retries included, at the rate that the API
// allows.
type sender struct {
	config   Config
	http     *http.Client
	limiters sync.Map // region to *limiter
	verified sync.Map // endpoints that have sent a well-formed response
}

func newSender(config Config) *sender {
	config = config.withDefaults()
	return &sender{config: config, http: newHTTPClient(config.ConnectTimeout, config.ReadTimeout)}
}

// callKey is what the API may set limits for.
type callKey struct{ operation, region string }

// call sends a request, retries included, and returns the decoded response.
// Each attempt decodes into a new one. An error is an [*Error].
func call[A any, P interface {
	*A
	response
}](ctx context.Context, s *sender, key callKey, parameters map[string]string) (P, error) {
	var decoded P
	r := &request{sender: s, key: key, parameters: parameters}
	failure := r.retry(ctx, func() *Error {
		decoded = new(A)
		return r.attempt(ctx, decoded)
	})
	if failure != nil {
		return nil, failure
	}
	return decoded, nil
}

// endpoint returns the host that serves a region.
func (s *sender) endpoint(region string) string {
	return cmp.Or(s.config.Endpoint, HostOf(region))
}

// limiter returns the limiter of a region, which all requests to it share.
func (s *sender) limiter(region string) *limiter {
	l, ok := s.limiters.Load(region)
	if !ok {
		l, _ = s.limiters.LoadOrStore(region, newLimiter(s.config.RequestRate))
	}
	return l.(*limiter) //nolint:forcetypeassert // Nothing else is stored.
}
