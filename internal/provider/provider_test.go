package provider_test

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
)

// clearEnvironment keeps what the machine has set out of a test.
func clearEnvironment(t *testing.T) {
	t.Helper()
	for _, entry := range os.Environ() {
		variable, _, _ := strings.Cut(entry, "=")
		for _, prefix := range []string{"ALICLOUD_", "ALIBABA", "DTS_", "CLIENT_", "MAX_RETRY_TIMEOUT", "TF_APPEND_USER_AGENT"} {
			if strings.HasPrefix(variable, prefix) {
				t.Setenv(variable, "")
			}
		}
	}
	t.Setenv("HOME", t.TempDir())
	t.Setenv("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")
}

// TestProviderFromEnvironment sets up all by variables, the later ones of each
// argument's list too.
func TestProviderFromEnvironment(t *testing.T) {
	for name, environment := range map[string]map[string]string{
		"first": {"ALICLOUD_REGION": "cn-beijing", "ALICLOUD_ACCESS_KEY": "ak", "ALICLOUD_SECRET_KEY": "sk", "ALICLOUD_SECURITY_TOKEN": "token",
			"ALIBABA_CLOUD_REGION": "other", "ALIBABA_CLOUD_ACCESS_KEY_ID": "other"},
		"second": {"ALIBABA_CLOUD_REGION": "cn-beijing", "ALIBABA_CLOUD_ACCESS_KEY_ID": "ak", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "sk", "ALIBABA_CLOUD_SECURITY_TOKEN": "token"},
		"third":  {"ALIBABA_CLOUD_REGION_ID": "cn-beijing", "ALIBABACLOUD_ACCESS_KEY_ID": "ak", "ALIBABACLOUD_ACCESS_KEY_SECRET": "sk", "ALIBABACLOUD_SECURITY_TOKEN": "token"},
	} {
		t.Run(name, func(t *testing.T) {
			server := newFakeAPI(t, nothing)
			clearEnvironment(t)
			t.Setenv("DTS_ENDPOINT", strings.TrimPrefix(server.URL, "http://"))
			t.Setenv("TF_APPEND_USER_AGENT", "module/1.0")
			for variable, value := range environment {
				t.Setenv(variable, value)
			}
			applied(t, `provider "dts" { protocol = "HTTP" }`+"\n"+jobs(""))
			for _, h := range server.headers {
				if !strings.Contains(h.Get("Authorization"), "Credential=ak,") || h.Get("X-Acs-Security-Token") != "token" {
					t.Errorf("signed with %s, token %s", h.Get("Authorization"), h.Get("X-Acs-Security-Token"))
				}
				if !strings.HasSuffix(h.Get("User-Agent"), " module/1.0") || !strings.Contains(h.Get("User-Agent"), "terraform-provider-dts/test") {
					t.Errorf("User-Agent: %s", h.Get("User-Agent"))
				}
			}
			for _, q := range server.asked() {
				if q.Get("Region") != "cn-beijing" {
					t.Errorf("asked %v", q)
				}
			}
		})
	}
}

func TestProviderBlockOutranksEnvironment(t *testing.T) {
	clearEnvironment(t)
	for _, variable := range []string{"ALICLOUD_REGION", "ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN", "DTS_ENDPOINT"} {
		t.Setenv(variable, "environment.invalid")
	}
	server := newFakeAPI(t, nothing)
	applied(t, server.block(`configuration_source = "from/block"`)+jobs(""))
	if q := server.asked()[0]; q.Get("Region") != "cn-hangzhou" {
		t.Errorf("asked %v", q)
	}
	h := server.headers[0]
	if !strings.Contains(h.Get("Authorization"), "Credential=emulator,") || h.Get("X-Acs-Security-Token") != "" {
		t.Errorf("signed with %s, token %q", h.Get("Authorization"), h.Get("X-Acs-Security-Token"))
	}
	if !strings.HasSuffix(h.Get("User-Agent"), " from/block") {
		t.Errorf("User-Agent: %s", h.Get("User-Agent"))
	}
}

func TestProviderErrors(t *testing.T) {
	clearEnvironment(t)
	server := newFakeAPI(t, nothing)
	endpoint := "protocol = \"HTTP\"\nendpoints { dts = \"" + strings.TrimPrefix(server.URL, "http://") + "\" }\n"
	const keys = "access_key = \"a\"\nsecret_key = \"s\"\n"
	for name, test := range map[string]struct{ block, want string }{
		"no region":         {endpoint + keys, `No region.*ALICLOUD_REGION`},
		"no credentials":    {endpoint + `region = "r"`, `no Alibaba Cloud credentials were found.*Set access_key and secret_key`},
		"no secret":         {endpoint + "region = \"r\"\naccess_key = \"a\"", `access_key is set, but secret_key is not.*Set secret_key`},
		"no key":            {endpoint + "region = \"r\"\nsecret_key = \"s\"", `secret_key is set, but access_key is not.*Set access_key`},
		"protocol":          {`protocol = "FTP"`, `Invalid protocol.*one of HTTPS, HTTP`},
		"endpoint URL":      {`endpoints { dts = "http://127.0.0.1:1" }`, `Invalid endpoint.*host or host:port`},
		"negative time-out": {`client_read_timeout = -1`, `client_read_timeout.*at least 0`},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, "provider \"dts\" {\n"+test.block+"\n}\n"+jobs(""), `(?s)`+test.want)
			if calls := server.asked(); len(calls) > 0 {
				t.Errorf("%d calls", len(calls))
			}
		})
	}
}

func TestEnvironmentOfTheWrongTypeIsAnError(t *testing.T) {
	clearEnvironment(t)
	t.Setenv("MAX_RETRY_TIMEOUT", "long")
	server := newFakeAPI(t, nothing)
	refused(t, server.block("")+jobs(""), `(?s)Invalid MAX_RETRY_TIMEOUT.*whole number, not "long"`)
}

// TestUnknownProviderArguments has provider arguments that are known only
// after apply.
func TestUnknownProviderArguments(t *testing.T) {
	clearEnvironment(t)
	server := newFakeAPI(t, nothing)
	endpoint := strings.TrimPrefix(server.URL, "http://")
	block := func(region, key, dts string) string {
		return `
resource "terraform_data" "later" { input = "cn-hangzhou" }
provider "dts" {
  region     = ` + region + `
  access_key = ` + key + `
  secret_key = "s"
  protocol   = "HTTP"
  endpoints { dts = ` + dts + ` }
}
`
	}
	const later = `terraform_data.later.output`
	t.Run("credentials", func(t *testing.T) {
		refused(t, block(`"r"`, later, `"`+endpoint+`"`)+jobs(""), `(?s)argument access_key depends on something that is known only after apply`)
	})
	t.Run("region", func(t *testing.T) {
		refused(t, block(later, `"a"`, `"`+endpoint+`"`)+jobs(""), `(?s)argument region depends on`)
	})
	t.Run("endpoint", func(t *testing.T) {
		refused(t, block(`"r"`, `"a"`, later)+jobs(""), `(?s)argument endpoints\.dts depends on`)
	})
	t.Run("region that is not needed", func(t *testing.T) {
		applied(t, block(later, `"a"`, `"`+endpoint+`"`)+jobs(`region = "cn-beijing"`), in(key("region"), knownvalue.StringExact("cn-beijing")))
	})
}

func TestWrongSecretIsNamed(t *testing.T) {
	server, _ := newEmulator(t)
	block := strings.Replace(providerBlock(server.URL, ""), "emulator-secret", "wrong", 1)
	refused(t, block+jobs(""), `(?s)code: SignatureDoesNotMatch.*Check secret_key`)
	block = strings.Replace(providerBlock(server.URL, ""), `"emulator"`, `"nobody"`, 1)
	refused(t, block+jobs(""), `(?s)code: InvalidAccessKeyId\.NotFound.*Check access_key`)
}

// TestNothingBeforeTheFirstRead has neither region nor credentials, which is
// fine as long as nothing is read.
func TestNothingBeforeTheFirstRead(t *testing.T) {
	clearEnvironment(t)
	server := newFakeAPI(t, func(url.Values) string { return "" })
	applied(t, `
provider "dts" {
  protocol = "HTTP"
  endpoints { dts = "`+strings.TrimPrefix(server.URL, "http://")+`" }
}
output "nothing" { value = 1 }
`, statecheck.ExpectKnownOutputValue("nothing", knownvalue.Int64Exact(1)))
	if calls := server.asked(); len(calls) > 0 {
		t.Errorf("%d calls", len(calls))
	}
}
