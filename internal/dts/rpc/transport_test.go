package rpc

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// counted is a handler that counts its requests.
func counted(requests *atomic.Int32, handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		handler(w, r)
	}
}

func isHealthy(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, healthy) }

func TestRedirectIsNotFollowed(t *testing.T) {
	var here, there atomic.Int32
	elsewhere := httptest.NewServer(counted(&there, isHealthy))
	t.Cleanup(elsewhere.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		here.Store(0)
		c := online(t, counted(&here, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, status) }))
		if err := c.list(t.Context()); !errors.Is(err, errRedirect) || here.Load() != 1 || there.Load() != 0 {
			t.Errorf("%d: %v, %d requests here, %d there", status, err, here.Load(), there.Load())
		}
	}
}

// TestCompressedResponse reads a small one, and refuses one that is small only
// until it is decompressed.
func TestCompressedResponse(t *testing.T) {
	for length, want := range map[int64]error{int64(len(healthy)): nil, 10 * maxLength: ErrTooLarge} {
		var compressed bytes.Buffer
		z, _ := gzip.NewWriterLevel(&compressed, gzip.BestSpeed)
		if _, err := io.Copy(z, spaces(length, healthy)); err != nil || z.Close() != nil {
			t.Fatal(err)
		}
		var requests atomic.Int32
		c := online(t, counted(&requests, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(compressed.Bytes())
		}))
		if err := c.list(t.Context()); !errors.Is(err, want) || requests.Load() != 1 {
			t.Errorf("%d bytes: %v after %d requests", length, err, requests.Load())
		}
	}
}

func TestConnectionsAreReused(t *testing.T) {
	var connections atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(isHealthy))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	c := clientAt(t, s.Listener.Addr().String())
	for range 5 {
		if err := c.list(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if connections.Load() != 1 {
		t.Errorf("%d connections", connections.Load())
	}
}

// runAgain runs the present test in a process of its own, and returns what it
// prints.
func runAgain(t *testing.T, environment ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	again := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	again.Env = append(os.Environ(), append(environment, "DTS_TEST_CHILD=1")...)
	output, err := again.CombinedOutput()
	if err != nil || !strings.Contains(string(output), "--- PASS: "+t.Name()) {
		t.Errorf("%v: %s", err, output)
	}
	return string(output)
}

func isChild() bool { return os.Getenv("DTS_TEST_CHILD") != "" }

// TestProxyOfTheEnvironment needs a process of its own, because the environment
// is read once, and never for requests to this machine.
func TestProxyOfTheEnvironment(t *testing.T) {
	if isChild() {
		if err := clientAt(t, "dts.example.com").list(t.Context()); err != nil {
			t.Error(err)
		}
		return
	}
	var hosts, authorizations []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hosts, authorizations = append(hosts, r.URL.Host), append(authorizations, r.Header.Get("Proxy-Authorization"))
		isHealthy(w, r)
	}))
	defer proxy.Close()
	runAgain(t, "NO_PROXY=", "no_proxy=", "HTTP_PROXY="+strings.Replace(proxy.URL, "http://", "http://user:password@", 1))
	if len(hosts) != 1 || hosts[0] != "dts.example.com" || !strings.HasPrefix(authorizations[0], "Basic ") {
		t.Errorf("the proxy received requests for %q with %q", hosts, authorizations)
	}
}

// TestTokensAreNotPrinted runs itself with the variable that makes HTTP/2 print
// headers.
func TestTokensAreNotPrinted(t *testing.T) {
	const token = "a-long-security-token"
	if !isChild() {
		if output := runAgain(t, "GODEBUG=http2debug=2"); strings.Contains(output, token) {
			t.Errorf("printed: %s", output)
		}
		return
	}
	var protocol atomic.Value
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protocol.Store(r.Proto)
		if r.Header.Get("X-Acs-Security-Token") != token {
			t.Error("no token arrived")
		}
		isHealthy(w, r)
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	t.Cleanup(s.Close)
	c := clientAt(t, s.Listener.Addr().String(), func(c *Config) {
		c.Protocol, c.Credentials = "HTTPS", StaticCredential{AccessKeyID: "key", SecurityToken: token}
	})
	transport := c.config.Transport.(*http.Transport)  //nolint:forcetypeassert // It is the product's.
	ofServer := s.Client().Transport.(*http.Transport) //nolint:forcetypeassert // It is the standard library's.
	transport.TLSClientConfig = ofServer.TLSClientConfig.Clone()
	transport.TLSClientConfig.NextProtos = nil
	if err := c.list(t.Context()); err != nil || protocol.Load() != "HTTP/1.1" {
		t.Errorf("%v over %v", err, protocol.Load())
	}
}

// TestProxyCredentialsStayWithTheProxy sends a request without a proxy.
func TestProxyCredentialsStayWithTheProxy(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://user:proxy-secret@proxy.invalid:1")
	c := online(t, func(w http.ResponseWriter, r *http.Request) {
		if h := r.Header.Get("Proxy-Authorization"); h != "" {
			t.Errorf("Proxy-Authorization: %s", h)
		}
		isHealthy(w, r)
	})
	if err := c.list(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestMisconfiguredProtocol never makes a second attempt.
func TestMisconfiguredProtocol(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(isHealthy))
	defer plain.Close()
	encrypted := httptest.NewUnstartedServer(http.NotFoundHandler())
	encrypted.Config.ErrorLog = log.New(io.Discard, "", 0)
	encrypted.StartTLS()
	defer encrypted.Close()
	for name, s := range map[string]*httptest.Server{"plain": plain, "unknown certificate": encrypted} {
		c := clientAt(t, s.Listener.Addr().String(), func(c *Config) { c.Protocol = "HTTPS" })
		if e := errorOf(t, c.list(t.Context())); e.Attempts != 1 || e.Temporary() {
			t.Errorf("%s: %v", name, e)
		}
	}
}

// TestConnectionsThatFail get five attempts. Requests that were sent keep their
// turns, the others give them back.
func TestConnectionsThatFail(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	limited := func(c *Config) { c.RequestRate, c.ReadTimeout = 20, 20*time.Millisecond }
	var requests atomic.Int32
	for _, test := range []struct {
		name      string
		client    *Client
		isTimeout bool
		turns     int
	}{
		{"refused", clientAt(t, l.Addr().String(), limited), false, 0},
		{"lost", online(t, counted(&requests, func(w http.ResponseWriter, _ *http.Request) {
			if connection, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_ = connection.Close()
			}
		}), limited), false, 5},
		{"silent", online(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, limited), true, 5},
	} {
		e := errorOf(t, test.client.list(t.Context()))
		var timeout net.Error
		if isTimeout := errors.As(e, &timeout) && timeout.Timeout(); e.Attempts != 5 || e.EndpointVerified || e.Temporary() || isTimeout != test.isTimeout || strings.Contains(e.Error(), "Signature") {
			t.Errorf("%s: %v", test.name, e)
		}
		if turns := len(test.client.limiter("r").turns); turns != test.turns {
			t.Errorf("%s: %d turns were kept", test.name, turns)
		}
	}
	if requests.Load() != 5 {
		t.Errorf("%d requests arrived", requests.Load())
	}
}
