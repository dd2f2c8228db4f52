package shape_test

import (
	"context"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

const canary = "secret,with,commas"

// TestValidators validates one value of each kind of argument. The detail of a
// diagnostic names the argument, because a value may come from a variable.
func TestValidators(t *testing.T) {
	strings := func(values ...attr.Value) attr.Value { return types.SetValueMust(types.StringType, values) }
	const closed = `Attribute order_direction must be one of: "ASC", "DESC", got: "up"`
	const open = `Attribute color is set to "green", which is not a documented value. It is used unchanged. Known values: "red", "blue".`
	for _, test := range []struct {
		name, argument string
		value          attr.Value
		want           []string // severity, summary and detail of each diagnostic
	}{
		{"required", "dts_job_id", types.StringValue("a"), nil},
		{"required and empty", "dts_job_id", types.StringValue(""),
			[]string{`Error: Invalid Attribute Value: Attribute dts_job_id must be a non-empty string, got: ""`}},
		{"known", "color", types.StringValue("red"), nil},
		{"not known", "color", types.StringValue("green"), []string{"Warning: Unknown Attribute Value: " + open}},
		{"empty is unset in an open list", "color", types.StringValue(""), nil},
		{"null in an open list", "color", types.StringNull(), nil},
		{"unknown in an open list", "color", types.StringUnknown(), nil},
		{"valid", "order_direction", types.StringValue("DESC"), nil},
		{"not valid", "order_direction", types.StringValue("up"), []string{"Error: Invalid Attribute Value: " + closed}},
		{"empty is unset in a closed list", "order_direction", types.StringValue(""), nil},
		{"null in a closed list", "order_direction", types.StringNull(), nil},
		{"unknown in a closed list", "order_direction", types.StringUnknown(), nil},
		{"checked", "secret", types.StringValue("s"), nil},
		{"a sensitive value is not shown", "secret", types.StringValue(canary),
			[]string{"Error: Invalid Attribute Value: Attribute secret must be a non-empty ID without a comma, got: (sensitive value)"}},
		{"integer", "page_size", types.Int64Value(1), nil},
		{"integer that is not valid", "page_size", types.Int64Value(0),
			[]string{"Error: Invalid Attribute Value: Attribute page_size must be at least 1, got: 0"}},
		{"null integer", "page_size", types.Int64Null(), nil},
		{"unknown integer", "page_size", types.Int64Unknown(), nil},
		{"number", "limit", types.NumberValue(big.NewFloat(0)), nil},
		{"number that is not valid", "limit", types.NumberValue(big.NewFloat(-1.5)),
			[]string{"Error: Invalid Attribute Value: Attribute limit must be at least 0, got: -1.5"}},
		{"null number", "limit", types.NumberNull(), nil},
		{"unknown number", "limit", types.NumberUnknown(), nil},
		{"known in any case", "moods", strings(types.StringValue("GLAD"), types.StringValue("sad")),
			[]string{`Warning: Unknown Attribute Value: Attribute moods[Value("sad")] is set to "sad", which is not a documented value. It is used unchanged. Known values: "glad".`}},
		{"known in another case", "color", types.StringValue("RED"),
			[]string{`Warning: Unknown Attribute Value: Attribute color is set to "RED", which is not a documented value. It is used unchanged. Known values: "red", "blue".`}},
		{"required and unknown", "dts_job_id", types.StringUnknown(), nil},
		{"required and null is the framework's to report", "dts_job_id", types.StringNull(), nil},
		{"set", "instance_ids", strings(types.StringValue("a"), types.StringUnknown()), nil},
		{"empty set", "instance_ids", strings(), nil},
		{"null set", "instance_ids", types.SetNull(types.StringType), nil},
		{"element that is not valid", "instance_ids", strings(types.StringValue("a,b")),
			[]string{`Error: Invalid Attribute Value: Attribute instance_ids[Value("a,b")] must be a non-empty ID without a comma, got: "a,b"`}},
		{"an empty element is not unset", "instance_ids", strings(types.StringValue("")),
			[]string{`Error: Invalid Attribute Value: Attribute instance_ids[Value("")] must be a non-empty ID without a comma, got: ""`}},
		{"a null element is not unset", "instance_ids", strings(types.StringNull()),
			[]string{"Error: Invalid Attribute Value: Attribute instance_ids[Value(<null>)] must be a non-empty ID without a comma, got: <null>"}},
		{"null element of an open list", "colors", strings(types.StringNull()),
			[]string{"Error: Invalid Attribute Value: Attribute colors[Value(<null>)] must be a non-empty string, got: <null>"}},
		{"empty element of an open list", "colors", strings(types.StringValue("")),
			[]string{`Error: Invalid Attribute Value: Attribute colors[Value("")] must be a non-empty string, got: ""`}},
		{"empty and null elements of any set", "names", strings(types.StringValue("a"), types.StringValue(""), types.StringNull(), types.StringUnknown()), []string{
			`Error: Invalid Attribute Value: Attribute names[Value("")] must be a non-empty string, got: ""`,
			"Error: Invalid Attribute Value: Attribute names[Value(<null>)] must be a non-empty string, got: <null>"}},
		{"element of an open list", "colors", strings(types.StringValue("red"), types.StringValue("green")),
			[]string{`Warning: Unknown Attribute Value: Attribute colors[Value("green")] is set to "green", which is not a documented value. It is used unchanged. Known values: "red", "blue".`}},
		{"map", "tags", types.MapValueMust(types.StringType, map[string]attr.Value{"k": types.StringValue("")}), nil},
		{"null in a map", "tags", types.MapValueMust(types.StringType, map[string]attr.Value{"k": types.StringNull()}),
			[]string{`Error: Invalid Attribute Value: Attribute tags["k"] must be a string, got: <null>`}},
		{"unknown in a map", "tags", types.MapValueMust(types.StringType, map[string]attr.Value{"k": types.StringUnknown()}), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, d := range validate(t.Context(), test.argument, test.value) {
				got = append(got, d.Severity().String()+": "+d.Summary()+": "+d.Detail())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// validate runs the validators of an argument of [config].
func validate(ctx context.Context, name string, value attr.Value) diag.Diagnostics {
	var diags diag.Diagnostics
	at := path.Root(name)
	switch a := shape.Arguments[config]()[name].(type) {
	case schema.StringAttribute:
		for _, v := range a.Validators {
			var resp validator.StringResponse
			v.ValidateString(ctx, validator.StringRequest{Path: at, ConfigValue: value.(types.String)}, &resp) //nolint:forcetypeassert // The table has it so.
			diags.Append(resp.Diagnostics...)
		}
	case schema.Int64Attribute:
		for _, v := range a.Validators {
			var resp validator.Int64Response
			v.ValidateInt64(ctx, validator.Int64Request{Path: at, ConfigValue: value.(types.Int64)}, &resp) //nolint:forcetypeassert // The table has it so.
			diags.Append(resp.Diagnostics...)
		}
	case schema.NumberAttribute:
		for _, v := range a.Validators {
			var resp validator.NumberResponse
			v.ValidateNumber(ctx, validator.NumberRequest{Path: at, ConfigValue: value.(types.Number)}, &resp) //nolint:forcetypeassert // The table has it so.
			diags.Append(resp.Diagnostics...)
		}
	case schema.SetAttribute:
		for _, v := range a.Validators {
			var resp validator.SetResponse
			v.ValidateSet(ctx, validator.SetRequest{Path: at, ConfigValue: value.(types.Set)}, &resp) //nolint:forcetypeassert // The table has it so.
			diags.Append(resp.Diagnostics...)
		}
	case schema.MapAttribute:
		for _, v := range a.Validators {
			var resp validator.MapResponse
			v.ValidateMap(ctx, validator.MapRequest{Path: at, ConfigValue: value.(types.Map)}, &resp) //nolint:forcetypeassert // The table has it so.
			diags.Append(resp.Diagnostics...)
		}
	}
	return diags
}
