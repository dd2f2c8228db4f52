package rpc

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

func TestRedirectIsNotFollowed(t *testing.T) {
	elsewhere := dts.NewServer(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(dts.Healthy)) })
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := dts.NewServer(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, status) })
		_, err := dts.ClientOf(s).Jobs(t.Context(), "r", api.JobsRequest{})
		if !errors.Is(err, errRedirect) || s.Count() != 1 || elsewhere.Count() != 0 {
			t.Errorf("%d: %v, %d requests here, %d there", status, err, s.Count(), elsewhere.Count())
		}
	}
}

// TestTooLargeResponse is not read, and not requested again.
func TestTooLargeResponse(t *testing.T) {
	s := dts.NewServer(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(256<<20+1))
		_, _ = w.Write([]byte(dts.Healthy))
	})
	if _, err := dts.ClientOf(s).Jobs(t.Context(), "r", api.JobsRequest{}); !errors.Is(err, errResponseTooLarge) || s.Count() != 1 {
		t.Errorf("%d requests, %v", s.Count(), err)
	}
}

// TestReadBody reads bodies with and without an announced length.
func TestReadBody(t *testing.T) {
	for _, announced := range []bool{true, false} {
		for length, tooLarge := range map[int64]bool{0: false, 10: false, 11: true, 1000: true} {
			body := strings.Repeat("x", int(length))
			response := &http.Response{ContentLength: -1, Body: io.NopCloser(strings.NewReader(body))}
			if announced {
				response.ContentLength = length
			}
			got, err := readBody(response, 10)
			if errors.Is(err, errResponseTooLarge) != tooLarge || !tooLarge && string(got) != body {
				t.Errorf("%d bytes: %q, %v", length, got, err)
			}
		}
	}
}

// TestProxyOfTheEnvironment runs itself again behind a proxy, since the
// environment is read once, and never for requests to this machine.
func TestProxyOfTheEnvironment(t *testing.T) {
	const child = "DTS_TEST_BEHIND_PROXY"
	if os.Getenv(child) != "" {
		c := dts.ClientAt("dts.example.com")
		defer c.Http.CloseIdleConnections()
		if _, err := c.Jobs(t.Context(), "r", api.JobsRequest{}); err != nil {
			t.Error(err)
		}
		return
	}
	var hosts []string
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hosts = append(hosts, r.URL.Host)
		if a := r.Header.Get("Proxy-Authorization"); !strings.HasPrefix(a, "Basic ") {
			t.Errorf("Proxy-Authorization: %q", a)
		}
		_, _ = w.Write([]byte(dts.Healthy))
	}))
	defer proxy.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	again := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+t.Name()+"$")
	again.Env = append(os.Environ(), child+"=1", "NO_PROXY=", "no_proxy=",
		"HTTP_PROXY="+strings.Replace(proxy.URL, "http://", "http://user:password@", 1))
	if output, err := again.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, output)
	}
	if len(hosts) != 1 || hosts[0] != "dts.example.com" {
		t.Errorf("the proxy received requests for %q", hosts)
	}
}

// TestProxyCredentialsStayWithTheProxy sends a request without a proxy.
func TestProxyCredentialsStayWithTheProxy(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://user:proxy-secret@proxy.invalid:1")
	s := dts.NewServer(t, func(w http.ResponseWriter, r *http.Request) {
		if h := r.Header.Get("Proxy-Authorization"); h != "" {
			t.Errorf("Proxy-Authorization: %s", h)
		}
		_, _ = w.Write([]byte(dts.Healthy))
	})
	if _, err := dts.ClientOf(s).Jobs(t.Context(), "r", api.JobsRequest{}); err != nil {
		t.Error(err)
	}
}

// TestMisconfiguredProtocol never makes a second attempt.
func TestMisconfiguredProtocol(t *testing.T) {
	plain := dts.NewServer(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(dts.Healthy)) })
	encrypted := httptest.NewTLSServer(http.NotFoundHandler())
	encrypted.Config.ErrorLog = log.New(io.Discard, "", 0)
	defer encrypted.Close()
	for name, endpoint := range map[string]string{"plain": plain.URL, "unknown certificate": encrypted.URL} {
		_, host, _ := strings.Cut(endpoint, "://")
		_, err := dts.ClientAt(host, func(c *Config) { c.Protocol = "HTTPS" }).Jobs(t.Context(), "r", api.JobsRequest{})
		var e *Error
		if !errors.As(err, &e) || e.Attempts != 1 || e.Temporary() {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRefusedConnection gets five attempts, and gives its turns back.
func TestRefusedConnection(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	c := dts.ClientAt(l.Addr().String(), func(c *Config) { c.RequestRate = 20 })
	_, err = c.Jobs(t.Context(), "r", api.JobsRequest{})
	var e *Error
	if !errors.As(err, &e) || e.Attempts != 5 || e.EndpointVerified || e.Temporary() {
		t.Errorf("got %v", err)
	}
	if turns := c.limiter("r").turns; len(turns) != 0 {
		t.Errorf("%d turns were kept", len(turns))
	}
}

// TestSentRequestsKeepTheirTurns even if no response comes.
func TestSentRequestsKeepTheirTurns(t *testing.T) {
	s := dts.NewServer(t, func(w http.ResponseWriter, _ *http.Request) { hangUp(w) })
	c := dts.ClientOf(s, func(c *Config) { c.RequestRate = 20 })
	_, err := c.Jobs(t.Context(), "r", api.JobsRequest{})
	if turns := len(c.limiter("r").turns); err == nil || turns != s.Count() {
		t.Errorf("%d turns for %d requests, %v", turns, s.Count(), err)
	}
}

// TestReadTimeout ends an attempt whose response does not come.
func TestReadTimeout(t *testing.T) {
	s := dts.NewServer(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	_, err := dts.ClientOf(s, func(c *Config) { c.ReadTimeout = 20 * time.Millisecond }).Jobs(t.Context(), "r", api.JobsRequest{})
	var timeout net.Error
	var e *Error
	if !errors.As(err, &timeout) || !timeout.Timeout() || !errors.As(err, &e) || e.Attempts != 5 || strings.Contains(err.Error(), "Signature") {
		t.Errorf("got %v", err)
	}
}
