package identity

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"maps"
	"net/url"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// rpcMethods are the classic signature methods and their hashes.
var rpcMethods = map[string]func() hash.Hash{
	"HMAC-SHA1":   sha1.New,
	"HMAC-SHA256": sha256.New,
}

// rpcMandatory are the parameters without which there is no classic signature,
// in the order in which the gateway finds them missing.
var rpcMandatory = []string{"AccessKeyId", "Signature", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp"}

// parseRPC reads the classic signature, which is a parameter among the others.
func parseRPC(r *wire.Request) (signature, error) {
	if err := r.Require(rpcMandatory...); err != nil {
		return signature{}, err
	}
	p := r.Parameters
	newHash, known := rpcMethods[p.Get("SignatureMethod")]
	if !known || p.Get("SignatureVersion") != "1.0" {
		return signature{}, wire.ErrInvalidSignatureMethod
	}
	toSign := rpcStringToSign(r.HTTP.Method, r.Sent)
	return signature{
		accessKey: p.Get("AccessKeyId"),
		token:     p.Get("SecurityToken"),
		nonce:     p.Get("SignatureNonce"),
		date:      p.Get("Timestamp"),
		value:     p.Get("Signature"),
		sign: func(secret string) string {
			mac := hmac.New(newHash, []byte(secret+"&"))
			mac.Write([]byte(toSign))
			return base64.StdEncoding.EncodeToString(mac.Sum(nil))
		},
		// The wording differs from ACS3's, and the service's own SDKs look for it.
		explanation: "Specified signature is not matched with our calculation. server string to sign is:" +
			rpcStringToSign(r.HTTP.Method, r.RedactedParameters()),
	}, nil
}

// rpcStringToSign covers all parameters but the signature, wherever they were.
func rpcStringToSign(method string, parameters url.Values) string {
	signed := maps.Clone(parameters)
	signed.Del("Signature")
	return method + "&" + wire.PercentEncode("/") + "&" + wire.PercentEncode(canonicalQuery(signed))
}
