package emulator

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
)

// The signers here are the clients' side. They are written from the description
// of the wire, step by step, and use nothing of the verifier.

const (
	testHost = "dts.cn-hangzhou.aliyuncs.com"
	testDate = "2026-11-20T07:24:45Z"
)

// signing is how a test request is signed; its zero value is right in all parts.
type signing struct {
	key, secret string
	date, nonce string
	token       string
	method      string            // HTTP method
	form        bool              // parameters in a form body
	algorithm   string            // of classic RPC: HMAC-SHA1 or HMAC-SHA256
	headers     map[string]string // more headers, signed if x-acs-
}

var nonceCount = 0

func (s signing) withDefaults() signing {
	nonceCount++
	s.key, s.secret = cmp.Or(s.key, "emulator"), cmp.Or(s.secret, "emulator-secret")
	s.date, s.nonce = cmp.Or(s.date, testDate), cmp.Or(s.nonce, fmt.Sprintf("nonce-%d", nonceCount))
	s.method, s.algorithm = cmp.Or(s.method, "POST"), cmp.Or(s.algorithm, "HMAC-SHA1")
	return s
}

type pairs map[string]string

// sortedQuery writes "name=value" sorted by name.
func (p pairs) sortedQuery() string {
	var written []string
	for _, name := range slices.Sorted(maps.Keys(p)) {
		written = append(written, encode(name)+"="+encode(p[name]))
	}
	return strings.Join(written, "&")
}

// encode encodes everything but A-Z a-z 0-9 - _ . ~.
func encode(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func mac(newHash func() hash.Hash, key, text string) []byte {
	h := hmac.New(newHash, []byte(key))
	h.Write([]byte(text))
	return h.Sum(nil)
}

// acs3Request makes a request signed by ACS3-HMAC-SHA256.
func acs3Request(parameters pairs, s signing) *http.Request {
	s = s.withDefaults()
	query, body := parameters.sortedQuery(), ""
	if s.form {
		query, body = "", query
	}
	r := httptest.NewRequest(s.method, "http://"+testHost+"/?"+query, strings.NewReader(body))
	headers := map[string]string{
		"host":                  testHost,
		"x-acs-action":          "DescribeDtsJobs",
		"x-acs-version":         "2020-01-01",
		"x-acs-date":            s.date,
		"x-acs-signature-nonce": s.nonce,
		"x-acs-content-sha256":  fmt.Sprintf("%x", sha256.Sum256([]byte(body))),
	}
	if s.form {
		headers["content-type"] = "application/x-www-form-urlencoded"
	}
	if s.token != "" {
		headers["x-acs-accesskey-id"] = s.key
		headers["x-acs-security-token"] = s.token
	}
	maps.Copy(headers, s.headers)
	names := slices.Sorted(maps.Keys(headers))
	canonical := s.method + "\n/\n" + query + "\n"
	for _, name := range names {
		canonical += name + ":" + headers[name] + "\n"
		if name != "host" {
			r.Header.Set(name, headers[name])
		}
	}
	canonical += "\n" + strings.Join(names, ";") + "\n" + headers["x-acs-content-sha256"]
	toSign := fmt.Sprintf("ACS3-HMAC-SHA256\n%x", sha256.Sum256([]byte(canonical)))
	r.Header.Set("Authorization", fmt.Sprintf("ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%x",
		s.key, strings.Join(names, ";"), mac(sha256.New, s.secret, toSign)))
	return r
}

// rpcRequest makes a request signed the classic way.
func rpcRequest(parameters pairs, s signing) *http.Request {
	s = s.withDefaults()
	all := pairs{
		"Action": "DescribeDtsJobs", "Version": "2020-01-01", "Format": "JSON", "AccessKeyId": s.key,
		"SignatureMethod": s.algorithm, "SignatureVersion": "1.0", "SignatureNonce": s.nonce, "Timestamp": s.date,
	}
	if s.token != "" {
		all["SecurityToken"] = s.token
	}
	maps.Copy(all, parameters)
	newHash := sha1.New
	if s.algorithm == "HMAC-SHA256" {
		newHash = sha256.New
	}
	toSign := s.method + "&%2F&" + encode(all.sortedQuery())
	all["Signature"] = base64.StdEncoding.EncodeToString(mac(newHash, s.secret+"&", toSign))
	if !s.form {
		return httptest.NewRequest(s.method, "http://"+testHost+"/?"+all.sortedQuery(), nil)
	}
	r := httptest.NewRequest(s.method, "http://"+testHost+"/", strings.NewReader(all.sortedQuery()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return r
}
