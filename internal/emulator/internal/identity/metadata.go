package identity

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// The paths of the metadata that an ECS instance reads at http://100.100.100.200.
// A client that cannot be told another address reaches them with the emulator as
// its HTTP proxy.
const (
	MetadataPrefix      = "/latest/"
	metadataTokenPath   = "/latest/api/token"
	metadataCredentials = "/latest/meta-data/ram/security-credentials/"
)

// maxMetadataTTL is how long a metadata token can last.
const maxMetadataTTL = 6 * time.Hour

// metadataSession is how long the credentials of an instance's role last.
const metadataSession = 6 * time.Hour

// Metadata is the metadata of an ECS instance with a RAM role.
type Metadata struct {
	Store    *Store
	Role     string
	Hardened bool // metadata without a token are refused

	tokens metadataTokens
}

// Respond returns metadata. The document gives no status for what is refused;
// those here are decided here.
func (m *Metadata) Respond(r *wire.Request, now time.Time) wire.Response {
	path, method := r.HTTP.URL.Path, r.HTTP.Method
	role, isCredentials := strings.CutPrefix(path, metadataCredentials)
	switch {
	case path == metadataTokenPath && method == http.MethodPut:
		return m.issueToken(r.HTTP.Header, now)
	case path == metadataTokenPath, method != http.MethodGet:
		return plain(http.StatusMethodNotAllowed, "405 - Method Not Allowed")
	case !m.isAllowed(r.HTTP.Header.Get(wire.MetadataTokenHeader), now):
		return plain(http.StatusForbidden, "403 - Forbidden")
	case isCredentials && role == "":
		return plain(http.StatusOK, m.Role)
	case isCredentials && role == m.Role:
		updated := wire.Member{Name: "LastUpdated", Value: wire.Quote(now.UTC().Format(wire.DateLayout))}
		return m.Store.issue(caller{accountID, m.Role, "metadata"}, metadataSession, now).document(updated)
	}
	return plain(http.StatusNotFound, "404 - Not Found")
}

// issueToken issues a metadata token for as long as the header requests.
func (m *Metadata) issueToken(header http.Header, now time.Time) wire.Response {
	seconds, err := strconv.Atoi(header.Get(wire.MetadataTokenHeader + "-Ttl-Seconds"))
	ttl := time.Duration(seconds) * time.Second
	if err != nil || ttl <= 0 || ttl > maxMetadataTTL {
		return plain(http.StatusBadRequest, "400 - Bad Request")
	}
	return plain(http.StatusOK, m.tokens.issue(now.Add(ttl)))
}

// isAllowed reports whether a request with this token may read metadata. Without
// a token, only hardened metadata are refused; an invalid one never passes.
func (m *Metadata) isAllowed(token string, now time.Time) bool {
	if token == "" {
		return !m.Hardened
	}
	return m.tokens.isValid(token, now)
}

// CredentialsURI returns credentials as a credentials URI does.
func (s *Store) CredentialsURI(r *wire.Request, now time.Time) wire.Response {
	if r.HTTP.Method != http.MethodGet {
		return plain(http.StatusMethodNotAllowed, "405 - Method Not Allowed")
	}
	return s.issue(caller{accountID, "credentials-uri", "credentials-uri"}, defaultSession, now).document()
}

func plain(status int, text string) wire.Response {
	return wire.Response{Status: status, ContentType: "text/plain", IsForeign: true, Body: []byte(text)}
}

// metadataTokens are the tokens issued, with the time when they expire.
type metadataTokens struct {
	mu      sync.Mutex
	expires map[string]time.Time
}

func (m *metadataTokens) issue(expires time.Time) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.expires == nil {
		m.expires = map[string]time.Time{}
	}
	token := rand.Text()
	m.expires[token] = expires
	return token
}

func (m *metadataTokens) isValid(token string, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return now.Before(m.expires[token])
}
