package emulator

import (
	"crypto/rand"
	"encoding/base64"
	"sync"
	"time"
)

// key is an access key: the account's own, or a temporary one that was issued.
type key struct {
	id, secret string
	token      string    // the security token that belongs to it; the own key has none
	expires    time.Time // of a temporary one
}

// issuedKeys are the temporary keys. They are kept when they have expired, so
// that one can say so.
type issuedKeys struct {
	mu     sync.Mutex
	byID   map[string]key
	tokens map[string]bool
}

// issue makes a temporary key for the one who calls.
func (e *Emulator) issue(c *call, lifetime time.Duration) key {
	if e.TokenLifetime != 0 {
		lifetime = e.TokenLifetime
	}
	k := key{
		id:      "STS." + rand.Text(),
		secret:  rand.Text() + rand.Text(),
		token:   newToken(),
		expires: e.now().Add(lifetime),
	}
	e.issued.add(k)
	c.issuedKey = k.id
	return k
}

// newToken returns a security token. Its alphabet, like the service's, has
// characters that a client must escape.
func newToken() string {
	var random [120]byte
	_, _ = rand.Read(random[:]) // never fails, see crypto/rand
	return "CAIS" + base64.StdEncoding.EncodeToString(random[:])
}

// members are the names under which every source gives out a key.
func (k key) members() []member {
	return []member{
		{"AccessKeyId", quote(k.id)},
		{"AccessKeySecret", quote(k.secret)},
		{"SecurityToken", quote(k.token)},
		{"Expiration", quote(k.expires.UTC().Format(dateLayout))},
	}
}

// keyOf finds an access key by its id.
func (e *Emulator) keyOf(id string) (k key, known bool) {
	if id == e.accessKey() {
		return key{id: id, secret: e.secretKey()}, true
	}
	return e.issued.find(id)
}

// checkToken judges the security token that came with a key. The own key needs
// none, and a token that nobody issued passes with it: so that a client's way
// with tokens can be tried without a source of them.
func (e *Emulator) checkToken(k key, token string, now time.Time) error {
	isIssued := e.issued.hasToken(token)
	switch {
	case k.token == "" && !isIssued:
		return nil
	case token == "":
		return errMissing("SecurityToken")
	case token != k.token && isIssued:
		return errTokenMismatch
	case token != k.token:
		return errTokenMalformed
	case !now.Before(k.expires):
		return errTokenExpired
	}
	return nil
}

func (i *issuedKeys) add(k key) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.byID == nil {
		i.byID, i.tokens = map[string]key{}, map[string]bool{}
	}
	i.byID[k.id], i.tokens[k.token] = k, true
}

func (i *issuedKeys) find(id string) (k key, found bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	k, found = i.byID[id]
	return k, found
}

func (i *issuedKeys) hasToken(token string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.tokens[token]
}
