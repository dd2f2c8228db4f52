package provider_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// open opens an ephemeral resource without validating its configuration first,
// and returns the attributes of the result.
func (s session) open(t testing.TB, resource string, set arguments) (map[string]tftypes.Value, []*tfprotov6.Diagnostic) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), readDeadline)
	defer cancel()
	schema := s.schemas.EphemeralResourceSchemas[resource]
	resp, err := s.server.OpenEphemeralResource(ctx, &tfprotov6.OpenEphemeralResourceRequest{TypeName: resource, Config: dynamicValue(t, schema, set)})
	if err != nil || ctx.Err() != nil {
		t.Fatal(err, ctx.Err())
	}
	result, err := resp.Result.Unmarshal(schema.ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return attributesOf(t, result), resp.Diagnostics
}

// validateEphemeral validates the configuration of an ephemeral resource.
func (s session) validateEphemeral(t testing.TB, resource string, set arguments) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := s.server.ValidateEphemeralResourceConfig(t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{
		TypeName: resource,
		Config:   dynamicValue(t, s.schemas.EphemeralResourceSchemas[resource], set),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}
