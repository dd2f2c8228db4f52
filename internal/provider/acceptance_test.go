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

// testApply applies a configuration with a real CLI and checks its state. It
// needs no cloud account, so it always runs.
func testApply(t *testing.T, config string, checks ...statecheck.StateCheck) {
	t.Helper()
	skipIfShort(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps:                    []resource.TestStep{{Config: config, ConfigStateChecks: checks}},
	})
}

// testApplyError applies a configuration with a real CLI and wants an error,
// given as a regular expression over the CLI's output.
func testApplyError(t *testing.T, config, want string) {
	t.Helper()
	skipIfShort(t)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps:                    []resource.TestStep{{Config: config, ExpectError: wrapped(want)}},
	})
}

// wrapped matches text however the CLI wraps its lines.
func wrapped(text string) *regexp.Regexp {
	return regexp.MustCompile("(?s)" + regexp.MustCompile(`\s+`).ReplaceAllString(text, `[\s│╷╵]+`))
}

// newEmulator serves the emulator's account.
func newEmulator(t *testing.T) (server *httptest.Server, e *emulator.Emulator) {
	t.Helper()
	e = &emulator.Emulator{Rate: -1}
	server = httptest.NewServer(e)
	t.Cleanup(server.Close)
	return server, e
}

// emptyList responds to every request with an empty list of jobs.
func emptyList(url.Values) string {
	return `{"Success":true,"TotalRecordCount":0,"DtsJobList":[]}`
}
