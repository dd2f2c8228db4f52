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
func newHTTPClient(proxy func(*http.Request) (*url.URL, error)) *http.Client {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Client{
		Transport: &http.Transport{
			Proxy:             proxy,
			DialContext:       (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
			DisableKeepAlives: true,
			Protocols:         &protocols,
		},
		Timeout:       15 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// exchange sends a request with headers, pairs of name and value, and returns the
// body of the response.
func exchange(ctx context.Context, client *http.Client, method, address, body string, headers ...string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return nil, newError("the name of the role is not valid") // Other parts of addresses were checked.
	}
	for header := range slices.Chunk(headers, 2) {
		req.Header.Set(header[0], header[1])
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, connectionError(err)
	}
	defer resp.Body.Close() //nolint:errcheck // It was read, or reading it failed.
	response, err := io.ReadAll(io.LimitReader(resp.Body, maxResponse+1))
	switch {
	case err != nil:
		return nil, &Error{Summary: "the response is incomplete", temporary: true}
	case len(response) > maxResponse:
		return nil, newError("the response is longer than 1 MiB")
	case resp.StatusCode != http.StatusOK:
		return nil, refusal(resp.StatusCode, response)
	}
	return response, nil
}

// identifier is the form of codes, request IDs and names of roles. Nothing else of
// a response is shown.
var identifier = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// refusal is the error for a response without a credential.
func refusal(status int, body []byte) error {
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
	return &Error{Summary: text, status: status, temporary: temporary}
}

// tokenResponse is a temporary credential as STS, metadata, CloudSSO and
// credentials URIs return it.
type tokenResponse struct {
	Code            string
	AccessKeyID     string `json:"AccessKeyId"`
	AccessKeySecret string `json:"AccessKeySecret"`
	SecurityToken   string `json:"SecurityToken"`
	Expiration      string `json:"Expiration"`
}

// credential decodes the body of a response into a struct that contains r, unless
// the request failed, and checks that the credential is complete.
func (r *tokenResponse) credential(provider string, into any, body []byte, err error) (expiring, error) {
	switch {
	case err != nil:
		return expiring{}, err
	case json.Unmarshal(body, into) != nil:
		return expiring{}, newError("the response is not the expected JSON")
	case r.Code != "" && r.Code != "Success" && identifier.MatchString(r.Code):
		return expiring{}, newError("the response has code %s", r.Code)
	}
	if missing := absent(*r, "AccessKeyId", "AccessKeySecret", "SecurityToken", "Expiration"); len(missing) > 0 {
		return expiring{}, newError("the response has no %s", missing[0])
	}
	got := newCredential(provider, r.AccessKeyID, r.AccessKeySecret, r.SecurityToken)
	if got.expires, err = time.Parse(time.RFC3339, r.Expiration); err != nil {
		return expiring{}, newError("the Expiration of the response is not in RFC 3339 format")
	}
	return got, nil
}

// uriSource is the source that requests credentials from a URI.
func uriSource(name string, client *http.Client, uri URI) source {
	const advice = "The URI must return AccessKeyId, AccessKeySecret, SecurityToken and Expiration as JSON."
	return source{name: name, advice: advice, fetch: func(ctx context.Context, _ *redactor) (expiring, error) {
		if !uri.IsValid() {
			return expiring{}, newError("it is not a valid URL")
		}
		body, err := exchange(ctx, client, http.MethodGet, string(uri), "")
		var response tokenResponse
		return response.credential("credential_uri", &response, body, err)
	}}
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
