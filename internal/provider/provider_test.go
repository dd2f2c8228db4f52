package provider_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/provider"
)

// TestProviderFromEnvironment configures the provider by variables alone, the
// later ones of each argument's list, too.
func TestProviderFromEnvironment(t *testing.T) {
	t.Parallel()
	for name, variables := range map[string]map[string]string{
		"first": {"ALICLOUD_REGION": "cn-beijing", "ALICLOUD_ACCESS_KEY": "ak", "ALICLOUD_SECRET_KEY": "sk", "ALICLOUD_SECURITY_TOKEN": "token",
			"ALIBABA_CLOUD_REGION": "other", "ALIBABA_CLOUD_ACCESS_KEY_ID": "other"},
		"second": {"ALIBABA_CLOUD_REGION": "cn-beijing", "ALIBABA_CLOUD_ACCESS_KEY_ID": "ak", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "sk", "ALIBABA_CLOUD_SECURITY_TOKEN": "token"},
		"third":  {"ALIBABA_CLOUD_REGION_ID": "cn-beijing", "ALIBABACLOUD_ACCESS_KEY_ID": "ak", "ALIBABACLOUD_ACCESS_KEY_SECRET": "sk", "ALIBABACLOUD_SECURITY_TOKEN": "token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, emptyList)
			variables["DTS_ENDPOINT"] = hostOf(api.URL)
			variables["TF_APPEND_USER_AGENT"] = "module/1.0"
			s, diags := configured(t, provider.NewServerWith(environment(variables)), arguments{"protocol": "HTTP"})
			if got := render(diags) + s.plan(t, "dts_jobs", nil); got != "" {
				t.Fatal(got)
			}
			for _, h := range api.headers {
				if !strings.Contains(h.Get("Authorization"), "Credential=ak,") || h.Get("X-Acs-Security-Token") != "token" {
					t.Errorf("signed with %s, token %s", h.Get("Authorization"), h.Get("X-Acs-Security-Token"))
				}
				if agent := h.Get("User-Agent"); !strings.HasSuffix(agent, " terraform-provider-dts/test Terraform/1.2.3 module/1.0") {
					t.Errorf("User-Agent: %s", agent)
				}
			}
			for _, q := range api.requests() {
				if q.Get("Region") != "cn-beijing" {
					t.Errorf("parameters %v", q)
				}
			}
		})
	}
}

func TestProviderBlockTakesPrecedence(t *testing.T) {
	t.Parallel()
	variables := map[string]string{}
	for _, name := range []string{"ALICLOUD_REGION", "ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN", "DTS_ENDPOINT", "TF_APPEND_USER_AGENT"} {
		variables[name] = "environment.invalid"
	}
	api := newFakeAPI(t, emptyList)
	s, diags := configured(t, provider.NewServerWith(environment(variables)), blockFor(api.URL, arguments{"configuration_source": "from/block"}))
	if got := render(diags) + s.plan(t, "dts_jobs", nil); got != "" {
		t.Fatal(got)
	}
	if q := api.requests()[0]; q.Get("Region") != "cn-hangzhou" {
		t.Errorf("parameters %v", q)
	}
	h := api.headers[0]
	if !strings.Contains(h.Get("Authorization"), "Credential=emulator,") || h.Get("X-Acs-Security-Token") != "" {
		t.Errorf("signed with %s, token %q", h.Get("Authorization"), h.Get("X-Acs-Security-Token"))
	}
	if !strings.HasSuffix(h.Get("User-Agent"), " from/block") {
		t.Errorf("User-Agent: %s", h.Get("User-Agent"))
	}
}

// TestRegionOfProfile uses the region of the CLI profile if nothing else sets
// one.
func TestRegionOfProfile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "config.json")
	if err := os.WriteFile(file, []byte(`{"current":"p","profiles":[
		{"name":"p","mode":"AK","access_key_id":"k","access_key_secret":"s","region_id":"cn-shanghai"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		block, set arguments
		want       string
	}{
		"profile":     {nil, nil, "cn-shanghai"},
		"provider":    {arguments{"region": "cn-beijing"}, nil, "cn-beijing"},
		"data source": {arguments{"region": "cn-beijing"}, arguments{"region": "cn-qingdao"}, "cn-qingdao"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, emptyList)
			block := blockFor(api.URL, arguments{"region": nil, "access_key": nil, "secret_key": nil, "shared_credentials_file": file})
			maps.Copy(block, test.block)
			s, diags := configured(t, provider.NewServer("test")(), block)
			if got := render(diags) + s.plan(t, "dts_jobs", test.set); got != "" {
				t.Fatal(got)
			}
			if region := api.requests()[0].Get("Region"); region != test.want {
				t.Errorf("region %s, want %s", region, test.want)
			}
		})
	}
}

// TestProviderErrors wants an error that names what is wrong, and no request.
func TestProviderErrors(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, emptyList)
	for name, test := range map[string]struct {
		block     arguments // over one that works; nil values are left out
		variables map[string]string
		want      string
	}{
		"no region":             {arguments{"region": nil}, nil, `Missing Region.*ALICLOUD_REGION`},
		"no credentials":        {arguments{"access_key": nil, "secret_key": nil}, nil, `[Nn]o Alibaba Cloud credentials.*access_key`},
		"no secret":             {arguments{"secret_key": nil}, nil, `secret_key`},
		"no key":                {arguments{"access_key": nil}, nil, `access_key`},
		"protocol":              {arguments{"protocol": "FTP"}, nil, `Attribute protocol must be one of: "HTTPS", "HTTP", got: "FTP"`},
		"endpoint URL":          {arguments{"endpoints": arguments{"dts": "http://127.0.0.1:1"}}, nil, `Attribute endpoints\.dts must be a host or host:port`},
		"negative timeout":      {arguments{"client_read_timeout": -1}, nil, `Attribute client_read_timeout must be at least 0, got: -1`},
		"secret with a newline": {arguments{"secret_key": "canary\n"}, nil, `Attribute secret_key must be free of control characters`},
		"short session":         {arguments{"assume_role": arguments{"role_arn": "r", "session_expiration": 899}}, nil, `Attribute assume_role\.session_expiration must be at least 900`},
		"variable":              {nil, map[string]string{"MAX_RETRY_TIMEOUT": "long"}, `on AttributeName\("max_retry_timeout"\).*MAX_RETRY_TIMEOUT sets max_retry_timeout, which must be an integer`},
		"variable of a block": {arguments{"assume_role": arguments{"role_arn": "r"}}, map[string]string{"ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION": "899"},
			`on AttributeName\("assume_role"\)\.AttributeName\("session_expiration"\).*must be at least 900`},
		"endpoint variable": {arguments{"endpoints": nil}, map[string]string{"DTS_ENDPOINT": "https://dts.example.com"}, `DTS_ENDPOINT sets endpoints\.dts, which must be a host`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, diags := configured(t, provider.NewServerWith(environment(test.variables)), blockFor(api.URL, test.block))
			got := render(diags)
			if got == "" {
				got = s.plan(t, "dts_jobs", nil)
			}
			if !wrapped("ERROR: .*"+test.want).MatchString(got) || strings.Contains(got, "canary") {
				t.Errorf("no %s in:\n%s", test.want, got)
			}
		})
	}
	if requests := api.requests(); len(requests) > 0 {
		t.Errorf("%d requests", len(requests))
	}
}

// TestUnencryptedRequestsAreAWarning warns for hosts other than this machine.
func TestUnencryptedRequestsAreAWarning(t *testing.T) {
	t.Parallel()
	for endpoint, warns := range map[string]bool{"dts.example.com": true, "127.0.0.1:1": false, "[::1]:1": false, "localhost": false, "127.0.0.1.example.com": true} {
		_, diags := configured(t, provider.NewServer("test")(), arguments{"protocol": "HTTP", "endpoints": arguments{"dts": endpoint}})
		if got := render(diags); wrapped(`^WARNING: Unencrypted Requests.*on AttributeName\("protocol"\).*Use HTTPS`).MatchString(got) != warns || !warns && got != "" {
			t.Errorf("%s: %s", endpoint, got)
		}
	}
}

// TestUnknownProviderArguments has provider arguments that are known only
// after apply.
func TestUnknownProviderArguments(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, emptyList)
	for name, test := range map[string]struct {
		block, set arguments
		want       string // error; empty: the read succeeds
	}{
		"credentials":               {arguments{"access_key": tftypes.UnknownValue}, nil, `argument access_key depends on a value that is known only after apply`},
		"credentials, not a region": {arguments{"access_key": tftypes.UnknownValue}, arguments{"region": "cn-beijing"}, `argument access_key depends on`},
		"region":                    {arguments{"region": tftypes.UnknownValue}, nil, `argument region depends on`},
		"region that is not needed": {arguments{"region": tftypes.UnknownValue}, arguments{"region": "cn-beijing"}, ""},
		"endpoint":                  {arguments{"endpoints": arguments{"dts": tftypes.UnknownValue}}, nil, `argument endpoints\.dts depends on`},
		"block":                     {arguments{"assume_role": tftypes.UnknownValue}, nil, `argument assume_role depends on`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, diags := configured(t, provider.NewServer("test")(), blockFor(api.URL, test.block))
			got := render(diags) + s.plan(t, "dts_jobs", test.set)
			if (got == "") != (test.want == "") || !wrapped(test.want).MatchString(got) {
				t.Errorf("want %q:\n%s", test.want, got)
			}
		})
	}
}

// TestKnownAfterApply configures the provider from a resource.
func TestKnownAfterApply(t *testing.T) {
	t.Parallel()
	planFails(t, `
resource "terraform_data" "later" { input = "cn-hangzhou" }
provider "dts" { region = terraform_data.later.output }
`+jobs(""), `argument region depends on a value that is known only after apply`)
}

func TestWrongSecretIsNamed(t *testing.T) {
	t.Parallel()
	server, _ := newEmulator(t)
	for name, test := range map[string]struct {
		block arguments
		want  string
	}{
		"secret": {arguments{"secret_key": "wrong"}, `code: SignatureDoesNotMatch.*Check secret_key`},
		"key":    {arguments{"access_key": "nobody"}, `code: InvalidAccessKeyId\.NotFound.*Check access_key`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := configured(t, provider.NewServer("test")(), blockFor(server.URL, test.block))
			if got := s.plan(t, "dts_jobs", nil); !wrapped(test.want).MatchString(got) || strings.Contains(got, "AttributeName") {
				t.Error(got)
			}
		})
	}
}

// TestNothingBeforeTheFirstRead has neither region nor credentials, which is
// no error as long as nothing is read.
func TestNothingBeforeTheFirstRead(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, emptyList)
	_, diags := configured(t, provider.NewServer("test")(), arguments{"protocol": "HTTP", "endpoints": arguments{"dts": hostOf(api.URL)}})
	if requests := api.requests(); len(requests) > 0 || len(diags) > 0 {
		t.Errorf("%d requests; %s", len(requests), render(diags))
	}
}
