package provider_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// fakeAPI answers with what a test wants and records what it was asked. It is
// no emulator: it checks nothing, so that a test says all that matters.
type fakeAPI struct {
	*httptest.Server

	mu      sync.Mutex
	queries []url.Values
	headers []http.Header
}

// newFakeAPI answers each call with what answer makes of its parameters. An
// answer that begins with a status line, such as "403 ", has that status.
func newFakeAPI(t *testing.T, answer func(url.Values) string) *fakeAPI {
	t.Helper()
	f := &fakeAPI{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.queries = append(f.queries, r.URL.Query())
		f.headers = append(f.headers, r.Header)
		f.mu.Unlock()
		body := answer(r.URL.Query())
		if status, rest, found := strings.Cut(body, " "); found && len(status) == 3 {
			w.WriteHeader(map[string]int{"400": 400, "403": 403, "404": 404, "500": 500, "502": 502, "503": 503}[status])
			body = rest
		}
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(f.Close)
	return f
}

// asked returns the parameters of all calls since the last time.
func (f *fakeAPI) asked() []url.Values {
	f.mu.Lock()
	defer f.mu.Unlock()
	queries := f.queries
	f.queries = nil
	return queries
}

// block is a provider block that leads to the server; more goes into it.
func (f *fakeAPI) block(more string) string { return providerBlock(f.URL, more) }

// providerBlock is a provider block that leads to the server at a URL.
func providerBlock(at, more string) string {
	return `
provider "dts" {
  region     = "cn-hangzhou"
  access_key = "emulator"
  secret_key = "emulator-secret"
  protocol   = "HTTP"
  endpoints { dts = "` + strings.TrimPrefix(at, "http://") + `" }
` + more + `
}
`
}
