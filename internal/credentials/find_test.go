package credentials

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

const cliFile = `{"current":"second","profiles":[
	{"name":"first","mode":"AK","access_key_id":"first-key","access_key_secret":"first-secret","region_id":"cn-beijing"},
	{"name":"second","mode":"StsToken","access_key_id":"second-key","access_key_secret":"second-secret","sts_token":"second-token","region_id":"cn-shanghai"}]}`

const sharedFile = "[default]\ntype = access_key\naccess_key_id = shared-key\naccess_key_secret = shared-secret\n"

func keysOf(key, secret, token string) Keys {
	return Keys{AccessKey: key, SecretKey: secret, SecurityToken: token}
}

// TestOrder finds the source that counts: the one of the block, then those of
// the environment in their order.
func TestOrder(t *testing.T) {
	uri := newURI(t)
	everything := Sources{
		Keys:    keysOf("env-key", "env-secret", ""),
		OIDC:    &OIDC{ProviderARN: "p", RoleARN: "env-role", Token: "jwt"},
		Profile: Profile{Name: "first"}, ECSRole: "instance", URI: uri,
	}
	without := func(change func(*Sources)) Sources {
		s := everything
		change(&s)
		return s
	}
	both := map[string]string{".aliyun/config.json": cliFile, ".alibabacloud/credentials": sharedFile}
	shared := map[string]string{".alibabacloud/credentials": sharedFile}
	blank := map[string]string{".aliyun/config.json": `{"current":"default","profiles":[{"name":"default","mode":"AK"}]}`, ".alibabacloud/credentials": sharedFile}
	for _, test := range []struct {
		name        string
		block       Sources
		environment Sources
		files       map[string]string
		change      func(*Config)
		key         string
		provider    string
		requests    string
	}{
		{"keys of the block", Sources{Keys: keysOf("k", "secret", "")}, everything, both, nil, "k", "static_ak", ""},
		{"temporary keys of the block", Sources{Keys: keysOf("k", "secret", "token")}, everything, both, nil, "k", "static_sts", ""},
		{"profile of the block", Sources{Profile: Profile{Name: "first"}}, everything, both, nil, "first-key", "cli_profile/static_ak", ""},
		{"file of the block", Sources{Profile: Profile{File: "~/.aliyun/config.json"}}, everything, both, nil, "second-key", "cli_profile/static_sts", ""},
		{"instance of the block", Sources{ECSRole: "r"}, everything, both, nil, "STS.2", "ecs_ram_role",
			"PUT /latest/api/token, GET /latest/meta-data/ram/security-credentials/r metadata-token"},
		{"URI of the block", Sources{URI: uri}, everything, both, nil, "STS.1", "credential_uri", "GET /"},
		{"OIDC of the block", Sources{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", Token: "t"}}, everything, both, nil, "STS.1", "oidc_role_arn", "AssumeRoleWithOIDC r t"},
		{"keys", Sources{}, everything, both, nil, "env-key", "static_ak", ""},
		{"OIDC", Sources{}, without(func(s *Sources) { s.Keys = Keys{} }), both, nil, "STS.1", "oidc_role_arn", "AssumeRoleWithOIDC env-role jwt"},
		{"a token alone is ignored", Sources{}, without(func(s *Sources) { s.Keys, s.OIDC = keysOf("", "", "t"), nil }), both, nil, "first-key", "cli_profile/static_ak", ""},
		{"profile", Sources{}, without(func(s *Sources) { s.Keys, s.OIDC = Keys{}, nil }), both, nil, "first-key", "cli_profile/static_ak", ""},
		{"incomplete OIDC is ignored", Sources{}, Sources{OIDC: &OIDC{RoleARN: "r"}}, both, nil, "second-key", "cli_profile/static_sts", ""},
		{"current profile", Sources{}, Sources{ECSRole: "instance"}, both, nil, "second-key", "cli_profile/static_sts", ""},
		{"profiles are disabled", Sources{}, Sources{}, both, func(c *Config) { c.CLIProfileDisabled = true }, "shared-key", "profile/static_ak", ""},
		{"a profile that nobody configured is ignored", Sources{}, Sources{}, blank, nil, "shared-key", "profile/static_ak", ""},
		{"shared file", Sources{}, Sources{ECSRole: "instance"}, shared, nil, "shared-key", "profile/static_ak", ""},
		{"instance by name", Sources{}, Sources{ECSRole: "instance", URI: uri}, nil, nil, "STS.2", "ecs_ram_role",
			"PUT /latest/api/token, GET /latest/meta-data/ram/security-credentials/instance metadata-token"},
		{"instance", Sources{}, Sources{URI: uri}, nil, nil, "STS.4", "ecs_ram_role",
			"PUT /latest/api/token, GET /latest/meta-data/ram/security-credentials/ metadata-token, PUT /latest/api/token, GET /latest/meta-data/ram/security-credentials/instance-role metadata-token"},
		{"URI", Sources{}, Sources{URI: uri}, nil, func(c *Config) { c.MetadataDisabled = true }, "STS.1", "credential_uri", "GET /"},
	} {
		t.Run(test.name, func(t *testing.T) {
			here := reset(t)
			config := Config{Block: test.block, Environment: test.environment, HomeDirectory: home(t, test.files)}
			if test.change != nil {
				test.change(&config)
			}
			got, err := newSource(config).Credential(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got.AccessKeyID != test.key || got.Provider != test.provider {
				t.Errorf("%s from %s, want %s from %s", got.AccessKeyID, got.Provider, test.key, test.provider)
			}
			if requests := strings.Join(here.log(), ", "); requests != test.requests {
				t.Errorf("requested %q, want %q", requests, test.requests)
			}
		})
	}
}

// TestRoleOnTop assumes a role with each kind of source, and checks the
// signature with what the source has.
func TestRoleOnTop(t *testing.T) {
	uri := newURI(t)
	for _, test := range []struct {
		name     string
		block    Sources
		secret   string
		token    string
		provider string
	}{
		{"keys", Sources{Keys: keysOf("k", "secret", "")}, "secret", "", "ram_role_arn/static_ak"},
		{"token", Sources{Keys: keysOf("k", "secret", "token")}, "secret", "token", "ram_role_arn/static_sts"},
		{"profile", Sources{Profile: Profile{Name: "first"}}, "first-secret", "", "ram_role_arn/cli_profile/static_ak"},
		{"URI", Sources{URI: uri}, "issued-secret-1", "issued-token-1", "ram_role_arn/credential_uri"},
		{"OIDC", Sources{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", Token: "t"}}, "issued-secret-1", "issued-token-1", "ram_role_arn/oidc_role_arn"},
	} {
		t.Run(test.name, func(t *testing.T) {
			here := reset(t)
			role := &Role{ARN: "top role*~+", SessionName: "session", Policy: `{"a":"ä"}`, ExternalID: "x", Expiration: 900}
			s := newSource(Config{Block: test.block, Role: role, HomeDirectory: home(t, map[string]string{".aliyun/config.json": cliFile})})
			got, err := s.Credential(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got.Provider != test.provider || !strings.HasPrefix(got.AccessKeyID, "STS.") || got.SecurityToken == "" {
				t.Errorf("got %s from %s", got.AccessKeyID, got.Provider)
			}
			sent := here.parameters()
			for name, want := range map[string]string{
				"Action": "AssumeRole", "Version": "2015-04-01", "RoleArn": role.ARN, "RoleSessionName": "session", "Policy": role.Policy,
				"ExternalId": "x", "DurationSeconds": "900", "SecurityToken": test.token, "Signature": signature(sent, test.secret),
			} {
				if sent.Get(name) != want {
					t.Errorf("%s is %q, want %q", name, sent.Get(name), want)
				}
			}
		})
	}
}

func TestDefaultsOfRoles(t *testing.T) {
	for _, config := range []Config{
		{Block: Sources{Keys: keysOf("k", "secret", "")}, Role: &Role{ARN: "r"}},
		{Block: Sources{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", Token: "t"}}},
	} {
		here := reset(t)
		if _, err := newSource(config).Credential(t.Context()); err != nil {
			t.Fatal(err)
		}
		sent := here.parameters()
		if sent.Get("RoleSessionName") != "terraform" || sent.Get("DurationSeconds") != "3600" || sent.Has("Policy") || sent.Has("ExternalId") || sent.Has("SecurityToken") {
			t.Errorf("sent %v", sent)
		}
	}
}

// TestOIDCParameters sends what the configuration sets.
func TestOIDCParameters(t *testing.T) {
	here := reset(t)
	o := &OIDC{ProviderARN: "p", RoleARN: "r", Token: "t", SessionName: "s", Policy: "{}", Expiration: 1000}
	if _, err := newSource(Config{Block: Sources{OIDC: o}}).Credential(t.Context()); err != nil {
		t.Fatal(err)
	}
	sent := here.parameters()
	for name, want := range map[string]string{"OIDCProviderArn": "p", "OIDCToken": "t", "RoleArn": "r", "RoleSessionName": "s", "Policy": "{}", "DurationSeconds": "1000"} {
		if sent.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, sent.Get(name), want)
		}
	}
}

func TestSTSHost(t *testing.T) {
	for _, test := range []struct {
		sts    STS
		region string // of the profile
		vpc    bool
		want   string
	}{
		{STS{}, "", false, "sts.aliyuncs.com"},
		{STS{Endpoint: "host:1", Region: "cn-beijing"}, "cn-hangzhou", true, "host:1"},
		{STS{Region: "cn-beijing"}, "", false, "sts.cn-beijing.aliyuncs.com"},
		{STS{Region: "cn-beijing"}, "cn-hangzhou", false, "sts.cn-hangzhou.aliyuncs.com"},
		{STS{Region: "cn-beijing", VPC: true}, "", false, "sts-vpc.cn-beijing.aliyuncs.com"},
		{STS{}, "cn-hangzhou", true, "sts-vpc.cn-hangzhou.aliyuncs.com"},
		{STS{VPC: true}, "", true, "sts.aliyuncs.com"},
	} {
		if got := test.sts.host(test.region, test.vpc); got != test.want {
			t.Errorf("%+v for %q, %t: %s", test.sts, test.region, test.vpc, got)
		}
	}
}

// TestNoRedirects has no credential leave for another host.
func TestNoRedirects(t *testing.T) {
	elsewhere := httptest.NewServer(here)
	t.Cleanup(elsewhere.Close)
	for name, config := range map[string]Config{
		"URI":      {Block: Sources{URI: newURI(t)}},
		"role":     {Block: Sources{Keys: keysOf("k", "secret", "token")}, Role: &Role{ARN: "r"}},
		"metadata": {Block: Sources{ECSRole: "r"}, IMDSv1Disabled: true},
	} {
		t.Run(name, func(t *testing.T) {
			here := reset(t)
			here.fail(-1, 307, "")
			here.set(func(c *cloud) { c.location = elsewhere.URL })
			_, err := newSource(config).Credential(t.Context())
			if err == nil || !strings.Contains(err.Error(), "HTTP status 307") || len(here.log()) != 1 {
				t.Errorf("error %v after %v", err, here.log())
			}
		})
	}
}

// TestMetadata requests metadata with a token where there is one, and without
// only if that is not disabled.
func TestMetadata(t *testing.T) {
	const withToken, withoutToken = "GET /latest/meta-data/ram/security-credentials/r metadata-token", "GET /latest/meta-data/ram/security-credentials/r"
	for _, test := range []struct {
		name     string
		noToken  bool
		failures int
		failing  string
		disabled bool // without a token
		want     []string
		wantErr  string
	}{
		{"with a token", false, 0, "", false, []string{"PUT /latest/api/token", withToken}, ""},
		{"without a token", true, 0, "", false, []string{"PUT /latest/api/token", withoutToken}, ""},
		{"no token, though required", true, 0, "", true, []string{"PUT /latest/api/token"}, "HTTP status 404"},
		{"refused", false, -1, "", true, []string{"PUT /latest/api/token"}, "HTTP status 403"},
		{"refused with a token", false, 1, "/r", false, []string{"PUT /latest/api/token", withToken, withoutToken}, ""},
		{"refused with a token, though required", false, 1, "/r", true, []string{"PUT /latest/api/token", withToken}, "HTTP status 403"},
		{"once refused", false, 1, "", false, []string{"PUT /latest/api/token", withoutToken}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			here := reset(t)
			here.set(func(c *cloud) {
				c.noToken, c.failures, c.failing, c.status = test.noToken, test.failures, test.failing, 403
			})
			_, err := newSource(Config{Block: Sources{ECSRole: "r"}, IMDSv1Disabled: test.disabled}).Credential(t.Context())
			if (err == nil) != (test.wantErr == "") || err != nil && !strings.Contains(err.Error(), test.wantErr) {
				t.Errorf("error %v", err)
			}
			if got := here.log(); !slices.Equal(got, test.want) {
				t.Errorf("requested %v", got)
			}
		})
	}
}
