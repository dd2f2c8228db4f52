package provider_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"net/url"
	"reflect"
	"slices"
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

// frameworkServer serves the provider without a server of ours around it.
func frameworkServer() tfprotov6.ProviderServer {
	return providerserver.NewProtocol6(provider.New("test")())()
}

// arguments are the values of a configuration that are set.
type arguments map[string]any

// dynamic is an object of a type with the arguments set.
func dynamic(t testing.TB, schema *tfprotov6.Schema, set arguments) *tfprotov6.DynamicValue {
	t.Helper()
	object, ok := schema.ValueType().(tftypes.Object)
	if !ok {
		t.Fatalf("%s is no object", schema.ValueType())
	}
	values := map[string]tftypes.Value{}
	for name, of := range object.AttributeTypes {
		values[name] = tftypes.NewValue(of, set[name])
	}
	for name := range set {
		if values[name].Type() == nil {
			t.Fatalf("no argument %s", name)
		}
	}
	encoded, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, values))
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}

// stringSet is a set as an argument.
func stringSet(texts ...string) []tftypes.Value {
	var values []tftypes.Value
	for _, text := range texts {
		values = append(values, tftypes.NewValue(tftypes.String, text))
	}
	return values
}

// reader is a server that was configured for an API at a URL.
type reader struct {
	server  tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
}

func newReader(t testing.TB, server tfprotov6.ProviderServer, at string) reader {
	t.Helper()
	schemas, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DTS_ENDPOINT", strings.TrimPrefix(at, "http://"))
	configured, err := server.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{
		Config: dynamic(t, schemas.Provider, arguments{
			"region": "cn-hangzhou", "access_key": "emulator", "secret_key": "emulator-secret", "protocol": "HTTP",
			"max_requests_per_second": 100000,
		}),
	})
	if err != nil || len(configured.Diagnostics) > 0 {
		t.Fatal(err, configured.Diagnostics)
	}
	return reader{server, schemas}
}

func (r reader) read(t testing.TB, source string, set arguments) *tfprotov6.ReadDataSourceResponse {
	t.Helper()
	resp, err := r.server.ReadDataSource(context.Background(), &tfprotov6.ReadDataSourceRequest{
		TypeName: source,
		Config:   dynamic(t, r.schemas.DataSourceSchemas[source], set),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// state is what Terraform reads from an answer.
func (r reader) state(t *testing.T, source string, resp *tfprotov6.ReadDataSourceResponse) tftypes.Value {
	t.Helper()
	state, err := resp.State.Unmarshal(r.schemas.DataSourceSchemas[source].ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// sameBothWays reads by the provider's server and by the framework's alone, and
// wants the same answer. It returns the attributes of the state.
func sameBothWays(t *testing.T, at, source string, set arguments) (map[string]tftypes.Value, []*tfprotov6.Diagnostic) {
	t.Helper()
	ours, theirs := newReader(t, provider.NewServer("test")(), at), newReader(t, frameworkServer(), at)
	got, want := ours.read(t, source, set), theirs.read(t, source, set)
	if diff := cmp.Diff(want.Diagnostics, got.Diagnostics); diff != "" {
		t.Errorf("diagnostics: -framework +ours:\n%s", diff)
	}
	differences, err := theirs.state(t, source, want).Diff(ours.state(t, source, got))
	if err != nil {
		t.Fatal(err)
	}
	for _, difference := range differences {
		t.Errorf("-framework +ours: %s", difference)
	}
	var state map[string]tftypes.Value
	if err := ours.state(t, source, got).As(&state); err != nil {
		t.Fatal(err)
	}
	return state, got.Diagnostics
}

// TestBothWaysAgreeOnEveryField reads answers in which every field is set.
func TestBothWaysAgreeOnEveryField(t *testing.T) {
	clearEnvironment(t)
	for operation, source := range map[string]string{"DescribeDtsJobs": "dts_jobs", "DescribePreCheckStatus": "dts_precheck_status"} {
		t.Run(source, func(t *testing.T) {
			first := answerOf(t, fieldsOf(t, operation))
			server := newFakeAPI(t, func(q url.Values) string {
				if q.Get("PageNumber")+q.Get("PageNo") != "1" {
					return onlyCount(t, first)
				}
				return first
			})
			set := arguments{}
			if source == "dts_precheck_status" {
				set["dts_job_id"] = "a"
			}
			if state, diags := sameBothWays(t, server.URL, source, set); len(diags) > 0 || state["total_record_count"].IsNull() {
				t.Errorf("diagnostics %v, state %v", diags, state)
			}
		})
	}
}

// TestBothWaysAgreeOnTheAccount reads all that the emulator has.
func TestBothWaysAgreeOnTheAccount(t *testing.T) {
	clearEnvironment(t)
	server, _ := newEmulator(t)
	for _, jobType := range []any{nil, "SYNC", "SUBSCRIBE"} {
		set := arguments{"job_type": jobType, "without_db_list": false}
		state, _ := sameBothWays(t, server.URL, "dts_jobs", set)
		var jobs []tftypes.Value
		if err := state["jobs"].As(&jobs); err != nil || len(jobs) == 0 {
			t.Errorf("%v: no jobs: %v", jobType, err)
		}
		for _, job := range jobs {
			id := argument(t, job, "dts_job_id")
			for _, code := range []any{nil, "02", "04"} {
				sameBothWays(t, server.URL, "dts_precheck_status", arguments{"dts_job_id": id, "job_code": code})
			}
		}
	}
}

// argument returns a text within an object.
func argument(t *testing.T, object tftypes.Value, name string) string {
	t.Helper()
	var values map[string]tftypes.Value
	var text string
	if err := object.As(&values); err != nil {
		t.Fatal(err)
	}
	if err := values[name].As(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

// TestBothWaysAgreeOnDiagnostics wants warnings and errors to survive, and the
// state of an error to be the configuration.
func TestBothWaysAgreeOnDiagnostics(t *testing.T) {
	clearEnvironment(t)
	timeouts := map[string]tftypes.Value{"read": tftypes.NewValue(tftypes.String, "1m")}
	for name, test := range map[string]struct {
		answer    string
		set       arguments
		severity  tfprotov6.DiagnosticSeverity
		attribute string
	}{
		"missing ids": {nothing(nil), arguments{"dts_job_ids": stringSet("a", "b"), "timeouts": timeouts},
			tfprotov6.DiagnosticSeverityWarning, "dts_job_ids"},
		"refused": {`400 {"Code":"InvalidParameter","Message":"The parameter Status is wrong.","RequestId":"r"}`,
			arguments{"status": "x"}, tfprotov6.DiagnosticSeverityError, "status"},
	} {
		t.Run(name, func(t *testing.T) {
			server := newFakeAPI(t, func(url.Values) string { return test.answer })
			state, diags := sameBothWays(t, server.URL, "dts_jobs", test.set)
			if len(diags) != 1 || diags[0].Severity != test.severity {
				t.Fatalf("diagnostics: %v", diags)
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

// TestBothWaysAgreeOnRandomShapes encodes random values of the whole states.
func TestBothWaysAgreeOnRandomShapes(t *testing.T) {
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

// fill gives v a random value: none, an empty one, or others up to the edges
// of what their encodings hold in a form. Structs are dense or sparse as a
// whole, so that some of them carry nothing.
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

// TestServerHidesNothing fails when the framework's server learns something
// that the server around it does not pass on.
func TestServerHidesNothing(t *testing.T) {
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

// TestReadLogs wants what a read logs to reach the CLI's log.
func TestReadLogs(t *testing.T) {
	var calls atomic.Int32
	server := newFakeAPI(t, func(url.Values) string {
		if calls.Add(1) == 1 {
			return "503 busy"
		}
		return nothing(nil)
	})
	c := newCLI(t, folderWith(t, providerSource+server.block("")+jobs("")))
	c.environment = append(c.environment, "TF_LOG_PROVIDER=INFO")
	if output := c.must(t, "plan"); !strings.Contains(output, "retrying a failed call") {
		t.Errorf("no word of the retry in:\n%s", output)
	}
}

// TestStateLimit wants an answer that is too large to be refused in words.
func TestStateLimit(t *testing.T) {
	clearEnvironment(t)
	server, _ := newEmulator(t)
	for source, test := range map[string]struct {
		set   arguments
		words []string
	}{
		"dts_jobs": {arguments{"job_type": "SYNC"},
			[]string{" jobs were read", "0.0 MiB", "without_db_list", "status", "job_type", "dts_job_ids", "page_number"}},
		"dts_precheck_status": {arguments{"dts_job_id": "k2fm11x9d8t12ab"}, []string{"22 items were read", "struct_phase"}},
	} {
		limited := newReader(t, provider.NewLimitedServer("test", 2000), server.URL)
		resp := limited.read(t, source, test.set)
		if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Severity != tfprotov6.DiagnosticSeverityError {
			t.Fatalf("diagnostics: %v", resp.Diagnostics)
		}
		for _, word := range test.words {
			if !strings.Contains(resp.Diagnostics[0].Detail, word) {
				t.Errorf("no %q in %q", word, resp.Diagnostics[0].Detail)
			}
		}
		var state map[string]tftypes.Value
		if err := limited.state(t, source, resp).As(&state); err != nil {
			t.Fatal(err)
		}
		if set := slices.Collect(maps.Keys(state)); len(set) == 0 || !state["id"].IsNull() || !state["result"].IsNull() {
			t.Errorf("state is not the configuration: %v", state)
		}
	}
}
