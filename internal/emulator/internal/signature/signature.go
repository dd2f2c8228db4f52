// Package signature verifies the signatures of requests: ACS3-HMAC-SHA256 and
// the classic RPC signature.
//
// Verifying takes three steps: Parse finds whose access key signed a request,
// Verify checks the signature with that key's secret, and Nonces refuses a
// request that is sent again.
package signature

import (
	"crypto/subtle"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// Signature is the signature of a request, of either method.
type Signature struct {
	AccessKey string
	Token     string // the security token, if there is one
	Nonce     string

	date  string
	value string
	// sign computes the value that the secret gives.
	sign func(secret string) string
	// explanation is the message for a wrong value. It shows the text that the server
	// signed, without security token, so that a client can be debugged.
	explanation string
}

// maxSkew is how far a request's date may be from the server's.
const maxSkew = 15 * time.Minute

// Parse finds the signature of a request, by either method. An error is a
// refusal: a part of the signature is missing.
func Parse(r *wire.Request) (Signature, error) {
	if strings.HasPrefix(r.HTTP.Header.Get("Authorization"), "ACS3-") {
		return parseACS3(r)
	}
	return parseRPC(r)
}

// Verify checks date and signature. An error is a refusal.
func (s Signature) Verify(secret string, now time.Time) error {
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

// Nonces remembers which nonces were used; its zero value knows none. It can
// forget one after twice the allowed clock skew: by then the date of a request
// that is sent again is refused.
type Nonces struct {
	mu   sync.Mutex
	seen map[string]bool
	// queue holds the same nonces, oldest first.
	queue []usedNonce
}

type usedNonce struct {
	key string
	at  time.Time
}

// Use reports whether an access key uses a nonce for the first time. A request
// that fails otherwise must not use its nonce up, so this is the last check.
func (n *Nonces) Use(accessKey, nonce string, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for len(n.queue) > 0 && now.Sub(n.queue[0].at) > 2*maxSkew {
		delete(n.seen, n.queue[0].key)
		n.queue = n.queue[1:]
	}
	key := accessKey + "\n" + nonce
	if n.seen[key] {
		return false
	}
	if n.seen == nil {
		n.seen = map[string]bool{}
	}
	n.seen[key] = true
	n.queue = append(n.queue, usedNonce{key, now})
	return true
}

// Reset forgets all nonces.
func (n *Nonces) Reset() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seen, n.queue = nil, nil
}
