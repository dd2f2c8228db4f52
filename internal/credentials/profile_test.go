package credentials

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// modesFile has a profile of each mode, and what can be wrong with one.
const modesFile = `{"profiles":[
	{"name":"AK","mode":"AK","access_key_id":"key","access_key_secret":"secret","sts_token":"unused"},
	{"name":"StsToken","mode":"StsToken","access_key_id":"key","access_key_secret":"secret","sts_token":"token"},
	{"name":"RamRoleArn","mode":"RamRoleArn","access_key_id":"key","access_key_secret":"secret","ram_role_arn":"role","ram_session_name":"session","expired_seconds":1200,"external_id":"x","policy":"{}"},
	{"name":"EcsRamRole","mode":"EcsRamRole","ram_role_name":"role"},
	{"name":"EcsRamRole of any name","mode":"EcsRamRole"},
	{"name":"OIDC","mode":"OIDC","oidc_provider_arn":"p","oidc_token_file":"TOKEN","ram_role_arn":"role"},
	{"name":"ChainableRamRoleArn","mode":"ChainableRamRoleArn","source_profile":"RamRoleArn","ram_role_arn":"chained"},
	{"name":"External","mode":"External","process_command":"echo '{\"mode\":\"AK\",\"access_key_id\":\"external\",\"access_key_secret\":\"secret\"}'"},

	{"name":"empty","mode":"AK"},
	{"name":"no secret","mode":"RamRoleArn","access_key_id":"key","ram_role_arn":"role"},
	{"name":"no token","mode":"StsToken","access_key_id":"key","access_key_secret":"CANARY-SECRET-7f3a"},
	{"name":"no role","mode":"ChainableRamRoleArn","source_profile":"AK"},
	{"name":"no identity","mode":"OIDC","oidc_provider_arn":"p","ram_role_arn":"role"},
	{"name":"unknown","mode":"Telepathy"},
	{"name":"nowhere","mode":"ChainableRamRoleArn","source_profile":"none","ram_role_arn":"r"},
	{"name":"itself","mode":"ChainableRamRoleArn","source_profile":"itself","ram_role_arn":"r"},
	{"name":"a","mode":"ChainableRamRoleArn","source_profile":"b","ram_role_arn":"r"},
	{"name":"b","mode":"ChainableRamRoleArn","source_profile":"c","ram_role_arn":"r"},
	{"name":"c","mode":"ChainableRamRoleArn","source_profile":"b","ram_role_arn":"r"},
	{"name":"failing program","mode":"External","process_command":"false CANARY-SECRET-7f3a"},
	{"name":"no site","mode":"OAuth","oauth_refresh_token":"CANARY-SECRET-7f3a"}]}`

func ofProfile(t *testing.T, name string) Config {
	t.Helper()
	token := filepath.Join(home(t, map[string]string{"token": "jwt\n"}), "token")
	files := map[string]string{".aliyun/config.json": strings.Replace(modesFile, "TOKEN", token, 1)}
	return Config{Block: Sources{Profile: Profile{Name: name}}, HomeDirectory: home(t, files)}
}

func TestProfileModes(t *testing.T) {
	for _, test := range []struct{ name, key, provider, requests string }{
		{"AK", "key", "static_ak", ""},
		{"StsToken", "key", "static_sts", ""},
		{"RamRoleArn", "STS.1", "ram_role_arn/static_ak", "AssumeRole role key"},
		{"EcsRamRole", "STS.2", "ecs_ram_role", "PUT /latest/api/token, GET /latest/meta-data/ram/security-credentials/role metadata-token"},
		{"EcsRamRole of any name", "STS.4", "ecs_ram_role", "PUT /latest/api/token, GET /latest/meta-data/ram/security-credentials/ metadata-token, " +
			"PUT /latest/api/token, GET /latest/meta-data/ram/security-credentials/instance-role metadata-token"},
		{"OIDC", "STS.1", "oidc_role_arn", "AssumeRoleWithOIDC role jwt"},
		{"ChainableRamRoleArn", "STS.2", "ram_role_arn/ram_role_arn/static_ak", "AssumeRole role key, AssumeRole chained STS.1"},
		{"External", "external", "external", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			here := reset(t)
			got := credential(t, newSource(ofProfile(t, test.name)))
			if got.AccessKeyID != test.key || got.Provider != "cli_profile/"+test.provider {
				t.Errorf("%s from %s", got.AccessKeyID, got.Provider)
			}
			if requests := strings.Join(here.log(), ", "); requests != test.requests {
				t.Errorf("requested %s", requests)
			}
		})
	}
}

func TestRoleOfAProfile(t *testing.T) {
	here := reset(t)
	credential(t, newSource(ofProfile(t, "RamRoleArn")))
	sent := here.parameters()
	for name, want := range map[string]string{"RoleSessionName": "session", "DurationSeconds": "1200", "ExternalId": "x", "Policy": "{}"} {
		if sent.Get(name) != want {
			t.Errorf("%s is %q", name, sent.Get(name))
		}
	}
}

// hosts are those that requests are sent to.
type hosts []string

func (h *hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	*h = append(*h, r.URL.Host)
	return nil, io.EOF
}

// TestSTSOfAProfile requests a role of the profile's endpoint, unless the
// configuration sets another.
func TestSTSOfAProfile(t *testing.T) {
	const file = `{"profiles":[
		{"name":"default","mode":"RamRoleArn","access_key_id":"k","access_key_secret":"s","ram_role_arn":"r","sts_region":"cn-beijing","enable_vpc":true}]}`
	for endpoint, want := range map[string]string{"": "sts-vpc.cn-beijing.aliyuncs.com", "host:1": "host:1"} {
		s := NewSource(Config{HomeDirectory: home(t, map[string]string{".aliyun/config.json": file}), STS: STS{Endpoint: endpoint}})
		var sent hosts
		s.finder.http.Transport = &sent
		if _, err := s.Credential(t.Context()); err == nil || !slices.Equal(sent, hosts{want}) {
			t.Errorf("sent to %v, want %s", sent, want)
		}
	}
}

// TestCurrentProfileIsNotPassedOver reports a file that is broken, though there
// are other sources.
func TestCurrentProfileIsNotPassedOver(t *testing.T) {
	for file, want := range map[string]string{
		"{":                  "is not a configuration file",
		`{"current":"none"}`: `there is no profile "none"`,
		`{"current":"a","profiles":[{"name":"a","mode":"AK","access_key_id":"k"}]}`: "has no access_key_secret",
	} {
		directory := home(t, map[string]string{".aliyun/config.json": file, ".alibabacloud/credentials": sharedFile})
		_, err := newSource(Config{HomeDirectory: directory}).Credential(t.Context())
		wantError(t, err, want)
	}
}

func TestProfileErrors(t *testing.T) {
	for name, want := range map[string][]string{
		"empty":           {`profile "empty" in `, "has no access_key_id", "aliyun configure --profile empty --mode AK"},
		"no secret":       {"has no access_key_secret"},
		"no token":        {"has no sts_token"},
		"no role":         {"has no ram_role_arn"},
		"no identity":     {"has no oidc_token or oidc_token_file"},
		"unknown":         {`unknown mode "Telepathy"`, "Known modes are: AK, StsToken, RamRoleArn"},
		"nowhere":         {`there is no profile "none" in `, "Its profiles are: AK, StsToken"},
		"itself":          {"form a cycle: itself -> itself"},
		"a":               {"form a cycle: a -> b -> c -> b", "source_profile"},
		"failing program": {`unable to get credentials from profile "failing program"`, "--mode External"},
		"no site":         {`unable to get credentials from profile "no site"`, "--mode OAuth"},
		"missing":         {`there is no profile "missing"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newSource(ofProfile(t, name)).Credential(t.Context())
			wantError(t, err, want...)
		})
	}
}

// TestProfileIsReadAgain finds what the CLI wrote in the meantime.
func TestProfileIsReadAgain(t *testing.T) {
	config := Config{HomeDirectory: home(t, map[string]string{".aliyun/config.json": cliFile})}
	s := newSource(config)
	expired := credential(t, s)
	renewed := strings.Replace(cliFile, "second-token", "renewed-token", 1)
	if err := os.WriteFile(filepath.Join(config.HomeDirectory, ".aliyun", "config.json"), []byte(renewed), 0o600); err != nil {
		t.Fatal(err)
	}
	if refreshed, err := s.Refresh(t.Context(), expired); !refreshed || err != nil {
		t.Errorf("refreshed %t, %v", refreshed, err)
	}
	if got := credential(t, s); got.SecurityToken != "renewed-token" {
		t.Errorf("got %q", got.SecurityToken)
	}
}

func TestRegionOfTheProfile(t *testing.T) {
	for _, test := range []struct {
		name   string
		config Config
		want   string
	}{
		{"of the block", Config{Block: Sources{Profile: Profile{Name: "first"}}}, "cn-beijing"},
		{"of the environment", Config{Environment: Sources{Profile: Profile{Name: "first"}}}, "cn-beijing"},
		{"the current one", Config{}, "cn-shanghai"},
		{"not used", Config{Block: Sources{Keys: keysOf("k", "s", "")}}, ""},
		{"of lower precedence", Config{Environment: Sources{Keys: keysOf("k", "s", "")}}, ""},
		{"below OIDC", Config{Environment: Sources{OIDC: &OIDC{ProviderARN: "p", RoleARN: "r", Token: "t"}}}, ""},
		{"beside a token alone", Config{Environment: Sources{Keys: keysOf("", "", "t")}}, "cn-shanghai"},
		{"profiles are disabled", Config{CLIProfileDisabled: true}, ""},
		{"none", Config{Block: Sources{Profile: Profile{Name: "none"}}}, ""},
	} {
		test.config.HomeDirectory = home(t, map[string]string{".aliyun/config.json": cliFile})
		if got := NewSource(test.config).Region(); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestSharedFile(t *testing.T) {
	for _, test := range []struct{ name, file, key, provider, wantErr string }{
		{"ram_role_arn", "[default]\ntype = ram_role_arn\naccess_key_id = k\naccess_key_secret = s\nrole_arn = r\nrole_session_name = n\n", "STS.1", "profile/ram_role_arn/static_ak", ""},
		{"ecs_ram_role", "[default]\ntype = ecs_ram_role\nrole_name = r\n", "STS.2", "profile/ecs_ram_role", ""},
		{"no secret", "[default]\ntype = access_key\naccess_key_id = k\n", "", "", "its section default is missing or incomplete"},
		{"no role", "[default]\ntype = ram_role_arn\naccess_key_id = k\naccess_key_secret = s\n", "", "", "its section default is missing or incomplete"},
		{"another section", "[other]\ntype = access_key\naccess_key_id = k\naccess_key_secret = s\n", "", "", "its section default is missing or incomplete"},
		{"not INI", "[" + canary, "", "", "it is not in INI format"},
	} {
		t.Run(test.name, func(t *testing.T) {
			reset(t)
			s := newSource(Config{HomeDirectory: home(t, map[string]string{".alibabacloud/credentials": test.file})})
			got, err := s.Credential(t.Context())
			if test.wantErr != "" {
				wantError(t, err, test.wantErr, filepath.Join(".alibabacloud", "credentials"), "section default must have")
				return
			}
			if err != nil || got.AccessKeyID != test.key || got.Provider != test.provider {
				t.Errorf("%s from %s, %v", got.AccessKeyID, got.Provider, err)
			}
		})
	}
}
