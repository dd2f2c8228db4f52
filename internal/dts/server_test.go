package dts

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aliyun/credentials-go/credentials"
)

// server answers calls and remembers their parameters.
type server struct {
	*httptest.Server
	mu    sync.Mutex
	calls []url.Values
}

func newServer(t *testing.T, answer http.HandlerFunc) *server {
	t.Helper()
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.calls = append(s.calls, r.URL.Query())
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// count returns the number of calls so far.
func (s *server) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.calls)
}

// clientOf returns a client of the server that waits for nothing.
func clientOf(s *server, change ...func(*Config)) *Client {
	config := Config{
		Credential: func(context.Context) (*credentials.CredentialModel, error) {
			return &credentials.CredentialModel{AccessKeyId: ptr("key"), AccessKeySecret: ptr("secret"), ProviderName: ptr("static_ak")}, nil
		},
		Endpoint:       strings.TrimPrefix(s.URL, "http://"),
		Protocol:       "HTTP",
		ConnectTimeout: 10 * time.Second,
		ReadTimeout:    10 * time.Second,
		RetryTimeout:   time.Minute,
		Backoff:        func(int) time.Duration { return 0 },
	}
	for _, c := range change {
		c(&config)
	}
	return NewClient(config)
}
