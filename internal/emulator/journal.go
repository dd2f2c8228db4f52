package emulator

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// Limits of the memory of an emulator that runs for days: the number of records, and
// the bytes of the texts in them.
const (
	maxRecords     = 10_000
	maxRecordBytes = 32 << 20
)

// Request is the record of one request, of the API or for credentials, and its
// response. It holds no secret: signatures and tokens of all kinds are redacted.
type Request struct {
	Time       time.Time
	RequestID  string
	Method     string
	Path       string
	Action     string
	Version    string
	AccessKey  string      // the access key ID that was sent, known or not
	Parameters url.Values  // of query and form together, as sent
	Header     http.Header // Host included
	Status     int         // the HTTP status; 0 if the client went away before or a fault dropped the response
	Code       string      // the error code; empty on success
	Faults     []string    // the kinds of faults that the request met
	IssuedKey  string      // the access key ID of the credentials in the response
}

// newRecord makes the record of a request.
func newRecord(r *wire.Request, started time.Time, response wire.Response, faults []string) Request {
	accessKey := r.Sent.Get("AccessKeyId")
	if _, credential, isACS3 := strings.Cut(r.HTTP.Header.Get("Authorization"), "Credential="); isACS3 {
		accessKey, _, _ = strings.Cut(credential, ",")
	}
	return Request{
		Time:       started,
		RequestID:  r.ID,
		Method:     r.HTTP.Method,
		Path:       r.HTTP.URL.Path,
		Action:     r.Action,
		Version:    r.Version,
		AccessKey:  accessKey,
		Parameters: r.RedactedParameters(),
		Header:     r.RedactedHeader(),
		Status:     response.Status,
		Code:       response.Code,
		Faults:     faults,
		IssuedKey:  response.IssuedKey,
	}
}

func (r Request) clone() Request {
	r.Parameters, r.Header = url.Values(http.Header(r.Parameters).Clone()), r.Header.Clone()
	r.Faults = slices.Clone(r.Faults)
	return r
}

// size is about how many bytes the texts of a record have.
func (r Request) size() int {
	return len(fmt.Sprint(r.Path, r.Action, r.Version, r.AccessKey, r.Parameters, r.Header))
}

// journal keeps the last requests, oldest first. Its zero value is empty.
type journal struct {
	mu       sync.Mutex
	requests []Request
	bytes    int
}

func (j *journal) add(r Request) {
	r = r.clone() // OnRequest has the other one
	j.mu.Lock()
	defer j.mu.Unlock()
	j.requests = append(j.requests, r)
	j.bytes += r.size()
	for len(j.requests) > maxRecords || j.bytes > maxRecordBytes {
		j.bytes -= j.requests[0].size()
		j.requests[0] = Request{} // lets go of its texts
		j.requests = j.requests[1:]
	}
}

// all returns copies, which the caller may change while requests are served.
func (j *journal) all() []Request {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := make([]Request, len(j.requests)) // an empty list in JSON, not null
	for i, r := range j.requests {
		all[i] = r.clone()
	}
	return all
}

func (j *journal) reset() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.requests, j.bytes = nil, 0
}
