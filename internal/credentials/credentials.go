// Package credentials turns what the provider block, the environment and files
// set into one source of credentials, and reports clearly why there is none.
//
// Alibaba Cloud's own library is used where its work is more than one exchange
// over HTTP, for the CLI's profiles of CloudSSO, OAuth and external programs.
// The exchanges with STS, with the metadata of an instance and with a
// credentials URI are made here: the library follows redirects with credentials
// in the request, knows no context, returns status and response as one text, and
// does not tell when a credential expires, so that a credential that is still
// valid is lost when its early refresh fails.
package credentials

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

const (
	// refreshEarly is how long before it expires a credential is refreshed.
	refreshEarly = 180 * time.Second

	// refreshPause is the time after a failed early refresh in which none is
	// started, so that requests don't cost one each.
	refreshPause = 5 * time.Second
)

// Source supplies credentials. It implements [dts.CredentialSource].
//
// Credentials are fetched by one goroutine at a time, for all callers. A caller
// whose context ends leaves; the others, and later ones, have the result.
type Source struct {
	config Config
	finder finder
	seen   secrets

	mu       sync.Mutex
	held     session
	inflight *inflight
	pause    time.Time // no early refresh before

	// For the goroutine that fetches.
	found *source
	none  error // that there is no source, which is determined once
}

var _ rpc.CredentialSource = (*Source)(nil)

// inflight is a fetch in progress.
type inflight struct {
	done   chan struct{}
	result session
	err    error
}

// NewSource returns the source that a configuration specifies. Nothing is read,
// requested or refused before the first credential is needed.
func NewSource(config Config) *Source {
	s := &Source{config: config, finder: finder{config, newHTTPClient()}}
	s.seen.add(config.secrets()...)
	return s
}

// Credential returns a credential that is valid now. The error is an [*Error] or
// the cause of the context's end.
//
// Shortly before a credential expires it is refreshed in the background. If that
// fails, it is used until it expires.
func (s *Source) Credential(ctx context.Context) (rpc.Credential, error) {
	s.mu.Lock()
	held, now := s.held, time.Now()
	if held.isValid(now) {
		if !held.isValid(now.Add(refreshEarly)) && now.After(s.pause) {
			s.fetch(ctx)
		}
		s.mu.Unlock()
		return held.Credential, nil
	}
	f := s.fetch(ctx)
	s.mu.Unlock()
	return f.wait(ctx)
}

// Refresh replaces a credential that the API reports as expired, and reports
// whether the source has another. Of many callers with the same expired
// credential, one makes the source work.
func (s *Source) Refresh(ctx context.Context, expired rpc.Credential) (bool, error) {
	s.mu.Lock()
	if s.held.Credential == expired {
		s.held = session{}
	}
	if s.held.isValid(time.Now()) {
		s.mu.Unlock()
		return true, nil
	}
	f := s.fetch(ctx)
	s.mu.Unlock()
	fresh, err := f.wait(ctx)
	return err == nil && fresh != expired, err
}

// fetch returns the fetch in progress, or starts one. The caller holds the lock.
func (s *Source) fetch(ctx context.Context) *inflight {
	if s.inflight == nil {
		s.inflight = &inflight{done: make(chan struct{})}
		go s.complete(context.WithoutCancel(ctx), s.inflight)
	}
	return s.inflight
}

// complete fetches a credential, and holds it.
func (s *Source) complete(ctx context.Context, f *inflight) {
	defer close(f.done)
	f.result, f.err = s.get(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inflight = nil
	if f.err != nil {
		s.pause = time.Now().Add(refreshPause)
		return
	}
	s.held = f.result
	s.seen.add(f.result.AccessKeySecret, f.result.SecurityToken)
}

// get finds the source, once, and has it work.
func (s *Source) get(ctx context.Context) (session, error) {
	if s.none != nil {
		return session{}, s.none
	}
	if s.found == nil {
		found, err := s.finder.find(ctx)
		if errors.Is(err, errNone) {
			s.none = err
		}
		if err != nil {
			return session{}, err
		}
		s.found = &found
	}
	return s.found.get(ctx)
}

func (f *inflight) wait(ctx context.Context) (rpc.Credential, error) {
	select {
	case <-f.done:
		return f.result.Credential, f.err
	case <-ctx.Done():
		return rpc.Credential{}, context.Cause(ctx)
	}
}

// newHTTPClient returns a client that follows no redirects, with which
// credentials could leave for another host. It keeps no connections, since
// exchanges are few.
func newHTTPClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // It is documented to be one.
	transport.DisableKeepAlives = true
	return &http.Client{
		Transport:     transport,
		Timeout:       15 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
