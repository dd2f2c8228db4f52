package rpc

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// Error is a request that failed for good, because the API refused it, the
// response could not be read or no response came.
type Error struct {
	Request

	Endpoint string // host or host:port that the request was sent to

	Status         int    // HTTP status; 0 when no response came
	Code           string // of the API, such as Throttling.User, as sent; may be empty
	Message        string // of the API, with %s replaced by DynamicMessage
	DynamicMessage string // the parameter or value at fault
	RequestID      string // to quote to support; may be empty
	Attempts       int    // attempts that were sent

	// EndpointVerified is set if the endpoint has sent a well-formed response to
	// this client, this one included.
	EndpointVerified bool

	// Err is the cause of a failure on this side: a connection, credentials, a
	// response that is broken ([ErrBroken]) or of the wrong type ([FieldError]).
	Err error
}

// errNoCredential is a failure of the source of credentials.
var errNoCredential = errors.New("no credentials to sign the request with")

// Error puts all that is known into one line.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s in region %s failed: %s", e.Operation, e.Region, e.Reason())
	for _, detail := range e.Details() {
		fmt.Fprintf(&b, "; %s: %s", detail.Name, detail.Value)
	}
	return b.String()
}

// Unwrap returns the cause on this side.
func (e *Error) Unwrap() error { return e.Err }

// Reason is the message of the API, or else the cause on this side. An error
// that echoes the request is cut after its first sentence; Message has it all.
func (e *Error) Reason() string {
	switch {
	case e.Message != "" && e.echoesRequest():
		line, _, _ := strings.Cut(e.Message, "\n")
		sentence, _, _ := strings.Cut(line, ". ")
		return sentence
	case e.Message != "" && e.Err != nil:
		return fmt.Sprintf("%s (%v)", e.Message, e.Err)
	case e.Message != "":
		return e.Message
	case e.Err != nil:
		return e.Err.Error()
	case e.Code != "":
		return e.Code
	}
	return "the API reports a failure without a code or a message"
}

// Detail is a fact about an error that a user may have to quote.
type Detail struct{ Name, Value string }

// Details lists the facts besides operation, region and reason.
func (e *Error) Details() []Detail {
	name := ""
	if e.Parameters["Type"] == api.QueryName {
		name = e.Parameters["Params"]
	}
	positive := func(n int) string { return strings.TrimPrefix(fmt.Sprint(n), "0") }
	all := []Detail{
		{"job type", e.Parameters["JobType"]},
		{"job name", name},
		{"job ID", shortList(e.Parameters["DtsJobId"])},
		{"instance ID", shortList(e.Parameters["DtsInstanceId"])},
		{"code", e.Code},
		{"HTTP status", positive(e.Status)},
		{"request ID", e.RequestID},
		{"endpoint", e.Endpoint},
		{"attempts", positive(e.Attempts)},
	}
	return slices.DeleteFunc(all, func(d Detail) bool { return d.Value == "" })
}

// shortList shortens a comma-separated list of IDs.
func shortList(ids string) string {
	const shown = 5
	list := strings.Split(ids, ",")
	if len(list) <= shown {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:shown], ", "), len(list)-shown)
}

// BareCode returns the code without the prefix that DTS puts before some. Codes
// are compared by it.
func (e *Error) BareCode() string { return strings.TrimPrefix(e.Code, "DTS.Msg.") }

// Throttled reports whether the request came too soon after others.
func (e *Error) Throttled() bool {
	return strings.Contains(e.Code, "Throttling") || e.Status == http.StatusTooManyRequests
}

// Temporary reports whether a later request may succeed: the error is one that
// [Client.Do] retries, of an endpoint that is known to work.
func (e *Error) Temporary() bool { return e.EndpointVerified && attemptsFor(e) > 1 }

// noteContextEnd notes that a context ended before the next attempt.
func (e *Error) noteContextEnd(cause error) {
	switch {
	case e.Err == nil:
		e.Err = cause
	case !errors.Is(e.Err, cause):
		e.Err = fmt.Errorf("%w; then %w", e.Err, cause)
	}
}

// echoesRequest reports an error with a message that repeats the request: a
// parameter in the message is not at fault.
func (e *Error) echoesRequest() bool {
	return strings.HasPrefix(e.BareCode(), "SignatureDoesNotMatch") || strings.HasPrefix(e.BareCode(), "IncompleteSignature")
}

// MentionsParameter reports whether the API refused the named parameter.
func (e *Error) MentionsParameter(name string) bool { return slices.Contains(e.words(), name) }

// words are the words of the message in ASCII: in a Chinese sentence nothing
// separates the name of a parameter from its neighbors. A message that echoes
// the request has none.
func (e *Error) words() []string {
	if e.echoesRequest() {
		return nil
	}
	return strings.FieldsFunc(e.Message+" "+e.DynamicMessage, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// RefusesPageSize reports whether the API refused the size of a page.
func (e *Error) RefusesPageSize() bool { return e.refusesAny("PageSize") }

// RefusesPageNumber reports whether the API refused the number of a page.
func (e *Error) RefusesPageNumber() bool { return e.refusesAny("PageNumber", "PageNo") }

// refusesAny reports whether the code or the message names a parameter of paging,
// which no other word is, in any case.
func (e *Error) refusesAny(parameters ...string) bool {
	return slices.ContainsFunc(parameters, func(parameter string) bool {
		isName := func(word string) bool { return strings.EqualFold(word, parameter) }
		return strings.Contains(e.Code, parameter) || slices.ContainsFunc(e.words(), isName)
	})
}

// OfAnyRequest reports a failure that does not depend on the request: it was
// throttled, has no credentials, or was sent and got no response.
func (e *Error) OfAnyRequest() bool {
	return e.Throttled() || errors.Is(e.Err, errNoCredential) || e.Attempts > 0 && e.Status == 0
}
