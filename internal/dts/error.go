package dts

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/aliyun/credentials-go/credentials"
)

// Error is a call that failed for good, whether the API refused it, the answer
// could not be read or no answer came.
type Error struct {
	Operation string // such as DescribeDtsJobs
	Region    string
	Endpoint  string // host or host:port that was called

	Status    int    // HTTP status; 0 when no answer came
	Code      string // of the API, such as Throttling.User; may be empty
	Message   string // of the API, with %s replaced by DynamicMessage
	Dynamic   string // DynamicMessage, the parameter or value at fault
	RequestID string // to quote to support; may be empty
	Attempts  int    // calls made, the first included

	// Err is the cause of a failure on this side: a connection, an answer that
	// is broken ([ErrBroken]) or of the wrong type ([FieldError]).
	Err error

	credential *credentials.CredentialModel // that the call was signed with
}

// ErrBroken is an answer that is not what the API answers: empty, cut off, a
// proxy's page. Another attempt may bring a whole one.
var ErrBroken = errors.New("broken answer")

// Error puts all that is known into one line.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s in region %s failed: %s", e.Operation, e.Region, e.Reason())
	for _, fact := range e.Facts() {
		fmt.Fprintf(&b, "; %s: %s", fact.Name, fact.Value)
	}
	return b.String()
}

// Fact is a detail of an error that a user may have to quote.
type Fact struct{ Name, Value string }

// Facts lists what is known beside the reason.
func (e *Error) Facts() []Fact {
	var facts []Fact
	if e.Code != "" {
		facts = append(facts, Fact{"code", e.Code})
	}
	if e.Status != 0 {
		facts = append(facts, Fact{"HTTP status", fmt.Sprint(e.Status)})
	}
	if e.RequestID != "" {
		facts = append(facts, Fact{"request id", e.RequestID})
	}
	return append(facts, Fact{"endpoint", e.Endpoint}, Fact{"attempts", fmt.Sprint(e.Attempts)})
}

// Reason is the message of the API, or else the cause on this side.
func (e *Error) Reason() string {
	switch {
	case e.Message != "":
		return e.Message
	case e.Err != nil:
		return e.Err.Error()
	case e.Code != "":
		return e.Code
	}
	return http.StatusText(e.Status)
}

func (e *Error) Unwrap() error { return e.Err }

// named takes the request id of the answer's body over that of its header.
func (e *Error) named(requestID *string) {
	if id := text(requestID); id != "" {
		e.RequestID = id
	}
}

// Throttled reports whether the call came too soon after others.
func (e *Error) Throttled() bool {
	return strings.HasPrefix(e.Code, "Throttling") || e.Status == http.StatusTooManyRequests
}

// expired reports whether the temporary keys of the call have expired.
func (e *Error) expired() bool { return e.Code == "InvalidSecurityToken.Expired" }

// QuotesRequest reports an error whose message repeats the whole request, so
// that a parameter in it is not the one at fault.
func (e *Error) QuotesRequest() bool {
	return strings.HasPrefix(e.Code, "SignatureDoesNotMatch") || strings.HasPrefix(e.Code, "IncompleteSignature")
}

// About reports whether the API refused the named parameter.
func (e *Error) About(parameter string) bool {
	if e.QuotesRequest() {
		return false
	}
	return strings.Contains(e.Message, parameter) || strings.Contains(e.Dynamic, parameter)
}

// bareCode is the code without the prefix that some codes occur with.
func (e *Error) bareCode() string { return strings.TrimPrefix(e.Code, "DTS.Msg.") }
