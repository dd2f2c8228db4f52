package credentials

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// wantError wants an error of this package that contains each text and no
// secret.
func wantError(t *testing.T, err error, texts ...string) {
	t.Helper()
	if failure := new(Error); !errors.As(err, &failure) || !strings.HasSuffix(failure.Advice, ".") && !strings.HasSuffix(failure.Advice, documentation) {
		t.Fatalf("got %v", err)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("no %q in %q", text, err)
		}
	}
	if strings.Contains(err.Error(), "CANARY") {
		t.Errorf("a secret is in %q", err)
	}
}

func wantTemporary(t *testing.T, err error, want bool) {
	t.Helper()
	if failure := new(Error); !errors.As(err, &failure) || failure.Temporary() != want {
		t.Errorf("temporary %t: %v", !want, err)
	}
}

// exchanges are the provider blocks whose sources send requests, by the name that
// their errors have.
func exchanges() map[string]Settings {
	return map[string]Settings{
		"credentials_uri":       {CredentialsURI: credentialsURI},
		"ecs_role_name":         {ECSRoleName: "r"},
		"assume_role":           {AccessKey: "k", SecretKey: canary, SecurityToken: canary, AssumeRole: &AssumeRole{RoleARN: roleARN}},
		"assume_role_with_oidc": {AssumeRoleWithOIDC: &AssumeRoleWithOIDC{OIDCProviderARN: "p", RoleARN: "r", OIDCToken: canary}, AssumeRole: &AssumeRole{RoleARN: topARN}},
		`profile "role"`:        {Profile: "role"},
		`profile "role" below`:  {Profile: "chained"},
		`profile "ecs"`:         {Profile: "ecs"},
		`profile "uri"`:         {Profile: "uri"},
		`profile "sso"`:         {Profile: "sso"},
	}
}

// exchangeCloud has the profiles of exchanges.
func exchangeCloud(t *testing.T) *cloud {
	t.Helper()
	return newCloud(t, ".aliyun/config.json", fmt.Sprintf(`{"profiles":[
		{"name":"role","mode":"RamRoleArn","access_key_id":"k","access_key_secret":%[1]q,"ram_role_arn":"r"},
		{"name":"chained","mode":"ChainableRamRoleArn","source_profile":"role","ram_role_arn":"r2"},
		{"name":"ecs","mode":"EcsRamRole","ram_role_name":"r"},
		{"name":"uri","mode":"CredentialsURI","credentials_uri":%[2]q},
		{"name":"sso","mode":"CloudSSO","cloud_sso_sign_in_url":"https://sso.example/start","cloud_sso_account_id":"1","cloud_sso_access_config":"ac",
			"access_token":%[1]q,"cloud_sso_access_token_expire":%[3]d}]}`, canary, credentialsURI, time.Now().Add(time.Hour).Unix()))
}

// TestErrors wants the cause and the next step, and no secret, before anything
// is requested.
func TestErrors(t *testing.T) {
	t.Parallel()
	keys := Settings{AccessKey: "k", SecretKey: canary}
	oidc := func(o AssumeRoleWithOIDC) Settings { return Settings{AssumeRoleWithOIDC: &o} }
	with := func(s Settings, change func(*Settings)) Settings { change(&s); return s }
	for name, test := range map[string]struct {
		block       Settings
		environment variables
		want        []string
	}{
		"two in the block":               {with(keys, func(s *Settings) { s.Profile = "first" }), nil, []string{"configures two authentication methods, access_key and profile", "Keep one"}},
		"no secret":                      {Settings{AccessKey: "k"}, variables{"ALICLOUD_SECRET_KEY": canary}, []string{"secret_key is not", "Set secret_key where access_key is set", documentation}},
		"no secret in the environment":   {Settings{}, variables{"ALIBABA_CLOUD_ACCESS_KEY_ID": "k"}, []string{"secret_key is not", "ALICLOUD_SECRET_KEY"}},
		"no access key":                  {Settings{SecretKey: canary}, nil, []string{"access_key is not", "ALICLOUD_ACCESS_KEY"}},
		"a line break in a key":          {with(keys, func(s *Settings) { s.SecurityToken = canary + "\n" }), nil, []string{"access_key: ", "control character"}},
		"nothing":                        {Settings{}, variables{"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true", "ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true"}, []string{"no Alibaba Cloud credentials were found", "Set access_key", documentation}},
		"no file":                        {Settings{SharedCredentialsFile: "/nonexistent/config.json"}, nil, []string{"/nonexistent/config.json can't be read: no such file", "Check the path"}},
		"a file of something else":       {Settings{SharedCredentialsFile: "~/broken.json"}, nil, []string{"is not a configuration file of the Alibaba Cloud CLI"}},
		"incomplete OIDC":                {oidc(AssumeRoleWithOIDC{RoleARN: "r"}), nil, []string{"has no oidc_provider_arn and no oidc_token or oidc_token_file"}},
		"no token file":                  {oidc(AssumeRoleWithOIDC{RoleARN: "r", OIDCProviderARN: "p", OIDCTokenFile: "/nonexistent/token"}), nil, []string{"oidc_token_file /nonexistent/token can't be read"}},
		"no role":                        {with(keys, func(s *Settings) { s.AssumeRole = &AssumeRole{} }), nil, []string{"assume_role has no role_arn"}},
		"metadata disabled":              {Settings{ECSRoleName: "r"}, variables{"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}, []string{"ALIBABA_CLOUD_ECS_METADATA_DISABLED is set"}},
		"a URI that is none":             {Settings{CredentialsURI: "http://host:" + canary}, nil, []string{"credentials_uri: it is not a valid URL"}},
		"a current profile that is none": {Settings{}, nil, []string{`there is no profile "none" in `, "Its profiles are: first", documentation}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t, "broken.json", `{"profiles": "`+canary+`"`, ".aliyun/config.json", `{"current":"none","profiles":[{"name":"first"}]}`)
			s := c.source(t, test.block, test.environment)
			_, err := s.Credential(t.Context())
			wantError(t, err, test.want...)
			wantTemporary(t, err, false)
			if sent := c.sent(); len(sent) > 0 {
				t.Errorf("requested %v", sent)
			}
		})
	}
}

// TestResponses has every source fail in every way, and wants the source that
// failed in the error, the part of the response that may be shown, and whether to try
// again.
func TestResponses(t *testing.T) {
	t.Parallel()
	const key, secret, token = `"AccessKeyId":"k"`, `"AccessKeySecret":"` + canary + `"`, `"SecurityToken":"` + canary + `"`
	const expiration = `"Expiration":"2126-01-02T03:04:05Z"`
	for _, test := range []struct {
		name      string
		status    int
		body      []string // members of a response in JSON, or a text
		want      string
		temporary bool
	}{
		{"redirect", 307, nil, "HTTP status 307. ", false},
		{"refused", 403, []string{`"Code":"NoPermission","RequestId":"R-7","Message":"` + canary + `"`}, "HTTP status 403, code NoPermission, request ID R-7", false},
		{"refused without JSON", 404, []string{canary}, "HTTP status 404. ", false},
		{"a code that is none", 400, []string{`"Code":"not a code ` + canary + `","RequestId":"\n"`}, "HTTP status 400. ", false},
		{"unavailable", 503, []string{"<html>" + canary}, "HTTP status 503. ", true},
		{"throttled", 400, []string{`"Code":"Throttling.User"`}, "HTTP status 400, code Throttling.User", true},
		{"too many requests", 429, nil, "HTTP status 429", true},
		{"no expiration", 200, []string{key, secret, token}, "the response has no Expiration", false},
		{"an expiration that is no time", 200, []string{key, secret, token, `"Expiration":"` + canary + `"`}, "the Expiration of the response is not in RFC 3339 format", false},
		{"no access key", 200, []string{secret, token, expiration}, "the response has no AccessKeyId", false},
		{"no secret", 200, []string{key, token, expiration}, "the response has no AccessKeySecret", false},
		{"no token", 200, []string{key, secret, expiration, `"SecurityToken":null`}, "the response has no SecurityToken", false},
		{"not successful", 200, []string{key, secret, token, expiration, `"Code":"Failed"`}, "the response has code Failed", false},
		{"not JSON", 200, []string{canary}, "the response is not the expected JSON", false},
		{"too long", 200, []string{strings.Repeat(canary, 1<<16)}, "the response is longer than 1 MiB", false},
		{"a line break in a key", 200, []string{`"AccessKeyId":"k\n"`, secret, token, expiration}, "the credential contains a control character", false},
	} {
		body := strings.Join(test.body, ",")
		if strings.HasPrefix(body, `"`) {
			body = strings.ReplaceAll(`{BODY,"Credentials":{BODY},"CloudCredential":{BODY}}`, "BODY", body)
		}
		for name, block := range exchanges() {
			t.Run(test.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				c := exchangeCloud(t)
				c.fail(1, test.status, body)
				_, err := c.source(t, block, variables{"ALIBABA_CLOUD_IMDSV1_DISABLED": "true"}).Credential(t.Context())
				if test.name == "too long" && strings.Contains(name, "ecs") {
					return // The metadata token.
				}
				wantError(t, err, strings.TrimSuffix(name, " below")+": "+test.want)
				wantTemporary(t, err, test.temporary)
				if sent := c.sent(); test.status != 200 && len(sent) != 1 {
					t.Errorf("requested %v", sent)
				}
			})
		}
	}
}

// TestConnectionFailures has connections fail in ways that may be over soon, and
// in others.
func TestConnectionFailures(t *testing.T) {
	t.Parallel()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	serving := func(text string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			connection, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_, _ = connection.Write([]byte(text))
				_ = connection.Close()
			}
		}))
		t.Cleanup(s.Close)
		return s.URL
	}
	role := func(address string) Settings {
		return Settings{AccessKey: "k", SecretKey: canary, AssumeRole: &AssumeRole{RoleARN: "r"},
			Endpoints: &Endpoints{STS: Endpoint(strings.TrimPrefix(address, "http://"))}}
	}
	for name, test := range map[string]struct {
		block     Settings
		want      string
		temporary bool
	}{
		"closed port":        {Settings{CredentialsURI: URI(closed.URL + "/" + canary)}, "credentials_uri: dial tcp 127.0.0.1", true},
		"closed connection":  {Settings{CredentialsURI: URI(serving(""))}, "credentials_uri: EOF", true},
		"truncated response": {Settings{CredentialsURI: URI(serving("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"))}, "credentials_uri: the response is incomplete", true},
		"not HTTP":           {Settings{CredentialsURI: URI(serving(canary + "\r\n"))}, "credentials_uri: the request failed", false},
		"unknown host":       {Settings{CredentialsURI: "https://host.invalid:8443/" + canary}, "credentials_uri: ", false},
		"closed port of STS": {role(closed.URL), "assume_role: dial tcp", true},
		"STS without HTTPS":  {role(serving("HTTP/1.1 400 Bad Request\r\n\r\n")), "assume_role: http: server gave HTTP response to HTTPS client", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newCloud(t).source(t, test.block, nil).Credential(t.Context())
			wantError(t, err, test.want)
			wantTemporary(t, err, test.temporary)
		})
	}
}
