package emulator

import "fmt"

// gatewayError is a refusal by the gateway in front of the service: an HTTP
// status of its own and a body with Code and Message.
type gatewayError struct {
	Status  int
	Code    string
	Message string
}

func (e gatewayError) Error() string { return e.Code + ": " + e.Message }

// saying returns the same error with a message that tells more.
func (e gatewayError) saying(message string) gatewayError {
	e.Message = message
	return e
}

// The gateway's errors. Codes, status and messages are those that users of the
// service report and that the public error code pages list; those marked as
// decided here are not on record, but follow the pattern of the others.
var (
	// Before the signature is looked at.
	errUnsupportedHTTPMethod = gatewayError{403, "UnsupportedHTTPMethod", "This http method is not supported."}
	errActionNotFound        = gatewayError{404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method."}
	errInvalidVersion        = gatewayError{400, "InvalidVersion", "Specified parameter Version is not valid."}
	// Decided here: the message names the emulator, which knows no XML.
	errUnsupportedFormat = gatewayError{400, "InvalidParameter.Format", "Specified parameter Format is not valid: the emulator answers JSON only."}
	// Decided here: a query or form that cannot be parsed, or is over 1 MiB.
	errUnreadableRequest = gatewayError{400, "InvalidParameter", "The query or the body of the request cannot be read."}

	// Signature.
	errIncompleteSignature    = gatewayError{400, "IncompleteSignature", "The request signature does not conform to Aliyun standards."}
	errInvalidSignatureMethod = gatewayError{400, "InvalidSignatureMethod", "Specified signature method is not supported."}
	errAccessKeyNotFound      = gatewayError{404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."}
	errTimeStampFormat        = gatewayError{400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted."}
	errTimeStampExpired       = gatewayError{400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."}
	errSignatureDoesNotMatch  = gatewayError{400, "SignatureDoesNotMatch", "Specified signature does not match our calculation."}
	errSignatureNonceUsed     = gatewayError{400, "SignatureNonceUsed", "Specified signature nonce was used already."}

	// Security token.
	errTokenExpired   = gatewayError{403, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired."}
	errTokenMalformed = gatewayError{400, "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed."}
	errTokenMismatch  = gatewayError{400, "InvalidSecurityToken.MismatchWithAccessKey", "Specified SecurityToken mismatch with the AccessKey."}

	// After it.
	errThrottled = gatewayError{400, "Throttling.User", "Request was denied due to user flow control."}
	// For a job id that the account does not have. The code is the one that users
	// of DescribeDtsJobDetail meet, as an error of the gateway; that it is the
	// same here, its status and its message are decided here.
	errInstanceNotFound = gatewayError{404, "Forbidden.InstanceNotFound", "The specified instance does not exist."}

	// Those of STS.
	errNoPermission    = gatewayError{403, "NoPermission", "You are not authorized to do this action. You should be authorized by RAM."}
	errRoleNotFound    = gatewayError{404, "EntityNotExist.Role", "The specified Role not exists."}
	errPolicyGrammar   = gatewayError{400, "InvalidParameter.PolicyGrammar", "The parameter Policy has not passed grammar check."}
	errDurationSeconds = gatewayError{400, "InvalidParameter.DurationSeconds", "The Min/Max value of DurationSeconds is 15min/12hr."}
	// Decided here: the service has several codes, for each thing that can be wrong
	// with an OIDC token.
	errOIDCToken = gatewayError{400, "AuthenticationFail.OIDCToken.Invalid", "This OIDC token is invalid."}

	// Decided here: only fixtures, scenarios and faults that are wrong lead to it.
	errInternal = gatewayError{500, "InternalError", "The request processing has failed due to some unknown error."}
)

// errMissing is the error for a mandatory parameter that is absent or empty:
// MissingAccessKeyId, MissingRegion and so on.
func errMissing(parameter string) gatewayError {
	return gatewayError{400, "Missing" + parameter, parameter + " is mandatory for this action."}
}

// errWronglyFormed is STS's error for a parameter that is not what it should be.
func errWronglyFormed(parameter string) gatewayError {
	return gatewayError{400, "InvalidParameter." + parameter, "The parameter " + parameter + " is wrongly formed."}
}

// invalidParameter is a refusal by the service itself, which answers it with
// HTTP 200 and Success false. It holds the name of the parameter at fault.
type invalidParameter string

func (p invalidParameter) Error() string {
	return fmt.Sprintf("The Value of Input Parameter %s is not valid.", string(p))
}
