package emulator

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// credentials are the response of every source.
type credentials struct {
	Code, AccessKeyId, AccessKeySecret, SecurityToken, Expiration, LastUpdated string
}

// credentialsFrom gets credentials from the credentials URI.
func credentialsFrom(t *testing.T, e *Emulator) credentials {
	t.Helper()
	var got credentials
	response := controlRequest(e, "GET", "/_emulator/credentials", "")
	if err := json.Unmarshal(response.Body.Bytes(), &got); err != nil || response.Code != http.StatusOK {
		t.Fatalf("%d %s", response.Code, response.Body)
	}
	return got
}

func (c credentials) signing() signing {
	return signing{key: c.AccessKeyId, secret: c.AccessKeySecret, token: c.SecurityToken}
}

func TestCredentialsURI(t *testing.T) {
	e, _ := newEmulator(t)
	got, another := credentialsFrom(t, e), credentialsFrom(t, e)
	if got.Code != "Success" || got.Expiration != "2026-11-20T08:24:45Z" {
		t.Errorf("got %+v", got)
	}
	if got.AccessKeyId == another.AccessKeyId || got.AccessKeySecret == another.AccessKeySecret || got.SecurityToken == another.SecurityToken {
		t.Errorf("the same twice: %+v", got)
	}
	recorded := e.Requests()
	if len(recorded) != 2 || recorded[0].Path != "/_emulator/credentials" || recorded[0].IssuedKey != got.AccessKeyId || recorded[0].Status != 200 {
		t.Errorf("recorded %+v", recorded)
	}
	if got := controlRequest(e, "POST", "/_emulator/credentials", ""); got.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", got.Code)
	}
}

// A key that was issued is as good as the account's, with its own token, for its
// time. Both signature methods carry the token.
func TestIssuedCredentials(t *testing.T) {
	const lifetime = time.Hour
	e, clock := newEmulator(t)
	mine, other := credentialsFrom(t, e), credentialsFrom(t, e)
	with := func(change func(*signing)) signing {
		s := mine.signing()
		change(&s)
		return s
	}
	tests := map[string]struct {
		signing signing
		after   time.Duration
		status  int
		code    string
	}{
		"its token":                       {mine.signing(), 0, 200, ""},
		"its token, to the last second":   {mine.signing(), lifetime - time.Second, 200, ""},
		"its token, expired":              {mine.signing(), lifetime, 403, "InvalidSecurityToken.Expired"},
		"no token":                        {with(func(s *signing) { s.token = "" }), 0, 400, "MissingSecurityToken"},
		"the token of another":            {with(func(s *signing) { s.token = other.SecurityToken }), 0, 400, "InvalidSecurityToken.MismatchWithAccessKey"},
		"any token":                       {with(func(s *signing) { s.token = "any" }), 0, 400, "InvalidSecurityToken.Malformed"},
		"the secret of another":           {with(func(s *signing) { s.secret = other.AccessKeySecret }), 0, 400, "SignatureDoesNotMatch"},
		"a key that is none":              {with(func(s *signing) { s.key = "STS.NONE" }), 0, 404, "InvalidAccessKeyId.NotFound"},
		"own key":                         {signing{}, 0, 200, ""},
		"own key, any token":              {signing{token: "any"}, 0, 200, ""},
		"own key, a token that is issued": {signing{token: mine.SecurityToken}, 0, 400, "InvalidSecurityToken.MismatchWithAccessKey"},
	}
	start := clock.Now()
	for name, test := range tests {
		clock.advance(start.Add(test.after).Sub(clock.Now()))
		test.signing.date = clock.Now().UTC().Format(wire.DateLayout)
		for method, request := range map[string]*http.Request{
			"ACS3": acs3Request(pairs{"Region": "cn-hangzhou"}, test.signing),
			"RPC":  rpcRequest(pairs{"Region": "cn-hangzhou"}, test.signing),
		} {
			if a := send(t, e, request); a.status != test.status || a.Code != test.code {
				t.Errorf("%s, %s: HTTP %d %s, want %d %s", name, method, a.status, a.Code, test.status, test.code)
			}
		}
	}
}
