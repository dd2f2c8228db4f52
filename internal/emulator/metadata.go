package emulator

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The paths of the metadata that an ECS instance reads at http://100.100.100.200.
// A client that cannot be told another address reaches them with the emulator as
// its HTTP proxy.
const (
	metadataPrefix      = "/latest/"
	metadataTokenPath   = "/latest/api/token"
	metadataCredentials = "/latest/meta-data/ram/security-credentials/"
)

const metadataTokenHeader = "X-Aliyun-Ecs-Metadata-Token"

// maxMetadataTTL is how long a metadata token can last.
const maxMetadataTTL = 6 * time.Hour

// metadataSession is how long the keys of an instance's role last.
const metadataSession = 6 * time.Hour

// metadataTokens are those of the security hardening mode, by when they expire.
type metadataTokens struct {
	mu      sync.Mutex
	expires map[string]time.Time
}

// answerMetadata answers as the metadata of an ECS instance with a RAM role. The
// document gives no status for what is refused; those here are decided here.
func (e *Emulator) answerMetadata(c *call) response {
	path := c.request.URL.Path
	role, isCredentials := strings.CutPrefix(path, metadataCredentials)
	switch {
	case path == metadataTokenPath && c.request.Method == http.MethodPut:
		return e.answerMetadataToken(c)
	case path == metadataTokenPath, c.request.Method != http.MethodGet:
		return plain(http.StatusMethodNotAllowed, "405 - Method Not Allowed")
	case !e.mayReadMetadata(c):
		return plain(http.StatusForbidden, "403 - Forbidden")
	case isCredentials && role == "":
		return plain(http.StatusOK, e.ecsRole())
	case isCredentials && role == e.ecsRole():
		return e.answerKey(c, metadataSession, member{"LastUpdated", quote(e.now().UTC().Format(dateLayout))})
	}
	return plain(http.StatusNotFound, "404 - Not Found")
}

// answerMetadataToken issues a token for as long as the header says.
func (e *Emulator) answerMetadataToken(c *call) response {
	seconds, err := strconv.Atoi(c.request.Header.Get(metadataTokenHeader + "-Ttl-Seconds"))
	ttl := time.Duration(seconds) * time.Second
	if err != nil || ttl <= 0 || ttl > maxMetadataTTL {
		return plain(http.StatusBadRequest, "400 - Bad Request")
	}
	return plain(http.StatusOK, e.metadataTokens.issue(e.now().Add(ttl)))
}

// mayReadMetadata judges the token. Without one, only the hardening mode says no;
// one that is not valid never passes.
func (e *Emulator) mayReadMetadata(c *call) bool {
	token := c.request.Header.Get(metadataTokenHeader)
	if token == "" {
		return !e.HardenedMetadata
	}
	return e.metadataTokens.isValid(token, e.now())
}

// answerCredentialsURI answers as a credentials URI does.
func (e *Emulator) answerCredentialsURI(c *call) response {
	if c.request.Method != http.MethodGet {
		return plain(http.StatusMethodNotAllowed, "405 - Method Not Allowed")
	}
	return e.answerKey(c, defaultSession)
}

// answerKey gives out a key in the form that both have.
func (e *Emulator) answerKey(c *call, lifetime time.Duration, more ...member) response {
	members := append([]member{{"Code", quote("Success")}}, e.issue(c, lifetime).members()...)
	return response{status: http.StatusOK, withoutRequestID: true, body: object(append(members, more...)...)}
}

func plain(status int, text string) response {
	return response{status: status, contentType: "text/plain", withoutRequestID: true, body: []byte(text)}
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
