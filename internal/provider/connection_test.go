package provider_test

import (
	"net"
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
	failure := newFakeAPI(t, func(url.Values) string { return `{"Success":false,"RequestId":"R-1"}` })
	plain := listenPlain(t)
	for name, test := range map[string]struct {
		block arguments
		want  string
	}{
		"HTTP instead of HTTPS": {arguments{"protocol": "HTTPS"}, `HTTP response to HTTPS client.*attempts: 1.*Set protocol = "HTTP"`},
		"no TLS":                {arguments{"protocol": "HTTPS", "endpoints": arguments{"dts": plain}}, `TLS handshake.*attempts: 1.*Set protocol = "HTTP"`},
		"failure without a code": {arguments{"endpoints": arguments{"dts": hostOf(failure.URL)}},
			`failure without a code.*request ID: R-1.*attempts: 1.*quote the request ID`},
		"certificate": {arguments{"protocol": "HTTPS", "endpoints": arguments{"dts": strings.Replace(https.URL, "https://127.0.0.1", "localhost", 1)}},
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

// listenPlain returns the address of a server that speaks neither TLS nor HTTP.
func listenPlain(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("Welcome.\r\n"))
			_ = c.Close()
		}
	}()
	return l.Addr().String()
}
