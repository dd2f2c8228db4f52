package provider_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
	"github.com/dts-community/terraform-provider-dts/internal/provider"
)

// notInGate are the arguments that only the data source has.
var notInGate = []string{"name", "struct_phase", "page_size"}

// TestPrecheckGateHasTheArgumentsOfTheDataSource compares the schemas.
func TestPrecheckGateHasTheArgumentsOfTheDataSource(t *testing.T) {
	t.Parallel()
	s, _ := configured(t, provider.NewServer("test")(), nil)
	want := argumentsOf(s.schemas.DataSourceSchemas["dts_precheck_status"])
	if want["dts_job_id"] != "required tftypes.String" {
		t.Errorf("dts_job_id is %s", want["dts_job_id"])
	}
	maps.DeleteFunc(want, func(name, _ string) bool { return slices.Contains(notInGate, name) })
	got := argumentsOf(s.schemas.EphemeralResourceSchemas["dts_precheck_gate"])
	for _, name := range []string{"result", "started_at", "finished_at"} {
		want[name] = "computed tftypes.String"
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-data source +gate:\n%s", diff)
	}
}

// argumentsOf describes the arguments of a schema, and of a gate its result.
func argumentsOf(schema *tfprotov6.Schema) map[string]string {
	arguments := map[string]string{}
	for _, a := range schema.Block.Attributes {
		switch {
		case a.Required:
			arguments[a.Name] = fmt.Sprint("required ", a.Type)
		case a.Optional:
			arguments[a.Name] = fmt.Sprint("optional ", a.Type)
		case len(schema.Block.Attributes) < 20:
			arguments[a.Name] = fmt.Sprint("computed ", a.Type)
		}
	}
	return arguments
}

// TestPrecheckGateAgreesWithTheDataSource opens the gate for every scenario. It
// is open exactly if the data source has passed, and tells why it is closed.
func TestPrecheckGateAgreesWithTheDataSource(t *testing.T) {
	t.Parallel()
	scenarios, err := emulator.BuiltInScenarios()
	if err != nil {
		t.Fatal(err)
	}
	var opened atomic.Int32
	for job := range scenarios {
		for name, more := range map[string]arguments{
			"": nil, "fail_on_warnings": {"fail_on_warnings": true}, "job_code": {"job_code": "04"}, "started_after": {"started_after": "2026-11-21T00:00:00Z"},
		} {
			t.Run(job+" "+name, func(t *testing.T) {
				t.Parallel()
				set := arguments{"dts_job_id": job}
				maps.Copy(set, more)
				state := newScenarioSession(t).mustRead(t, "dts_precheck_status", set)
				result, diags := newScenarioSession(t).open(t, "dts_precheck_gate", set)
				var passed bool
				if err := state["passed"].As(&passed); err != nil {
					t.Fatal(err)
				}
				if !passed {
					want := &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Precheck Gate Closed: DTS Job " + job, Detail: stringOf(t, state["failure_summary"])}
					if diff := cmp.Diff(render([]*tfprotov6.Diagnostic{want}), render(errorsOf(diags)), ignoreTimes); diff != "" {
						t.Errorf("-want +got:\n%s", diff)
					}
					return
				}
				opened.Add(1)
				if got := errorsOf(diags); len(got) > 0 || !result["result"].Equal(state["result"]) || result["started_at"].IsNull() != state["started_at"].IsNull() {
					t.Errorf("result %v, diagnostics %s", result, render(diags))
				}
			})
		}
	}
	t.Cleanup(func() {
		if opened.Load() == 0 {
			t.Error("the gate was never open")
		}
	})
}

// ignoreTimes makes texts equal that differ in times, which scenarios count from
// now.
var ignoreTimes = cmp.Transformer("times", func(s string) string {
	return regexp.MustCompile(`\d{4}-\d\d-\d\dT[\d:]+Z`).ReplaceAllString(s, "<time>")
})

// newScenarioSession is a session with an emulator of its own, because scenarios
// proceed as they are read.
func newScenarioSession(t *testing.T) session {
	t.Helper()
	server, _ := newEmulator(t)
	return newSession(t, server.URL)
}

// mustRead reads a data source and returns its state.
func (s session) mustRead(t testing.TB, source string, set arguments) map[string]tftypes.Value {
	t.Helper()
	resp := s.read(t, source, set)
	if got := errorsOf(resp.Diagnostics); len(got) > 0 {
		t.Fatal(render(got))
	}
	return s.state(t, source, resp)
}

// errorsOf leaves warnings out.
func errorsOf(diags []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
	return slices.DeleteFunc(slices.Clone(diags), func(d *tfprotov6.Diagnostic) bool { return d.Severity != tfprotov6.DiagnosticSeverityError })
}

// TestPrecheckGateWaits opens once a precheck has passed, and fails once it
// cannot.
func TestPrecheckGateWaits(t *testing.T) {
	t.Parallel()
	for job, want := range map[string]string{
		"checking-then-passed": `^$`,
		"checking-then-failed": `^ERROR: Precheck Gate Closed: DTS Job checking-then-failed Precheck of DTS job checking-then-failed is FAILED`,
		"never-started":        `WARNING: Wait Ended Without a Result.*not_started_grace.*ERROR: Precheck Gate Closed: DTS Job never-started Precheck of DTS job never-started is NOT_STARTED`,
		"stuck": `^ERROR: Precheck Gate Closed: DTS Job stuck The wait ended after 40s: timeouts\.open has passed\..*` +
			`stuck was RUNNING: state Checking, 5 of 6 items done.*CHECK_SAME_OBJ.*Increase timeouts\.open`,
	} {
		t.Run(job, func(t *testing.T) {
			t.Parallel()
			onFakeClock(t, &emulator.Emulator{Rate: -1}, func(t *testing.T, s session) {
				_, diags := s.open(t, "dts_precheck_gate", arguments{
					"dts_job_id": job, "wait_for_completion": true, "not_started_grace": "0s", "timeouts": arguments{"open": "40s"}})
				if got := render(diags); !wrapped(want).MatchString(got) {
					t.Errorf("no %s in:\n%s", want, got)
				}
			})
		})
	}
}

// TestPrecheckGateErrors are those of the data source, under the summary of the
// gate.
func TestPrecheckGateErrors(t *testing.T) {
	t.Parallel()
	_, diags := newScenarioSession(t).open(t, "dts_precheck_gate", arguments{"dts_job_id": "nobody"})
	if got := render(diags); !wrapped(`^ERROR: Unable to Open Precheck Gate: DTS Job nobody on AttributeName\("dts_job_id"\).*request ID.*Check`).MatchString(got) {
		t.Error(got)
	}
	later, _ := configured(t, provider.NewServer("test")(), blockFor("http://127.0.0.1:1", arguments{"region": unknownValue}))
	_, diags = later.open(t, "dts_precheck_gate", arguments{"dts_job_id": "passed"})
	if got := render(diags); !wrapped(`ERROR: Unknown Provider Argument The provider argument region`).MatchString(got) {
		t.Error(got)
	}
}

// TestPrecheckGateArguments finds bad values during validation.
func TestPrecheckGateArguments(t *testing.T) {
	t.Parallel()
	s := newScenarioSession(t)
	for name, test := range map[string]struct {
		set  arguments
		want string
	}{
		"good":          {arguments{"dts_job_id": "a", "started_after": "2026-11-21T00:00:00Z", "timeouts": arguments{"open": "1m"}}, `^$`},
		"known later":   {arguments{"dts_job_id": unknownValue}, `^$`},
		"empty ID":      {arguments{"dts_job_id": ""}, `ERROR: .*dts_job_id`},
		"struct_type":   {arguments{"dts_job_id": "a", "struct_type": "x"}, `ERROR: .*Attribute struct_type must be one of: "before", "after"`},
		"started_after": {arguments{"dts_job_id": "a", "started_after": "yesterday"}, `ERROR: .*Attribute started_after must be a time in RFC 3339`},
		"poll_interval": {arguments{"dts_job_id": "a", "poll_interval": "1ms"}, `ERROR: .*Attribute poll_interval must be a duration of at least 1s`},
		"timeouts":      {arguments{"dts_job_id": "a", "timeouts": arguments{"open": "0s"}}, `ERROR: .*Attribute timeouts\.open must be a duration`},
		"job_code":      {arguments{"dts_job_id": "a", "job_code": "1"}, `^WARNING: .*Known values: "01"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := render(s.validateEphemeral(t, "dts_precheck_gate", test.set)); !wrapped(test.want).MatchString(got) {
				t.Errorf("no %s in:\n%s", test.want, got)
			}
		})
	}
}
