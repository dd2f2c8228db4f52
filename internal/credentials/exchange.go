package credentials

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// maxResponse is more than any response with a credential has, in bytes.
const maxResponse = 1 << 20

// newHTTPClient returns a client that follows no redirects, with which
// credentials could leave for another host. It keeps no connections, because
// exchanges are few. HTTP/2 is not used: with GODEBUG=http2debug=2 its
// implementation in Go prints headers, and so tokens.
func newHTTPClient(useProxy bool) *http.Client {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	transport := &http.Transport{
		DialContext:       (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		DisableKeepAlives: true,
		Protocols:         &protocols,
	}
	if useProxy {
		transport.Proxy = http.ProxyFromEnvironment
	}
	return &http.Client{
		Transport:     transport,
		Timeout:       15 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// exchange sends a request and returns the body of the response.
func exchange(client *http.Client, req *http.Request) ([]byte, error) {
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // It was read, or reading it failed.
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse+1))
	switch {
	case err != nil:
		return nil, &failure{text: "the response is incomplete", temporary: true}
	case len(body) > maxResponse:
		return nil, &failure{text: "the response is longer than 1 MiB"}
	case resp.StatusCode != http.StatusOK:
		return nil, refusal(resp.StatusCode, body)
	}
	return body, nil
}

// exchangeJSON sends a request and decodes the response.
func exchangeJSON(client *http.Client, req *http.Request, into any) error {
	body, err := exchange(client, req)
	if err == nil && json.Unmarshal(body, into) != nil {
		return errNotJSON
	}
	return err
}

var errNotJSON = &failure{text: "the response is not the expected JSON"}

// identifier is the form of codes, request IDs and names of roles. Nothing else of
// a response is shown.
var identifier = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// refusal is the failure of a response without a credential.
func refusal(status int, body []byte) *failure {
	var response struct{ Code, ErrorCode, RequestID string }
	_ = json.Unmarshal(body, &response) // A body that is not JSON has none of them.
	text := fmt.Sprintf("HTTP status %d", status)
	for _, code := range []string{response.Code, response.ErrorCode} {
		if identifier.MatchString(code) {
			text += ", code " + code
		}
	}
	if identifier.MatchString(response.RequestID) {
		text += ", request ID " + response.RequestID
	}
	temporary := status >= 500 || status == http.StatusTooManyRequests || strings.Contains(response.Code, "Throttling")
	return &failure{text: text, status: status, temporary: temporary}
}

// tokenResponse is a temporary credential as STS, metadata, CloudSSO and
// credentials URIs return it.
type tokenResponse struct {
	Code            string
	AccessKeyID     string
	AccessKeySecret string
	SecurityToken   string
	Expiration      string
}

// credential checks that the response is complete, unless obtaining it failed.
func (r tokenResponse) credential(provider string, err error) (expiring, error) {
	if err != nil {
		return expiring{}, err
	}
	if r.Code != "" && r.Code != "Success" && identifier.MatchString(r.Code) {
		return expiring{}, &failure{text: "the response has code " + r.Code}
	}
	for _, field := range []struct{ name, value string }{
		{"AccessKeyId", r.AccessKeyID}, {"AccessKeySecret", r.AccessKeySecret},
		{"SecurityToken", r.SecurityToken}, {"Expiration", r.Expiration},
	} {
		if field.value == "" {
			return expiring{}, &failure{text: "the response has no " + field.name}
		}
	}
	expires, err := time.Parse(time.RFC3339, r.Expiration)
	if err != nil {
		return expiring{}, &failure{text: "the Expiration of the response is not in RFC 3339 format"}
	}
	got := newCredential(provider, r.AccessKeyID, r.AccessKeySecret, r.SecurityToken)
	got.expires = expires
	return got, nil
}

// uriSource is the source that requests credentials from a URI.
func uriSource(name string, client *http.Client, uri URI) source {
	return source{
		name:   name,
		advice: "The URI must return AccessKeyId, AccessKeySecret, SecurityToken and Expiration as JSON.",
		fetch: func(ctx context.Context, _ *redactor) (expiring, error) {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, string(uri), http.NoBody)
			if err != nil || !uri.IsValid() {
				return expiring{}, &failure{text: "it is not a valid URL"}
			}
			var response tokenResponse
			err = exchangeJSON(client, req, &response)
			return response.credential("credential_uri", err)
		},
	}
}

// secrets lists the parts of the URI that can be secrets: the password, and each
// part of path and query that is longer than a word.
func (u URI) secrets() []string {
	parsed, err := url.Parse(string(u))
	if err != nil {
		return []string{string(u)}
	}
	parts := strings.Split(parsed.Path, "/")
	for _, values := range parsed.Query() {
		parts = append(parts, values...)
	}
	password, _ := parsed.User.Password()
	return append(slices.DeleteFunc(parts, func(part string) bool { return len(part) < longPart }), password)
}
