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

	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

const Healthy = `{"Success":true,"TotalRecordCount":0,"DtsJobList":[]}`

// server serves requests and remembers their parameters.
type Server struct {
	*httptest.Server
	mu    sync.Mutex
	calls []url.Values
}

func NewServer(t *testing.T, respond http.HandlerFunc) *Server {
	t.Helper()
	s := &Server{}
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
func (s *Server) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.calls)
}

// clientOf returns a client of the server that waits for nothing.
func ClientOf(s *Server, change ...func(*rpc.Config)) *Client {
	return ClientAt(strings.TrimPrefix(s.URL, "http://"), change...)
}

// clientAt returns a client of an endpoint that waits for nothing.
func ClientAt(endpoint string, change ...func(*rpc.Config)) *Client {
	config := rpc.Config{
		Credentials: rpc.StaticCredential{AccessKeyID: "key", AccessKeySecret: "secret", Provider: "static_ak"},
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
type RoundTripper func(*http.Request) (status int, body string)

func (f RoundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := f(r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// offline returns a client that sends its requests to f.
func Offline(f RoundTripper, change ...func(*rpc.Config)) *Client {
	c := ClientAt("dts.example.com", change...)
	c.Http.Transport = f
	return c
}

// hang is a server that sends no response.
func Hang(r *http.Request) (int, string) {
	<-r.Context().Done()
	return 0, ""
}
