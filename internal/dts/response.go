package dts

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// ErrBroken is a response that is not one of the API: empty, cut off, a page
// of a proxy. Another attempt may bring a good one.
var ErrBroken = errors.New("broken response")

// Envelope is what every response has around its data.
type Envelope struct {
	RequestID      *string `json:"RequestId"`
	Success        *bool   `json:"Success"`
	ErrCode        *string `json:"ErrCode"`
	ErrMessage     *string `json:"ErrMessage"`
	DynamicMessage *string `json:"DynamicMessage"`
}

func (e *Envelope) envelope() *Envelope { return e }

// response is a decoded response; check returns what is wrong with its data.
type response interface {
	envelope() *Envelope
	check() error
}

// refusal is what the API returns instead of data: the gateway as Code and
// Message, DTS itself as ErrCode and ErrMessage. Data may have a field Code,
// too, so ErrCode takes precedence.
type refusal struct {
	Envelope
	Code    *string `json:"Code"`
	Message *string `json:"Message"`
}

func (r *refusal) code() string { return cmp.Or(text(r.ErrCode), text(r.Code)) }

// message returns the message with its placeholder filled in.
func (r *refusal) message() string {
	message := cmp.Or(text(r.ErrMessage), text(r.Message))
	if dynamic := text(r.DynamicMessage); dynamic != "" {
		message = strings.ReplaceAll(message, "%s", dynamic)
	}
	return message
}

func (r *refusal) Error() string { return strings.TrimPrefix(r.code()+": "+r.message(), ": ") }

// refused reports whether the response has an error instead of data. HTTP
// status 200 does not mean that a request succeeded, and a gateway sends no
// Success.
func (r *refusal) refused(status int) bool {
	switch {
	case r.Success != nil:
		return !*r.Success
	case status == http.StatusOK:
		return r.code() != "" && r.message() != ""
	}
	return r.code() != ""
}

// parseResponse decodes a response with data into v and returns its request ID.
// The error is a [*refusal] by the API, a [*FieldError], or an [ErrBroken].
func parseResponse(status int, body []byte, v response) (requestID string, err error) {
	if status == http.StatusOK {
		err = decode(body, v)
		if e := v.envelope(); err == nil && e.Success != nil && *e.Success {
			return text(e.RequestID), v.check()
		}
	}
	var r refusal
	_ = decode(body, &r) // What is broken was noticed above, or is not a refusal.
	requestID = text(r.RequestID)
	switch {
	case r.refused(status):
		return requestID, &r
	case status != http.StatusOK:
		return requestID, fmt.Errorf("%w: HTTP status %d without an error of the API", ErrBroken, status)
	case string(bytes.TrimSpace(body)) == "null":
		return requestID, fmt.Errorf("%w: null", ErrBroken)
	case errors.As(err, new(*FieldError)):
		return requestID, err
	case err != nil:
		return requestID, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	return requestID, v.check()
}
