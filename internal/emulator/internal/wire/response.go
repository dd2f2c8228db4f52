package wire

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
)

// Response is what the client gets.
type Response struct {
	Status int
	Code   string // Code or ErrCode; empty on success
	Body   []byte

	ContentType string // empty is JSON
	IsForeign   bool   // does not come from the gateway, so it has no request ID
	IssuedKey   string // the access key ID of the credentials in it
}

// OK is a response of an operation.
func OK(body []byte) Response {
	return Response{Status: http.StatusOK, Body: body}
}

// Refuse turns an error into a response. What is not an Error comes from the
// emulator's own data.
func (r *Request) Refuse(err error) Response {
	var refusal Error
	if !errors.As(err, &refusal) {
		refusal = ErrInternal.WithMessage(err.Error())
	}
	body := r.gatewayForm(refusal)
	if refusal.ByService {
		body = r.serviceForm(refusal)
	}
	return Response{Status: refusal.Status, Code: refusal.Code, Body: body}
}

func (r *Request) gatewayForm(e Error) []byte {
	help := url.Values{"q": {e.Code}, "product": {cmp.Or(r.Product, "Dts")}, "requestId": {r.ID}}
	members := []Member{
		{"RequestId", Quote(r.ID)},
		{"HostId", Quote(r.HTTP.Host)},
		{"Code", Quote(e.Code)},
		{"Message", Quote(e.Message)},
		{"Recommend", Quote("https://api.aliyun.com/troubleshoot?" + help.Encode())},
	}
	if e.DynamicMessage != "" {
		members = append(members, Member{"DynamicMessage", Quote(e.DynamicMessage)})
	}
	return Object(members...)
}

// serviceForm is a response whose Success is false. The document gives no
// HttpStatusCode for it; 400 is decided here.
func (r *Request) serviceForm(e Error) []byte {
	status := e.Status
	if status == http.StatusOK {
		status = http.StatusBadRequest
	}
	return Object(
		Member{"ErrCode", Quote(e.Code)},
		Member{"ErrMessage", Quote(e.Message)},
		Member{"DynamicMessage", Quote(e.DynamicMessage)},
		Member{"RequestId", Quote(r.ID)},
		Member{"HttpStatusCode", Number(status)},
		Member{"Success", []byte("false")},
	)
}

// Write sends the response. A client that went away gets nothing, and there is
// nobody left to tell.
func (p Response) Write(w http.ResponseWriter, requestID string) {
	w.Header().Set("Content-Type", cmp.Or(p.ContentType, "application/json;charset=utf-8"))
	if !p.IsForeign {
		w.Header().Set("X-Acs-Request-Id", requestID)
	}
	w.WriteHeader(p.Status)
	_, _ = w.Write(p.Body)
}
