package config_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dts-community/terraform-provider-dts/internal/config"
	"github.com/dts-community/terraform-provider-dts/internal/credentials"
)

// environment is a set of variables.
type environment map[string]string

func (e environment) get(name string) string { return e[name] }

// resolve returns the configuration and the text of each error.
func resolve(block config.Settings, e environment) (config.Config, []string) {
	c, failed := config.Resolve(block, e.get)
	var texts []string
	for _, err := range failed {
		texts = append(texts, strings.Join(err.Path, ".")+": "+err.Error())
	}
	return c, texts
}

// TestEveryVariable sets each variable alone and looks for its value.
func TestEveryVariable(t *testing.T) {
	set := config.Settings{AssumeRole: &config.AssumeRole{}}
	oidc := func(c config.Config) credentials.OIDC { return *c.Credentials.Environment.OIDC }
	for argument, test := range map[string]struct {
		variables []string
		get       func(config.Config) any
	}{
		"region":                  {[]string{"ALICLOUD_REGION", "ALIBABA_CLOUD_REGION", "ALIBABA_CLOUD_REGION_ID"}, func(c config.Config) any { return c.Region }},
		"access_key":              {[]string{"ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"}, func(c config.Config) any { return c.Credentials.Environment.Keys.AccessKey }},
		"profile":                 {[]string{"ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"}, func(c config.Config) any { return c.Credentials.Environment.Profile.Name }},
		"shared_credentials_file": {[]string{"ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE"}, func(c config.Config) any { return c.Credentials.Environment.Profile.File }},
		"ecs_role_name":           {[]string{"ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA"}, func(c config.Config) any { return c.Credentials.Environment.ECSRole }},
		"endpoints.dts":           {[]string{"ALIBABA_CLOUD_ENDPOINT_DTS", "DTS_ENDPOINT"}, func(c config.Config) any { return string(c.Endpoint) }},
		"configuration_source":    {[]string{"TF_APPEND_USER_AGENT"}, func(c config.Config) any { return c.UserAgent }},
		"assume_role.role_arn":    {[]string{"ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"}, func(c config.Config) any { return c.Credentials.Role.ARN }},
		"assume_role.session_name": {[]string{"ALICLOUD_ASSUME_ROLE_SESSION_NAME", "ALIBABA_CLOUD_ROLE_SESSION_NAME"},
			func(c config.Config) any { return c.Credentials.Role.SessionName }},
		"assume_role_with_oidc.oidc_provider_arn": {[]string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN"}, func(c config.Config) any { return oidc(c).ProviderARN }},
		"assume_role_with_oidc.oidc_token":        {[]string{"ALIBABA_CLOUD_OIDC_TOKEN"}, func(c config.Config) any { return oidc(c).Token }},
		"assume_role_with_oidc.oidc_token_file":   {[]string{"ALIBABA_CLOUD_OIDC_TOKEN_FILE"}, func(c config.Config) any { return oidc(c).TokenFile }},
		"assume_role_with_oidc.role_arn":          {[]string{"ALIBABA_CLOUD_ROLE_ARN"}, func(c config.Config) any { return oidc(c).RoleARN }},
		"assume_role_with_oidc.role_session_name": {[]string{"ALIBABA_CLOUD_ROLE_SESSION_NAME"}, func(c config.Config) any { return oidc(c).SessionName }},
	} {
		for i, variable := range test.variables {
			e := environment{variable: "value"}
			for _, later := range test.variables[i+1:] {
				e[later] = "later"
			}
			if c, failed := resolve(set, e); len(failed) > 0 || test.get(c) != "value" {
				t.Errorf("%s: %s is %v (%v)", argument, variable, test.get(c), failed)
			}
		}
		i := slices.IndexFunc(config.List(), func(s config.Setting) bool { return s.Name() == argument })
		if i < 0 || !slices.Equal(config.List()[i].Variables, test.variables) {
			t.Errorf("%s is not listed with %v", argument, test.variables)
		}
	}
	for _, variable := range []string{"ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI"} {
		if c, _ := resolve(set, environment{variable: "http://host/"}); c.Credentials.Environment.URI != "http://host/" {
			t.Errorf("%s is %q", variable, c.Credentials.Environment.URI)
		}
	}
}

func TestNumbers(t *testing.T) {
	e := environment{"CLIENT_CONNECT_TIMEOUT": "1500", "CLIENT_READ_TIMEOUT": "2500", "MAX_RETRY_TIMEOUT": "30", "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION": "900"}
	c, failed := resolve(config.Settings{MaxRequestsPerSecond: 7, AssumeRole: &config.AssumeRole{}}, e)
	got := []any{c.ConnectTimeout, c.ReadTimeout, c.RetryTimeout, c.RequestRate, c.Credentials.Role.Expiration}
	want := []any{1500 * time.Millisecond, 2500 * time.Millisecond, 30 * time.Second, 7, int64(900)}
	if diff := cmp.Diff(want, got); diff != "" || len(failed) > 0 {
		t.Errorf("-want +got:\n%s%v", diff, failed)
	}
	block := config.Settings{ClientConnectTimeout: 1, ClientReadTimeout: 2, MaxRetryTimeout: 1 << 62,
		AssumeRoleWithOIDC: &config.AssumeRoleWithOIDC{SessionExpiration: 1800}}
	c, failed = resolve(block, e)
	got = []any{c.ConnectTimeout, c.ReadTimeout, c.RetryTimeout > 24*time.Hour, c.RequestRate, c.Credentials.Block.OIDC.Expiration}
	want = []any{time.Millisecond, 2 * time.Millisecond, true, 0, int64(1800)}
	if diff := cmp.Diff(want, got); diff != "" || len(failed) > 0 {
		t.Errorf("-want +got:\n%s%v", diff, failed)
	}
}

// everything is an environment with all authentication methods.
var everything = environment{
	"ALICLOUD_ACCESS_KEY": "env-key", "ALICLOUD_SECRET_KEY": "env-secret", "ALICLOUD_SECURITY_TOKEN": "env-token",
	"ALICLOUD_PROFILE": "env-profile", "ALICLOUD_SHARED_CREDENTIALS_FILE": "env-file",
	"ALICLOUD_ECS_ROLE_NAME": "env-ecs", "ALICLOUD_CREDENTIALS_URI": "http://env/",
	"ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "env-idp", "ALIBABA_CLOUD_OIDC_TOKEN": "env-jwt", "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "env-jwt-file",
	"ALIBABA_CLOUD_ROLE_ARN": "env-role", "ALIBABA_CLOUD_ROLE_SESSION_NAME": "env-session",
}

func TestSources(t *testing.T) {
	type sources = credentials.Sources
	const blockSecret = "secret_key in the provider block"
	for _, test := range []struct {
		name               string
		block              config.Settings
		environment        environment
		inBlock, inEnviron sources
	}{
		{name: "access key of the block", block: config.Settings{AccessKey: "k", SecretKey: "s"}, environment: everything,
			inBlock: sources{Keys: credentials.Keys{AccessKey: "k", SecretKey: "s", SecretSetting: blockSecret}}},
		{name: "temporary access key of the block", block: config.Settings{AccessKey: "k", SecretKey: "s", SecurityToken: "t"}, environment: everything,
			inBlock: sources{Keys: credentials.Keys{AccessKey: "k", SecretKey: "s", SecurityToken: "t", SecretSetting: blockSecret}}},
		{name: "no secret of the environment joins the block's access key", block: config.Settings{AccessKey: "k"}, environment: everything,
			inBlock: sources{Keys: credentials.Keys{AccessKey: "k", SecretSetting: blockSecret}}},
		{name: "a secret in the block with an access key of the environment", block: config.Settings{SecretKey: "s"}, environment: everything,
			inBlock: sources{Keys: credentials.Keys{AccessKey: "env-key", SecretKey: "s", SecurityToken: "env-token", SecretSetting: "ALICLOUD_SECRET_KEY in the environment"}}},
		{name: "a token alone in the block", block: config.Settings{SecurityToken: "t"}, environment: environment{"ALICLOUD_PROFILE": "p"},
			inEnviron: sources{Keys: credentials.Keys{SecretSetting: blockSecret}, Profile: credentials.Profile{Name: "p"}}},
		{name: "a token of the block beside a key of the environment", block: config.Settings{SecurityToken: "t"},
			environment: environment{"ALICLOUD_ACCESS_KEY": "env-key", "ALICLOUD_SECRET_KEY": "env-secret"},
			inEnviron:   sources{Keys: credentials.Keys{AccessKey: "env-key", SecretKey: "env-secret", SecretSetting: "ALICLOUD_SECRET_KEY in the environment"}}},
		{name: "profile of the block, file of the environment", block: config.Settings{Profile: "p"}, environment: everything,
			inBlock: sources{Profile: credentials.Profile{Name: "p", File: "env-file"}}},
		{name: "file of the block, profile of the environment", block: config.Settings{SharedCredentialsFile: "f"}, environment: everything,
			inBlock: sources{Profile: credentials.Profile{Name: "env-profile", File: "f"}}},
		{name: "ECS role of the block", block: config.Settings{ECSRoleName: "r"}, environment: everything, inBlock: sources{ECSRole: "r"}},
		{name: "URI of the block", block: config.Settings{CredentialsURI: "http://u/"}, environment: everything, inBlock: sources{URI: "http://u/"}},
		{name: "OIDC block completed by the environment", block: config.Settings{AssumeRoleWithOIDC: &config.AssumeRoleWithOIDC{Policy: "{}"}}, environment: everything,
			inBlock: sources{OIDC: &credentials.OIDC{ProviderARN: "env-idp", Token: "env-jwt", TokenFile: "env-jwt-file", RoleARN: "env-role", SessionName: "env-session", Policy: "{}"}}},
		{name: "token file of the block before a token of the environment",
			block: config.Settings{AssumeRoleWithOIDC: &config.AssumeRoleWithOIDC{OIDCTokenFile: "f", RoleARN: "r"}}, environment: everything,
			inBlock: sources{OIDC: &credentials.OIDC{ProviderARN: "env-idp", TokenFile: "f", RoleARN: "r", SessionName: "env-session"}}},
		{name: "two methods in the block", block: config.Settings{AccessKey: "k", SecretKey: "s", Profile: "p"}, environment: environment{},
			inBlock: sources{Keys: credentials.Keys{AccessKey: "k", SecretKey: "s", SecretSetting: blockSecret}, Profile: credentials.Profile{Name: "p"}}},
		{name: "everything from the environment", environment: everything, inEnviron: sources{
			Keys:    credentials.Keys{AccessKey: "env-key", SecretKey: "env-secret", SecurityToken: "env-token", SecretSetting: "ALICLOUD_SECRET_KEY in the environment"},
			OIDC:    &credentials.OIDC{ProviderARN: "env-idp", Token: "env-jwt", TokenFile: "env-jwt-file", RoleARN: "env-role", SessionName: "env-session"},
			Profile: credentials.Profile{Name: "env-profile", File: "env-file"}, ECSRole: "env-ecs", URI: "http://env/"}},
		{name: "nothing", environment: environment{}, inEnviron: sources{Keys: credentials.Keys{SecretSetting: blockSecret}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, failed := resolve(test.block, test.environment)
			if len(failed) > 0 {
				t.Error(failed)
			}
			if diff := cmp.Diff(test.inBlock, c.Credentials.Block); diff != "" {
				t.Errorf("of the block: -want +got:\n%s", diff)
			}
			if diff := cmp.Diff(test.inEnviron, c.Credentials.Environment); diff != "" {
				t.Errorf("of the environment: -want +got:\n%s", diff)
			}
		})
	}
}

// TestKeyFamilies joins no variable of one family with those of another.
func TestKeyFamilies(t *testing.T) {
	for _, test := range []struct {
		name        string
		environment environment
		want        [4]string // access key, secret, token, and what sets the secret
	}{
		{"first", environment{"ALICLOUD_ACCESS_KEY": "k", "ALICLOUD_SECRET_KEY": "s", "ALIBABA_CLOUD_ACCESS_KEY_ID": "other", "ALIBABA_CLOUD_SECURITY_TOKEN": "t"},
			[4]string{"k", "s", "", "ALICLOUD_SECRET_KEY in the environment"}},
		{"second", environment{"ALICLOUD_SECRET_KEY": "other", "ALIBABA_CLOUD_ACCESS_KEY_ID": "k", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s", "ALIBABA_CLOUD_SECURITY_TOKEN": "t"},
			[4]string{"k", "s", "t", "ALIBABA_CLOUD_ACCESS_KEY_SECRET in the environment"}},
		{"third", environment{"ALICLOUD_SECURITY_TOKEN": "other", "ALIBABACLOUD_ACCESS_KEY_ID": "k", "ALIBABACLOUD_ACCESS_KEY_SECRET": "s", "ALIBABACLOUD_SECURITY_TOKEN": "t"},
			[4]string{"k", "s", "t", "ALIBABACLOUD_ACCESS_KEY_SECRET in the environment"}},
		{"no secret in the family", environment{"ALIBABACLOUD_ACCESS_KEY_ID": "k", "ALICLOUD_SECRET_KEY": "other"},
			[4]string{"k", "", "", "ALIBABACLOUD_ACCESS_KEY_SECRET in the environment"}},
		{"a token alone", environment{"ALICLOUD_SECURITY_TOKEN": "t"}, [4]string{"", "", "", "secret_key in the provider block"}},
		{"a secret alone", environment{"ALICLOUD_SECRET_KEY": "s"}, [4]string{"", "", "", "secret_key in the provider block"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, _ := resolve(config.Settings{}, test.environment)
			k := c.Credentials.Environment.Keys
			if got := [4]string{k.AccessKey, k.SecretKey, k.SecurityToken, k.SecretSetting}; got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestAssumeRole(t *testing.T) {
	e := environment{"ALICLOUD_ASSUME_ROLE_ARN": "env", "ALICLOUD_ASSUME_ROLE_SESSION_NAME": "env-session", "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION": "x"}
	if c, failed := resolve(config.Settings{}, e); c.Credentials.Role != nil || len(failed) > 0 {
		t.Errorf("without the block: %v, %v", c.Credentials.Role, failed)
	}
	block := config.Settings{AssumeRole: &config.AssumeRole{RoleARN: "r", Policy: "{}", ExternalID: "x", SessionExpiration: 1000}}
	c, failed := resolve(block, e)
	want := &credentials.Role{ARN: "r", SessionName: "env-session", Policy: "{}", ExternalID: "x", Expiration: 1000}
	if diff := cmp.Diff(want, c.Credentials.Role); diff != "" || len(failed) > 0 {
		t.Errorf("-want +got:\n%s%v", diff, failed)
	}
	if block.AssumeRole.SessionName != "" {
		t.Error("the block was changed")
	}
}

func TestSwitches(t *testing.T) {
	c, _ := resolve(config.Settings{}, environment{})
	if got := c.Credentials; got.MetadataDisabled || got.IMDSv1Disabled || got.CLIProfileDisabled || got.STS != (credentials.STS{}) {
		t.Errorf("by default: %+v", got)
	}
	t.Setenv("HOME", filepath.Join("/", "home", "user"))
	for variable, isSet := range map[string]func(credentials.Config) bool{
		"ALIBABA_CLOUD_ECS_METADATA_DISABLED": func(c credentials.Config) bool { return c.MetadataDisabled },
		"ALIBABA_CLOUD_IMDSV1_DISABLED":       func(c credentials.Config) bool { return c.IMDSv1Disabled },
		"ALIBABA_CLOUD_CLI_PROFILE_DISABLED":  func(c credentials.Config) bool { return c.CLIProfileDisabled },
		"ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED":  func(c credentials.Config) bool { return c.STS.VPC },
	} {
		for value, want := range map[string]bool{"true": true, "TRUE": true, "false": false, "1": false} {
			if c, _ := resolve(config.Settings{}, environment{variable: value}); isSet(c.Credentials) != want {
				t.Errorf("%s=%s: %t", variable, value, !want)
			}
		}
	}
	c, _ = resolve(config.Settings{Endpoints: &config.Endpoints{STS: "sts.host"}}, environment{"ALIBABA_CLOUD_STS_REGION": "cn-beijing", "DTS_ENDPOINT": "dts.host"})
	if c.Credentials.STS.Region != "cn-beijing" || c.Credentials.STS.Endpoint != "sts.host" || c.Endpoint != "dts.host" || c.Credentials.HomeDirectory != "/home/user" {
		t.Errorf("got %+v", c)
	}
}

func TestErrorsOfTheEnvironment(t *testing.T) {
	for _, test := range []struct {
		name        string
		block       config.Settings
		environment environment
		want        string // empty for none
	}{
		{"a number that is none", config.Settings{AssumeRole: &config.AssumeRole{}}, environment{"ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION": "x"},
			"assume_role.session_expiration: The environment variable ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION sets assume_role.session_expiration, which must be an integer."},
		{"a session that is too short", config.Settings{AssumeRole: &config.AssumeRole{}}, environment{"ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION": "899"},
			"assume_role.session_expiration: The environment variable ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION sets assume_role.session_expiration, which must be at least 900."},
		{"a negative timeout", config.Settings{}, environment{"CLIENT_READ_TIMEOUT": "-1"},
			"client_read_timeout: The environment variable CLIENT_READ_TIMEOUT sets client_read_timeout, which must be at least 0."},
		{"a fraction", config.Settings{}, environment{"MAX_RETRY_TIMEOUT": "1.5"},
			"max_retry_timeout: The environment variable MAX_RETRY_TIMEOUT sets max_retry_timeout, which must be an integer."},
		{"a scheme", config.Settings{}, environment{"DTS_ENDPOINT": "http://user:canary@host"},
			"endpoints.dts: The environment variable DTS_ENDPOINT sets endpoints.dts, which must be a host or host:port"},
		{"a line break", config.Settings{}, environment{"ALIBABA_CLOUD_ACCESS_KEY_ID": "k", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "canary\n"},
			"secret_key: The environment variable ALIBABA_CLOUD_ACCESS_KEY_SECRET sets secret_key, which must be free of control characters"},
		{"a User-Agent", config.Settings{}, environment{"TF_APPEND_USER_AGENT": "a\x00b"}, "configuration_source: "},
		{"no URI", config.Settings{}, environment{"ALICLOUD_CREDENTIALS_URI": "canary"}, "credentials_uri: "},
		{"set in the block, too", config.Settings{ClientReadTimeout: 5, Endpoints: &config.Endpoints{DTS: "host"}}, environment{"CLIENT_READ_TIMEOUT": "x", "DTS_ENDPOINT": "/"}, ""},
		{"hidden by another variable", config.Settings{}, environment{"ALIBABA_CLOUD_ENDPOINT_DTS": "host", "DTS_ENDPOINT": "/"}, ""},
		{"of another method than the block's", config.Settings{Profile: "p"}, environment{"ALICLOUD_ACCESS_KEY": "a\n", "ALICLOUD_CREDENTIALS_URI": "x", "ALIBABA_CLOUD_OIDC_TOKEN": "\n"}, ""},
		{"of the block's method", config.Settings{Profile: "p"}, environment{"ALICLOUD_SHARED_CREDENTIALS_FILE": "a\n"}, "shared_credentials_file: "},
		{"beside the block's method", config.Settings{Profile: "p"}, environment{"ALICLOUD_REGION": "a\n"}, "region: "},
		{"an ignored token", config.Settings{}, environment{"ALICLOUD_SECURITY_TOKEN": "a\n"}, ""},
		{"a family that does not count", config.Settings{AccessKey: "k", SecretKey: "s"}, environment{"ALICLOUD_ACCESS_KEY": "a\n", "ALICLOUD_SECURITY_TOKEN": "a\n"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, failed := resolve(test.block, test.environment)
			switch {
			case test.want == "" && len(failed) == 0:
			case test.want == "" || len(failed) != 1 || !strings.HasPrefix(failed[0], test.want) || strings.Contains(failed[0], "canary"):
				t.Errorf("got %q, want %q", failed, test.want)
			}
		})
	}
}
