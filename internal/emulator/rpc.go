package emulator

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"net/url"
)

// rpcMethods are the classic signature methods and their hashes.
var rpcMethods = map[string]func() hash.Hash{
	"HMAC-SHA1":   sha1.New,
	"HMAC-SHA256": sha256.New,
}

// rpcMandatory are the parameters without which there is no classic signature,
// in the order in which the gateway misses them.
var rpcMandatory = []string{"AccessKeyId", "Signature", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp"}

// readRPC reads the proof of a request signed the classic way: everything,
// signature included, among the parameters.
func readRPC(c *call) (proof, error) {
	p := c.parameters
	for _, name := range rpcMandatory {
		if p.Get(name) == "" {
			return proof{}, errMissing(name)
		}
	}
	newHash, known := rpcMethods[p.Get("SignatureMethod")]
	if !known || p.Get("SignatureVersion") != "1.0" {
		return proof{}, errInvalidSignatureMethod
	}
	toSign := rpcStringToSign(c.request.Method, c.all)
	// The wording differs from ACS3's, and the service's own SDKs look for it.
	explain := "Specified signature is not matched with our calculation. server string to sign is:" +
		rpcStringToSign(c.request.Method, redactParameters(c.all))
	return proof{
		accessKey: p.Get("AccessKeyId"),
		date:      p.Get("Timestamp"),
		nonce:     p.Get("SignatureNonce"),
		signature: p.Get("Signature"),
		token:     p.Get("SecurityToken"),
		sign:      func(secret string) string { return hmacBase64(newHash, secret+"&", toSign) },
		explain:   explain,
	}, nil
}

// rpcStringToSign covers all parameters but the signature, wherever they stood.
func rpcStringToSign(method string, parameters url.Values) string {
	signed := cloneValues(parameters)
	signed.Del("Signature")
	return method + "&" + percentEncode("/") + "&" + percentEncode(canonicalQuery(signed))
}

func hmacBase64(newHash func() hash.Hash, key, text string) string {
	mac := hmac.New(newHash, []byte(key))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
