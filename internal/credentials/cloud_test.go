package credentials

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

const (
	canary   = "CANARY-SECRET-7f3a"
	roleARN  = "acs:ram::1234567890123456:role/reader"
	topARN   = "acs:ram::1234567890123456:role/top"
	provider = "acs:ram::1234567890123456:oidc-provider/ci"
)

// cloud is the network and the home directory that a source finds: the emulator
// is at every host, over HTTP and HTTPS.
type cloud struct {
	emulator emulator.Emulator
	// respond, if set, responds in place of the emulator and reports whether it
	// did. Number is that of the request, from 1.
	respond func(w http.ResponseWriter, r *http.Request, number int) bool

	home        string
	http, https *httptest.Server

	mu       sync.Mutex
	requests []string
}

// newCloud returns a cloud with files in its home directory: name, text and so on.
func newCloud(t *testing.T, files ...string) *cloud {
	t.Helper()
	c := &cloud{home: t.TempDir()}
	c.emulator.AcceptOIDCToken = func(token string) bool { return strings.HasPrefix(token, "good-token") }
	for pair := range slices.Chunk(files, 2) {
		c.write(t, pair[0], pair[1])
	}
	c.http, c.https = httptest.NewServer(c), httptest.NewUnstartedServer(c)
	c.https.EnableHTTP2 = true
	c.https.StartTLS()
	t.Cleanup(c.http.Close)
	t.Cleanup(c.https.Close)
	return c
}

func (c *cloud) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(c.home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (c *cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	request := r.Method + " " + r.Host + r.URL.Path
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		form, _ := url.ParseQuery(string(body))
		request = form.Get("Action") + " " + r.Host
	}
	if r.ProtoMajor != 1 {
		request = r.Proto // GODEBUG can print its headers.
	}
	c.mu.Lock()
	c.requests = append(c.requests, request)
	number := len(c.requests)
	c.mu.Unlock()
	if c.respond == nil || !c.respond(w, r, number) {
		c.emulator.ServeHTTP(w, r)
	}
}

// sent returns the requests so far.
func (c *cloud) sent() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.requests)
}

// fail has requests fail, from a number on.
func (c *cloud) fail(from, status int, body string) {
	c.respond = func(w http.ResponseWriter, _ *http.Request, number int) bool {
		if number < from {
			return false
		}
		w.Header().Set("Location", c.http.URL)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
		return true
	}
}

// variables are an environment.
type variables map[string]string

func (v variables) get(name string) string { return v[name] }

// source returns the source of a provider block and an environment in the cloud.
// In both, HOME stands for the home directory.
func (c *cloud) source(t *testing.T, block Settings, environment variables) *Source {
	t.Helper()
	config, invalid := Resolve(block, environment.get)
	if len(invalid) > 0 {
		t.Fatal(invalid)
	}
	config.home = c.home
	s := NewSource(config)
	for _, client := range []*http.Client{s.config.http, s.config.metadata.http} {
		transport := client.Transport.(*http.Transport) //nolint:forcetypeassert // newHTTPClient makes it.
		transport.DialContext = c.dial
		transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	}
	return s
}

// dial connects to the cloud at the standard ports, and to loopback at others.
func (c *cloud) dial(ctx context.Context, network, address string) (net.Conn, error) {
	switch _, port, _ := net.SplitHostPort(address); port {
	case "80":
		address = c.http.Listener.Addr().String()
	case "443":
		address = c.https.Listener.Addr().String()
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

// credentialsURI is the credentials URI of the cloud.
const credentialsURI = "http://localhost:80/_emulator/credentials"

func credential(t *testing.T, s *Source) rpc.Credential {
	t.Helper()
	got, err := s.Credential(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !condition(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not in time: %s", what)
		}
	}
}
