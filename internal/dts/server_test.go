package dts

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

const healthy = `{"Success":true,"TotalRecordCount":0,"DtsJobList":[]}`

// server serves requests and remembers their parameters.
type server struct {
	*httptest.Server
	mu    sync.Mutex
	calls []url.Values
}

func newServer(t *testing.T, respond http.HandlerFunc) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.calls = append(s.calls, r.URL.Query())
		s.mu.Unlock()
		respond(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// count returns the number of requests so far.
func (s *server) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.calls)
}

// clientOf returns a client of the server that waits for nothing.
func clientOf(s *server, change ...func(*Config)) *Client {
	return clientAt(strings.TrimPrefix(s.URL, "http://"), change...)
}

// clientAt returns a client of an endpoint that waits for nothing.
func clientAt(endpoint string, change ...func(*Config)) *Client {
	config := Config{
		Credentials: StaticCredential{AccessKeyID: "key", AccessKeySecret: "secret", Provider: "static_ak"},
		Endpoint:    endpoint,
		Protocol:    "HTTP",
		RequestRate: -1,
		Backoff:     func(int) time.Duration { return 0 },
	}
	for _, c := range change {
		c(&config)
	}
	return NewClient(config)
}

// roundTripper is a server without a network, for tests on a fake clock.
type roundTripper func(*http.Request) (status int, body string)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := f(r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// offline returns a client that sends its requests to f.
func offline(f roundTripper, change ...func(*Config)) *Client {
	c := clientAt("dts.example.com", change...)
	c.http.Transport = f
	return c
}

// hang is a server that sends no response.
func hang(r *http.Request) (int, string) {
	<-r.Context().Done()
	return 0, ""
}
