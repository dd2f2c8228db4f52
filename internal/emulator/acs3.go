package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

const acs3Algorithm = "ACS3-HMAC-SHA256"

// acs3Mandatory are the headers without which there is no ACS3 signature, by
// the name under which the gateway misses them. A header's name in the error is
// decided here; the gateway's own is on record for parameters only.
var acs3Mandatory = []struct{ header, missing string }{
	{"X-Acs-Date", "Timestamp"},
	{"X-Acs-Signature-Nonce", "SignatureNonce"},
	{"X-Acs-Content-Sha256", "ContentSha256"},
}

// authorization is the Authorization header of ACS3, taken apart.
type authorization struct {
	credential    string
	signedHeaders []string
	signature     string
}

// readACS3 reads the proof of a request signed the newer way: an Authorization
// header, parameters untouched.
func readACS3(c *call) (proof, error) {
	auth, err := parseAuthorization(c.request.Header.Get("Authorization"))
	if err != nil {
		return proof{}, err
	}
	for _, mandatory := range acs3Mandatory {
		if c.request.Header.Get(mandatory.header) == "" {
			return proof{}, errMissing(mandatory.missing)
		}
	}
	if name := unsignedHeader(c.request.Header, auth.signedHeaders); name != "" {
		return proof{}, errIncompleteSignature.saying(errIncompleteSignature.Message + " The header " + name + " is not signed.")
	}
	canonical := canonicalRequest(c, auth.signedHeaders)
	toSign := acs3Algorithm + "\n" + sha256Hex([]byte(canonical))
	return proof{
		accessKey: auth.credential,
		date:      c.request.Header.Get("X-Acs-Date"),
		nonce:     c.request.Header.Get("X-Acs-Signature-Nonce"),
		signature: auth.signature,
		token:     c.request.Header.Get("X-Acs-Security-Token"),
		sign:      func(secret string) string { return hmacSHA256Hex(secret, toSign) },
		explain: fmt.Sprintf("%s server StringToSign is [%s], server CanonicalRequest is [%s]",
			errSignatureDoesNotMatch.Message, toSign, c.withoutSecrets(canonical)),
	}, nil
}

// parseAuthorization reads "ACS3-HMAC-SHA256 Credential=...,SignedHeaders=...,Signature=...".
func parseAuthorization(header string) (authorization, error) {
	algorithm, rest, _ := strings.Cut(header, " ")
	if algorithm != acs3Algorithm {
		return authorization{}, errInvalidSignatureMethod
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		parts[name] = value
	}
	switch {
	case parts["Credential"] == "":
		return authorization{}, errMissing("AccessKeyId")
	case parts["Signature"] == "":
		return authorization{}, errMissing("Signature")
	case parts["SignedHeaders"] == "":
		return authorization{}, errIncompleteSignature
	}
	names := strings.Split(strings.ToLower(parts["SignedHeaders"]), ";")
	slices.Sort(names)
	return authorization{parts["Credential"], names, parts["Signature"]}, nil
}

// unsignedHeader names a header that had to be signed and was not, or "". Host
// and every x-acs- header have to be, lest somebody on the way changes them.
func unsignedHeader(headers http.Header, signed []string) string {
	required := []string{"host"}
	for name := range headers {
		if name = strings.ToLower(name); strings.HasPrefix(name, "x-acs-") {
			required = append(required, name)
		}
	}
	slices.Sort(required)
	for _, name := range required {
		if !slices.Contains(signed, name) {
			return name
		}
	}
	return ""
}

// canonicalRequest builds what both sides hash. The last line is the hash of
// the body that arrived, not the hash the client claims, so a changed body
// makes the signature wrong.
func canonicalRequest(c *call, signedHeaders []string) string {
	var headers strings.Builder
	for _, name := range signedHeaders {
		fmt.Fprintf(&headers, "%s:%s\n", name, headerValue(c.request, name))
	}
	return strings.Join([]string{
		c.request.Method,
		c.request.URL.EscapedPath(),
		canonicalQuery(c.request.URL.Query()),
		headers.String(),
		strings.Join(signedHeaders, ";"),
		sha256Hex(c.body),
	}, "\n")
}

// headerValue returns a header as it was sent; net/http keeps Host elsewhere.
func headerValue(r *http.Request, name string) string {
	if name == "host" {
		return r.Host
	}
	values := slices.Clone(r.Header.Values(name))
	for i, value := range values {
		values[i] = strings.TrimSpace(value)
	}
	return strings.Join(values, ",")
}

// withoutSecrets hides the client's own tokens in what it is shown, for such
// messages end up in logs.
func (c *call) withoutSecrets(text string) string {
	var secrets []string
	for _, name := range secretHeaders {
		secrets = append(secrets, c.request.Header.Values(name)...)
	}
	for _, name := range secretParameters {
		secrets = append(secrets, percentEncode(c.all.Get(name)))
	}
	for _, secret := range secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, redacted)
		}
	}
	return text
}

func sha256Hex(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func hmacSHA256Hex(secret, text string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}
