package wire

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Response is a response to a client.
type Response struct {
	Status int
	Code   string // Code or ErrCode; empty on success
	Body   []byte

	ContentType string        // empty is JSON
	IsForeign   bool          // does not come from the gateway, so it has no request ID
	RetryAfter  time.Duration // when throttled
	IssuedKey   string        // the access key ID of the credentials in it
}

// OK is a response of an operation.
func OK(body []byte) Response {
	return Response{Status: http.StatusOK, Body: body}
}

// OK is the response of an operation of DTS: its members, and those that every
// successful response has.
func (r *Request) OK(body Object) Response {
	return OK(body.With(Text("RequestId", r.ID), Int("HttpStatusCode", http.StatusOK), Bool("Success", true)).Bytes())
}

// Refuse makes a response of an error. An error of another type comes from the
// emulator's own data.
func (r *Request) Refuse(err error) Response {
	var e Error
	if !errors.As(err, &e) {
		e = ErrInternal.WithMessage(err.Error())
	}
	response := Response{Status: e.Status, Code: e.Code, RetryAfter: e.RetryAfter}
	if e.ByService {
		// The document gives no HttpStatusCode for it; 400 is decided here.
		status := e.Status
		if status == http.StatusOK {
			status = http.StatusBadRequest
		}
		response.Body = Object{
			Text("ErrCode", e.Code), Text("ErrMessage", e.Message), Text("DynamicMessage", e.DynamicMessage),
			Text("RequestId", r.ID), Int("HttpStatusCode", status), Bool("Success", false),
		}.Bytes()
		return response
	}
	help := url.Values{"q": {e.Code}, "product": {cmp.Or(r.Product, "Dts")}, "requestId": {r.ID}}
	body := Object{
		Text("RequestId", r.ID), Text("HostId", r.HTTP.Host), Text("Code", e.Code), Text("Message", e.Message),
		Text("Recommend", "https://api.aliyun.com/troubleshoot?"+help.Encode()),
	}
	if e.DynamicMessage != "" {
		body = append(body, Text("DynamicMessage", e.DynamicMessage))
	}
	response.Body = body.Bytes()
	return response
}

// Write sends the response. A client that went away gets nothing, and nobody is
// left to report that to.
func (p Response) Write(w http.ResponseWriter, requestID string) {
	header := w.Header()
	header.Set("Content-Type", cmp.Or(p.ContentType, "application/json;charset=utf-8"))
	if !p.IsForeign {
		header.Set("X-Acs-Request-Id", requestID)
	}
	if p.RetryAfter > 0 {
		header.Set("X-Acs-Retry-After", strconv.FormatInt(max(1, p.RetryAfter.Milliseconds()), 10))
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(p.Body)
}
