package wire

import (
	"errors"
	"net/http"
	"time"
)

// Error is a request refused, in one of two forms: the gateway's, with an HTTP
// status and its own Code, or the service's, which is a response whose
// Success is false.
type Error struct {
	Status         int
	Code           string
	Message        string        // may contain %s
	DynamicMessage string        // replaces %s in Message
	ByService      bool          // has the service's form
	IsBusiness     bool          // comes from the service, in either form
	RetryAfter     time.Duration // for too many requests
}

// Error makes a wire error an error of Go.
func (e Error) Error() string { return e.Code + ": " + e.Message }

// WithPrefix returns a business error whose code begins with "DTS.Msg.", as in some
// responses of the service and not in others. Any other error is unchanged.
func WithPrefix(err error) error {
	var e Error
	if !errors.As(err, &e) || !e.IsBusiness {
		return err
	}
	e.Code = "DTS.Msg." + e.Code
	return e
}

// WithMessage returns the error with another message.
func (e Error) WithMessage(message string) Error {
	e.Message = message
	return e
}

// The gateway's errors. Codes, status and messages are those that users of the
// service report and that the public error code pages list; those marked as
// decided here are not on record, but follow the pattern of the others.
var (
	// Before the signature is checked.

	ErrUnsupportedHTTPMethod = Error{Status: 403, Code: "UnsupportedHTTPMethod", Message: "This http method is not supported."}
	ErrActionNotFound        = Error{Status: 404, Code: "InvalidAction.NotFound", Message: "Specified api is not found, please check your url and method."}
	ErrInvalidVersion        = Error{Status: 400, Code: "InvalidVersion", Message: "Specified parameter Version is not valid."}
	// Decided here: the message names the emulator, which knows no XML.
	ErrUnsupportedFormat = Error{Status: 400, Code: "InvalidParameter.Format", Message: "Specified parameter Format is not valid: the emulator returns JSON only."}
	// Decided here: a query or form that cannot be parsed, or is over 1 MiB.
	ErrUnreadableRequest = Error{Status: 400, Code: "InvalidParameter", Message: "The query or the body of the request cannot be read."}

	// Of the signature.

	ErrIncompleteSignature    = Error{Status: 400, Code: "IncompleteSignature", Message: "The request signature does not conform to Aliyun standards."}
	ErrInvalidSignatureMethod = Error{Status: 400, Code: "InvalidSignatureMethod", Message: "Specified signature method is not supported."}
	ErrAccessKeyNotFound      = Error{Status: 404, Code: "InvalidAccessKeyId.NotFound", Message: "Specified access key is not found."}
	ErrTimeStampFormat        = Error{Status: 400, Code: "InvalidTimeStamp.Format", Message: "Specified time stamp or date value is not well formatted."}
	ErrTimeStampExpired       = Error{Status: 400, Code: "InvalidTimeStamp.Expired", Message: "Specified time stamp or date value is expired."}
	ErrSignatureDoesNotMatch  = Error{Status: 400, Code: "SignatureDoesNotMatch", Message: "Specified signature does not match our calculation."}
	ErrSignatureNonceUsed     = Error{Status: 400, Code: "SignatureNonceUsed", Message: "Specified signature nonce was used already."}

	// Of the security token.

	ErrTokenExpired   = Error{Status: 403, Code: "InvalidSecurityToken.Expired", Message: "Specified SecurityToken is expired."}
	ErrTokenMalformed = Error{Status: 400, Code: "InvalidSecurityToken.Malformed", Message: "Specified SecurityToken is malformed."}
	ErrTokenMismatch  = Error{Status: 400, Code: "InvalidSecurityToken.MismatchWithAccessKey", Message: "Specified SecurityToken mismatch with the AccessKey."}

	// After both.

	ErrThrottled = Error{Status: 400, Code: "Throttling.User", Message: "Request was denied due to user flow control."}
	// For a job ID that the account does not have: a business error, which the
	// service returns with HTTP status 403. The code is the one that users of
	// DescribeDtsJobDetail report; that it is the same here is decided here, as is
	// the message.
	ErrInstanceNotFound = Error{Status: 403, IsBusiness: true, Code: "Forbidden.InstanceNotFound", Message: "The specified instance does not exist."}

	// Of STS.

	ErrNoPermission    = Error{Status: 403, Code: "NoPermission", Message: "You are not authorized to do this action. You should be authorized by RAM."}
	ErrRoleNotFound    = Error{Status: 404, Code: "EntityNotExist.Role", Message: "The specified Role not exists."}
	ErrPolicyGrammar   = Error{Status: 400, Code: "InvalidParameter.PolicyGrammar", Message: "The parameter Policy has not passed grammar check."}
	ErrDurationSeconds = Error{Status: 400, Code: "InvalidParameter.DurationSeconds", Message: "The Min/Max value of DurationSeconds is 15min/12hr."}
	// Decided here: the service has multiple codes, one for each thing that can be
	// wrong with an OIDC token.
	ErrOIDCToken = Error{Status: 400, Code: "AuthenticationFail.OIDCToken.Invalid", Message: "This OIDC token is invalid."}

	// Decided here: only wrong fixtures, scenarios and faults lead to it.
	ErrInternal = Error{Status: 500, Code: "InternalError", Message: "The request processing has failed due to some unknown error."}
)

// ErrMissing is the error for a mandatory parameter that is absent or empty:
// MissingAccessKeyId, MissingRegion and so on.
func ErrMissing(parameter string) Error {
	return Error{Status: 400, Code: "Missing" + parameter, Message: parameter + " is mandatory for this action."}
}

// ErrMalformed is STS's error for a parameter of the wrong form.
func ErrMalformed(parameter string) Error {
	return Error{Status: 400, Code: "InvalidParameter." + parameter, Message: "The parameter " + parameter + " is wrongly formed."}
}

// ErrInvalidParameter is the service's error for a parameter's value. The
// document gives no code for it but InternalError; this one is decided here.
func ErrInvalidParameter(parameter string) Error {
	return Error{Status: http.StatusOK, ByService: true, IsBusiness: true, Code: "InvalidParameter", Message: InvalidValue, DynamicMessage: parameter}
}

// InvalidValue is the documented sample of a message with a dynamic part.
const InvalidValue = "The Value of Input Parameter %s is not valid."
