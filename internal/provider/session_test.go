package provider_test

import (
	"context"
	"fmt"
	"math/big"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/provider"
)

// session is a configured server of the provider in this process. It is used
// as a CLI uses it, where a test needs no CLI.
type session struct {
	server  tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
}

// arguments are the arguments and blocks of a configuration that are set: Go
// values, slices for sets, maps, and arguments for blocks.
type arguments map[string]any

// blockFor is a provider block for the server at a URL, with more arguments.
func blockFor(url string, more arguments) arguments {
	block := arguments{
		"region": "cn-hangzhou", "access_key": "emulator", "secret_key": "emulator-secret", "protocol": "HTTP",
		"endpoints": arguments{"dts": hostOf(url)}, "max_requests_per_second": 100000,
	}
	for name, value := range more {
		block[name] = value
	}
	return block
}

// providerSchemas returns the schemas, which are the same for all servers.
var providerSchemas = sync.OnceValues(func() (*tfprotov6.GetProviderSchemaResponse, error) {
	return provider.NewServer("test")().GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
})

// newSession configures the provider for the server at a URL.
func newSession(t testing.TB, url string) session {
	t.Helper()
	s, diags := configured(t, provider.NewServer("test")(), blockFor(url, nil))
	if len(diags) > 0 {
		t.Fatal(render(diags))
	}
	return s
}

// configured configures a server with a provider block.
func configured(t testing.TB, server tfprotov6.ProviderServer, block arguments) (session, []*tfprotov6.Diagnostic) {
	t.Helper()
	schemas, err := providerSchemas()
	if err != nil {
		t.Fatal(err)
	}
	config := dynamicValue(t, schemas.Provider, block)
	validated, err := server.ValidateProviderConfig(context.Background(), &tfprotov6.ValidateProviderConfigRequest{Config: config})
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.ConfigureProvider(context.Background(), &tfprotov6.ConfigureProviderRequest{Config: config, TerraformVersion: "1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	return session{server, schemas}, append(validated.Diagnostics, response.Diagnostics...)
}

// readDeadline ends a read that hangs.
const readDeadline = time.Minute

// read reads a data source without validating its configuration first.
func (s session) read(t testing.TB, source string, set arguments) *tfprotov6.ReadDataSourceResponse {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), readDeadline)
	defer cancel()
	resp := s.readUntil(ctx, t, source, set)
	if ctx.Err() != nil {
		t.Fatalf("the read did not end within %s", readDeadline)
	}
	return resp
}

// readUntil is [session.read] with a context, whose end is an interrupt.
func (s session) readUntil(ctx context.Context, t testing.TB, source string, set arguments) *tfprotov6.ReadDataSourceResponse {
	t.Helper()
	resp, err := s.server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{
		TypeName: source,
		Config:   dynamicValue(t, s.schemas.DataSourceSchemas[source], set),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// validate validates the configuration of a data source.
func (s session) validate(t testing.TB, source string, set arguments) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := s.server.ValidateDataResourceConfig(context.Background(), &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: source,
		Config:   dynamicValue(t, s.schemas.DataSourceSchemas[source], set),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

// plan validates and reads a data source, and returns all diagnostics as text.
func (s session) plan(t testing.TB, source string, set arguments) string {
	t.Helper()
	diags := s.validate(t, source, set)
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return render(diags)
		}
	}
	return render(append(diags, s.read(t, source, set).Diagnostics...))
}

// state returns the attributes of the state in a response.
func (s session) state(t testing.TB, source string, resp *tfprotov6.ReadDataSourceResponse) map[string]tftypes.Value {
	t.Helper()
	state, err := resp.State.Unmarshal(s.schemas.DataSourceSchemas[source].ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return attributesOf(t, state)
}

// attributesOf returns the attributes of an object.
func attributesOf(t testing.TB, object tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	var attributes map[string]tftypes.Value
	if err := object.As(&attributes); err != nil {
		t.Fatal(err)
	}
	return attributes
}

// stringOf returns a string value, which must not be null.
func stringOf(t testing.TB, value tftypes.Value) string {
	t.Helper()
	var text string
	if err := value.As(&text); err != nil || value.IsNull() {
		t.Fatal(value, err)
	}
	return text
}

// goValue converts a value to what JSON has for it; a number is a string.
func goValue(t testing.TB, value tftypes.Value) any {
	t.Helper()
	switch {
	case value.IsNull():
		return nil
	case value.Type().Is(tftypes.String):
		return stringOf(t, value)
	case value.Type().Is(tftypes.Bool):
		var b bool
		if err := value.As(&b); err != nil {
			t.Fatal(err)
		}
		return b
	case value.Type().Is(tftypes.Number):
		var n big.Float
		if err := value.As(&n); err != nil {
			t.Fatal(err)
		}
		return n.Text('f', -1)
	case value.Type().Is(tftypes.Object{}), value.Type().Is(tftypes.Map{}):
		return goValues(t, attributesOf(t, value))
	}
	list := []any{}
	for _, element := range elementsOf(t, value) {
		list = append(list, goValue(t, element))
	}
	return list
}

func goValues(t testing.TB, values map[string]tftypes.Value) map[string]any {
	t.Helper()
	converted := map[string]any{}
	for name, value := range values {
		converted[name] = goValue(t, value)
	}
	return converted
}

// readState reads a data source and returns its state, and diagnostics as text.
func (s session) readState(t testing.TB, source string, set arguments) (map[string]any, string) {
	t.Helper()
	resp := s.read(t, source, set)
	return goValues(t, s.state(t, source, resp)), render(resp.Diagnostics)
}

// elementsOf returns the elements of a list or set.
func elementsOf(t testing.TB, list tftypes.Value) []tftypes.Value {
	t.Helper()
	var elements []tftypes.Value
	if err := list.As(&elements); err != nil {
		t.Fatal(err)
	}
	return elements
}

// render shows diagnostics as a CLI does: severity, summary, attribute, detail.
func render(diags []*tfprotov6.Diagnostic) string {
	var b strings.Builder
	for _, d := range diags {
		fmt.Fprintf(&b, "%s: %s\n", d.Severity, d.Summary)
		if d.Attribute != nil {
			fmt.Fprintf(&b, "  on %s\n", d.Attribute)
		}
		fmt.Fprintf(&b, "%s\n", d.Detail)
	}
	return b.String()
}

// dynamicValue is the object of a schema with the arguments set.
func dynamicValue(t testing.TB, schema *tfprotov6.Schema, set arguments) *tfprotov6.DynamicValue {
	t.Helper()
	value := valueOf(t, schema.ValueType(), set)
	encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}

// valueOf converts a Go value to a Terraform type.
func valueOf(t testing.TB, to tftypes.Type, value any) tftypes.Value {
	t.Helper()
	switch value := value.(type) {
	case arguments:
		return objectOf(t, to.(tftypes.Object), value) //nolint:forcetypeassert // The schema has it so.
	case []string:
		return setOf(to, value)
	case []any:
		return setOf(to, value)
	case map[string]string:
		return mapOf(to, value)
	case map[string]any:
		if object, ok := to.(tftypes.Object); ok { // From JSON.
			return objectOf(t, object, value)
		}
		return mapOf(to, value)
	}
	return tftypes.NewValue(to, value)
}

func setOf[E any](to tftypes.Type, elements []E) tftypes.Value {
	values := []tftypes.Value{}
	for _, element := range elements {
		values = append(values, tftypes.NewValue(tftypes.String, element))
	}
	return tftypes.NewValue(to, values)
}

func mapOf[E any](to tftypes.Type, elements map[string]E) tftypes.Value {
	values := map[string]tftypes.Value{}
	for key, element := range elements {
		values[key] = tftypes.NewValue(tftypes.String, element)
	}
	return tftypes.NewValue(to, values)
}

func objectOf(t testing.TB, object tftypes.Object, set arguments) tftypes.Value {
	t.Helper()
	values := map[string]tftypes.Value{}
	for name, of := range object.AttributeTypes {
		values[name] = valueOf(t, of, set[name])
	}
	for name := range set {
		if values[name].Type() == nil {
			t.Fatalf("no argument %s", name)
		}
	}
	return tftypes.NewValue(object, values)
}

// environment is a getenv of the given variables, and else of this process.
func environment(variables map[string]string) func(string) string {
	return func(name string) string {
		if value, ok := variables[name]; ok {
			return value
		}
		return os.Getenv(name)
	}
}
