package provider_test

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
	"github.com/dts-community/terraform-provider-dts/internal/provider"
)

// authenticationCase is a row of testdata/authentication.json. The method is a
// section of the authentication guide.
type authenticationCase struct {
	Method, Case string
	Block        arguments         // of the provider block
	Environment  map[string]string // ${uri} and ${token} are replaced, as in Block
	Files        string            // that the home directory has
	Key          string            // that the request is signed with, as a regular expression
	Provider     string            // how the credentials were obtained
	Token        string            // of the request
	Error        string            // instead of a request
}

func authenticationCases(t *testing.T) []authenticationCase {
	t.Helper()
	var cases []authenticationCase
	decodeJSON(t, []byte(readFile(t, "testdata/authentication.json")), &cases)
	return cases
}

// homeFiles are the files that a home directory can have.
var homeFiles = map[string][2]string{
	"cli": {".aliyun/config.json", `{"current":"current","profiles":[
		{"name":"prod","mode":"AK","access_key_id":"prod-key","access_key_secret":"canary-secret-of-prod"},
		{"name":"current","mode":"StsToken","access_key_id":"current-key","access_key_secret":"canary-secret-of-current","sts_token":"current-token"}]}`},
	"own":    {"dts/config.json", `{"profiles":[{"name":"prod","mode":"AK","access_key_id":"own-key","access_key_secret":"canary-secret-of-own"}]}`},
	"shared": {".alibabacloud/credentials", "[default]\ntype = access_key\naccess_key_id = shared-key\naccess_key_secret = canary-secret-of-shared\n"},
}

// cloud is the environment of a provider: STS over HTTPS, a credentials URI, a home
// directory. The metadata of an instance has a fixed address, which no test
// requests; package credentials tests it.
type cloud struct {
	emulator    *emulator.Emulator
	http, https *httptest.Server
	home        string
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	w := &cloud{
		emulator: &emulator.Emulator{Rate: -1, AcceptOIDCToken: func(token string) bool { return token == "good-token" }},
		home:     t.TempDir(),
	}
	w.http, w.https = httptest.NewServer(w.emulator), httptest.NewUnstartedServer(w.emulator)
	w.https.EnableHTTP2 = true
	w.https.StartTLS()
	t.Cleanup(w.http.Close)
	t.Cleanup(w.https.Close)
	w.write(t, "token", "good-token\n")
	return w
}

func (w *cloud) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(w.home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// session configures a provider there that sends requests to the endpoint. The
// environment is that of this process, so such tests are not parallel.
func (w *cloud) session(t *testing.T, endpoint string, block arguments, environment map[string]string) (session, string) {
	t.Helper()
	t.Setenv("HOME", w.home)
	for name, value := range environment {
		t.Setenv(name, value)
	}
	s, diags := configured(t, provider.NewServer("test")(), with(block, arguments{"region": "cn-hangzhou", "protocol": "HTTP",
		"endpoints": arguments{"dts": hostOf(endpoint), "sts": strings.TrimPrefix(w.https.URL, "https://")}}))
	return s, render(diags)
}

// TestAuthentication runs the matrix: each method alone, pairs for their order,
// failures.
func TestAuthentication(t *testing.T) {
	for _, row := range authenticationCases(t) {
		t.Run(row.Method+" "+row.Case, func(t *testing.T) {
			w := newCloud(t)
			for _, files := range strings.Fields(row.Files) {
				w.write(t, homeFiles[files][0], homeFiles[files][1])
			}
			text, _ := json.Marshal(row)
			places := strings.NewReplacer("${uri}", w.http.URL+"/_emulator/credentials", "${token}", filepath.Join(w.home, "token"))
			decodeJSON(t, []byte(places.Replace(string(text))), &row)
			api := newFakeAPI(t, emptyList)
			s, output := w.session(t, api.URL, row.Block, row.Environment)
			if output == "" {
				output = s.plan(t, "dts_jobs", nil)
			}
			if strings.Contains(output, "canary") {
				t.Errorf("a secret is in:\n%s", output)
			}
			if row.Error != "" {
				if !wrapped(row.Error).MatchString(output) || len(api.requests()) > 0 {
					t.Errorf("no %s in:\n%s", row.Error, output)
				}
				return
			}
			if output != "" || len(api.headers) == 0 {
				t.Fatal(output)
			}
			h := api.headers[0]
			key := regexp.MustCompile(`Credential=([^,]*)`).FindStringSubmatch(h.Get("Authorization"))
			if key == nil || !regexp.MustCompile("^("+row.Key+")$").MatchString(key[1]) || h.Get("X-Acs-Credentials-Provider") != row.Provider {
				t.Errorf("signed with %v from %s, want %s from %s", key, h.Get("X-Acs-Credentials-Provider"), row.Key, row.Provider)
			}
			if token := h.Get("X-Acs-Security-Token"); row.Token != "" && token != row.Token || strings.HasPrefix(row.Key, "STS") == (token == "") && row.Token == "" {
				t.Errorf("token %q, want %q", token, row.Token)
			}
		})
	}
}

// TestExpiredCredentialsAreRefreshed has credentials that the API reports as
// expired: they are refreshed once, and the read goes on.
func TestExpiredCredentialsAreRefreshed(t *testing.T) {
	w := newCloud(t)
	if err := w.emulator.SetFaults(emulator.Fault{Kind: "error", Code: "InvalidSecurityToken.Expired", Status: 403, Operation: "DescribeDtsJobs", Calls: "1"}); err != nil {
		t.Fatal(err)
	}
	s, diags := w.session(t, w.http.URL, arguments{"credentials_uri": w.http.URL + "/_emulator/credentials"}, nil)
	state := s.mustRead(t, "dts_jobs", nil)
	if ids := elementsOf(t, state["ids"]); len(ids) != migrations || diags != "" {
		t.Errorf("%d jobs; %s", len(ids), diags)
	}
	issued := 0
	for _, request := range w.emulator.Requests() {
		if request.IssuedKey != "" {
			issued++
		}
	}
	if issued != 2 {
		t.Errorf("credentials were issued %d times", issued)
	}
}

// canarySecret begins every secret of TestSecretsNeverLeave.
const canarySecret = "CANARY-e1f7-secret"

// leakCase is a setup with secrets. All but the first two fail.
type leakCase struct {
	name        string
	block       string
	environment map[string]string
	file, text  string // in the home directory
	echo        string // response of the API, with KEY and TOKEN for the secrets of the environment
	echoSTS     bool   // STS responds with the secrets of a request
}

// leakCases use each kind of secret. ECHO is a server that responds with the
// secrets of a request.
func leakCases() []leakCase {
	const role = `acs:ram::1234567890123456:role/`
	keys := map[string]string{"ALICLOUD_ACCESS_KEY": "emulator", "ALICLOUD_SECRET_KEY": canarySecret + "+/=", "ALICLOUD_SECURITY_TOKEN": canarySecret + "-token-<&>\""}
	oidc := func(name, value string) map[string]string {
		return map[string]string{"ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "acs:ram::1234567890123456:oidc-provider/ci", "ALIBABA_CLOUD_ROLE_ARN": role + "ci", name: value}
	}
	profile := func(name, fields, echo string) leakCase {
		return leakCase{name: name, environment: map[string]string{"ALICLOUD_PROFILE": "p"}, file: ".aliyun/config.json",
			text: `{"profiles":[{"name":"p",` + strings.ReplaceAll(fields, "CANARY", canarySecret) + `}]}`, echo: echo}
	}
	const echoed = `403 {"Code":"Forbidden","Message":"not with TOKEN"}`
	return []leakCase{
		{name: "keys", environment: keys},
		{name: "role", environment: keys, block: "assume_role {\n role_arn = \"" + role + "terraform\"\n}"},
		{name: "denied role", environment: keys, block: "assume_role {\n role_arn = \"" + role + "denied\"\n}"},
		{name: "wrong secret", environment: map[string]string{"ALICLOUD_ACCESS_KEY": "emulator", "ALICLOUD_SECRET_KEY": canarySecret + "-wrong"}},
		{name: "echoing error", environment: keys, echo: `403 {"Code":"Forbidden","Message":"not with KEY or TOKEN"}`},
		{name: "echoing retry", environment: keys, echo: `500 {"Code":"InternalError","Message":"failed with KEY and TOKEN"}`},
		{name: "echoing field", environment: keys, echo: `{"DtsJobList":"KEY"}`},
		{name: "echoing STS", environment: keys, block: "assume_role {\n role_arn = \"r\"\n}", echoSTS: true},
		{name: "OIDC token", environment: oidc("ALIBABA_CLOUD_OIDC_TOKEN", canarySecret+"-jwt")},
		{name: "OIDC token file", environment: oidc("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "HOME/jwt"), file: "jwt", text: canarySecret + "-in-a-file"},
		{name: "credentials URI", environment: map[string]string{"ALICLOUD_CREDENTIALS_URI": "https://ECHO/" + canarySecret + "?token=" + canarySecret + "-token"}},
		{name: "shared file", file: ".alibabacloud/credentials",
			text: "[default]\ntype=ram_role_arn\naccess_key_id=emulator\nrole_arn=" + role + "x\naccess_key_secret=" + canarySecret + "-shared\n"},
		{name: "broken file", environment: map[string]string{"ALICLOUD_PROFILE": "p"}, file: ".aliyun/config.json", text: `{"profiles":"` + canarySecret + `"`},
		profile("profile", `"mode":"StsToken","access_key_id":"k","access_key_secret":"CANARY","sts_token":"CANARY-of-profile"`, echoed),
		profile("role of a profile", `"mode":"RamRoleArn","access_key_id":"emulator","access_key_secret":"CANARY-of-role","ram_role_arn":"`+role+`x"`, ""),
		profile("External", `"mode":"External","process_command":"echo '{\"access_key_id\":\"k\",\"access_key_secret\":\"CANARY\",\"sts_token\":\"CANARY-of-External\"}'"`, echoed),
		profile("broken External", `"mode":"External","process_command":"sh -c 'echo CANARY; echo CANARY >&2'"`, ""),
		profile("CloudSSO", `"mode":"CloudSSO","cloud_sso_sign_in_url":"https://ECHO/","cloud_sso_account_id":"a","cloud_sso_access_config":"c",`+
			`"access_token":"CANARY-of-CloudSSO","cloud_sso_access_token_expire":4102444800`, ""),
		profile("OAuth", `"mode":"OAuth","access_key_id":"k","access_key_secret":"CANARY","sts_token":"CANARY-of-OAuth","sts_expiration":4102444800`, echoed),
		profile("expired OAuth", `"mode":"OAuth","access_key_id":"k","access_key_secret":"CANARY","sts_token":"CANARY","sts_expiration":1,"oauth_refresh_token":"CANARY"`, ""),
	}
}

// TestSecretsNeverLeave searches every byte that a traced run produces.
func TestSecretsNeverLeave(t *testing.T) {
	t.Parallel()
	skipIfShort(t)
	echo := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, token, _ := strings.Cut(r.Header.Get("Authorization"), "Bearer ")
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprintf(w, `{"Code":%q,"RequestId":%q}`, cmp.Or(token, canarySecret+"-token"), r.FormValue("SecurityToken"))
	}))
	t.Cleanup(echo.Close)
	for i, test := range leakCases() {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newCloud(t)
			if i < 3 {
				w.emulator.SecretKey = test.environment["ALICLOUD_SECRET_KEY"]
			}
			fill := strings.NewReplacer("HOME", w.home, "ECHO", hostOf(strings.Replace(echo.URL, "https", "http", 1)))
			if test.file != "" {
				w.write(t, test.file, fill.Replace(test.text))
			}
			environment := map[string]string{"DEBUG": "dara,tea,credential,sdk,*", "GODEBUG": "http2debug=2", "MAX_RETRY_TIMEOUT": "1"}
			for name, value := range test.environment {
				environment[name] = fill.Replace(value)
			}
			endpoint := w.http.URL
			if test.echo != "" {
				endpoint = newFakeAPI(t, func(url.Values) string { return echoOf(test) }).URL
			}
			if test.echoSTS {
				w.https = echo
			}
			c := newCLIWith(t, `
provider "dts" {
  region   = "cn-hangzhou"
  protocol = "HTTP"
  endpoints {
    dts = "`+hostOf(endpoint)+`"
    sts = "`+strings.TrimPrefix(w.https.URL, "https://")+`"
  }
`+fill.Replace(test.block)+`
}
`+jobs("")+`data "dts_precheck_status" "test" { dts_job_id = "passed" }`)
			log := filepath.Join(t.TempDir(), "log")
			c.environment = append(c.environment, "TF_LOG=TRACE", "TF_LOG_PATH="+log, "HOME="+w.home, "SSL_CERT_FILE="+certificateFile)
			for name, value := range environment {
				c.environment = append(c.environment, name+"="+value)
			}
			printed, code := c.run(t, "apply", "-auto-approve", "-no-color")
			if fails := i >= 2; fails != (code != 0) || fails && !strings.Contains(printed, "DTS") {
				t.Errorf("exit code %d:\n%s", code, printed)
			}
			logged, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(logged), "ReadDataSource") {
				t.Error("nothing was traced")
			}
			recorded, err := json.Marshal(w.emulator.Requests())
			if err != nil {
				t.Fatal(err)
			}
			for where, text := range map[string]string{"output": printed, "log": string(logged), "records": string(recorded), "state": string(c.state(t))} {
				for _, form := range []string{canarySecret, hex.EncodeToString([]byte(canarySecret)), base64.StdEncoding.EncodeToString([]byte(canarySecret))} {
					if i := strings.Index(text, form); i >= 0 {
						t.Errorf("a secret is in the %s: …%s…", where, text[max(0, i-200):min(len(text), i+100)])
					}
				}
				if strings.Contains(text, "ACS3-HMAC-SHA256 Credential") && where != "records" {
					t.Errorf("an Authorization header is in the %s", where)
				}
			}
		})
	}
}

// echoOf returns a response with the secrets of a setup, which are encoded, too.
func echoOf(test leakCase) string {
	key, token := canarySecret, canarySecret+"-of-"+test.name
	if test.environment["ALICLOUD_SECRET_KEY"] != "" {
		key, token = test.environment["ALICLOUD_SECRET_KEY"], test.environment["ALICLOUD_SECURITY_TOKEN"]
	}
	inJSON := func(text string) string {
		quoted, _ := json.Marshal(text)
		return strings.Trim(string(quoted), `"`)
	}
	forms := func(text string) string {
		return inJSON(strings.Join([]string{text, inJSON(text), url.QueryEscape(text), hex.EncodeToString([]byte(text)),
			base64.StdEncoding.EncodeToString([]byte(text)), text[:16]}, " "))
	}
	return strings.NewReplacer("KEY", forms(key), "TOKEN", forms(token)).Replace(test.echo)
}

var blockArgument = regexp.MustCompile(`"([a-z_]+)":`)

// TestAuthenticationGuide finds methods that the tests run and the guide does
// not describe, or not with these arguments and environment variables.
func TestAuthenticationGuide(t *testing.T) {
	guide := readFile(t, "../../docs/guides/authentication.md")
	for _, row := range authenticationCases(t) {
		if row.Method == "" {
			continue
		}
		_, section, found := strings.Cut(guide, "\n## "+row.Method+"\n")
		if !found {
			t.Errorf("no section %q", row.Method)
		}
		section, _, _ = strings.Cut(section, "\n## ")
		block, _ := json.Marshal(row.Block)
		for _, argument := range blockArgument.FindAllSubmatch(block, -1) {
			if !strings.Contains(section, string(argument[1])) {
				t.Errorf("%s: no argument %s", row.Method, argument[1])
			}
		}
		for variable := range row.Environment {
			if !strings.Contains(guide, variable) {
				t.Errorf("%s: no environment variable %s", row.Method, variable)
			}
		}
	}
}
