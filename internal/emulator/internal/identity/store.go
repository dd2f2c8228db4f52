// Package identity knows who sends requests: the account's access key, and the
// temporary credentials that STS, the metadata of an ECS instance and a
// credentials URI issue. It verifies signatures of both methods, ACS3-HMAC-SHA256 and
// the classic RPC signature.
package identity

import (
	"crypto/rand"
	"encoding/base64"
	"sync"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// accountID is the ID of the emulator's own account, roleID that of every role.
const (
	accountID = "1000000000000001"
	roleID    = "300000000000000001"
)

// Credentials sign requests.
type Credentials struct {
	AccessKey, Secret string
	Token             string // the account's key has none

	expires time.Time
	caller  caller
}

// caller is who uses credentials: the session of a role, or the account itself.
type caller struct{ account, role, session string }

// members are the names that every source gives the parts of credentials.
func (c Credentials) members() wire.Object {
	return wire.Object{
		wire.Text("AccessKeyId", c.AccessKey), wire.Text("AccessKeySecret", c.Secret), wire.Text("SecurityToken", c.Token),
		wire.Text("Expiration", c.expires.UTC().Format(wire.DateLayout)),
	}
}

// maxIssued is the number of issued credentials that are remembered, expired ones
// included, which are refused as such.
const maxIssued = 100_000

// Store holds the account's access key and the credentials issued.
type Store struct {
	// AccessKey and SecretKey are the account's.
	AccessKey, SecretKey string
	// Lifetime, if set, is how long issued credentials last, instead of the time
	// requested.
	Lifetime time.Duration
	// Roles are the ARNs of the roles that can be assumed; nil is any. One that
	// ends in "denied" does not trust the client.
	Roles []string
	// AcceptToken, if set, reports which OIDC tokens are valid.
	AcceptToken func(oidcToken string) bool
	// InstanceRole is the RAM role of the ECS instance that has metadata.
	InstanceRole string
	// HardenedMetadata refuses requests for metadata without a token.
	HardenedMetadata bool

	mu             sync.Mutex
	issued         map[string]Credentials // by access key
	tokens         map[string]bool
	metadataTokens map[string]time.Time // when each expires
	nonces         []nonce              // oldest first
	nonceTimes     map[nonce]time.Time  // when each was used
}

// Authenticate finds out who signed a request. The nonce comes last: a request that
// fails otherwise must not use it up.
func (s *Store) Authenticate(r *wire.Request, now time.Time) (Credentials, error) {
	signed, err := parseSignature(r)
	if err != nil {
		return Credentials{}, err
	}
	found, isKnown := Credentials{AccessKey: s.AccessKey, Secret: s.SecretKey}, true
	s.mu.Lock()
	if signed.accessKey != s.AccessKey {
		found, isKnown = s.issued[signed.accessKey]
	}
	isIssued := s.tokens[signed.token]
	s.mu.Unlock()
	if !isKnown {
		return Credentials{}, wire.ErrAccessKeyNotFound
	}
	if err := signed.verify(found.Secret, now); err != nil {
		return Credentials{}, err
	}
	// The account's key needs no token, and a token that nobody issued passes with it,
	// so that a client's use of tokens can be tried without a source of them.
	isAccount := found.Token == ""
	switch {
	case isAccount && !isIssued:
	case signed.token == "":
		return Credentials{}, wire.ErrMissing("SecurityToken")
	case signed.token != found.Token && isIssued:
		return Credentials{}, wire.ErrTokenMismatch
	case signed.token != found.Token:
		return Credentials{}, wire.ErrTokenMalformed
	case !now.Before(found.expires):
		return Credentials{}, wire.ErrTokenExpired
	}
	if !s.useNonce(nonce{signed.accessKey, signed.nonce}, now) {
		return Credentials{}, wire.ErrSignatureNonceUsed
	}
	return found, nil
}

// issue makes temporary credentials for a caller. The alphabet of their token, like
// the service's, has characters that a client must escape.
func (s *Store) issue(to caller, lifetime time.Duration, now time.Time) Credentials {
	if s.Lifetime != 0 {
		lifetime = s.Lifetime
	}
	var random [120]byte
	_, _ = rand.Read(random[:]) // never fails, see crypto/rand
	c := Credentials{
		AccessKey: "STS." + rand.Text(),
		Secret:    rand.Text() + rand.Text(),
		Token:     "CAIS" + base64.StdEncoding.EncodeToString(random[:]),
		expires:   now.Add(lifetime),
		caller:    to,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.issued == nil || len(s.issued) >= maxIssued {
		s.issued, s.tokens = map[string]Credentials{}, map[string]bool{}
	}
	s.issued[c.AccessKey], s.tokens[c.Token] = c, true
	return c
}
