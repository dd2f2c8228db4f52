package identity

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// FuzzVerify sends signatures that nobody made with the secret: none is valid.
func FuzzVerify(f *testing.F) {
	f.Add("ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host;x-acs-date,Signature=00", "Region=cn-hangzhou", "")
	f.Add("ACS3-HMAC-SHA256 Credential=a,SignedHeaders=,Signature=", "", "a=b")
	f.Add("", "AccessKeyId=a&Signature=b&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&SignatureNonce=n&Timestamp=2026-11-20T07:24:45Z", "")
	f.Add("Basic YTpi", "", "Signature=%zz")
	now := time.Date(2026, 11, 20, 7, 24, 45, 0, time.UTC)
	f.Fuzz(func(t *testing.T, authorization, query, form string) {
		request := httptest.NewRequest(http.MethodPost, "http://dts.aliyuncs.com/", strings.NewReader(form))
		request.URL = &url.URL{Scheme: "http", Host: "dts.aliyuncs.com", Path: "/", RawQuery: query}
		for name, value := range map[string]string{
			"Authorization": authorization, "Content-Type": "application/x-www-form-urlencoded",
			"X-Acs-Date": "2026-11-20T07:24:45Z", "X-Acs-Signature-Nonce": "n", "X-Acs-Content-Sha256": "00",
		} {
			request.Header.Set(name, value)
		}
		r := wire.NewRequest(request)
		if r.Parse() != nil {
			return
		}
		s, err := parseSignature(r)
		if err != nil {
			return
		}
		if err := s.verify("a secret that is in no request", now); err == nil {
			t.Errorf("%q, %q and %q are signed", authorization, query, form)
		}
	})
}
