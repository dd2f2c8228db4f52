package credentials

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

const cliConfig = `{"current":"second","profiles":[
	{"name":"first","mode":"AK","access_key_id":"first-key","access_key_secret":"first-secret","region_id":"cn-beijing"},
	{"name":"second","mode":"StsToken","access_key_id":"second-key","access_key_secret":"second-secret","sts_token":"second-token","region_id":"cn-shanghai"}]}`

const sharedConfig = "# SDKs\n[default]\ntype = access_key ; a comment\naccess_key_id=shared-key\naccess_key_secret = \"shared-secret\"\n[other]\naccess_key_id = other\n"

// everything is an environment with all authentication methods.
var everything = variables{
	"ALICLOUD_ACCESS_KEY": "env-key", "ALICLOUD_SECRET_KEY": "env-secret", "ALICLOUD_SECURITY_TOKEN": "env-token",
	"ALIBABA_CLOUD_OIDC_PROVIDER_ARN": provider, "ALIBABA_CLOUD_OIDC_TOKEN": "good-token", "ALIBABA_CLOUD_ROLE_ARN": roleARN,
	"ALICLOUD_PROFILE": "first", "ALICLOUD_ECS_ROLE_NAME": "emulator", "ALICLOUD_CREDENTIALS_URI": credentialsURI,
}

// without returns everything but the variables with some prefixes.
func without(prefixes ...string) variables {
	rest := variables{}
	for name, value := range everything {
		if !slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			rest[name] = value
		}
	}
	return rest
}

// TestOrder finds the source that counts: the one of the block, then those of
// the environment, the files and the network in their order.
func TestOrder(t *testing.T) {
	t.Parallel()
	const (
		token    = "PUT 100.100.100.200/latest/api/token"
		list     = "GET 100.100.100.200/latest/meta-data/ram/security-credentials/"
		instance = list + "emulator"
		getURI   = "GET localhost:80/_emulator/credentials"
	)
	cli, shared := []string{".aliyun/config.json", cliConfig}, []string{".alibabacloud/credentials", sharedConfig}
	both := slices.Concat(cli, shared)
	blank := []string{".aliyun/config.json", `{"current":"default","profiles":[{"name":"default","mode":"AK"}]}`}
	first := []string{".aliyun/config.json", strings.Replace(cliConfig, `"current":"second"`, `"current":"first"`, 1)}
	noKeys := []string{"ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY"}
	noOIDC := append(noKeys, "ALIBABA_CLOUD_OIDC_TOKEN")
	noProfile := append(noOIDC, "ALICLOUD_PROFILE")
	for _, test := range []struct {
		name        string
		block       Settings
		environment variables
		files       []string
		key         string // STS for one that was issued
		provider    string
		requests    string
	}{
		{"keys of the block", Settings{AccessKey: "k", SecretKey: "secret"}, everything, both, "k", "static_ak", ""},
		{"temporary keys of the block", Settings{AccessKey: "k", SecretKey: "secret", SecurityToken: "token"}, everything, both, "k", "static_sts", ""},
		{"profile of the block", Settings{Profile: "first"}, everything, both, "first-key", "cli_profile/static_ak", ""},
		{"file of the block", Settings{SharedCredentialsFile: "~/.aliyun/config.json"}, without("ALICLOUD_PROFILE"), both, "second-key", "cli_profile/static_sts", ""},
		{"instance of the block", Settings{ECSRoleName: "emulator"}, everything, both, "STS", "ecs_ram_role", token + "," + instance},
		{"URI of the block", Settings{CredentialsURI: credentialsURI}, everything, both, "STS", "credential_uri", getURI},
		{"OIDC of the block", Settings{AssumeRoleWithOIDC: &AssumeRoleWithOIDC{OIDCToken: "good-token-2"}}, everything, both, "STS", "oidc_role_arn", "AssumeRoleWithOIDC sts.aliyuncs.com"},
		{"keys", Settings{}, everything, both, "env-key", "static_sts", ""},
		{"OIDC", Settings{}, without(noKeys...), both, "STS", "oidc_role_arn", "AssumeRoleWithOIDC sts.aliyuncs.com"},
		{"profile", Settings{}, without(noOIDC...), both, "first-key", "cli_profile/static_ak", ""},
		{"current profile", Settings{}, without(noProfile...), both, "second-key", "cli_profile/static_sts", ""},
		{"current profile with a key", Settings{}, without(noProfile...), first, "first-key", "cli_profile/static_ak", ""},
		{"a disabled profile", Settings{}, variables{"ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true"}, both, "shared-key", "profile/static_ak", ""},
		{"a profile that nobody configured", Settings{}, without(noProfile...), slices.Concat(blank, shared), "shared-key", "profile/static_ak", ""},
		{"shared file", Settings{}, without(noProfile...), shared, "shared-key", "profile/static_ak", ""},
		{"instance by name", Settings{}, without(noProfile...), nil, "STS", "ecs_ram_role", token + "," + instance},
		{"instance", Settings{}, variables{"ALICLOUD_CREDENTIALS_URI": credentialsURI}, nil, "STS", "ecs_ram_role",
			strings.Join([]string{token, list, token, list, token, instance}, ",")},
		{"URI", Settings{}, variables{"ALICLOUD_CREDENTIALS_URI": credentialsURI, "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}, nil, "STS", "credential_uri", getURI},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t, test.files...)
			before := files(t, c.home)
			got := credential(t, c.source(t, test.block, test.environment))
			if key, _, _ := strings.Cut(got.AccessKeyID, "."); key != test.key || got.Provider != test.provider {
				t.Errorf("%s from %s, want %s from %s", key, got.Provider, test.key, test.provider)
			}
			if sent := strings.Join(c.sent(), ","); sent != test.requests {
				t.Errorf("requested %s, want %s", sent, test.requests)
			}
			if !maps.Equal(files(t, c.home), before) {
				t.Error("files were changed")
			}
		})
	}
}

// TestRoleOnTop assumes a role with the credentials of each kind of source. The
// emulator checks the signature.
func TestRoleOnTop(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		block Settings
		want  string
	}{
		"keys":    {Settings{AccessKey: "emulator", SecretKey: "emulator-secret"}, "static_ak"},
		"token":   {Settings{AccessKey: "emulator", SecretKey: "emulator-secret", SecurityToken: "token"}, "static_sts"},
		"profile": {Settings{Profile: "RamRoleArn"}, "cli_profile/ram_role_arn/static_ak"},
		"URI":     {Settings{CredentialsURI: credentialsURI}, "credential_uri"},
		"OIDC":    {Settings{AssumeRoleWithOIDC: &AssumeRoleWithOIDC{OIDCProviderARN: provider, RoleARN: roleARN, OIDCToken: "good-token"}}, "oidc_role_arn"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.block.AssumeRole = &AssumeRole{RoleARN: topARN}
			if got := credential(t, profileCloud(t).source(t, test.block, nil)); got.Provider != "ram_role_arn/"+test.want || got.SecurityToken == "" {
				t.Errorf("%s from %s", got.AccessKeyID, got.Provider)
			}
		})
	}
}

// TestRoleParameters sends the settings of a role, and its defaults.
func TestRoleParameters(t *testing.T) {
	t.Parallel()
	keys := func(role AssumeRole) Settings {
		return Settings{AccessKey: "emulator", SecretKey: "emulator-secret", AssumeRole: &role}
	}
	oidc := AssumeRoleWithOIDC{OIDCProviderARN: provider, RoleARN: roleARN, OIDCToken: "good-token"}
	fullOIDC := oidc
	fullOIDC.RoleSessionName, fullOIDC.Policy, fullOIDC.SessionExpiration = "b-session", "[]", 1000
	const policy = `{"a":"ä *~+"}`
	for name, test := range map[string]struct {
		block Settings
		want  []string // RoleArn, RoleSessionName, DurationSeconds, Policy, ExternalId, OIDCProviderArn
	}{
		"role": {keys(AssumeRole{RoleARN: topARN, SessionName: "a-session", Policy: policy, ExternalID: "x", SessionExpiration: 900}),
			[]string{topARN, "a-session", "900", policy, "x", ""}},
		"profile":          {Settings{Profile: "RamRoleArn"}, []string{roleARN, "session", "1200", "{}", "x", ""}},
		"OIDC":             {Settings{AssumeRoleWithOIDC: &fullOIDC}, []string{roleARN, "b-session", "1000", "[]", "", provider}},
		"defaults":         {keys(AssumeRole{RoleARN: topARN}), []string{topARN, "terraform", "3600", "", "", ""}},
		"defaults of OIDC": {Settings{AssumeRoleWithOIDC: &oidc}, []string{roleARN, "terraform", "3600", "", "", provider}},
	} {
		c := profileCloud(t)
		credential(t, c.source(t, test.block, nil))
		sent := c.emulator.Requests()[0].Parameters
		for i, parameter := range []string{"RoleArn", "RoleSessionName", "DurationSeconds", "Policy", "ExternalId", "OIDCProviderArn"} {
			if got := sent.Get(parameter); got != test.want[i] || sent.Has(parameter) && got == "" {
				t.Errorf("%s: %s is %q, want %q", name, parameter, got, test.want[i])
			}
		}
	}
}

// TestSTSHost sends requests for roles to the right endpoint, or none if a part
// of the host could be anything else.
func TestSTSHost(t *testing.T) {
	t.Parallel()
	const (
		profile  = `"mode":"RamRoleArn","access_key_id":"emulator","access_key_secret":"emulator-secret","ram_role_arn":"` + roleARN + `"`
		sts      = "AssumeRole sts."
		badHost  = "must be a host or host:port"
		badParts = "must be the ID of a region"
	)
	keys := Settings{AccessKey: "emulator", SecretKey: "emulator-secret", AssumeRole: &AssumeRole{RoleARN: roleARN}}
	withRegion, withEndpoint := keys, Settings{Profile: "p", Endpoints: &Endpoints{STS: "set.example"}}
	withRegion.Region = "cn-beijing"
	for name, test := range map[string]struct {
		block       Settings
		environment variables
		profile     string // more fields
		want        string // a request, or else an error
	}{
		"no region":                   {keys, nil, "", sts + "aliyuncs.com"},
		"region":                      {withRegion, nil, "", sts + "cn-beijing.aliyuncs.com"},
		"region of STS":               {withRegion, variables{"ALIBABA_CLOUD_STS_REGION": "cn-hongkong"}, "", sts + "cn-hongkong.aliyuncs.com"},
		"VPC set to another value":    {withRegion, variables{"ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED": "1"}, "", sts + "cn-beijing.aliyuncs.com"},
		"VPC":                         {withRegion, variables{"ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED": "TRUE"}, "", "AssumeRole sts-vpc.cn-beijing.aliyuncs.com"},
		"VPC without a region":        {keys, variables{"ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED": "true"}, "", sts + "aliyuncs.com"},
		"no region of STS":            {keys, variables{"ALIBABA_CLOUD_STS_REGION": "evil.example/?"}, "", badParts},
		"profile":                     {Settings{Profile: "p"}, nil, `,"region_id":"cn-shanghai"`, sts + "cn-shanghai.aliyuncs.com"},
		"region below a role":         {Settings{Profile: "p", AssumeRole: &AssumeRole{RoleARN: topARN}}, nil, `,"region_id":"cn-shanghai"`, sts + "cn-shanghai.aliyuncs.com"},
		"STS region of a profile":     {Settings{Profile: "p"}, variables{"ALIBABA_CLOUD_STS_REGION": "cn-hongkong"}, `,"sts_region":"cn-shanghai","enable_vpc":true`, "AssumeRole sts-vpc.cn-shanghai.aliyuncs.com"},
		"STS endpoint of a profile":   {Settings{Profile: "p"}, nil, `,"sts_region":"cn-shanghai","sts_endpoint":"sts.example"`, "AssumeRole sts.example"},
		"no STS region of a profile":  {Settings{Profile: "p"}, nil, `,"sts_region":"a@b"`, badParts},
		"no STS endpoint of one":      {Settings{Profile: "p"}, nil, `,"sts_endpoint":"https://sts.example"`, badHost},
		"endpoint of the block":       {withEndpoint, nil, `,"sts_endpoint":"sts.example"`, "AssumeRole set.example"},
		"region_id that is no region": {Settings{Profile: "p"}, nil, `,"region_id":"x/y"`, badParts},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t, ".aliyun/config.json", `{"profiles":[{"name":"p",`+profile+test.profile+`}]}`)
			_, err := c.source(t, test.block, test.environment).Credential(t.Context())
			if strings.HasPrefix(test.want, "AssumeRole ") {
				if sent := slices.Compact(c.sent()); err != nil || !slices.Equal(sent, []string{test.want}) {
					t.Errorf("sent %v, error %v", sent, err)
				}
				return
			}
			wantError(t, err, test.want)
			if sent := c.sent(); len(sent) > 0 {
				t.Errorf("sent %v", sent)
			}
		})
	}
}

// TestMetadata requests metadata with a token where there is one, and without
// only if that is not disabled.
func TestMetadata(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failing       string // the requests that are refused: by method, and "token" for those with one
		requiresToken bool
		want          int // requests
		wantErr       string
	}{
		"with a token":                         {"", false, 2, ""},
		"without a token":                      {"PUT", false, 2, ""},
		"no token, though required":            {"PUT", true, 1, "HTTP status 403"},
		"no instance":                          {"connection", false, 1, "EOF"},
		"refused with a token":                 {"token", false, 3, ""},
		"refused with a token though required": {"token", true, 2, "HTTP status 403"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			c.respond = func(w http.ResponseWriter, r *http.Request, _ int) bool {
				if test.failing == "connection" {
					panic(http.ErrAbortHandler)
				}
				failing := r.Method == test.failing || test.failing == "token" && r.Header.Get("X-Aliyun-Ecs-Metadata-Token") != ""
				if failing {
					w.WriteHeader(http.StatusForbidden)
				}
				return failing
			}
			environment := variables{}
			if test.requiresToken {
				environment["ALIBABA_CLOUD_IMDSV1_DISABLED"] = "true"
			}
			_, err := c.source(t, Settings{ECSRoleName: "emulator"}, environment).Credential(t.Context())
			if test.wantErr != "" {
				wantError(t, err, test.wantErr)
			} else if err != nil {
				t.Error(err)
			}
			if sent := c.sent(); len(sent) != test.want {
				t.Errorf("requested %v", sent)
			}
		})
	}
}

// TestNoProxyForMetadata keeps a proxy from supplying credentials.
func TestNoProxyForMetadata(t *testing.T) {
	t.Parallel()
	s := NewSource(Config{})
	proxies := func(c *http.Client) bool { return c.Transport.(*http.Transport).Proxy != nil } //nolint:forcetypeassert // newHTTPClient makes it.
	if proxies(s.config.metadata.http) || !proxies(s.config.http) {
		t.Error("metadata is requested through a proxy, or nothing is")
	}
}

// TestProbeOfMetadata doesn't take one failure for a machine without metadata,
// or a server that always fails for one with metadata, and probes once.
func TestProbeOfMetadata(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failures, status int
		body             string
		isPresent        bool
		requests         int
	}{
		"one failure": {2, 503, "", true, 8},
		"failures":    {100, 503, "", false, 6},
		"no metadata": {100, 404, "", false, 2},
		"no response": {100, 0, "", false, 1},
		"other page":  {100, 200, "<html>Connect to the network</html>", false, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t)
			c.respond = func(w http.ResponseWriter, _ *http.Request, number int) bool {
				if number > test.failures {
					return false
				}
				if test.status == 0 {
					panic(http.ErrAbortHandler)
				}
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
				return true
			}
			s := c.source(t, Settings{}, nil)
			for range 3 {
				if _, err := s.Credential(t.Context()); (err == nil) != test.isPresent {
					t.Errorf("error %v", err)
				} else if err != nil {
					wantError(t, err, "no Alibaba Cloud credentials were found", documentation)
				}
			}
			if sent := c.sent(); len(sent) != test.requests {
				t.Errorf("requested %v", sent)
			}
		})
	}
}
