package rpc

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const healthy = `{"Success":true,"TotalRecordCount":0,"DtsJobList":[]}`

const unavailable = `{"Code":"ServiceUnavailable"}`

// fake is a server without a network, for tests on a fake clock.
type fake func(*http.Request) (*http.Response, error)

func (f fake) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return f(r)
}

// response returns a response whose length is not announced.
func response(status int, body string) (*http.Response, error) {
	return bodyOf(status, strings.NewReader(body))
}

func bodyOf(status int, body io.Reader) (*http.Response, error) {
	return &http.Response{StatusCode: status, Header: http.Header{}, ContentLength: -1, Body: io.NopCloser(body)}, nil
}

// inTurn sends one response after the other, and the last one again.
func inTurn(requests *int, responses ...fake) fake {
	return func(r *http.Request) (*http.Response, error) {
		*requests++
		return responses[min(*requests, len(responses))-1](r)
	}
}

func always(status int, body string) fake {
	return func(*http.Request) (*http.Response, error) { return response(status, body) }
}

// hang is a server that sends no response.
func hang(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// brokenBody is a body that ends with an error.
func brokenBody(start string, err error) io.Reader {
	return io.MultiReader(strings.NewReader(start), errorReader{err})
}

type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }

// endless is a body of white space, as long as it is read.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, whiteSpace), nil }

var whiteSpace = bytes.Repeat([]byte(" "), 1<<16)

// spaces is a response with white space before it, which has a length in all.
func spaces(length int64, body string) io.Reader {
	return io.MultiReader(io.LimitReader(endless{}, length-int64(len(body))), strings.NewReader(body))
}

// offline returns a client of a fake that waits for nothing.
func offline(f fake, change ...func(*Client)) *Client {
	c := NewClient(Config{
		Credentials: StaticCredential{AccessKeyID: "key", AccessKeySecret: "secret", Provider: "static_ak"},
		Endpoint:    "dts.example.com",
		Protocol:    "HTTP",
		RequestRate: -1,
		Transport:   f,
	})
	c.backOff = func(int) time.Duration { return 0 }
	limitResponses(c)
	for _, change := range change {
		change(c)
	}
	return c
}

// Limits of responses in tests, in bytes. TestDefaults has the real ones.
const maxLength, smallLength = 1 << 20, 32 << 10

func limitResponses(c *Client) { c.maxResponse, c.smallResponse = maxLength, smallLength }

// online starts a server and returns a client of it.
func online(t *testing.T, handler http.HandlerFunc, change ...func(*Config)) *Client {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return clientAt(t, strings.TrimPrefix(s.URL, "http://"), change...)
}

// clientAt returns a client of an endpoint with the transport of the product.
func clientAt(t *testing.T, endpoint string, change ...func(*Config)) *Client {
	t.Helper()
	config := Config{Credentials: StaticCredential{AccessKeyID: "key", AccessKeySecret: "secret"}, Endpoint: endpoint, Protocol: "HTTP", RequestRate: -1}
	for _, change := range change {
		change(&config)
	}
	c := NewClient(config)
	c.backOff = func(int) time.Duration { return 0 }
	limitResponses(c)
	t.Cleanup(c.http.CloseIdleConnections)
	return c
}

// jobs is a request.
var jobs = Request{Operation: "DescribeDtsJobs", Region: "r"}

func (c *Client) list(ctx context.Context) error { return c.Do(ctx, jobs, new(api.JobsPage)) }

// errorOf returns an error of Do, which must describe the request.
func errorOf(t *testing.T, err error) *Error {
	t.Helper()
	e := new(Error)
	if !errors.As(err, &e) || e.Operation != jobs.Operation || e.Region != jobs.Region || e.Reason() == "" {
		t.Fatalf("got %v", err)
	}
	return e
}
