package dts

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/alibabacloud-go/darabonba-openapi/v2/utils"
	"github.com/alibabacloud-go/tea/dara"
)

const (
	signatureAlgorithm = "ACS3-HMAC-SHA256"
	// emptyBodyHash is the SHA-256 of no body: all parameters are in the query.
	emptyBodyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

// ErrInvalidRequest is the error of a request that can't be sent, for example
// because an access key contains a line break.
var ErrInvalidRequest = errors.New("the request cannot be built")

// newHTTPRequest returns an unsigned request.
func (s *sender) newHTTPRequest(key callKey, parameters map[string]string) (*http.Request, error) {
	endpoint := s.endpoint(key.region)
	query := url.Values{}
	for name, value := range parameters {
		query.Set(name, value)
	}
	r, err := http.NewRequest(http.MethodPost, strings.ToLower(s.config.Protocol)+"://"+endpoint+"/?"+query.Encode(), nil) //nolint:noctx // Each attempt has its own.
	if err != nil || r.URL.Host != endpoint || endpoint == "" {
		return nil, fmt.Errorf("the endpoint %q is not a host or host:port", endpoint)
	}
	if strings.ContainsFunc(s.config.UserAgent, unicode.IsControl) {
		return nil, errors.New("the User-Agent contains a line break or another control character")
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", dara.StringValue(utils.GetUserAgent(&s.config.UserAgent)))
	return r, nil
}

// newNonce returns what makes a request different from all others.
func newNonce() string { return dara.StringValue(utils.GetNonce()) }

// sign sets the headers that make r a signed request for an operation.
func sign(r *http.Request, operation string, c Credential, now time.Time, nonce string) {
	headers := map[string]string{
		"x-acs-action":          operation,
		"x-acs-version":         version,
		"x-acs-content-sha256":  emptyBodyHash,
		"x-acs-date":            now.UTC().Format(time.RFC3339),
		"x-acs-signature-nonce": nonce,
	}
	if c.Provider != "" {
		headers["x-acs-credentials-provider"] = c.Provider
	}
	if c.SecurityToken != "" {
		headers["x-acs-accesskey-id"] = c.AccessKeyID
		headers["x-acs-security-token"] = c.SecurityToken
	}
	r.Header = r.Header.Clone()
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	headers["host"] = r.URL.Host
	r.Header.Set("Authorization", authorization(r, headers, c))
}

// authorization has the core library sign a request, so that the signature is
// that of the official clients.
func authorization(r *http.Request, headers map[string]string, c Credential) string {
	query := map[string]string{}
	for name := range r.URL.Query() {
		query[name] = r.URL.Query().Get(name)
	}
	return dara.StringValue(utils.GetAuthorization(&dara.Request{
		Method: &r.Method, Pathname: &r.URL.Path, Query: toPointers(query), Headers: toPointers(headers),
	}, dara.String(signatureAlgorithm), dara.String(emptyBodyHash), &c.AccessKeyID, &c.AccessKeySecret))
}

// toPointers returns the form in which the core library takes values.
func toPointers(values map[string]string) map[string]*string {
	pointers := make(map[string]*string, len(values))
	for name, value := range values {
		pointers[name] = &value
	}
	return pointers
}
