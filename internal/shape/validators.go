package shape

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/helpers/validatordiag"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// checked is a type that checks its own form. An error completes the sentence
// "must be …".
type checked interface{ Check() error }

func stringValidators(t reflect.Type, required, sensitive bool) []validator.String {
	var validators []validator.String
	if required {
		validators = append(validators, stringvalidator.LengthAtLeast(1))
	}
	if list, ok := zeroOf(t).(openList); ok {
		validators = append(validators, openListValidator{known: list.Known()})
	}
	if check := checkOf(t); check != nil {
		validators = append(validators, checkValidator{check: check, sensitive: sensitive})
	}
	return validators
}

func int64Validators(t reflect.Type) []validator.Int64 {
	if check := checkOf(t); check != nil {
		return []validator.Int64{checkValidator{check: check}}
	}
	return nil
}

// setValidators returns the validators of a set with elements of type t. An
// empty or null element is a value there, not an argument that is not set.
func setValidators(t reflect.Type) []validator.Set {
	if check := checkOf(t); check != nil {
		return []validator.Set{setvalidator.ValueStringsAre(checkValidator{check: check, element: true})}
	}
	validators := []validator.Set{namedSet{setvalidator.NoNullValues()}}
	if list, ok := zeroOf(t).(openList); ok {
		validators = append(validators, setvalidator.ValueStringsAre(openListValidator{known: list.Known()}))
	}
	return validators
}

func mapValidators() []validator.Map {
	return []validator.Map{namedMap{mapvalidator.NoNullValues()}}
}

// checkOf returns the check that a type has for its values, strings or int64s,
// or nil.
func checkOf(t reflect.Type) func(value any) error {
	switch zero := zeroOf(t).(type) {
	case closedList:
		return oneOf(zero.Valid())
	case checked:
		return func(value any) error {
			return reflect.ValueOf(value).Convert(t).Interface().(checked).Check() //nolint:forcetypeassert // The zero value is one.
		}
	}
	return nil
}

func oneOf(valid []string) func(value any) error {
	return func(value any) error {
		if s, ok := value.(string); ok && slices.Contains(valid, s) {
			return nil
		}
		return errors.New("one of: " + quote(valid))
	}
}

// quote lists values for a message.
func quote(values []string) string { return `"` + strings.Join(values, `", "`) + `"` }

// described is the half of a validator that only documentation tools read.
type described struct{}

func (described) Description(context.Context) string {
	return "values as the type of the argument allows"
}
func (d described) MarkdownDescription(context.Context) string {
	return d.Description(context.Background())
}

// checkValidator reports what a check finds as an error.
type checkValidator struct {
	described

	check     func(value any) error
	sensitive bool // The value is not shown.
	element   bool // The value is an element of a set; null is checked like "".
}

func (v checkValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if value := req.ConfigValue; isSet(value) || v.element && !value.IsUnknown() {
		v.validate(req.Path, value.ValueString(), value.String(), &resp.Diagnostics)
	}
}

func (v checkValidator) ValidateInt64(_ context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	if value := req.ConfigValue; !value.IsNull() && !value.IsUnknown() {
		v.validate(req.Path, value.ValueInt64(), value.String(), &resp.Diagnostics)
	}
}

func (v checkValidator) validate(attribute path.Path, value any, shown string, diags *diag.Diagnostics) {
	err := v.check(value)
	if err == nil {
		return
	}
	if v.sensitive {
		shown = "(sensitive value)"
	}
	diags.Append(validatordiag.InvalidAttributeValueDiagnostic(attribute, "must be "+err.Error(), shown))
}

// openListValidator warns of values that are not among the known ones.
type openListValidator struct {
	described

	known []string
}

func (v openListValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if value := req.ConfigValue; isSet(value) && !slices.Contains(v.known, req.ConfigValue.ValueString()) {
		resp.Diagnostics.AddAttributeWarning(req.Path, "Unknown Attribute Value", fmt.Sprintf(
			"Attribute %s is set to %s, which is not a documented value. It is sent to the API unchanged. Known values: %s.",
			req.Path, req.ConfigValue, quote(v.known)))
	}
}

// isSet reports whether a string is known and set. An empty argument is
// equivalent to one that is not set.
func isSet(value types.String) bool { return !value.IsUnknown() && value.ValueString() != "" }

// namedSet adds the name of the attribute to the errors of a validator of the
// library, because JSON output does not show the line.
type namedSet struct{ validator.Set }

func (v namedSet) ValidateSet(ctx context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	var unnamed validator.SetResponse
	v.Set.ValidateSet(ctx, req, &unnamed)
	resp.Diagnostics.Append(named(req.Path, unnamed.Diagnostics)...)
}

// namedMap is [namedSet] for maps.
type namedMap struct{ validator.Map }

func (v namedMap) ValidateMap(ctx context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	var unnamed validator.MapResponse
	v.Map.ValidateMap(ctx, req, &unnamed)
	resp.Diagnostics.Append(named(req.Path, unnamed.Diagnostics)...)
}

func named(attribute path.Path, unnamed diag.Diagnostics) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, d := range unnamed {
		diags.AddAttributeError(attribute, d.Summary(), fmt.Sprintf("Attribute %s: %s", attribute, d.Detail()))
	}
	return diags
}
