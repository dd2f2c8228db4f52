package provider_test

import (
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
	"github.com/dts-community/terraform-provider-dts/internal/provider"
)

// factories serve the provider to a real Terraform or OpenTofu.
var factories = map[string]func() (tfprotov6.ProviderServer, error){
	"dts": func() (tfprotov6.ProviderServer, error) { return provider.NewServer("test")(), nil },
}

// applied applies a configuration with a real CLI and checks its state. No
// cloud account is needed, so these tests always run.
func applied(t *testing.T, config string, checks ...statecheck.StateCheck) {
	t.Helper()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps:                    []resource.TestStep{{Config: config, ConfigStateChecks: checks}},
	})
}

// refused wants an error, by a regular expression over the CLI's words.
func refused(t *testing.T, config, want string) {
	t.Helper()
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps:                    []resource.TestStep{{Config: config, ExpectError: words(want)}},
	})
}

// words matches text however the CLI wraps its lines.
func words(text string) *regexp.Regexp {
	return regexp.MustCompile(regexp.MustCompile(`\s+`).ReplaceAllString(text, `[\s│╷╵]+`))
}

// newEmulator serves the emulator's account.
func newEmulator(t *testing.T) (server *httptest.Server, e *emulator.Emulator) {
	t.Helper()
	e = &emulator.Emulator{Rate: -1}
	server = httptest.NewServer(e)
	t.Cleanup(server.Close)
	return server, e
}

// nothing answers every call with an empty list.
func nothing(url.Values) string { return `{"Success":true,"TotalRecordCount":0,"DtsJobList":[]}` }
