package provider_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/provider"
)

// TestConnectionErrors wants the cause and the next step when what is at the
// endpoint is not the API.
func TestConnectionErrors(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, emptyList)
	https := httptest.NewTLSServer(api.Config.Handler)
	t.Cleanup(https.Close)
	closed := httptest.NewServer(nil)
	closed.Close()
	redirect := newFakeAPI(t, func(url.Values) string { return "302 " })
	for name, test := range map[string]struct {
		block arguments
		want  string
	}{
		"HTTP instead of HTTPS": {arguments{"protocol": "HTTPS"}, `HTTP response to HTTPS client.*attempts: 1.*Set protocol = "HTTP"`},
		"certificate": {arguments{"protocol": "HTTPS", "endpoints": arguments{"dts": strings.TrimPrefix(https.URL, "https://")}},
			`certificate.*attempts: 1.*Check endpoints\.dts`},
		"redirect":    {arguments{"endpoints": arguments{"dts": hostOf(redirect.URL)}}, `redirects to another address.*attempts: 1.*Redirects are not followed`},
		"closed port": {arguments{"endpoints": arguments{"dts": hostOf(closed.URL)}}, `connection refused.*attempts: 5.*Check that this machine can reach 127\.0\.0\.1`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := configured(t, provider.NewServer("test")(), blockFor(api.URL, test.block))
			if got := s.plan(t, "dts_jobs", nil); !wrapped(`ERROR: Unable to List DTS Jobs.*` + test.want).MatchString(got) {
				t.Error(got)
			}
		})
	}
}
