package provider_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/provider"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// frameworkServer serves the provider without the server of this package.
func frameworkServer() tfprotov6.ProviderServer {
	return providerserver.NewProtocol6(provider.New("test")())()
}

// bothServers are two sessions, of the provider's server and the framework's.
type bothServers struct{ ours, theirs session }

func newBothServers(t *testing.T, url string) bothServers {
	t.Helper()
	theirs, _ := configured(t, frameworkServer(), blockFor(url, nil))
	return bothServers{newSession(t, url), theirs}
}

// read reads with both and wants the same response. It returns the attributes
// of the state.
func (b bothServers) read(t *testing.T, source string, set arguments) (map[string]tftypes.Value, []*tfprotov6.Diagnostic) {
	t.Helper()
	got, want := b.ours.read(t, source, set), b.theirs.read(t, source, set)
	if diff := cmp.Diff(want.Diagnostics, got.Diagnostics); diff != "" {
		t.Errorf("diagnostics: -framework +ours:\n%s", diff)
	}
	ours, theirs := b.ours.state(t, source, got), b.theirs.state(t, source, want)
	for name, value := range theirs {
		differences, err := value.Diff(ours[name])
		if err != nil || len(differences) > 0 {
			t.Errorf("%s: -framework +ours: %v, %v", name, differences, err)
		}
	}
	return ours, got.Diagnostics
}

// TestBothServersAgreeOnEveryField reads responses in which every field is
// set.
func TestBothServersAgreeOnEveryField(t *testing.T) {
	t.Parallel()
	for operation, test := range operations {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			set := arguments{"region": regionOf(0)}
			if test.source == "dts_precheck_status" {
				set["dts_job_id"] = "a"
			}
			state, diags := newBothServers(t, everyField(t, operation).URL).read(t, test.source, set)
			if state["total_record_count"].IsNull() {
				t.Errorf("diagnostics %s, state %v", render(diags), state)
			}
		})
	}
}

// TestBothServersAgreeOnTheAccount reads all that the emulator has.
func TestBothServersAgreeOnTheAccount(t *testing.T) {
	t.Parallel()
	server, _ := newEmulator(t)
	both := newBothServers(t, server.URL)
	for _, jobType := range []any{nil, "SYNC", "SUBSCRIBE"} {
		state, _ := both.read(t, "dts_jobs", arguments{"job_type": jobType, "without_db_list": false})
		jobs := elementsOf(t, state["jobs"])
		if len(jobs) == 0 {
			t.Errorf("%v: no jobs", jobType)
		}
		for _, job := range jobs {
			id := stringOf(t, attributesOf(t, job)["dts_job_id"])
			for _, code := range []any{nil, "02", "04"} {
				both.read(t, "dts_precheck_status", arguments{"dts_job_id": id, "job_code": code})
			}
		}
	}
}

// TestBothServersAgreeOnASelection stores some attributes only.
func TestBothServersAgreeOnASelection(t *testing.T) {
	t.Parallel()
	server, _ := newEmulator(t)
	both := newBothServers(t, server.URL)
	for _, names := range [][]string{{}, {"status", "tags", "reverse_job", "error_details"}} {
		state, _ := both.read(t, "dts_jobs", arguments{"job_type": "SYNC", "job_attributes": names})
		if len(elementsOf(t, state["jobs"])) == 0 {
			t.Errorf("%v: no jobs", names)
		}
	}
}

// TestBothServersAgreeOnDiagnostics wants warnings and errors to survive, and
// the state of an error to be the configuration.
func TestBothServersAgreeOnDiagnostics(t *testing.T) {
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
			state, diags := newBothServers(t, api.URL).read(t, "dts_jobs", test.set)
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

// TestBothEncodersAgreeOnRandomStates encodes random values of complete states.
func TestBothEncodersAgreeOnRandomStates(t *testing.T) {
	t.Parallel()
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 0))
		var jobs provider.JobsState
		var precheck provider.PrecheckState
		fill(r, reflect.ValueOf(&jobs).Elem())
		fill(r, reflect.ValueOf(&precheck).Elem())
		sameEncoding(t, seed, shape.Of[provider.JobsState](), jobs)
		sameEncoding(t, seed, shape.Of[provider.PrecheckState](), precheck)
	}
}

func sameEncoding(t *testing.T, seed uint64, s *shape.Shape, v any) {
	t.Helper()
	values := s.Values(v)
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}
	for name, value := range values {
		object.AttributeTypes[name] = value.Type()
	}
	encoded, err := s.MsgPack(v, nil, math.MaxInt)
	if err != nil {
		t.Fatal(err)
	}
	got, err := tfprotov6.DynamicValue{MsgPack: encoded}.Unmarshal(object)
	if err != nil {
		t.Fatal(err)
	}
	if want := tftypes.NewValue(object, values); !want.Equal(got) {
		differences, err := want.Diff(got)
		t.Errorf("seed %d: %v, %v", seed, differences, err)
	}
}

// fill gives v a random value: none, an empty one, or others up to the limits
// of their encodings. All of a struct is dense or sparse, so that some structs
// have no value at all.
func fill(r *rand.Rand, v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[json.Number]():
		v.SetString(pick(r, "0", "-7", "1.24", "0.1", "2.5", "9223372036854775807", "123456789012345678901234567890", "1e-7"))
	case v.Kind() == reflect.String:
		v.SetString(pick(r, "", "text", "订单", "\x00", strings.Repeat("x", pick(r, 31, 32, 255, 256, 65535, 65536))))
	case v.Kind() == reflect.Int64:
		v.SetInt(pick[int64](r, 0, 1, -1, -32, -33, 127, 128, 1<<53+1, math.MaxInt64, math.MinInt64))
	case v.Kind() == reflect.Bool:
		v.SetBool(pick(r, true, false))
	case v.Kind() == reflect.Struct:
		for i, sparse := 0, pick(r, 0, 1, 2, 50); i < v.NumField(); i++ {
			if v.Type().Field(i).Anonymous || r.IntN(sparse+1) == 0 {
				fill(r, v.Field(i))
			}
		}
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(r, v.Elem())
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), pick(r, 0, 1, 2), 2))
		for i := range v.Len() {
			fill(r, v.Index(i))
		}
	case v.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for i := range pick(r, 0, 1, 20) {
			v.SetMapIndex(reflect.ValueOf(fmt.Sprint(i)), reflect.ValueOf(pick(r, "", "value")))
		}
	}
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// TestServerHidesNothing fails if the framework's server has a method that the
// server around it does not have.
func TestServerHidesNothing(t *testing.T) {
	t.Parallel()
	ours, theirs := reflect.TypeOf(provider.NewServer("test")()), reflect.TypeOf(frameworkServer())
	if ours == theirs {
		t.Error("the framework's server is not wrapped")
	}
	for i := range theirs.NumMethod() {
		if _, passedOn := ours.MethodByName(theirs.Method(i).Name); !passedOn {
			t.Errorf("%s is hidden", theirs.Method(i).Name)
		}
	}
}

// TestReadLogs wants what a read logs in the CLI's log.
func TestReadLogs(t *testing.T) {
	t.Parallel()
	skipIfShort(t)
	var requests atomic.Int32
	api := newFakeAPI(t, func(url.Values) string {
		if requests.Add(1) == 1 {
			return "503 busy"
		}
		return emptyList(nil)
	})
	c := newCLIWith(t, api.block()+jobs(""))
	c.environment = append(c.environment, "TF_LOG_PROVIDER=INFO")
	if output := c.mustRun(t, "plan"); !strings.Contains(output, "retrying a failed request") {
		t.Errorf("the retry is not in:\n%s", output)
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
			[]string{" jobs were read", "0.0 MiB", "job_attributes", "without_db_list", "status", "job_type", "dts_job_ids", "page_number"}},
		"dts_precheck_status": {arguments{"dts_job_id": "k2fm11x9d8t12ab"}, []string{"22 items were read", "struct_phase"}},
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
