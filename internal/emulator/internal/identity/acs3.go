package identity

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
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

// parseACS3 reads the newer signature, an Authorization header such as
// "ACS3-HMAC-SHA256 Credential=...,SignedHeaders=...,Signature=...".
func parseACS3(r *wire.Request) (signature, error) {
	header := r.HTTP.Header
	algorithm, rest, _ := strings.Cut(header.Get("Authorization"), " ")
	parts := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		parts[name] = value
	}
	switch {
	case algorithm != acs3Algorithm:
		return signature{}, wire.ErrInvalidSignatureMethod
	case parts["Credential"] == "":
		return signature{}, wire.ErrMissing("AccessKeyId")
	case parts["Signature"] == "":
		return signature{}, wire.ErrMissing("Signature")
	case parts["SignedHeaders"] == "":
		return signature{}, wire.ErrIncompleteSignature
	}
	for _, mandatory := range acs3Mandatory {
		if header.Get(mandatory.header) == "" {
			return signature{}, wire.ErrMissing(mandatory.missing)
		}
	}
	signed := strings.Split(strings.ToLower(parts["SignedHeaders"]), ";")
	slices.Sort(signed)
	if name := unsignedHeader(header, signed); name != "" {
		return signature{}, wire.ErrIncompleteSignature.WithMessage(wire.ErrIncompleteSignature.Message + " The header " + name + " is not signed.")
	}
	canonical := canonicalRequest(r, signed)
	toSign := acs3Algorithm + "\n" + sha256Hex([]byte(canonical))
	return signature{
		accessKey: parts["Credential"],
		token:     header.Get("X-Acs-Security-Token"),
		nonce:     header.Get("X-Acs-Signature-Nonce"),
		date:      header.Get("X-Acs-Date"),
		value:     parts["Signature"],
		sign: func(secret string) string {
			mac := hmac.New(sha256.New, []byte(secret))
			mac.Write([]byte(toSign))
			return hex.EncodeToString(mac.Sum(nil))
		},
		explanation: fmt.Sprintf("%s server StringToSign is [%s], server CanonicalRequest is [%s]",
			wire.ErrSignatureDoesNotMatch.Message, toSign, r.Redact(canonical)),
	}, nil
}

// unsignedHeader names a header that must be signed and is not, or "". Host and
// every x-acs- header must be, so that nobody on the way can change them.
func unsignedHeader(headers http.Header, signed []string) string {
	for _, name := range append([]string{"host"}, slices.Sorted(maps.Keys(headers))...) {
		name = strings.ToLower(name)
		if (name == "host" || strings.HasPrefix(name, "x-acs-")) && !slices.Contains(signed, name) {
			return name
		}
	}
	return ""
}

// canonicalRequest builds the text that both sides hash. The last line is the hash of
// the body that arrived, not the hash the client claims, so a changed body
// makes the signature wrong.
func canonicalRequest(r *wire.Request, signedHeaders []string) string {
	var headers strings.Builder
	for _, name := range signedHeaders {
		values := []string{r.HTTP.Host} // which net/http keeps elsewhere
		if name != "host" {
			values = slices.Clone(r.HTTP.Header.Values(name))
		}
		for i, value := range values {
			values[i] = strings.TrimSpace(value)
		}
		fmt.Fprintf(&headers, "%s:%s\n", name, strings.Join(values, ","))
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

func sha256Hex(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
