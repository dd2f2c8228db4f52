// Package wire has the messages of a connection: a request taken apart, an error
// and a response of the API. It knows no operation.
package wire

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"
)

// MaxBody is far above the size of any form of this API.
const MaxBody = 1 << 20

// DateLayout is the only form of dates in signatures, and the form of the
// expiration of credentials.
const DateLayout = "2006-01-02T15:04:05Z"

// Request is one request, taken apart.
type Request struct {
	HTTP *http.Request
	ID   string // X-Acs-Request-Id of the response
	// Product is the product of the operation; errors link to its help.
	Product string

	// The rest is empty until Parse.

	Body []byte
	// Sent has the parameters of query and form together, as a signature covers
	// them. Parameters are those that have a value.
	Sent, Parameters url.Values
	Action, Version  string
}

// NewRequest gives a request its ID, which a response has even if the request
// cannot be parsed: an upper-case UUID, version 4, as the gateway makes them.
func NewRequest(r *http.Request) *Request {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails, see crypto/rand
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return &Request{HTTP: r, ID: fmt.Sprintf("%X-%X-%X-%X-%X", id[0:4], id[4:6], id[6:8], id[8:10], id[10:16])}
}

// Parse reads the parameters. The gateway takes them from the query, from a form
// body, or from both, in any order.
func (r *Request) Parse() error {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.HTTP.Body, MaxBody))
	if err != nil {
		return ErrUnreadableRequest
	}
	r.Body = body
	if r.Sent, err = url.ParseQuery(r.HTTP.URL.RawQuery); err != nil {
		return ErrUnreadableRequest
	}
	if mediaType, _, err := mime.ParseMediaType(r.HTTP.Header.Get("Content-Type")); err == nil && mediaType == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return ErrUnreadableRequest
		}
		for name, values := range form {
			r.Sent[name] = append(r.Sent[name], values...)
		}
	}
	// To the gateway a parameter without a value is missing, as its "Missing..." errors
	// for empty mandatory parameters show.
	r.Parameters = url.Values{}
	for name, values := range r.Sent {
		if values[0] != "" {
			r.Parameters[name] = values
		}
	}
	r.Action = cmp.Or(r.HTTP.Header.Get("X-Acs-Action"), r.Parameters.Get("Action"))
	r.Version = cmp.Or(r.HTTP.Header.Get("X-Acs-Version"), r.Parameters.Get("Version"))
	return nil
}

// Require returns an error for the first of these parameters that is missing.
func (r *Request) Require(parameters ...string) error {
	for _, name := range parameters {
		if !r.Parameters.Has(name) {
			return ErrMissing(name)
		}
	}
	return nil
}

// Wait lets time pass and reports whether the client is still there.
func (r *Request) Wait(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.HTTP.Context().Done():
		return false
	}
}
