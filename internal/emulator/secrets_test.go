package emulator

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// No secret that a client sends or is given shows in a record, nor in the
// message of a refusal. This goes through every way that a secret can come.
func TestNoSecretShows(t *testing.T) {
	e, _ := newEmulator(t)
	given := credentialsFrom(t, e)
	const token, oidcToken, metadataToken = "canary+/=token", "canary+/=oidc", "canary+/=metadata"
	region := pairs{"Region": "cn-hangzhou"}
	wrong := signing{secret: "canary-secret", token: token}
	withQuery := acs3Request(pairs{"Region": "cn-hangzhou", "SecurityToken": token, "OIDCToken": oidcToken}, wrong)
	metadata := httptest.NewRequest(http.MethodGet, "http://100.100.100.200"+"/latest/meta-data/ram/security-credentials/", nil)
	metadata.Header.Set(wire.MetadataTokenHeader, metadataToken)

	var shown []string
	e.OnRequest = func(r Request) {
		text, err := json.Marshal(r)
		if err != nil {
			t.Error(err)
		}
		shown = append(shown, string(text))
	}
	for _, request := range []*http.Request{
		acs3Request(region, given.signing()), acs3Request(region, wrong), withQuery,
		rpcRequest(region, given.signing()), rpcRequest(region, wrong), rpcRequest(region, signing{secret: "canary-secret", token: token, form: true}),
		assumeRoleRequest(t, nil, given.signing()), assumeRoleRequest(t, pairs{"OIDCToken": oidcToken}, wrong),
		oidcRequest(pairs{"OIDCToken": oidcToken, "RoleArn": testRole + "-denied"}), oidcRequest(pairs{"OIDCToken": oidcToken, "RoleArn": "none"}),
		metadata,
	} {
		if recorder := serveRecorded(e, request); recorder.Code != http.StatusOK {
			refused := recorder.Body.String()
			if strings.Contains(refused, "SecurityToken") && !strings.Contains(refused, "redacted") {
				t.Errorf("the security token is not shown as redacted: %s", refused)
			}
			shown = append(shown, refused)
		}
	}
	text, err := json.Marshal(e.Requests())
	if err != nil {
		t.Fatal(err)
	}
	shown = append(shown, string(text))

	for _, secret := range []string{
		given.AccessKeySecret, given.SecurityToken, token, oidcToken, metadataToken, "canary-secret", DefaultSecretKey,
	} {
		for _, form := range []string{secret, url.QueryEscape(secret), url.QueryEscape(url.QueryEscape(secret))} {
			for _, text := range shown {
				if strings.Contains(text, form) {
					t.Errorf("%q is in %s", form, text)
				}
			}
		}
	}
}
