package dts

import (
	"cmp"
	"context"
	"time"
)

// DefaultRequestRate is the documented limit of an account, in requests per
// second and region.
const DefaultRequestRate = 20

// Config configures a [Client]. The zero value of a field other than
// Credentials means its default.
type Config struct {
	Credentials CredentialSource

	Endpoint       string        // host or host:port; defaults to the endpoint of the region
	Protocol       string        // HTTPS or HTTP; defaults to HTTPS
	ConnectTimeout time.Duration // for a connection, and for its TLS handshake; defaults to 10 s
	ReadTimeout    time.Duration // for a response once connected; defaults to 60 s
	RetryTimeout   time.Duration // for a request and its retries, from the first attempt on; defaults to 120 s
	RequestRate    int           // requests per second and region; defaults to DefaultRequestRate; negative: no limit
	UserAgent      string        // appended to the User-Agent of the core library

	Policy  Policy  // defaults to DefaultPolicy
	Backoff Backoff // defaults to DefaultBackoff

	// Log receives what a reader of logs may look for. By default nothing is
	// logged.
	Log func(ctx context.Context, message string, fields map[string]any)

	// OnResponse, if set, receives the body of each response that was decoded
	// without error, and what was requested. It may be called concurrently.
	OnResponse func(operation, region string, parameters map[string]string, body []byte)
}

// withDefaults returns the configuration with all defaults set.
func (c Config) withDefaults() Config {
	c.Protocol = cmp.Or(c.Protocol, "HTTPS")
	c.ConnectTimeout = cmp.Or(c.ConnectTimeout, 10*time.Second)
	c.ReadTimeout = cmp.Or(c.ReadTimeout, time.Minute)
	c.RetryTimeout = cmp.Or(c.RetryTimeout, 2*time.Minute)
	c.RequestRate = cmp.Or(c.RequestRate, DefaultRequestRate)
	if c.Policy == nil {
		c.Policy = DefaultPolicy
	}
	if c.Backoff == nil {
		c.Backoff = DefaultBackoff
	}
	if c.Log == nil {
		c.Log = func(context.Context, string, map[string]any) {}
	}
	return c
}
