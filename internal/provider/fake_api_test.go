package provider_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/provider"
)

// fakeAPI returns what a test wants and records requests. Unlike the emulator
// it checks nothing, so that a test shows all that matters.
type fakeAPI struct {
	*httptest.Server

	mu      sync.Mutex
	queries []url.Values
	headers []http.Header
}

// newFakeAPI returns a server that calls respond with the parameters of each
// request. A response that begins with a status, such as "403 ", has that
// status.
func newFakeAPI(t testing.TB, respond func(url.Values) string) *fakeAPI {
	t.Helper()
	f := &fakeAPI{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.queries = append(f.queries, r.URL.Query())
		f.headers = append(f.headers, r.Header)
		f.mu.Unlock()
		handler(respond).ServeHTTP(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

func handler(respond func(url.Values) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := respond(r.URL.Query())
		if status, rest, found := strings.Cut(body, " "); found && len(status) == 3 {
			if code, err := strconv.Atoi(status); err == nil {
				w.WriteHeader(code)
				body = rest
			}
		}
		_, _ = w.Write([]byte(body))
	})
}

// onFakeClock runs a test on the fake clock of synctest, with a session whose
// API has no network: waits take no time, however busy the machine is.
func onFakeClock(t *testing.T, api http.Handler, test func(t *testing.T, s session)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, _ := configured(t, provider.NewOfflineServer(api), nil)
		test(t, s)
		time.Sleep(time.Hour) // Responses that nobody waits for any more are sent.
	})
}

// requests returns the parameters of all requests since it was last called.
func (f *fakeAPI) requests() []url.Values {
	f.mu.Lock()
	defer f.mu.Unlock()
	queries := f.queries
	f.queries = nil
	return queries
}

// block is a provider block for the server.
func (f *fakeAPI) block() string { return providerBlock(f.URL) }

// providerBlock is a provider block for the server at a URL.
func providerBlock(at string) string {
	return `
provider "dts" {
  region     = "cn-hangzhou"
  access_key = "emulator"
  secret_key = "emulator-secret"
  protocol   = "HTTP"
  endpoints { dts = "` + hostOf(at) + `" }
}
`
}

// hostOf is the host and port of a server's URL.
func hostOf(url string) string { return strings.TrimPrefix(url, "http://") }
