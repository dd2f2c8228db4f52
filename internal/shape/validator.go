package shape

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dts-community/terraform-provider-dts/internal/tag"
)

// constrained is a type that knows which of its values are valid.
type constrained interface {
	IsValid() bool
	Constraint() string // completes the sentence "must be …"
}

// argumentValidator validates an argument of any type. Its diagnostics name the
// argument, because JSON output does not show the line.
type argumentValidator struct {
	goType              reflect.Type // of the argument, or of the elements of a set
	values              []string     // the documented values, if any
	closed              bool         // whether any other value is an error
	anyCase             bool         // whether the values are compared without case
	required, sensitive bool
}

func validatorOf(f reflect.StructField) argumentValidator {
	properties := tag.List(f, "arg")
	v := argumentValidator{
		goType:    f.Type,
		anyCase:   slices.Contains(properties, "anycase"),
		required:  slices.Contains(properties, "required"),
		sensitive: slices.Contains(properties, "sensitive"),
	}
	if isPointerOrSlice(f.Type) {
		v.goType = f.Type.Elem()
	}
	v.values, v.closed = tag.Values(f)
	return v
}

func (v argumentValidator) ValidateString(
	_ context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	value := req.ConfigValue
	if v.required && !value.IsNull() || value.ValueString() != "" {
		v.validate(req.Path, value, value.ValueString(), &resp.Diagnostics)
	}
}

func (v argumentValidator) ValidateInt64(
	_ context.Context, req validator.Int64Request, resp *validator.Int64Response,
) {
	if value := req.ConfigValue; !value.IsNull() {
		v.validate(req.Path, value, value.ValueInt64(), &resp.Diagnostics)
	}
}

func (v argumentValidator) ValidateNumber(
	_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse,
) {
	if value := req.ConfigValue; !value.IsNull() && !value.IsUnknown() {
		nearest, _ := value.ValueBigFloat().Float64()
		v.validate(req.Path, value, nearest, &resp.Diagnostics)
	}
}

func (v argumentValidator) ValidateSet(
	_ context.Context, req validator.SetRequest, resp *validator.SetResponse,
) {
	for _, element := range req.ConfigValue.Elements() {
		text, _ := element.(types.String)
		v.validate(req.Path.AtSetValue(element), element, text.ValueString(), &resp.Diagnostics)
	}
}

func (v argumentValidator) ValidateMap(
	_ context.Context, req validator.MapRequest, resp *validator.MapResponse,
) {
	for key, element := range req.ConfigValue.Elements() {
		if element.IsNull() {
			addInvalid(req.Path.AtMapKey(key), "a string", element.String(), &resp.Diagnostics)
		}
	}
}

// validate reports a value that is not valid, or not known: goValue is what it
// holds. An empty string comes here only where it is not equivalent to unset.
func (v argumentValidator) validate(at path.Path, value attr.Value, goValue any, diags *diag.Diagnostics) {
	if value.IsUnknown() {
		return
	}
	shown := value.String()
	if v.sensitive {
		shown = "(sensitive value)"
	}
	typed := reflect.ValueOf(goValue).Convert(v.goType).Interface()
	c, isConstrained := typed.(constrained)
	text, isText := goValue.(string)
	isDocumented := slices.ContainsFunc(v.values, func(known string) bool {
		return text == known || v.anyCase && strings.EqualFold(text, known)
	})
	switch {
	case isConstrained && !c.IsValid():
		addInvalid(at, c.Constraint(), shown, diags)
	case v.closed && !isDocumented:
		addInvalid(at, "one of: "+quote(v.values), shown, diags)
	case isText && text == "":
		addInvalid(at, "a non-empty string", shown, diags)
	case len(v.values) > 0 && !isDocumented:
		diags.AddAttributeWarning(at, "Unknown Attribute Value", fmt.Sprintf(
			"Attribute %s is set to %s, which is not a documented value. It is used unchanged. Known values: %s.",
			at, shown, quote(v.values)))
	}
}

func addInvalid(at path.Path, constraint, shown string, diags *diag.Diagnostics) {
	diags.AddAttributeError(at, "Invalid Attribute Value",
		fmt.Sprintf("Attribute %s must be %s, got: %s", at, constraint, shown))
}

// quote lists values for a message.
func quote(values []string) string { return `"` + strings.Join(values, `", "`) + `"` }

// Description is for documentation tools. [description] has the values.
func (argumentValidator) Description(context.Context) string {
	return "values that the description of the argument allows"
}

// MarkdownDescription is the same.
func (v argumentValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }
