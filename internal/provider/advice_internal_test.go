package provider

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// TestNextStep wants the advice that fits, of those that are alike.
func TestNextStep(t *testing.T) {
	t.Parallel()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, test := range map[string]struct {
		ctx  context.Context //nolint:containedctx // It is an argument of the test.
		err  error
		want string
	}{
		"canceled":           {canceled, &rpc.Error{Err: context.Canceled}, "The read was canceled."},
		"Region refused":     {t.Context(), &rpc.Error{Code: "InvalidParameter", DynamicMessage: "Region"}, wrongRegion},
		"RegionId refused":   {t.Context(), &rpc.Error{Code: "InvalidParameter", DynamicMessage: "RegionId"}, wrongRegion},
		"JobCode refused":    {t.Context(), &rpc.Error{Code: "InvalidParameter", DynamicMessage: "JobCode"}, `Known values of job_code: "01"`},
		"unknown host":       {t.Context(), &rpc.Error{Err: &net.DNSError{IsNotFound: true}}, "The host does not exist."},
		"resolver is down":   {t.Context(), &rpc.Error{Err: &net.DNSError{IsTemporary: true}, Endpoint: "h"}, "Check that this machine can reach h"},
		"redirect":           {t.Context(), &rpc.Error{Status: 308, Err: errors.New("redirect")}, "Redirects are not followed"},
		"job is not known":   {t.Context(), &rpc.Error{Code: "DTS.Msg.InvalidJobId"}, unknownJob},
		"account is unknown": {t.Context(), &rpc.Error{Code: "Forbidden.AliyunUIDNotFound"}, "This account has not used DTS yet."},
		"any other code":     {t.Context(), &rpc.Error{Code: "Other"}, contactSupport},
	} {
		if got := nextStep(test.ctx, test.err); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestArgumentAtFault(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"InvalidJobId":                       "dts_job_id",
		"DTS.Msg.InvalidJobId":               "dts_job_id",
		"InvalidDtsJobId":                    "dts_job_id",
		"DTS.Msg.Forbidden.InstanceNotFound": "dts_job_id",
		"NoPermission":                       "",
	} {
		if got := argumentAtFault[precheckConfig](&rpc.Error{Code: code}); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

func TestSentence(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "", " ": "", "a": "a.", "a.": "a.", " a\n": "a."} {
		if got := sentence(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestEveryUnknownArgumentIsReported has two of them, so that a user does not
// learn of the second after the first.
func TestEveryUnknownArgumentIsReported(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	(&providerData{unknown: []string{"access_key", "region", "endpoints.dts"}}).regionFor("r", &diags)
	if len(diags) != 2 || !strings.Contains(diags[0].Detail(), "access_key") || !strings.Contains(diags[1].Detail(), "endpoints.dts") {
		t.Errorf("%v", diags)
	}
}
