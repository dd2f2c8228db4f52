package emulator

import (
	"crypto/rand"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
)

// maxBody is far above what a form of this API can need.
const maxBody = 1 << 20

// call is one API request, taken apart.
type call struct {
	request    *http.Request
	body       []byte
	parameters url.Values // of query and form together, empty ones left out
	all        url.Values // the same with empty ones, as a signature covers them
	action     string
	version    string
	region     string // that the call is for, once the gateway knows it
	requestID  string
	faults     []plannedFault // that the call meets
	issuedKey  string         // the id of the key that it was given
}

// newCall gives every request a request id first, since a refusal carries one too.
func newCall(r *http.Request) *call {
	return &call{request: r, requestID: newRequestID()}
}

// parse reads the parameters. The gateway takes them from the query, from a form
// body, or from both, in any order.
func (c *call) parse() error {
	body, err := io.ReadAll(http.MaxBytesReader(nil, c.request.Body, maxBody))
	if err != nil {
		return errUnreadableRequest
	}
	c.body = body
	if c.all, err = url.ParseQuery(c.request.URL.RawQuery); err != nil {
		return errUnreadableRequest
	}
	if isForm(c.request) {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return errUnreadableRequest
		}
		for name, values := range form {
			c.all[name] = append(c.all[name], values...)
		}
	}
	c.parameters = withoutEmpty(c.all)
	c.action = firstNonEmpty(c.request.Header.Get("X-Acs-Action"), c.parameters.Get("Action"))
	c.version = firstNonEmpty(c.request.Header.Get("X-Acs-Version"), c.parameters.Get("Version"))
	return nil
}

func isForm(r *http.Request) bool {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && mediaType == "application/x-www-form-urlencoded"
}

// withoutEmpty drops parameters without a value: to the gateway they are missing,
// as its "Missing..." errors for empty mandatory parameters show.
func withoutEmpty(values url.Values) url.Values {
	kept := url.Values{}
	for name, all := range values {
		if all[0] != "" {
			kept[name] = all
		}
	}
	return kept
}

func firstNonEmpty(values ...string) string {
	for _, value := range values {
		if value != "" {
			return value
		}
	}
	return ""
}

// newRequestID returns an upper-case UUID, version 4, as the gateway makes them.
func newRequestID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails, see crypto/rand
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%X-%X-%X-%X-%X", id[0:4], id[4:6], id[6:8], id[8:10], id[10:16])
}
