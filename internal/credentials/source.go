// Package credentials declares the settings of the provider once, completes the
// provider block from the environment, and turns both into one source of
// credentials, or into an error that names the cause.
//
// Nothing here needs a Terraform library: the provider derives its schema from
// [Settings], and other programs use the same environment variables.
//
// The exchanges with STS, the metadata of an ECS instance, CloudSSO and
// credentials URIs are made here, and so are the CLI's files read. The official
// library rewrites the files of the CLI, prints responses, follows redirects with
// credentials in the request, and takes no context.
package credentials

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/sync/singleflight"

	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

const (
	// refreshEarly is how long before it expires a credential is refreshed.
	refreshEarly = 180 * time.Second

	// refreshPause is the time after a failed early refresh in which none is
	// started, so that requests don't cause one each.
	refreshPause = 5 * time.Second
)

// Source supplies credentials. It implements [rpc.CredentialSource].
//
// One fetch at a time serves all callers. A caller whose context ends leaves; when
// the last one has left, the fetch is canceled.
type Source struct {
	config   Config
	redactor redactor
	fetches  singleflight.Group

	mu      sync.Mutex
	waiting int    // callers of the fetch in progress
	cancel  func() // the fetch in progress
	current expiring
	pause   time.Time // no early refresh before
	source  *source   // nil until it is found; the search runs once, also if it finds nothing
}

var _ rpc.CredentialSource = (*Source)(nil)

// NewSource returns the source that a configuration specifies. Nothing is read,
// requested or refused before the first credential is needed.
func NewSource(c Config) *Source {
	c.http, c.metadata.http = newHTTPClient(http.ProxyFromEnvironment), newHTTPClient(nil)
	c.sts.http = c.http
	s := &Source{config: c}
	s.redactor.add(c.secrets()...)
	return s
}

// Credential returns a credential that is valid now. The error is an [*Error] or
// the cause of the context's end.
//
// Shortly before a credential expires it is refreshed in the background. If that
// fails, the credential is used until it expires.
func (s *Source) Credential(ctx context.Context) (rpc.Credential, error) {
	s.mu.Lock()
	current, pause, now := s.current, s.pause, time.Now()
	s.mu.Unlock()
	if !current.isValid(now) {
		return s.wait(ctx)
	}
	if !current.isValid(now.Add(refreshEarly)) && now.After(pause) {
		s.fetch(ctx, refreshEarly)
	}
	return current.Credential, nil
}

// Refresh replaces a credential that the API reports as expired, and reports
// whether the source has another. Of many callers with the same expired
// credential, one has the source fetch.
func (s *Source) Refresh(ctx context.Context, expired rpc.Credential) (bool, error) {
	s.mu.Lock()
	if s.current.Credential == expired {
		s.current = expiring{}
	}
	s.mu.Unlock()
	fresh, err := s.wait(ctx)
	return err == nil && fresh != expired, err
}

// Region returns the region of the CLI profile that credentials come from, or ""
// if they come from elsewhere or the profile has none. The error is an [*Error].
func (s *Source) Region() (string, error) {
	// The network has no region, and is not used in a context that has ended.
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	found := s.config.find(ended)
	switch {
	case errors.Is(found.err, errNoSource):
		return "", nil
	case found.err == nil && !found.region.IsValid():
		return "", newError("region_id %q of %s must be %s", found.region, found.name, found.region.Constraint()).
			advise("Correct the profile, or set region.")
	}
	return string(found.region), found.err
}

// wait returns the result of a fetch, or leaves when the context ends.
func (s *Source) wait(ctx context.Context) (rpc.Credential, error) {
	s.mu.Lock()
	s.waiting++
	s.mu.Unlock()
	fetched := s.fetch(ctx, 0)
	var result singleflight.Result
	select {
	case result = <-fetched:
	case <-ctx.Done():
		result.Err = context.Cause(ctx)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting--
	if s.waiting == 0 && ctx.Err() != nil && s.cancel != nil {
		s.cancel()
		s.fetches.Forget("credential") // A later caller starts another fetch.
	}
	got, _ := result.Val.(expiring)
	return got.Credential, result.Err
}

// fetch replaces the credential unless it stays valid for a time, and returns the
// channel of the result. The end of the context doesn't end the fetch, for which
// others may wait.
func (s *Source) fetch(ctx context.Context, validity time.Duration) <-chan singleflight.Result {
	return s.fetches.DoChan("credential", func() (any, error) {
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
		defer cancel()
		s.mu.Lock()
		current, found := s.current, s.source
		s.cancel = cancel
		s.mu.Unlock()
		if current.isValid(time.Now().Add(validity)) {
			return current, nil // Another fetch ended in the meantime.
		}
		if found == nil {
			found = new(s.config.find(ctx))
		}
		current, err := found.get(ctx, &s.redactor)
		s.mu.Lock()
		defer s.mu.Unlock()
		if found.err == nil || errors.Is(found.err, errNoSource) && ctx.Err() == nil {
			s.source = found // Otherwise it can't be read.
		}
		if err != nil {
			s.pause = time.Now().Add(refreshPause)
			return expiring{}, err
		}
		s.current = current
		return current, nil
	})
}

// Redact removes every secret that this source knows from a text.
func (s *Source) Redact(text string) string { return s.redactor.redact(text) }

// expiring is a credential and when it expires. The zero time is not known.
type expiring struct {
	rpc.Credential
	expires time.Time
}

// newCredential returns a credential that doesn't expire. The provider is the name
// under which the API counts how credentials are obtained.
func newCredential(provider, accessKey, secretKey, token string) expiring {
	return expiring{Credential: rpc.Credential{
		AccessKeyID: accessKey, AccessKeySecret: secretKey, SecurityToken: token, Provider: provider,
	}}
}

func (e expiring) isValid(at time.Time) bool {
	return e.AccessKeyID != "" && (e.expires.IsZero() || at.Before(e.expires))
}

// source is where credentials come from.
type source struct {
	name   string // as the user knows it, such as credentials_uri
	advice string // the next step if the source fails
	region Region // of a CLI profile
	err    error  // why there is no such source; nothing else counts then

	// fetch obtains a credential, and adds each secret that it meets on the way to
	// a redactor.
	fetch func(context.Context, *redactor) (expiring, error)
}

// get fetches a credential and checks it. An error names the source, unless it
// names another source, on which this one is built.
func (s source) get(ctx context.Context, seen *redactor) (expiring, error) {
	if s.err != nil {
		return expiring{}, s.err
	}
	got, err := s.fetch(ctx, seen)
	seen.add(got.AccessKeySecret, got.SecurityToken)
	if err == nil && strings.ContainsFunc(got.AccessKeyID+got.AccessKeySecret+got.SecurityToken, unicode.IsControl) {
		err = newError("the credential contains a control character, such as a line break")
	}
	if err == nil {
		return got, nil
	}
	failed := newError("the message is not shown because it may contain secrets")
	if errors.As(err, &failed); failed.Advice == "" {
		failed.Summary = "unable to get credentials from " + s.name + ": " + failed.Summary
		failed.Advice = s.advice
	}
	return expiring{}, failed
}

// staticSource is the source that always has the same credential.
func staticSource(name, advice string, got expiring) source {
	fetch := func(context.Context, *redactor) (expiring, error) { return got, nil }
	return source{name: name, advice: advice, fetch: fetch}
}
