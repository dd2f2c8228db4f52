package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

const acs3Algorithm = "ACS3-HMAC-SHA256"

// acs3Mandatory are the headers without which there is no ACS3 signature, with
// the name that the gateway's error gives them. These names are decided here;
// the gateway's are on record for parameters only.
var acs3Mandatory = []struct{ header, missing string }{
	{"X-Acs-Date", "Timestamp"},
	{"X-Acs-Signature-Nonce", "SignatureNonce"},
	{"X-Acs-Content-Sha256", "ContentSha256"},
}

// parseACS3 reads the newer signature: an Authorization header.
func parseACS3(r *wire.Request) (Signature, error) {
	header := r.HTTP.Header
	auth, err := parseAuthorization(header.Get("Authorization"))
	if err != nil {
		return Signature{}, err
	}
	for _, mandatory := range acs3Mandatory {
		if header.Get(mandatory.header) == "" {
			return Signature{}, wire.ErrMissing(mandatory.missing)
		}
	}
	if name := unsignedHeader(header, auth.signedHeaders); name != "" {
		return Signature{}, wire.ErrIncompleteSignature.WithMessage(wire.ErrIncompleteSignature.Message + " The header " + name + " is not signed.")
	}
	canonical := canonicalRequest(r, auth.signedHeaders)
	toSign := acs3Algorithm + "\n" + sha256Hex([]byte(canonical))
	return Signature{
		AccessKey: auth.credential,
		Token:     header.Get("X-Acs-Security-Token"),
		Nonce:     header.Get("X-Acs-Signature-Nonce"),
		date:      header.Get("X-Acs-Date"),
		value:     auth.signature,
		sign:      func(secret string) string { return hmacSHA256Hex(secret, toSign) },
		explanation: fmt.Sprintf("%s server StringToSign is [%s], server CanonicalRequest is [%s]",
			wire.ErrSignatureDoesNotMatch.Message, toSign, r.Redact(canonical)),
	}, nil
}

// authorization is the Authorization header of ACS3, taken apart.
type authorization struct {
	credential    string
	signedHeaders []string
	signature     string
}

// parseAuthorization reads "ACS3-HMAC-SHA256 Credential=...,SignedHeaders=...,Signature=...".
func parseAuthorization(header string) (authorization, error) {
	algorithm, rest, _ := strings.Cut(header, " ")
	if algorithm != acs3Algorithm {
		return authorization{}, wire.ErrInvalidSignatureMethod
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		parts[name] = value
	}
	switch {
	case parts["Credential"] == "":
		return authorization{}, wire.ErrMissing("AccessKeyId")
	case parts["Signature"] == "":
		return authorization{}, wire.ErrMissing("Signature")
	case parts["SignedHeaders"] == "":
		return authorization{}, wire.ErrIncompleteSignature
	}
	names := strings.Split(strings.ToLower(parts["SignedHeaders"]), ";")
	slices.Sort(names)
	return authorization{parts["Credential"], names, parts["Signature"]}, nil
}

// unsignedHeader names a header that must be signed and is not, or "". Host and
// every x-acs- header must be, so that nobody on the way can change them.
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
func canonicalRequest(r *wire.Request, signedHeaders []string) string {
	var headers strings.Builder
	for _, name := range signedHeaders {
		fmt.Fprintf(&headers, "%s:%s\n", name, headerValue(r.HTTP, name))
	}
	return strings.Join([]string{
		r.HTTP.Method,
		r.HTTP.URL.EscapedPath(),
		canonicalQuery(r.HTTP.URL.Query()),
		headers.String(),
		strings.Join(signedHeaders, ";"),
		sha256Hex(r.Body),
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

func sha256Hex(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func hmacSHA256Hex(secret, text string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}
