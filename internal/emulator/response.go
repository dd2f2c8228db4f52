package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// response is what goes back over the wire.
type response struct {
	status int
	code   string // Code or ErrCode, empty on success
	body   []byte

	contentType string // empty is JSON

	withoutRequestID bool // it does not come from the gateway
}

// render turns what an operation returned into a response.
func (c *call) render(body []byte, err error) response {
	if err == nil {
		return response{status: http.StatusOK, body: body}
	}
	var invalid invalidParameter
	if errors.As(err, &invalid) {
		return c.refuseParameter(invalid)
	}
	var refusal gatewayError
	if !errors.As(err, &refusal) {
		refusal = errInternal.saying(err.Error())
	}
	return c.refuse(refusal)
}

// refuse is the gateway's way to say no.
func (c *call) refuse(refusal gatewayError) response {
	help := url.Values{"q": {refusal.Code}, "product": {firstNonEmpty(operations[c.action].product, "Dts")}, "requestId": {c.requestID}}
	return response{status: refusal.Status, code: refusal.Code, body: object(
		member{"RequestId", quote(c.requestID)},
		member{"HostId", quote(c.request.Host)},
		member{"Code", quote(refusal.Code)},
		member{"Message", quote(refusal.Message)},
		member{"Recommend", quote("https://api.aliyun.com/troubleshoot?" + help.Encode())},
	)}
}

// refuseParameter is the service's way. The document gives no code for it but
// InternalError; this one is decided here.
func (c *call) refuseParameter(parameter invalidParameter) response {
	return c.refuseDynamically("InvalidParameter", string(parameter))
}

// refuseDynamically answers HTTP 200, Success false, and a message whose %s the
// reader replaces by DynamicMessage. The document gives no HttpStatusCode for it;
// this one is decided here.
func (c *call) refuseDynamically(code, dynamicMessage string) response {
	return response{status: http.StatusOK, code: code, body: object(
		member{"ErrCode", quote(code)},
		member{"ErrMessage", quote("The Value of Input Parameter %s is not valid.")},
		member{"DynamicMessage", quote(dynamicMessage)},
		member{"RequestId", quote(c.requestID)},
		member{"HttpStatusCode", number(http.StatusBadRequest)},
		member{"Success", []byte("false")},
	)}
}

// write sends the response. A client that went away gets nothing, and there is
// nobody left to tell.
func (r response) write(w http.ResponseWriter, requestID string) {
	w.Header().Set("Content-Type", firstNonEmpty(r.contentType, "application/json;charset=utf-8"))
	if !r.withoutRequestID {
		w.Header().Set("X-Acs-Request-Id", requestID)
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body)
}

// member is one name of a JSON object and its raw value.
type member struct {
	name  string
	value []byte
}

// object writes members in the order and with the spacing of the document's
// sample. encoding/json would sort nothing but re-indent the raw values.
func object(members ...member) []byte {
	var b bytes.Buffer
	b.WriteString("{")
	for i, m := range members {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n  %q : %s", m.name, m.value)
	}
	b.WriteString("\n}\n")
	return b.Bytes()
}

// array writes raw values with the spacing of the document's sample.
func array(values []json.RawMessage) []byte {
	var b bytes.Buffer
	b.WriteString("[ ")
	for i, value := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		b.Write(value)
	}
	if len(values) > 0 {
		b.WriteString(" ")
	}
	b.WriteString("]")
	return b.Bytes()
}

// quote returns a string as JSON, leaving < > & as they are.
func quote(s string) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(s) // a string always encodes
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func number(n int) []byte { return fmt.Append(nil, n) }
