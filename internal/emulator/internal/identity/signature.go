package identity

import (
	"crypto/subtle"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// signature is the signature of a request, of either method.
type signature struct {
	accessKey string
	token     string // the security token, if there is one
	nonce     string
	date      string
	value     string
	// sign computes the value that the secret gives.
	sign func(secret string) string
	// explanation is the message for a wrong value. It shows the text that the server
	// signed, without security token, so that a client can be debugged.
	explanation string
}

// maxSkew is how far a request's date may be from the server's.
const maxSkew = 15 * time.Minute

// parseSignature finds the signature of a request, by either method. An error is a
// refusal: a part of the signature is missing.
func parseSignature(r *wire.Request) (signature, error) {
	if strings.HasPrefix(r.HTTP.Header.Get("Authorization"), "ACS3-") {
		return parseACS3(r)
	}
	return parseRPC(r)
}

// verify checks date and signature. An error is a refusal.
func (s signature) verify(secret string, now time.Time) error {
	date, err := time.Parse(wire.DateLayout, s.date)
	switch {
	case err != nil:
		return wire.ErrTimeStampFormat
	case now.Sub(date).Abs() > maxSkew:
		return wire.ErrTimeStampExpired
	case subtle.ConstantTimeCompare([]byte(s.value), []byte(s.sign(secret))) != 1:
		return wire.ErrSignatureDoesNotMatch.WithMessage(s.explanation)
	}
	return nil
}

// canonicalQuery writes parameters the one way that both signature methods
// agree on: sorted by name, names and values percent-encoded, "name=" for an
// empty value.
func canonicalQuery(values url.Values) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			pairs = append(pairs, wire.PercentEncode(name)+"="+wire.PercentEncode(value))
		}
	}
	return strings.Join(pairs, "&")
}

// nonce is a nonce that an access key used.
type nonce struct{ accessKey, text string }

// useNonce reports whether a nonce is used for the first time. It forgets one after
// twice the allowed clock skew: by then the date of a request that is sent again is
// refused.
func (s *Store) useNonce(used nonce, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.nonces) > 0 && now.Sub(s.nonceTimes[s.nonces[0]]) > 2*maxSkew {
		delete(s.nonceTimes, s.nonces[0])
		s.nonces = s.nonces[1:]
	}
	if _, isUsed := s.nonceTimes[used]; isUsed {
		return false
	}
	if s.nonceTimes == nil {
		s.nonceTimes = map[nonce]time.Time{}
	}
	s.nonceTimes[used] = now
	s.nonces = append(s.nonces, used)
	return true
}

// ForgetNonces makes all nonces new.
func (s *Store) ForgetNonces() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nonces, s.nonceTimes = nil, nil
}
