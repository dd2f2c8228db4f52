// Package api declares the requests and responses of the DTS API, one line per
// parameter and field, and decodes responses. It sends nothing, so that packages
// about the data alone do not link an HTTP client.
package api

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrBroken is the error of a response that is not one of the API: empty, cut
// off, a page of a proxy. Another attempt may bring a good one.
var ErrBroken = errors.New("broken response")

// Response is a decoded response: its envelope, and a check of its data.
type Response interface {
	envelope() *Envelope
	// Size returns about how much memory the response takes, in bytes.
	Size() int64
	// Check returns an error if the response lacks data that every response has.
	Check() error
}

// Envelope is the part of a response that all operations have in common.
type Envelope struct {
	RequestID      *string `json:"RequestId"`
	Success        *bool   `json:"Success"`
	ErrCode        *string `json:"ErrCode"`
	ErrMessage     *string `json:"ErrMessage"`
	DynamicMessage *string `json:"DynamicMessage"`

	size int64
}

// Size implements [Response].
func (e *Envelope) Size() int64 { return e.size }

// Check implements [Response] for responses that may lack any field: a page may
// have a field that another page lacks.
func (e *Envelope) Check() error { return nil }

func (e *Envelope) envelope() *Envelope { return e }

// Refusal is the error that the API returns instead of data.
type Refusal struct {
	Code           string // as sent, at most 4 KiB; may be empty
	Message        string // with %s replaced by DynamicMessage; at most 4 KiB
	DynamicMessage string // the parameter or value at fault
}

func (r *Refusal) Error() string { return strings.TrimPrefix(r.Code+": "+r.Message, ": ") }

// statusOK is the HTTP status of a response with data, and of some errors. It is
// declared here because package verdict must not link net/http.
const statusOK = 200

// Parse decodes a response into v, which must be zero, and returns its request
// ID. The error is a [*Refusal] by the API, a [*FieldError], [ErrTooManyRows] or
// [ErrBroken].
func Parse(status int, body []byte, v Response) (requestID string, err error) {
	if status == statusOK {
		var size int64
		size, err = decode(body, v)
		v.envelope().size = size
		if e := v.envelope(); err == nil && e.Success != nil && *e.Success {
			return cut(Value(e.RequestID), maxMessage), v.Check()
		}
	}
	requestID, refusal := parseRefusal(status, body)
	switch {
	case refusal != nil:
		return requestID, refusal
	case status != statusOK:
		return requestID, fmt.Errorf("%w: HTTP status %d without an error of the API", ErrBroken, status)
	case string(bytes.TrimSpace(body)) == "null":
		return requestID, fmt.Errorf("%w: null", ErrBroken)
	case errors.As(err, new(*FieldError)), errors.Is(err, ErrTooManyRows):
		return requestID, err
	case err != nil:
		return requestID, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	return requestID, v.Check()
}

// parseRefusal returns the error in a response, nil if it has data instead. The
// gateway sends Code and Message, DTS itself sends ErrCode and ErrMessage. Data
// may have a field Code, too, so ErrCode takes precedence. HTTP status 200 does
// not mean that a request succeeded, and a gateway sends no Success.
func parseRefusal(status int, body []byte) (requestID string, _ *Refusal) {
	var r struct {
		Envelope

		Code    *string `json:"Code"`
		Message *string `json:"Message"`
	}
	if _, err := decode(body, &r); err != nil && !errors.As(err, new(*FieldError)) {
		return cut(Value(r.RequestID), maxMessage), nil // A broken body has no refusal; Parse reports it.
	}
	refusal := &Refusal{
		Code:           cut(cmp.Or(Value(r.ErrCode), Value(r.Code)), maxMessage),
		Message:        cut(cmp.Or(Value(r.ErrMessage), Value(r.Message)), maxMessage),
		DynamicMessage: cut(Value(r.DynamicMessage), maxMessage),
	}
	if refusal.DynamicMessage != "" {
		refusal.Message = cut(strings.Replace(refusal.Message, "%s", refusal.DynamicMessage, 1), maxMessage)
	}
	refused := refusal.Code != "" && (refusal.Message != "" || status != statusOK)
	if r.Success != nil {
		refused = !*r.Success
	}
	if !refused {
		refusal = nil
	}
	return cut(Value(r.RequestID), maxMessage), refusal
}

// maxMessage is the length of the longest message that is kept, in bytes.
const maxMessage = 4 << 10

// cut limits a text to a number of bytes.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	const ellipsis = "…"
	end := most - len(ellipsis)
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + ellipsis
}

// Value returns the value of a field, or the zero value if the field is missing.
func Value[T any](field *T) T {
	if field == nil {
		return *new(T)
	}
	return *field
}
