package identity

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// The vectors are not made with code of this project: the first two are the
// examples in Alibaba Cloud's own description of the two methods.
func TestSignatureOfDocumentedExamples(t *testing.T) {
	acs3 := httptest.NewRequest(http.MethodPost, "http://ecs.cn-shanghai.aliyuncs.com/?RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", nil)
	for name, value := range map[string]string{
		"x-acs-action":          "RunInstances",
		"x-acs-version":         "2014-05-26",
		"x-acs-date":            "2023-10-26T10:22:32Z",
		"x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
		"x-acs-content-sha256":  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"Authorization": "ACS3-HMAC-SHA256 Credential=YourAccessKeyId," +
			"SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version," +
			"Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
	} {
		acs3.Header.Set(name, value)
	}
	rpc := httptest.NewRequest(http.MethodGet, "http://ecs.aliyuncs.com/?Timestamp=2016-02-23T12%3A46%3A24Z&Format=XML&AccessKeyId=testid"+
		"&Action=DescribeRegions&SignatureMethod=HMAC-SHA1&SignatureNonce=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf"+
		"&Version=2014-05-26&SignatureVersion=1.0&Signature=OLeaidS1JvxuMvnyHOwuJ%2BuX5qY%3D", nil)

	tests := map[string]struct {
		request *http.Request
		secret  string
	}{
		"ACS3": {acs3, "YourAccessKeySecret"},
		"RPC":  {rpc, "testsecret"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := wire.NewRequest(test.request)
			if err := r.Parse(); err != nil {
				t.Fatal(err)
			}
			s, err := parseSignature(r)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.sign(test.secret); got != s.value {
				t.Errorf("signature is %s, documented is %s", got, s.value)
			}
		})
	}
}

// A nonce may be forgotten once its request would be too old anyway.
func TestNoncesAreForgotten(t *testing.T) {
	var s Store
	now := time.Unix(0, 0)
	for i := range 3 {
		if !s.useNonce(nonce{"emulator", fmt.Sprint(i)}, now) {
			t.Errorf("nonce %d was not used before", i)
		}
	}
	if s.useNonce(nonce{"emulator", "0"}, now.Add(2*maxSkew)) {
		t.Error("a nonce was accepted twice")
	}
	if s.useNonce(nonce{"emulator", "last"}, now.Add(2*maxSkew+1)); len(s.nonces) != 1 || len(s.nonceTimes) != 1 {
		t.Errorf("%d nonces are kept", len(s.nonces))
	}
}
