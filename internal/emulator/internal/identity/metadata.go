package identity

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// The paths of the metadata that an ECS instance reads at http://100.100.100.200.
const (
	MetadataPrefix      = "/latest/"
	metadataTokenPath   = "/latest/api/token"
	metadataCredentials = "/latest/meta-data/ram/security-credentials/"
)

// maxMetadataTTL is how long a metadata token can last, metadataSession how long the
// credentials of an instance's role last.
const (
	maxMetadataTTL  = 6 * time.Hour
	metadataSession = 6 * time.Hour
)

// Metadata responds as the metadata of an ECS instance with a RAM role do. The document gives no status for refusals; those here
// are decided here.
func (s *Store) Metadata(r *wire.Request, now time.Time) wire.Response {
	path, method, header := r.HTTP.URL.Path, r.HTTP.Method, r.HTTP.Header
	role, isCredentials := strings.CutPrefix(path, metadataCredentials)
	switch {
	case path == metadataTokenPath && method == http.MethodPut:
		seconds, err := strconv.Atoi(header.Get(wire.MetadataTokenHeader + "-Ttl-Seconds"))
		ttl := time.Duration(seconds) * time.Second
		if err != nil || ttl <= 0 || ttl > maxMetadataTTL {
			return plain(http.StatusBadRequest, "400 - Bad Request")
		}
		return plain(http.StatusOK, s.issueMetadataToken(now.Add(ttl)))
	case path == metadataTokenPath, method != http.MethodGet:
		return plain(http.StatusMethodNotAllowed, "405 - Method Not Allowed")
	case !s.mayReadMetadata(header.Get(wire.MetadataTokenHeader), now):
		return plain(http.StatusForbidden, "403 - Forbidden")
	case isCredentials && role == "":
		return plain(http.StatusOK, s.InstanceRole)
	case isCredentials && role == s.InstanceRole:
		updated := wire.Text("LastUpdated", now.UTC().Format(wire.DateLayout))
		return document(s.issue(caller{accountID, s.InstanceRole, "metadata"}, metadataSession, now), updated)
	}
	return plain(http.StatusNotFound, "404 - Not Found")
}

func (s *Store) issueMetadataToken(expires time.Time) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.metadataTokens == nil || len(s.metadataTokens) >= maxIssued {
		s.metadataTokens = map[string]time.Time{}
	}
	token := rand.Text()
	s.metadataTokens[token] = expires
	return token
}

// mayReadMetadata reports whether a request with this token may read metadata. Without
// a token, only hardened metadata are refused; an invalid token never passes.
func (s *Store) mayReadMetadata(token string, now time.Time) bool {
	if token == "" {
		return !s.HardenedMetadata
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return now.Before(s.metadataTokens[token])
}

// CredentialsURI returns credentials as a credentials URI does.
func (s *Store) CredentialsURI(r *wire.Request, now time.Time) wire.Response {
	if r.HTTP.Method != http.MethodGet {
		return plain(http.StatusMethodNotAllowed, "405 - Method Not Allowed")
	}
	return document(s.issue(caller{accountID, "credentials-uri", "credentials-uri"}, defaultSession, now))
}

// document is the response that metadata and credentials URI have in common.
func document(c Credentials, more ...wire.Member) wire.Response {
	response := wire.OK(append(append(wire.Object{wire.Text("Code", "Success")}, c.members()...), more...).Bytes())
	response.IsForeign, response.IssuedKey = true, c.AccessKey
	return response
}

func plain(status int, text string) wire.Response {
	return wire.Response{Status: status, ContentType: "text/plain", IsForeign: true, Body: []byte(text)}
}
