// Package identity knows who sends requests: the account's access key, and the
// temporary credentials that STS, the metadata of an ECS instance and a
// credentials URI issue.
package identity

import (
	"crypto/rand"
	"encoding/base64"
	"sync"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// Store holds the account's access key and the credentials issued.
type Store struct {
	// AccessKey and SecretKey are the account's.
	AccessKey, SecretKey string
	// Lifetime, if set, is how long issued credentials last, whatever was
	// requested.
	Lifetime time.Duration

	mu     sync.Mutex
	issued map[string]Credentials // expired ones too, so that they are refused as such
	tokens map[string]bool
}

// Find returns the credentials with an access key ID.
func (s *Store) Find(accessKey string) (found Credentials, known bool) {
	if accessKey == s.AccessKey {
		return Credentials{AccessKey: accessKey, Secret: s.SecretKey}, true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, known = s.issued[accessKey]
	return found, known
}

// CheckToken checks the security token that was sent with credentials. The
// account's key needs none, and a token that nobody issued passes with it, so
// that a client's use of tokens can be tried without a source of them.
func (s *Store) CheckToken(c Credentials, token string, now time.Time) error {
	isIssued := s.hasIssued(token)
	switch {
	case c.Token == "" && !isIssued:
		return nil
	case token == "":
		return wire.ErrMissing("SecurityToken")
	case token != c.Token && isIssued:
		return wire.ErrTokenMismatch
	case token != c.Token:
		return wire.ErrTokenMalformed
	case !now.Before(c.expires):
		return wire.ErrTokenExpired
	}
	return nil
}

func (s *Store) hasIssued(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens[token]
}

// issue makes temporary credentials for a caller.
func (s *Store) issue(to caller, lifetime time.Duration, now time.Time) Credentials {
	if s.Lifetime != 0 {
		lifetime = s.Lifetime
	}
	c := Credentials{
		AccessKey: "STS." + rand.Text(),
		Secret:    rand.Text() + rand.Text(),
		Token:     newToken(),
		expires:   now.Add(lifetime),
		caller:    to,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.issued == nil {
		s.issued, s.tokens = map[string]Credentials{}, map[string]bool{}
	}
	s.issued[c.AccessKey], s.tokens[c.Token] = c, true
	return c
}

// newToken returns a security token. Its alphabet, like the service's, has
// characters that a client must escape.
func newToken() string {
	var random [120]byte
	_, _ = rand.Read(random[:]) // never fails, see crypto/rand
	return "CAIS" + base64.StdEncoding.EncodeToString(random[:])
}
