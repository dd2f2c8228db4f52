package emulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// redacted stands where a secret was, so that one can see that it was sent.
const redacted = "[redacted]"

// maxRecords bounds the memory of an emulator that runs for days.
const maxRecords = 10_000

// secretParameters and secretHeaders are redacted wherever they show.
var (
	secretParameters = []string{"Signature", "SecurityToken", "OIDCToken"}
	secretHeaders    = []string{"X-Acs-Security-Token", metadataTokenHeader, "Proxy-Authorization", "Cookie"}
)

// Request is the record of one call, of the API or for credentials, and its
// answer. It holds no secret: signatures and tokens of all sorts are redacted.
type Request struct {
	Time       time.Time
	RequestID  string
	Method     string
	Path       string
	Action     string
	Version    string
	AccessKey  string      // the access key id that was sent, known or not
	Parameters url.Values  // of query and form together, as sent
	Header     http.Header // Host included
	Status     int         // the HTTP status answered, 0 if the client went away before or a fault kept it back
	Code       string      // the error code answered, empty on success
	Faults     []FaultKind // that were played
	IssuedKey  string      // the access key id that the answer gave out
}

// newRequest makes the record of a call.
func newRequest(c *call, started time.Time, status int, code string) Request {
	return Request{
		Time:       started,
		RequestID:  c.requestID,
		Method:     c.request.Method,
		Path:       c.request.URL.Path,
		Action:     c.action,
		Version:    c.version,
		AccessKey:  c.accessKeyID(),
		Parameters: redactParameters(c.all),
		Header:     redactHeader(c.request),
		Status:     status,
		Code:       code,
		Faults:     c.faultKinds(),
		IssuedKey:  c.issuedKey,
	}
}

func (c *call) accessKeyID() string {
	_, credential, found := strings.Cut(c.request.Header.Get("Authorization"), "Credential=")
	if found {
		id, _, _ := strings.Cut(credential, ",")
		return id
	}
	return c.all.Get("AccessKeyId")
}

func (c *call) faultKinds() []FaultKind {
	var kinds []FaultKind
	for _, f := range c.faults {
		kinds = append(kinds, f.Kind)
	}
	return kinds
}

func redactParameters(sent url.Values) url.Values {
	clean := cloneValues(sent)
	for _, name := range secretParameters {
		if clean.Has(name) {
			clean.Set(name, redacted)
		}
	}
	return clean
}

func redactHeader(r *http.Request) http.Header {
	clean := r.Header.Clone()
	clean.Set("Host", r.Host)
	if auth := clean.Get("Authorization"); auth != "" {
		clean.Set("Authorization", redactAuthorization(auth))
	}
	for _, name := range secretHeaders {
		if clean.Get(name) != "" {
			clean.Set(name, redacted)
		}
	}
	return clean
}

// redactAuthorization keeps what an ACS3 header says about the signature, but
// not the signature. Any other Authorization is a secret as a whole.
func redactAuthorization(header string) string {
	before, _, found := strings.Cut(header, "Signature=")
	if !found || !strings.HasPrefix(header, "ACS3-") {
		return redacted
	}
	return before + "Signature=" + redacted
}

// journal keeps the last calls, oldest first.
type journal struct {
	mu       sync.Mutex
	requests []Request
}

func (j *journal) add(r Request) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.requests) == maxRecords {
		j.requests = j.requests[1:]
	}
	j.requests = append(j.requests, r)
}

func (j *journal) all() []Request {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.requests)
}

func (j *journal) reset() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.requests = nil
}
