package provider_test

import (
	"encoding/json"
	"encoding/pem"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// authenticationCase is a row of testdata/authentication.json. The method is a
// section of the authentication guide.
type authenticationCase struct {
	Method, Case string
	Block        string            // of the provider block
	Environment  map[string]string // ${uri} and ${token} are replaced, as in Block
	Files        string            // that the home directory has
	Key          string            // that the request is signed with, as a regular expression
	Provider     string            // how the credentials were obtained
	Token        string            // of the request
	Error        string            // of the CLI, instead of a request
}

func authenticationCases(t *testing.T) []authenticationCase {
	t.Helper()
	text, err := os.ReadFile("testdata/authentication.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []authenticationCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

// homeFiles are what a home directory can have.
var homeFiles = map[string][2]string{
	"cli": {".aliyun/config.json", `{"current":"current","profiles":[
		{"name":"prod","mode":"AK","access_key_id":"prod-key","access_key_secret":"canary-secret-of-prod"},
		{"name":"current","mode":"StsToken","access_key_id":"current-key","access_key_secret":"canary-secret-of-current","sts_token":"current-token"}]}`},
	"own":    {"dts/config.json", `{"profiles":[{"name":"prod","mode":"AK","access_key_id":"own-key","access_key_secret":"canary-secret-of-own"}]}`},
	"shared": {".alibabacloud/credentials", "[default]\ntype = access_key\naccess_key_id = shared-key\naccess_key_secret = canary-secret-of-shared\n"},
}

// cloud is what a CLI finds around it: STS through HTTPS, metadata through a
// proxy, a credentials URI, a home directory.
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
	w.http, w.https = httptest.NewServer(w.emulator), httptest.NewTLSServer(w.emulator)
	t.Cleanup(w.http.Close)
	t.Cleanup(w.https.Close)
	w.write(t, "token", "good-token\n")
	w.write(t, "certificate.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: w.https.Certificate().Raw})))
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

// replace puts addresses and paths into a row.
func (w *cloud) replace(text string) string {
	return strings.NewReplacer("${uri}", w.http.URL+"/_emulator/credentials", "${token}", filepath.Join(w.home, "token")).Replace(text)
}

// cli is a CLI there, with a provider that sends requests to the endpoint.
func (w *cloud) cli(t *testing.T, endpoint, block, rest string, environment map[string]string) *cli {
	t.Helper()
	c := newCLIWith(t, `
provider "dts" {
  region   = "cn-hangzhou"
  protocol = "HTTP"
  endpoints {
    dts = "`+hostOf(endpoint)+`"
    sts = "`+strings.TrimPrefix(w.https.URL, "https://")+`"
  }
`+w.replace(block)+`
}
`+rest)
	c.environment = append(c.environment, "ALIBABA_CLOUD_ECS_METADATA_DISABLED=", "HOME="+w.home, "HTTP_PROXY="+w.http.URL, "NO_PROXY=", "SSL_CERT_FILE="+filepath.Join(w.home, "certificate.pem"))
	for name, value := range environment {
		c.environment = append(c.environment, name+"="+w.replace(value))
	}
	return c
}

// TestAuthentication runs the matrix: each method alone, pairs for their order,
// failures.
func TestAuthentication(t *testing.T) {
	t.Parallel()
	for _, row := range authenticationCases(t) {
		t.Run(row.Method+" "+row.Case, func(t *testing.T) {
			t.Parallel()
			w := newCloud(t)
			for _, files := range strings.Fields(row.Files) {
				w.write(t, homeFiles[files][0], homeFiles[files][1])
			}
			api := newFakeAPI(t, emptyList)
			c := w.cli(t, api.URL, row.Block, jobs(""), row.Environment)
			output, code := c.run(t, "plan", "-no-color")
			if strings.Contains(output, "canary") {
				t.Errorf("a secret is in:\n%s", output)
			}
			if row.Error != "" {
				if code == 0 || !wrapped(row.Error).MatchString(output) || len(api.requests()) > 0 {
					t.Errorf("exit code %d, want %s:\n%s", code, row.Error, output)
				}
				return
			}
			if code != 0 || len(api.headers) == 0 {
				t.Fatalf("exit code %d:\n%s", code, output)
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
	t.Parallel()
	w := newCloud(t)
	if err := w.emulator.SetFaults(emulator.Fault{Kind: "error", Code: "InvalidSecurityToken.Expired", Status: 403, Operation: "DescribeDtsJobs", Calls: "1"}); err != nil {
		t.Fatal(err)
	}
	c := w.cli(t, w.http.URL, `credentials_uri = "${uri}"`, jobs("")+`output "n" { value = length(data.dts_jobs.test.ids) }`, nil)
	if output := c.mustRun(t, "plan", "-no-color"); !strings.Contains(output, "n = 33") {
		t.Error(output)
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

// TestSecretsNeverLeave searches every byte that a traced run produces.
func TestSecretsNeverLeave(t *testing.T) {
	t.Parallel()
	skipIfShort(t)
	const canary = "CANARY-e1f7-secret"
	w := newCloud(t)
	w.emulator.SecretKey = canary
	for name, test := range map[string]struct {
		block    string
		response string // of a fake API, else the emulator's own
	}{
		"keys":          {block: ""},
		"no DEBUG":      {block: ""},
		"role":          {block: "assume_role {\n role_arn = \"acs:ram::1234567890123456:role/terraform\"\n}"},
		"denied role":   {block: "assume_role {\n role_arn = \"acs:ram::1234567890123456:role/denied\"\n}"},
		"echoing error": {response: `403 {"Code":"Forbidden","Message":"not with ` + canary + ` or token-` + canary + `"}`},
		"echoing retry": {response: `500 {"Code":"InternalError","Message":"failed with ` + canary + `"}`},
		"echoing field": {response: `{"DtsJobList":"` + canary + `"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			endpoint := w.http.URL
			if test.response != "" {
				endpoint = newFakeAPI(t, func(_ url.Values) string { return test.response }).URL
			}
			c := w.cli(t, endpoint, test.block, jobs("")+precheck(`dts_job_id = "passed"`), map[string]string{
				"ALICLOUD_ACCESS_KEY": "emulator", "ALICLOUD_SECRET_KEY": canary, "ALICLOUD_SECURITY_TOKEN": "token-" + canary, "DEBUG": map[bool]string{true: "dara,tea,credential"}[name != "no DEBUG"],
			})
			log := filepath.Join(t.TempDir(), "log")
			c.environment = append(c.environment, "TF_LOG=TRACE", "TF_LOG_PATH="+log)
			printed, _ := c.run(t, "apply", "-auto-approve", "-no-color")
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
			state, _ := os.ReadFile(filepath.Join(c.directory, "terraform.tfstate")) // There is none after an error.
			for what, text := range map[string]string{"output": printed, "log": string(logged), "records": string(recorded), "state": string(state)} {
				if i := strings.Index(text, canary); i >= 0 {
					t.Errorf("a secret is in the %s: …%s…", what, text[max(0, i-200):min(len(text), i+100)])
				}
				if strings.Contains(text, "ACS3-HMAC-SHA256 Credential") && what != "records" {
					t.Errorf("an Authorization header is in the %s", what)
				}
			}
		})
	}
}

var blockArgument = regexp.MustCompile(`(?m)^ *([a-z_]+) *[={]`)

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
		for _, argument := range blockArgument.FindAllStringSubmatch(row.Block, -1) {
			if !strings.Contains(section, argument[1]) {
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
