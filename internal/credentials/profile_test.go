package credentials

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// profiles has a profile of each mode, and invalid ones. VALID and
// PAST are times in seconds.
const profiles = `{"current":"AK","profiles":[
	{"name":"AK","mode":"AK","access_key_id":"key","access_key_secret":"CANARY-SECRET-of-AK","sts_token":"unused","region_id":"cn-beijing"},
	{"name":"StsToken","mode":"StsToken","access_key_id":"key","access_key_secret":"CANARY-SECRET-of-StsToken","sts_token":"CANARY-TOKEN-of-StsToken"},
	{"name":"RamRoleArn","mode":"RamRoleArn","access_key_id":"emulator","access_key_secret":"emulator-secret",
		"ram_role_arn":"acs:ram::1234567890123456:role/reader","ram_session_name":"session","expired_seconds":1200,"external_id":"x","policy":"{}"},
	{"name":"ChainableRamRoleArn","mode":"ChainableRamRoleArn","source_profile":"RamRoleArn","ram_role_arn":"acs:ram::1234567890123456:role/top"},
	{"name":"EcsRamRole","mode":"EcsRamRole"},
	{"name":"OIDC","mode":"OIDC","oidc_provider_arn":"acs:ram::1234567890123456:oidc-provider/ci","oidc_token_file":"HOME/token","ram_role_arn":"acs:ram::1234567890123456:role/reader"},
	{"name":"CredentialsURI","mode":"CredentialsURI","credentials_uri":"http://localhost:80/_emulator/credentials"},
	{"name":"External","mode":"External","process_command":"cat HOME/external.json"},
	{"name":"CloudSSO","mode":"CloudSSO","cloud_sso_sign_in_url":"https://sso.example/start?x","cloud_sso_account_id":"account","cloud_sso_access_config":"config",
		"access_token":"CANARY-TOKEN-of-CloudSSO","cloud_sso_access_token_expire":VALID},
	{"name":"OAuth","mode":"OAuth","access_key_id":"STS.cached","access_key_secret":"CANARY-SECRET-of-OAuth","sts_token":"CANARY-TOKEN-of-OAuth","sts_expiration":VALID,
		"oauth_access_token":"CANARY-ACCESS-of-OAuth","oauth_refresh_token":"CANARY-REFRESH-of-OAuth"},

	{"name":"empty","mode":"AK"},
	{"name":"no secret","mode":"RamRoleArn","access_key_id":"key","ram_role_arn":"role"},
	{"name":"no token","mode":"StsToken","access_key_id":"key","access_key_secret":"CANARY-SECRET-of-none"},
	{"name":"no role","mode":"ChainableRamRoleArn","source_profile":"AK"},
	{"name":"no identity","mode":"OIDC","oidc_provider_arn":"p","ram_role_arn":"role"},
	{"name":"line break","mode":"AK","access_key_id":"key","access_key_secret":"CANARY-SECRET\n"},
	{"name":"unknown","mode":"Telepathy"},
	{"name":"nowhere","mode":"ChainableRamRoleArn","source_profile":"none","ram_role_arn":"r"},
	{"name":"itself","mode":"ChainableRamRoleArn","source_profile":"itself","ram_role_arn":"r"},
	{"name":"a","mode":"ChainableRamRoleArn","source_profile":"b","ram_role_arn":"r"},
	{"name":"b","mode":"ChainableRamRoleArn","source_profile":"c","ram_role_arn":"r"},
	{"name":"c","mode":"ChainableRamRoleArn","source_profile":"b","ram_role_arn":"r"},
	{"name":"no command","mode":"External","process_command":"/nonexistent/command CANARY"},
	{"name":"open quote","mode":"External","process_command":"echo 'CANARY"},
	{"name":"failing command","mode":"External","process_command":"sh -c 'echo CANARY; echo CANARY >&2; exit 3'"},
	{"name":"long output","mode":"External","process_command":"head -c 100000 /dev/zero"},
	{"name":"other output","mode":"External","process_command":"echo CANARY"},
	{"name":"half an output","mode":"External","process_command":"echo '{\"access_key_id\":\"CANARY\"}'"},
	{"name":"output without a token","mode":"External","process_command":"echo '{\"mode\":\"StsToken\",\"access_key_id\":\"k\",\"access_key_secret\":\"CANARY\"}'"},
	{"name":"output without a time","mode":"External","process_command":"echo '{\"access_key_id\":\"k\",\"access_key_secret\":\"s\",\"expiration\":\"CANARY\"}'"},
	{"name":"late CloudSSO","mode":"CloudSSO","cloud_sso_sign_in_url":"https://sso.example","cloud_sso_account_id":"1","cloud_sso_access_config":"c","access_token":"CANARY","cloud_sso_access_token_expire":PAST},
	{"name":"plain CloudSSO","mode":"CloudSSO","cloud_sso_sign_in_url":"http://sso.example","cloud_sso_account_id":"1","cloud_sso_access_config":"c","access_token":"CANARY","cloud_sso_access_token_expire":VALID},
	{"name":"late OAuth","mode":"OAuth","access_key_id":"k","access_key_secret":"CANARY","sts_token":"CANARY","sts_expiration":PAST}]}`

// profileCloud has the profiles and the files that they refer to.
func profileCloud(t *testing.T) *cloud {
	t.Helper()
	c := newCloud(t, "token", "good-token\n", ".alibabacloud/credentials", sharedConfig,
		"external.json", `{"mode":"StsToken","access_key_id":"external","access_key_secret":"CANARY-SECRET-of-External","sts_token":"CANARY-TOKEN-of-External"}`)
	seconds := func(d time.Duration) string { return fmt.Sprint(time.Now().Add(d).Unix()) }
	c.write(t, ".aliyun/config.json", strings.NewReplacer("HOME", c.home, "VALID", seconds(time.Hour), "PAST", seconds(-time.Minute)).Replace(profiles))
	c.respond = func(w http.ResponseWriter, r *http.Request, _ int) bool {
		if r.Host != "sso.example" {
			return false
		}
		var body [100]byte
		n, _ := r.Body.Read(body[:])
		sent := r.URL.Path + " " + r.Header.Get("Authorization") + " " + string(body[:n])
		if sent != `/cloud-credentials Bearer CANARY-TOKEN-of-CloudSSO {"AccessConfigurationId":"config","AccountId":"account"}` {
			w.WriteHeader(http.StatusForbidden)
		}
		_, _ = fmt.Fprint(w, `{"RequestId":"R","CloudCredential":{"AccessKeyId":"STS.sso","AccessKeySecret":"CANARY-SECRET-of-CloudSSO","SecurityToken":"t","Expiration":"2126-01-02T03:04:05Z"}}`)
		return true
	}
	return c
}

// files returns all files below a directory, with their contents and times.
func files(t *testing.T, directory string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		text, _ := os.ReadFile(path) // A directory has none.
		info, infoErr := entry.Info()
		found[path] = fmt.Sprint(info.ModTime(), info.Mode(), string(text))
		return errors.Join(err, infoErr)
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestProfileModes uses each mode, and finds the home directory unchanged.
func TestProfileModes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		key, provider string
		requests      int
		secrets       []string // that the source knows now
	}{
		"AK":                  {"key", "static_ak", 0, []string{"CANARY-SECRET-of-AK"}},
		"StsToken":            {"key", "static_sts", 0, []string{"CANARY-SECRET-of-StsToken", "CANARY-TOKEN-of-StsToken"}},
		"RamRoleArn":          {"STS.", "ram_role_arn/static_ak", 1, []string{"emulator-secret"}},
		"ChainableRamRoleArn": {"STS.", "ram_role_arn/ram_role_arn/static_ak", 2, []string{"emulator-secret"}},
		"EcsRamRole":          {"STS.", "ecs_ram_role", 4, nil},
		"OIDC":                {"STS.", "oidc_role_arn", 1, []string{"good-token"}},
		"CredentialsURI":      {"STS.", "credential_uri", 1, nil},
		"External":            {"external", "external", 0, []string{"CANARY-SECRET-of-External", "CANARY-TOKEN-of-External"}},
		"CloudSSO":            {"STS.sso", "cloud_sso", 1, []string{"CANARY-TOKEN-of-CloudSSO", "CANARY-SECRET-of-CloudSSO"}},
		"OAuth":               {"STS.cached", "oauth", 0, []string{"CANARY-SECRET-of-OAuth", "CANARY-TOKEN-of-OAuth", "CANARY-ACCESS-of-OAuth", "CANARY-REFRESH-of-OAuth"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := profileCloud(t)
			before := files(t, c.home)
			s := c.source(t, Settings{Profile: Text(name)}, nil)
			got := credential(t, s)
			if !strings.HasPrefix(got.AccessKeyID, test.key) || got.Provider != "cli_profile/"+test.provider {
				t.Errorf("%s from %s", got.AccessKeyID, got.Provider)
			}
			if len(c.sent()) != test.requests {
				t.Errorf("requested %v", c.sent())
			}
			for _, secret := range append(test.secrets, got.AccessKeySecret, got.SecurityToken) {
				if text := s.Redact(secret); len(secret) >= shortestSecret && text != "(redacted)" {
					t.Errorf("%s is not redacted", text)
				}
			}
			isOther := strings.HasPrefix(got.AccessKeyID, "STS.") && name != "OAuth" && name != "CloudSSO"
			if refreshed, err := s.Refresh(t.Context(), got); refreshed != isOther || err != nil {
				t.Errorf("refreshed %t, %v", refreshed, err)
			}
			if !maps.Equal(files(t, c.home), before) {
				t.Error("files were changed")
			}
		})
	}
}

func TestProfileErrors(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"empty":                  {`profile "empty" in `, "has no access_key_id", "aliyun configure --profile empty --mode AK"},
		"no secret":              {"has no access_key_secret"},
		"no token":               {"has no sts_token"},
		"no role":                {"has no ram_role_arn"},
		"no identity":            {"has no oidc_token or oidc_token_file"},
		"line break":             {`profile "line break": the credential contains a control character`},
		"unknown":                {`unknown mode "Telepathy"`, "Known modes are: AK, StsToken, RamRoleArn, ChainableRamRoleArn, EcsRamRole, OIDC, CredentialsURI, External, CloudSSO, OAuth."},
		"nowhere":                {`there is no profile "none" in `, "Its profiles are: AK, StsToken"},
		"itself":                 {"form a cycle: itself -> itself"},
		"a":                      {"form a cycle: a -> b -> c -> b", "source_profile"},
		"no command":             {`profile "no command": the command can't be started`, "process_command"},
		"open quote":             {"a quote that is not closed"},
		"failing command":        {`profile "failing command": the command ended with exit status 3`},
		"long output":            {"longer than 64 KiB"},
		"other output":           {"not the expected JSON"},
		"half an output":         {"no access_key_id or no access_key_secret"},
		"output without a token": {"has no sts_token"},
		"output without a time":  {"not in RFC 3339 format"},
		"late CloudSSO":          {"has expired", "aliyun configure --profile late CloudSSO --mode CloudSSO"},
		"plain CloudSSO":         {"is not an HTTPS URL"},
		"late OAuth":             {"have expired", "aliyun sts GetCallerIdentity --profile late OAuth", "aliyun configure --profile late OAuth --mode OAuth"},
		"missing":                {`there is no profile "missing"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := profileCloud(t)
			before := files(t, c.home)
			_, err := c.source(t, Settings{Profile: Text(name)}, nil).Credential(t.Context())
			wantError(t, err, want...)
			if !maps.Equal(files(t, c.home), before) {
				t.Error("files were changed")
			}
		})
	}
}

// TestCommandEnds ends a command that waits when the context does, a child of
// the command included.
func TestCommandEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, err := externalSource("name", "sh -c 'sleep 60; true'").get(ctx, &redactor{})
	wantError(t, err, "name: the command did not end in time")
	wantTemporary(t, err, true)
}

func TestSplitCommand(t *testing.T) {
	t.Parallel()
	for command, want := range map[string][]string{
		"":                         nil,
		"  tool  --x\ty ":          {"tool", "--x", "y"},
		`"a b" 'c "d"' e"f g"h ""`: {"a b", `c "d"`, "ef gh", ""},
		`a\ b "\"\\\$x\y" '\z' \'`: {"a b", `"\$x\y`, `\z`, "'"},
		`"open`:                    nil,
		`trailing\`:                nil,
	} {
		if got := splitCommand(command, true); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", command, got, want)
		}
	}
	got, want := splitCommand(`"C:\Program Files\tool.exe" C:\x "\\host\"`, false), []string{`C:\Program Files\tool.exe`, `C:\x`, `\\host\`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// TestRegion finds the region of the profile that credentials come from, without
// using the network, and why the profile can't be used.
func TestRegion(t *testing.T) {
	t.Parallel()
	oidc := variables{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN": provider, "ALIBABA_CLOUD_OIDC_TOKEN": "t", "ALIBABA_CLOUD_ROLE_ARN": "r"}
	for name, test := range map[string]struct {
		block       Settings
		environment variables
		want, err   string
	}{
		"of the block":          {Settings{Profile: "second"}, nil, "cn-shanghai", ""},
		"below a role":          {Settings{Profile: "first", AssumeRole: &AssumeRole{RoleARN: "r"}}, nil, "cn-beijing", ""},
		"of the environment":    {Settings{}, variables{"ALICLOUD_PROFILE": "first"}, "cn-beijing", ""},
		"the current one":       {Settings{}, nil, "cn-shanghai", ""},
		"not used":              {Settings{AccessKey: "k", SecretKey: "s"}, nil, "", ""},
		"of lower precedence":   {Settings{}, variables{"ALICLOUD_ACCESS_KEY": "k", "ALICLOUD_SECRET_KEY": "s"}, "", ""},
		"below OIDC":            {Settings{}, oidc, "", ""},
		"beside a token alone":  {Settings{SecurityToken: "t"}, nil, "cn-shanghai", ""},
		"profiles are disabled": {Settings{}, variables{"ALIBABA_CLOUD_CLI_PROFILE_DISABLED": "true"}, "", ""},
		"no such profile":       {Settings{Profile: "none"}, nil, "", `there is no profile "none"`},
		"none below a role":     {Settings{Profile: "none", AssumeRole: &AssumeRole{RoleARN: "r"}}, nil, "", `there is no profile "none"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCloud(t, ".aliyun/config.json", cliConfig)
			got, err := c.source(t, test.block, test.environment).Region()
			if test.err != "" {
				wantError(t, err, test.err)
			} else if got != test.want || err != nil || len(c.sent()) > 0 {
				t.Errorf("%q, error %v, want %q; requested %v", got, err, test.want, c.sent())
			}
		})
	}
}

// TestSharedFile uses the types of the file that the SDKs share.
func TestSharedFile(t *testing.T) {
	t.Parallel()
	const keys = "access_key_id = emulator\naccess_key_secret = emulator-secret\n"
	for name, test := range map[string]struct{ file, provider string }{
		"ram_role_arn":    {"[default]\ntype = ram_role_arn\n" + keys + "role_arn = " + roleARN + "\nrole_session_name = session\n", "ram_role_arn/static_ak"},
		"ecs_ram_role":    {"[ default ]\r\ntype=ecs_ram_role\r\nrole_name=emulator\r\n", "ecs_ram_role"},
		"no secret":       {"[default]\ntype = access_key\naccess_key_id = k\n", ""},
		"no role":         {"[default]\ntype = ram_role_arn\n" + keys, ""},
		"another section": {"[other]\ntype = access_key\n" + keys, ""},
		"no section":      {"type = access_key\n" + keys, ""},
		"not INI":         {"[" + canary, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newCloud(t, ".alibabacloud/credentials", test.file).source(t, Settings{}, nil)
			got, err := s.Credential(t.Context())
			if test.provider == "" {
				wantError(t, err, "its section default is missing or incomplete", filepath.Join(".alibabacloud", "credentials"), "section default must have")
			} else if err != nil || got.Provider != "profile/"+test.provider {
				t.Errorf("from %s, %v", got.Provider, err)
			}
		})
	}
}

// TestNoHome reads no default files, and none of the working directory, without a
// home directory.
func TestNoHome(t *testing.T) {
	c := newCloud(t, ".aliyun/config.json", cliConfig, ".alibabacloud/credentials", sharedConfig)
	t.Chdir(c.home)
	for _, home := range []string{"", "."} {
		t.Setenv("HOME", home)
		for want, block := range map[string]Settings{
			"no Alibaba Cloud credentials were found": {},
			"there is no home directory":              {Profile: "first"},
			"Set shared_credentials_file":             {SharedCredentialsFile: "~/.aliyun/config.json"},
		} {
			config, _ := Resolve(block, variables{"ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true"}.get)
			_, err := NewSource(config).Credential(t.Context())
			wantError(t, err, want)
		}
	}
}
