package provider

import (
	"context"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// errReadTimeout is the cause of a context that timeouts.read ended.
var errReadTimeout = errors.New("timeouts.read passed")

// failure turns the error of a read into a diagnostic: what failed, why, what
// to quote, what to do. The argument at fault is named by its API parameter,
// parameters giving the Terraform name of each.
func (c *connection) failure(ctx context.Context, summary string, err error, parameters map[string]string) diag.Diagnostic {
	detail := describe(err)
	if next := nextStep(ctx, err); next != "" {
		detail += "\n\n" + next
	}
	detail = c.credentials.Redact(detail)
	if argument := atFault(err, parameters); argument != "" {
		return diag.NewAttributeErrorDiagnostic(path.Root(argument), summary, detail)
	}
	return diag.NewErrorDiagnostic(summary, detail)
}

// describe lists what is known of an error.
func describe(err error) string {
	var missing *credentials.Error
	if errors.As(err, &missing) {
		return "There are no credentials to sign the call with: " + sentence(missing.Summary)
	}
	var call *dts.Error
	if !errors.As(err, &call) {
		return sentence(err.Error())
	}
	var b strings.Builder
	b.WriteString(sentence(call.Reason()) + "\n")
	facts := append([]dts.Detail{{Name: "operation", Value: call.Operation}, {Name: "region", Value: call.Region}}, call.Details()...)
	for _, fact := range facts {
		fmt.Fprintf(&b, "\n  %s: %s", fact.Name, fact.Value)
	}
	return b.String()
}

func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

// advice is the next step for API codes that begin as given, and the parameter
// that such a code blames. The first that fits counts.
var advice = []struct{ code, parameter, next string }{
	{"InvalidAccessKeyId", "", "The service does not know this access key. Check access_key, and that the key is enabled."},
	{"SignatureDoesNotMatch", "", "The secret does not belong to the access key. Check secret_key for a wrong or cut-off value."},
	{"IncompleteSignature", "", "The secret does not belong to the access key. Check secret_key for a wrong or cut-off value."},
	{"InvalidSecurityToken", "", "The security token is not valid any more, or belongs to another access key. Get a new set of temporary keys."},
	{"MissingSecurityToken", "", "This is a temporary access key. Set security_token too."},
	{"InvalidTimeStamp", "", "The clock of this machine is too far from the service's. Set it right."},
	{"Forbidden.InstanceNotFound", "DtsJobId", unknownJob},
	{"InvalidJob", "DtsJobId", unknownJob},
	{"InvalidDtsJob", "DtsJobId", unknownJob},
	{"Forbidden", "", noPermission},
	{"NoPermission", "", noPermission},
	{"Throttling", "", "Other clients of this account use up its call limit. Try again, or with a longer max_retry_timeout."},
	{"InternalError", "", "The service reports a fault of its own. Try again; " + askSupport},
	{"ServiceUnavailable", "", "The service is not available now. Try again; " + askSupport},
}

// Next steps of several codes.
const (
	unknownJob   = "The service does not know this job. Check the id, and that the job is in this region."
	noPermission = "The account may not do this. Grant it the RAM permission for the operation named above."
	askSupport   = "if it stays, ask Alibaba Cloud support, with the request id."
)

// nextStep is what a user can do about an error, or "".
func nextStep(ctx context.Context, err error) string {
	var dns *net.DNSError
	var wait *waitError
	var missing *credentials.Error
	var field *dts.FieldError
	var call *dts.Error
	switch {
	case errors.As(err, &wait) && errors.Is(err, errReadTimeout):
		return "Give it more time with timeouts.read, or look in the DTS console at what holds it up."
	case errors.Is(context.Cause(ctx), errReadTimeout):
		return "The read was ended by timeouts.read. Give it more time, or narrow the filters."
	case errors.Is(context.Cause(ctx), context.Canceled):
		return "The read was cancelled."
	case errors.As(err, &missing):
		return missing.Advice
	case errors.Is(err, dts.ErrNoSubtask):
		return "Check dts_job_id, that the job is in this region, and job_code: the service answers so for a job or a subtask that does not exist."
	case errors.Is(err, dts.ErrMoving):
		return "Try again, or narrow the filters so that the list is shorter."
	case errors.As(err, &dns) && dns.IsNotFound:
		return "No such host: check region for a typing error, or name the host to call in the provider's endpoints.dts."
	case errors.As(err, &field):
		return "The answer does not have the form that the API documents. Please report it, with the field and its value."
	case errors.Is(err, dts.ErrBroken):
		return "What answered may not be the DTS API but a proxy. Check endpoints.dts, and the proxy settings in the environment."
	case errors.As(err, &call) && call.Code != "":
		next, _ := adviceOn(call.Code)
		return next
	case errors.As(err, &call):
		return "Check that this machine reaches the endpoint, and protocol, endpoints.dts and the proxy settings in the environment."
	}
	return ""
}

// adviceOn returns the next step for an API code, and the parameter it blames.
func adviceOn(code string) (next, parameter string) {
	for _, a := range advice {
		if strings.HasPrefix(code, a.code) {
			return a.next, a.parameter
		}
	}
	return "", ""
}

// atFault returns the argument whose parameter the API refused, or "".
func atFault(err error, parameters map[string]string) string {
	var call *dts.Error
	if !errors.As(err, &call) || call.EchoesRequest() {
		return ""
	}
	if errors.Is(err, dts.ErrNoSubtask) {
		return parameters["DtsJobId"]
	}
	if _, parameter := adviceOn(call.Code); parameter != "" {
		return parameters[parameter]
	}
	for _, word := range words.FindAllString(call.DynamicMessage+" "+call.Message, -1) {
		if argument, ok := parameters[word]; ok {
			return argument
		}
	}
	return ""
}

var words = regexp.MustCompile(`\w+`)
