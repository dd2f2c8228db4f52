// Package credentials turns what the provider block, the environment and files
// say into one source of credentials, and says clearly why when there is none.
//
// Alibaba Cloud's own library does the work of each source. This package
// exists for what the library leaves to its users: the order in which sources
// count, one refresh at a time, contexts, and errors that name what to do and
// never hold a secret.
package credentials

import (
	"context"
	"sync"

	aliyun "github.com/aliyun/credentials-go/credentials"
	"github.com/aliyun/credentials-go/credentials/providers"
)

// Credential is what a call is signed with.
type Credential = aliyun.CredentialModel

// Source gives credentials. It may be used from many goroutines.
//
// The library refreshes temporary keys by itself when they are asked for less
// than three minutes before they expire, but it does so once for each
// goroutine that asks, races while it does, and knows no contexts. So it is
// asked by one goroutine at a time, and a caller whose context ends leaves.
type Source struct {
	config Config

	turn     chan struct{} // holds one token while the library is asked
	provider providers.CredentialsProvider
	seen     secrets
}

// NewSource returns the source that a configuration stands for. Nothing is
// read, called or refused before the first credential is asked for.
func NewSource(config Config) *Source {
	s := &Source{config: config, turn: make(chan struct{}, 1)}
	s.seen.add(config.secrets()...)
	return s
}

// Credential returns credentials that are valid for at least a short while.
// The error is an [Error], or the context's.
func (s *Source) Credential(ctx context.Context) (*Credential, error) {
	return s.ask(ctx, func() (*Credential, error) {
		if s.provider == nil {
			provider, err := s.config.provider()
			if err != nil {
				return nil, err
			}
			s.provider = provider
		}
		return s.get()
	})
}

// Renew asks the source anew, after the service said that a credential has
// expired, and reports whether it gave another one. Of many callers with the
// same stale credential one makes the source work.
func (s *Source) Renew(ctx context.Context, stale *Credential) (bool, error) {
	fresh, err := s.ask(ctx, func() (*Credential, error) {
		if current, err := s.get(); err == nil && !same(current, stale) {
			return current, nil
		}
		provider, err := s.config.provider()
		if err != nil {
			return nil, err
		}
		s.provider = provider
		return s.get()
	})
	return err == nil && !same(fresh, stale), err
}

// ask takes its turn with the library. The library can't be cancelled: a
// caller that leaves lets it finish, and the next one waits for that.
func (s *Source) ask(ctx context.Context, work func() (*Credential, error)) (*Credential, error) {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	type outcome struct {
		credential *Credential
		err        error
	}
	done := make(chan outcome, 1)
	go func() {
		defer func() { <-s.turn }()
		credential, err := work()
		done <- outcome{credential, err}
	}()
	select {
	case o := <-done:
		return o.credential, o.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// get asks the library.
func (s *Source) get() (*Credential, error) {
	got, err := s.provider.GetCredentials()
	if err != nil {
		return nil, s.explain(err)
	}
	s.seen.add(got.AccessKeySecret, got.SecurityToken)
	return model(got), nil
}

// model is the form in which the core library takes credentials.
func model(c *providers.Credentials) *Credential {
	m := &Credential{AccessKeyId: &c.AccessKeyId, AccessKeySecret: &c.AccessKeySecret, ProviderName: &c.ProviderName}
	kind := "access_key"
	if c.SecurityToken != "" {
		kind = "sts"
		m.SecurityToken = &c.SecurityToken
	}
	m.Type = &kind
	return m
}

func same(a, b *Credential) bool {
	return a != nil && b != nil && *a.AccessKeyId == *b.AccessKeyId && *a.AccessKeySecret == *b.AccessKeySecret &&
		(a.SecurityToken == nil) == (b.SecurityToken == nil) && (a.SecurityToken == nil || *a.SecurityToken == *b.SecurityToken)
}

// secrets are the texts that may appear nowhere.
type secrets struct {
	mu    sync.Mutex
	texts []string
}
