package provider_test

import (
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/provider"
)

// TestStateAndDiagnostics checks that warnings and errors survive, and that the
// state of an error is the configuration.
func TestStateAndDiagnostics(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		response  string
		set       arguments
		severity  tfprotov6.DiagnosticSeverity
		attribute string
	}{
		"missing IDs": {emptyList(nil), arguments{"dts_job_ids": []string{"a", "b"}, "timeouts": arguments{"read": "1m"}},
			tfprotov6.DiagnosticSeverityWarning, "dts_job_ids"},
		"refused": {`400 {"Code":"InvalidParameter","Message":"The parameter Status is wrong.","RequestId":"r"}`,
			arguments{"status": "x"}, tfprotov6.DiagnosticSeverityError, "status"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, func(url.Values) string { return test.response })
			s := newSession(t, api.URL)
			resp := s.read(t, "dts_jobs", test.set)
			state, diags := s.state(t, "dts_jobs", resp), resp.Diagnostics
			if len(diags) != 1 || diags[0].Severity != test.severity {
				t.Fatalf("diagnostics: %s", render(diags))
			}
			if want := tftypes.NewAttributePath().WithAttributeName(test.attribute); !want.Equal(diags[0].Attribute) {
				t.Errorf("it is about %s, want %s", diags[0].Attribute, want)
			}
			if failed := test.severity == tfprotov6.DiagnosticSeverityError; state["id"].IsNull() != failed || state["job_type"].IsNull() != failed {
				t.Errorf("state: %v", state)
			}
		})
	}
}

// TestServerHidesNothing fails if the framework's server has a method that the
// server around it does not have.
func TestServerHidesNothing(t *testing.T) {
	t.Parallel()
	ours, theirs := reflect.TypeOf(provider.NewServer("test")()), reflect.TypeOf(providerserver.NewProtocol6(provider.New("test")())())
	if ours == theirs {
		t.Error("the framework's server is not wrapped")
	}
	for i := range theirs.NumMethod() {
		if _, passedOn := ours.MethodByName(theirs.Method(i).Name); !passedOn {
			t.Errorf("%s is hidden", theirs.Method(i).Name)
		}
	}
}

// TestStateLimit wants a response that is too large to be an error with a next
// step.
func TestStateLimit(t *testing.T) {
	t.Parallel()
	server, _ := newEmulator(t)
	for source, test := range map[string]struct {
		set   arguments
		words []string
	}{
		"dts_jobs": {arguments{"job_type": "SYNC"},
			[]string{"The read succeeded", "0.0 MiB", "job_attributes", "without_db_list", "status", "job_type", "dts_job_ids", "page_number"}},
		"dts_precheck_status": {arguments{"dts_job_id": "k2fm11x9d8t12ab"}, []string{"struct_phase"}},
	} {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			limited, _ := configured(t, provider.NewLimitedServer(2000), blockFor(server.URL, nil))
			resp := limited.read(t, source, test.set)
			if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Severity != tfprotov6.DiagnosticSeverityError {
				t.Fatal(render(resp.Diagnostics))
			}
			for _, word := range test.words {
				if !strings.Contains(resp.Diagnostics[0].Detail, word) {
					t.Errorf("no %q in %q", word, resp.Diagnostics[0].Detail)
				}
			}
			if state := limited.state(t, source, resp); !state["id"].IsNull() || !state["result"].IsNull() {
				t.Errorf("the state is not the configuration: %v", state)
			}
		})
	}
}
