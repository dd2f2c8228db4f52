package emulator

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
	"net/http"
	"net/http/httptest"
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
	fill := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	fill(&s.key, "emulator")
	fill(&s.secret, "emulator-secret")
	fill(&s.date, testDate)
	fill(&s.nonce, fmt.Sprintf("nonce-%d", nonceCount))
	fill(&s.method, "POST")
	fill(&s.algorithm, "HMAC-SHA1")
	return s
}

type pairs map[string]string

// sortedQuery writes "name=value" sorted by name, everything but A-Z a-z 0-9 - _ . ~ encoded.
func (p pairs) sortedQuery() string {
	var names []string
	for name := range p {
		names = append(names, name)
	}
	slices.Sort(names)
	var written []string
	for _, name := range names {
		written = append(written, encode(name)+"="+encode(p[name]))
	}
	return strings.Join(written, "&")
}

func encode(s string) string {
	const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
	var b strings.Builder
	for i := range len(s) {
		if strings.IndexByte(plain, s[i]) >= 0 {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
	}
	return b.String()
}

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
	for name, value := range s.headers {
		headers[name] = value
	}
	var names []string
	for name, value := range headers {
		names = append(names, name)
		if name != "host" {
			r.Header.Set(name, value)
		}
	}
	slices.Sort(names)
	canonical := s.method + "\n/\n" + query + "\n"
	for _, name := range names {
		canonical += name + ":" + headers[name] + "\n"
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
	for name, value := range parameters {
		all[name] = value
	}
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
