package credentials

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dts-community/terraform-provider-dts/internal/snake"
)

// resolve returns the configuration and the text of each error.
func resolve(block Settings, environment variables) (Config, []string) {
	c, invalid := Resolve(block, environment.get)
	var texts []string
	for _, err := range invalid {
		texts = append(texts, strings.Join(err.Path, ".")+": "+err.Error())
	}
	return c, texts
}

// TestList wants the arguments of the contract, and sets each of their variables
// beside the later ones.
func TestList(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"region":                  "ALICLOUD_REGION ALIBABA_CLOUD_REGION ALIBABA_CLOUD_REGION_ID",
		"access_key":              "ALICLOUD_ACCESS_KEY ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABACLOUD_ACCESS_KEY_ID",
		"secret_key":              "ALICLOUD_SECRET_KEY ALIBABA_CLOUD_ACCESS_KEY_SECRET ALIBABACLOUD_ACCESS_KEY_SECRET",
		"security_token":          "ALICLOUD_SECURITY_TOKEN ALIBABA_CLOUD_SECURITY_TOKEN ALIBABACLOUD_SECURITY_TOKEN",
		"profile":                 "ALICLOUD_PROFILE ALIBABA_CLOUD_PROFILE",
		"shared_credentials_file": "ALICLOUD_SHARED_CREDENTIALS_FILE ALIBABA_CLOUD_CREDENTIALS_FILE",
		"ecs_role_name":           "ALICLOUD_ECS_ROLE_NAME ALIBABA_CLOUD_ECS_METADATA",
		"credentials_uri":         "ALICLOUD_CREDENTIALS_URI ALIBABA_CLOUD_CREDENTIALS_URI",
		"client_connect_timeout":  "CLIENT_CONNECT_TIMEOUT",
		"client_read_timeout":     "CLIENT_READ_TIMEOUT",
		"max_retry_timeout":       "MAX_RETRY_TIMEOUT",
		"configuration_source":    "TF_APPEND_USER_AGENT",
		"protocol":                "",
		"max_requests_per_second": "",
		"endpoints.sts":           "",
		"endpoints.dts":           "ALIBABA_CLOUD_ENDPOINT_DTS DTS_ENDPOINT",

		"assume_role.role_arn":                     "ALICLOUD_ASSUME_ROLE_ARN ALIBABA_CLOUD_ROLE_ARN",
		"assume_role.session_name":                 "ALICLOUD_ASSUME_ROLE_SESSION_NAME ALIBABA_CLOUD_ROLE_SESSION_NAME",
		"assume_role.policy":                       "",
		"assume_role.external_id":                  "",
		"assume_role_with_oidc.policy":             "",
		"assume_role_with_oidc.session_expiration": "",
		"assume_role.session_expiration":           "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION",
		"assume_role_with_oidc.oidc_provider_arn":  "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
		"assume_role_with_oidc.oidc_token":         "ALIBABA_CLOUD_OIDC_TOKEN",
		"assume_role_with_oidc.oidc_token_file":    "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
		"assume_role_with_oidc.role_arn":           "ALIBABA_CLOUD_ROLE_ARN",
		"assume_role_with_oidc.role_session_name":  "ALIBABA_CLOUD_ROLE_SESSION_NAME",
	}
	sensitive := []string{"secret_key", "security_token", "assume_role_with_oidc.oidc_token", "credentials_uri"}
	if len(List()) != len(want) {
		t.Errorf("%d arguments, want %d", len(List()), len(want))
	}
	for _, setting := range List() {
		variables, known := want[setting.Name()]
		tags := declaration(setting.Path).Tag
		isSensitive := tags.Get("arg") == "sensitive"
		if got := strings.Join(setting.Variables, " "); !known || got != variables || isSensitive != slices.Contains(sensitive, setting.Name()) {
			t.Errorf("%s has variables %s, sensitive %t", setting.Name(), got, isSensitive)
		}
		if doc := tags.Get("doc"); !strings.HasSuffix(doc, ".") || strings.ContainsAny(doc, "`;") {
			t.Errorf("%s: %q is not a sentence", setting.Name(), doc)
		}
		for i, variable := range setting.Variables {
			environment := map[string]string{variable: "1000"}
			for _, later := range setting.Variables[i+1:] {
				environment[later] = "2000"
			}
			if slices.Contains([]string{"secret_key", "security_token"}, setting.Name()) {
				environment[strings.Fields(want["access_key"])[i]] = "its key"
			}
			s := &Settings{Endpoints: &Endpoints{}, AssumeRole: &AssumeRole{}, AssumeRoleWithOIDC: &AssumeRoleWithOIDC{}}
			s.complete(func(name string) string { return environment[name] }, nil)
			for _, completed := range settingsIn(reflect.ValueOf(s)) {
				if completed.Name() == setting.Name() && fmt.Sprint(completed.value) != "1000" {
					t.Errorf("%s is %v of %s", setting.Name(), completed.value, variable)
				}
			}
		}
	}
}

// declaration returns the field of a setting.
func declaration(path []string) (field reflect.StructField) {
	declared := reflect.TypeFor[Settings]()
	for _, name := range path {
		if field.Type != nil {
			declared = field.Type.Elem()
		}
		field, _ = declared.FieldByNameFunc(func(goName string) bool { return snake.Case(goName) == name })
	}
	return field
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	environment := variables{"CLIENT_CONNECT_TIMEOUT": "1500", "CLIENT_READ_TIMEOUT": "2500", "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION": "900"}
	var role AssumeRole // stays unchanged
	c, invalid := resolve(Settings{ClientReadTimeout: 2, MaxRetryTimeout: 1 << 62, MaxRequestsPerSecond: 7, AssumeRole: &role}, environment)
	got := []any{c.Client.ConnectTimeout, c.Client.ReadTimeout, c.Client.RetryTimeout > 24*time.Hour, c.Client.RequestRate, c.AssumeRole.SessionExpiration, role}
	want := []any{1500 * time.Millisecond, 2 * time.Millisecond, true, 7, SessionExpiration(900), AssumeRole{}}
	if diff := cmp.Diff(want, got); diff != "" || len(invalid) > 0 {
		t.Errorf("-want +got:\n%s%v", diff, invalid)
	}
}

// TestPrecedence completes provider blocks from an environment that sets all
// authentication methods.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	environment := variables{
		"ALICLOUD_ACCESS_KEY": "env-key", "ALICLOUD_SECRET_KEY": "env-secret", "ALICLOUD_SECURITY_TOKEN": "env-token",
		"ALICLOUD_PROFILE": "env-profile", "ALICLOUD_SHARED_CREDENTIALS_FILE": "env-file",
		"ALICLOUD_ECS_ROLE_NAME": "env-ecs", "ALICLOUD_CREDENTIALS_URI": "http://env/",
		"ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "env-idp", "ALIBABA_CLOUD_OIDC_TOKEN": "env-jwt", "ALIBABA_CLOUD_OIDC_TOKEN_FILE": "env-jwt-file",
		"ALIBABA_CLOUD_ROLE_ARN": "env-role", "ALIBABA_CLOUD_ROLE_SESSION_NAME": "env-session",
	}
	envOIDC := &AssumeRoleWithOIDC{OIDCProviderARN: "env-idp", OIDCToken: "env-jwt", OIDCTokenFile: "env-jwt-file", RoleARN: "env-role", RoleSessionName: "env-session"}
	changed := func(change func(*AssumeRoleWithOIDC)) *AssumeRoleWithOIDC { o := *envOIDC; change(&o); return &o }
	for name, test := range map[string]struct {
		block       Settings
		environment variables
		want        Settings // without Endpoints
	}{
		"access key":         {Settings{AccessKey: "k", SecretKey: "s"}, environment, Settings{AccessKey: "k", SecretKey: "s"}},
		"temporary key":      {Settings{AccessKey: "k", SecretKey: "s", SecurityToken: "t"}, environment, Settings{AccessKey: "k", SecretKey: "s", SecurityToken: "t"}},
		"key alone":          {Settings{AccessKey: "k"}, environment, Settings{AccessKey: "k"}},
		"secret alone":       {Settings{SecretKey: "s"}, environment, Settings{AccessKey: "env-key", SecretKey: "s", SecurityToken: "env-token"}},
		"token alone":        {Settings{SecurityToken: "t"}, variables{"ALICLOUD_PROFILE": "p"}, Settings{Profile: "p"}},
		"token beside a key": {Settings{SecurityToken: "t"}, variables{"ALICLOUD_ACCESS_KEY": "k", "ALICLOUD_SECRET_KEY": "s"}, Settings{AccessKey: "k", SecretKey: "s"}},
		"profile":            {Settings{Profile: "p"}, environment, Settings{Profile: "p", SharedCredentialsFile: "env-file"}},
		"file":               {Settings{SharedCredentialsFile: "f"}, environment, Settings{Profile: "env-profile", SharedCredentialsFile: "f"}},
		"ECS role":           {Settings{ECSRoleName: "r"}, environment, Settings{ECSRoleName: "r"}},
		"URI":                {Settings{CredentialsURI: "http://u/"}, environment, Settings{CredentialsURI: "http://u/"}},
		"OIDC": {Settings{AssumeRoleWithOIDC: &AssumeRoleWithOIDC{Policy: "{}"}}, environment,
			Settings{AssumeRoleWithOIDC: changed(func(o *AssumeRoleWithOIDC) { o.Policy = "{}" })}},
		"token file before a token of the environment": {Settings{AssumeRoleWithOIDC: &AssumeRoleWithOIDC{OIDCTokenFile: "f"}}, environment,
			Settings{AssumeRoleWithOIDC: changed(func(o *AssumeRoleWithOIDC) { o.OIDCToken, o.OIDCTokenFile = "", "f" })}},
		"all of the environment": {Settings{}, environment, Settings{AccessKey: "env-key", SecretKey: "env-secret", SecurityToken: "env-token", AssumeRoleWithOIDC: envOIDC,
			Profile: "env-profile", SharedCredentialsFile: "env-file", ECSRoleName: "env-ecs", CredentialsURI: "http://env/"}},
		"parts of OIDC": {Settings{}, variables{"ALIBABA_CLOUD_ROLE_ARN": "r"}, Settings{}},
		"nothing":       {Settings{}, nil, Settings{}},

		"first family": {Settings{}, variables{"ALICLOUD_ACCESS_KEY": "k", "ALICLOUD_SECRET_KEY": "s", "ALIBABA_CLOUD_ACCESS_KEY_ID": "other", "ALIBABA_CLOUD_SECURITY_TOKEN": "t"},
			Settings{AccessKey: "k", SecretKey: "s"}},
		"second family": {Settings{}, variables{"ALICLOUD_SECRET_KEY": "other", "ALIBABA_CLOUD_ACCESS_KEY_ID": "k", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s", "ALIBABA_CLOUD_SECURITY_TOKEN": "t"},
			Settings{AccessKey: "k", SecretKey: "s", SecurityToken: "t"}},
		"third family": {Settings{}, variables{"ALICLOUD_SECURITY_TOKEN": "other", "ALIBABACLOUD_ACCESS_KEY_ID": "k", "ALIBABACLOUD_ACCESS_KEY_SECRET": "s", "ALIBABACLOUD_SECURITY_TOKEN": "t"},
			Settings{AccessKey: "k", SecretKey: "s", SecurityToken: "t"}},
		"no secret in the family":       {Settings{}, variables{"ALIBABACLOUD_ACCESS_KEY_ID": "k", "ALICLOUD_SECRET_KEY": "other"}, Settings{AccessKey: "k"}},
		"token of the environment":      {Settings{}, variables{"ALICLOUD_SECURITY_TOKEN": "t"}, Settings{}},
		"secret of the environment":     {Settings{}, variables{"ALICLOUD_SECRET_KEY": "s"}, Settings{}},
		"no role without the block":     {Settings{}, variables{"ALICLOUD_ASSUME_ROLE_ARN": "r"}, Settings{}},
		"role with parts of each":       {Settings{AssumeRole: &AssumeRole{ExternalID: "x"}}, variables{"ALICLOUD_ASSUME_ROLE_ARN": "r"}, Settings{AssumeRole: &AssumeRole{RoleARN: "r", ExternalID: "x"}}},
		"region beside a profile":       {Settings{Profile: "p"}, variables{"ALICLOUD_REGION": "cn-beijing"}, Settings{Profile: "p", Region: "cn-beijing"}},
		"the block before a variable":   {Settings{Region: "cn-hangzhou"}, variables{"ALICLOUD_REGION": "cn-beijing"}, Settings{Region: "cn-hangzhou"}},
		"two methods, to be an error":   {Settings{AccessKey: "k", SecretKey: "s", Profile: "p"}, nil, Settings{AccessKey: "k", SecretKey: "s", Profile: "p"}},
		"an empty role, to be an error": {Settings{AssumeRole: &AssumeRole{}}, nil, Settings{AssumeRole: &AssumeRole{}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, invalid := resolve(test.block, test.environment)
			c.Endpoints = nil
			if diff := cmp.Diff(test.want, c.Settings); diff != "" || len(invalid) > 0 {
				t.Errorf("-want +got:\n%s%v", diff, invalid)
			}
		})
	}
}

// TestSendsURIUnencrypted warns of the URI that is used, unless it stays on this
// machine.
func TestSendsURIUnencrypted(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{
		"http://host/": true, "HTTP://host": true, "https://host/": false, "http://localhost:80/": false, "http://[::1]/": false,
	} {
		inBlock, _ := resolve(Settings{CredentialsURI: URI(value)}, nil)
		unused, _ := resolve(Settings{AccessKey: "k"}, variables{"ALICLOUD_CREDENTIALS_URI": value})
		alone, _ := resolve(Settings{}, variables{"ALICLOUD_CREDENTIALS_URI": value})
		if inBlock.SendsURIUnencrypted() != want || unused.SendsURIUnencrypted() || alone.SendsURIUnencrypted() != want {
			t.Errorf("%s: want %t", value, want)
		}
	}
}

func TestVariableErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		block       Settings
		environment variables
		want        string // empty for none
	}{
		"a number that is none": {Settings{AssumeRole: &AssumeRole{}}, variables{"ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION": "x"},
			"assume_role.session_expiration: The environment variable ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION sets assume_role.session_expiration, which must be an integer."},
		"a session that is too short": {Settings{AssumeRole: &AssumeRole{}}, variables{"ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION": "899"},
			"assume_role.session_expiration: The environment variable ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION sets assume_role.session_expiration, which must be at least 900."},
		"a negative timeout": {Settings{}, variables{"CLIENT_READ_TIMEOUT": "-1"},
			"client_read_timeout: The environment variable CLIENT_READ_TIMEOUT sets client_read_timeout, which must be at least 0."},
		"a fraction": {Settings{}, variables{"MAX_RETRY_TIMEOUT": "1.5"},
			"max_retry_timeout: The environment variable MAX_RETRY_TIMEOUT sets max_retry_timeout, which must be an integer."},
		"a scheme": {Settings{}, variables{"DTS_ENDPOINT": "http://user:CANARY@host"},
			"endpoints.dts: The environment variable DTS_ENDPOINT sets endpoints.dts, which must be a host or host:port"},
		"a line break": {Settings{}, variables{"ALIBABA_CLOUD_ACCESS_KEY_ID": "k", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "CANARY\n"},
			"secret_key: The environment variable ALIBABA_CLOUD_ACCESS_KEY_SECRET sets secret_key, which must be free of control characters"},
		"a region": {Settings{}, variables{"ALICLOUD_REGION": "cn-hangzhou.example/?"},
			"region: The environment variable ALICLOUD_REGION sets region, which must be the ID of a region, such as cn-hangzhou."},
		"a User-Agent":           {Settings{}, variables{"TF_APPEND_USER_AGENT": "a\x00b"}, "configuration_source: "},
		"no URI":                 {Settings{}, variables{"ALICLOUD_CREDENTIALS_URI": "CANARY"}, "credentials_uri: "},
		"set in the block, too":  {Settings{ClientReadTimeout: 5, Endpoints: &Endpoints{DTS: "host"}}, variables{"CLIENT_READ_TIMEOUT": "x", "DTS_ENDPOINT": "/"}, ""},
		"hidden by another":      {Settings{}, variables{"ALIBABA_CLOUD_ENDPOINT_DTS": "host", "DTS_ENDPOINT": "/"}, ""},
		"of another method":      {Settings{Profile: "p"}, variables{"ALICLOUD_ACCESS_KEY": "a\n", "ALICLOUD_CREDENTIALS_URI": "x", "ALIBABA_CLOUD_OIDC_TOKEN": "\n"}, ""},
		"of the block's method":  {Settings{Profile: "p"}, variables{"ALICLOUD_SHARED_CREDENTIALS_FILE": "a\n"}, "shared_credentials_file: "},
		"of no method":           {Settings{Profile: "p"}, variables{"ALICLOUD_REGION": "a\n"}, "region: "},
		"an ignored token":       {Settings{}, variables{"ALICLOUD_SECURITY_TOKEN": "a\n"}, ""},
		"a family without a key": {Settings{AccessKey: "k", SecretKey: "s"}, variables{"ALICLOUD_ACCESS_KEY": "a\n", "ALICLOUD_SECURITY_TOKEN": "a\n"}, ""},
	} {
		_, invalid := resolve(test.block, test.environment)
		text := strings.Join(invalid, "")
		if test.want == "" && text != "" || !strings.HasPrefix(text, test.want) || strings.Contains(text, "CANARY") {
			t.Errorf("%s: got %q, want %q", name, text, test.want)
		}
	}
}
