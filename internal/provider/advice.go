package provider

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/dts-community/terraform-provider-dts/internal/printable"
)

// codeAdvice is the next step for API codes with a prefix.
type codeAdvice struct {
	prefix   string
	next     string
	aboutJob bool // The job ID is at fault.
}

// codeAdvices are searched in order, by the code without DTS.Msg. before it.
var codeAdvices = []codeAdvice{
	{prefix: "InvalidAccessKeyId", next: "The access key does not exist. Check access_key, and that the key is enabled."},
	{prefix: "SignatureDoesNotMatch", next: wrongSecret},
	{prefix: "IncompleteSignature", next: wrongSecret},
	{prefix: "InvalidSecurityToken", next: "The security token has expired or belongs to another access key. Get new temporary credentials."},
	{prefix: "MissingSecurityToken", next: "The access key is a temporary one. Set security_token, too."},
	{prefix: "InvalidTimeStamp", next: "The clock of this machine differs too much from the time of the API. Correct it."},
	{prefix: "Forbidden.InstanceNotFound", next: unknownJob, aboutJob: true},
	{prefix: "InvalidJob", next: unknownJob, aboutJob: true},
	{prefix: "InvalidDtsJob", next: unknownJob, aboutJob: true},
	{prefix: "Forbidden.AliyunUIDNotFound", next: "This account has not used DTS yet. Open the DTS console once with this account, then try again."},
	{prefix: "Forbidden", next: noPermission},
	{prefix: "RamPermissionDenied", next: noPermission},
	{prefix: "NoPermission", next: noPermission},
	{prefix: "MissingRegion", next: wrongRegion},
	{prefix: "InvalidRegion", next: wrongRegion},
	{prefix: "InvalidAction", next: "The API has no operation of this name. Check operation."},
	{prefix: "Missing", next: "A required parameter is missing. Set it, in dts_api_response with parameters."},
	{prefix: "InternalError", next: "The API reports an internal error. Try again. " + contactSupport},
	{prefix: "ServiceUnavailable", next: "The API is not available at the moment. Try again. " + contactSupport},
}

// Next steps of more than one code.
const (
	wrongSecret    = "The secret does not belong to the access key. Check secret_key for a wrong or truncated value."
	unknownJob     = "The API does not know this job. Check the ID, and that the job is in this region."
	noPermission   = "The account lacks permission. Grant it the RAM action dts:%s."
	wrongRegion    = "Set region to the ID of a region in which DTS is available, such as cn-hangzhou."
	contactSupport = "If the problem persists, contact Alibaba Cloud support and quote the request ID."
)

// parameterAdvice is what is valid for a parameter that the API refused.
var parameterAdvice = []struct{ parameter, next string }{
	{"PageSize", "The API limits the page size. The documents name 10, 20, 30, 50 and 100; remove page_size to use the largest size the API accepts."},
	{"JobCode", `Known values of job_code: "01", "02", "03", "04", with the leading zero.`},
	{"JobType", `Known values of job_type: "MIGRATION", "SYNC", "SUBSCRIBE", "CHECK", in upper case.`},
	{"RegionId", wrongRegion},
	{"Region", wrongRegion},
}

// adviceOn returns the advice on the code of an error, the zero value if there
// is no such advice.
func adviceOn(e *rpc.Error) codeAdvice {
	for _, a := range codeAdvices {
		if strings.HasPrefix(e.BareCode(), a.prefix) {
			return a
		}
	}
	return codeAdvice{}
}

// nextStep returns what a user can do about an error, or "".
func nextStep(ctx context.Context, err error) string {
	cause := context.Cause(ctx)
	timeout := asError[*timeoutError](cause)
	missing, search := asError[*credentials.Error](err), asError[*dts.FindError](err)
	field, failure := asError[*api.FieldError](err), asError[*rpc.Error](err)
	switch {
	case asError[*waitError](err) != nil && timeout != nil:
		return "Increase " + timeout.argument + ", or check in the DTS console whether the job is started, and what delays it."
	case timeout != nil:
		return "The read was ended by " + timeout.argument + ". Increase it, or request less."
	case errors.Is(cause, context.Canceled):
		return "The read was canceled."
	case asError[*closedError](err) != nil:
		return "" // The reason has it.
	case missing != nil:
		return missing.Advice
	case search != nil:
		return nextStepOfSearch(search)
	case errors.Is(err, dts.ErrNoSubtask):
		return "Check dts_job_id, region and job_code: the API returns this response if the job or subtask does not exist." + instanceIDHint(failure.Parameters["DtsJobId"])
	case errors.Is(err, dts.ErrListChanged):
		return "Try again, or use filters to read a shorter list."
	case errors.Is(err, dts.ErrListEmpty):
		return "Check that this account may read the jobs, for example those of other resource groups, and try again."
	case errors.Is(err, dts.ErrNotPaged):
		return "The API ignores page numbers. Use filters to list fewer jobs than one page has, or set page_size to 100. " + contactSupport
	case errors.Is(err, dts.ErrListTooLarge), errors.Is(err, rpc.ErrTooLarge), errors.Is(err, api.ErrTooManyRows):
		return "Request less: in dts_jobs with without_db_list = true, a smaller page_size or filters, in dts_api_response with parameters."
	case field != nil:
		return "The response differs from the API reference. Please report it, with the field and its value."
	case failure != nil && (failure.Code != "" || failure.Err == nil):
		return nextStepOfCode(failure)
	case failure != nil:
		return nextStepOfConnection(failure)
	}
	return ""
}

// instanceIDHint returns a hint for an ID that looks like that of an instance.
func instanceIDHint(id string) string {
	if !strings.HasPrefix(id, "dts") {
		return ""
	}
	return " An ID that begins with dts is usually that of an instance, which dts_job and dts_jobs accept as dts_instance_id or dts_instance_ids."
}

func nextStepOfSearch(e *dts.FindError) string {
	switch {
	case len(e.Matches) > 0:
		return "Use dts_job_id to select one of them, or limit job_types."
	case e.ReverseOf != nil:
		return fmt.Sprintf("Look up dts_job_id %q instead, and use its attribute reverse_job.", printable.Line(e.ReverseOf.Job.ID(), maxValue))
	case e.IsEtlJob:
		return "ETL jobs are in the attribute etl_demo_jobs of dts_jobs."
	}
	return "Check the value for a typo, the region, and that job_types contains the type of the job. A name must match exactly." + instanceIDHint(string(e.Query.JobID))
}

func nextStepOfCode(e *rpc.Error) string {
	if e.Throttled() {
		return "The account's API rate limit is exceeded, probably by other clients. Retry, or increase max_retry_timeout."
	}
	if next := adviceOn(e).next; next != "" {
		return strings.ReplaceAll(next, "%s", e.Operation)
	}
	for _, a := range parameterAdvice {
		if e.MentionsParameter(a.parameter) {
			return a.next
		}
	}
	return contactSupport
}

// nextStepOfConnection is for an error without a code, which did not come from
// the API.
func nextStepOfConnection(e *rpc.Error) string {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(e, &dns) && dns.IsNotFound:
		return "The host does not exist. Check region for a typo, or set endpoints.dts in the provider block."
	case errors.Is(e, http.ErrSchemeMismatch), errors.As(e, &record):
		return `The endpoint does not use HTTPS. Set protocol = "HTTP" if that is intended, for example for an emulator.`
	case errors.As(e, &certificate):
		return "The certificate of the endpoint is not valid for it. Check endpoints.dts, and whether a proxy intercepts the connection."
	case e.Status >= 300 && e.Status < 400:
		return "Redirects are not followed, because the request is signed for the configured host. Set endpoints.dts to the host that serves the API."
	case errors.Is(e, api.ErrBroken):
		return "The response may come from a proxy instead of the DTS API. Check endpoints.dts, and the proxy settings in the environment."
	}
	return fmt.Sprintf("Check that this machine can reach %s, and check protocol, endpoints.dts and the proxy settings in the environment.", e.Endpoint)
}
