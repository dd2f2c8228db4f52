package wire

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Redacted replaces a secret, so that one can see that it was sent.
const Redacted = "[redacted]"

// MetadataTokenHeader carries the token of the ECS metadata.
const MetadataTokenHeader = "X-Aliyun-Ecs-Metadata-Token"

// secretParameters and secretHeaders are redacted wherever they are shown.
var (
	secretParameters = []string{"Signature", "SecurityToken", "OIDCToken"}
	secretHeaders    = []string{"X-Acs-Security-Token", MetadataTokenHeader, "Proxy-Authorization", "Cookie"}
)

// RedactedParameters returns the parameters as sent, without secrets.
func (r *Request) RedactedParameters() url.Values {
	clean := make(url.Values, len(r.Sent))
	for name, values := range r.Sent {
		clean[name] = slices.Clone(values)
		if slices.Contains(secretParameters, name) {
			clean.Set(name, Redacted)
		}
	}
	return clean
}

// RedactedHeader returns the header, Host included, without secrets. Of an ACS3
// Authorization all but the signature is kept; any other is secret in full.
func (r *Request) RedactedHeader() http.Header {
	clean := r.HTTP.Header.Clone()
	clean.Set("Host", r.HTTP.Host)
	for _, name := range append(secretHeaders, "Authorization") {
		value := clean.Get(name)
		if before, _, found := strings.Cut(value, "Signature="); found && strings.HasPrefix(value, "ACS3-") {
			clean.Set(name, before+"Signature="+Redacted)
		} else if value != "" {
			clean.Set(name, Redacted)
		}
	}
	return clean
}

// Redact hides the request's secrets in a text that is shown to the client,
// because such texts end up in logs.
func (r *Request) Redact(text string) string {
	var secrets []string
	for _, name := range secretHeaders {
		secrets = append(secrets, r.HTTP.Header.Values(name)...)
	}
	for _, name := range secretParameters {
		secrets = append(secrets, PercentEncode(r.Sent.Get(name)))
	}
	for _, secret := range secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, Redacted)
		}
	}
	return text
}

// PercentEncode encodes all but the unreserved characters of RFC 3986.
// url.QueryEscape differs from that in the space only.
func PercentEncode(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}
