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

// doubted is a type that warns of values itself: Doubt completes the sentence
// "… is set to …, …", and is empty for values that are not doubted.
type doubted interface{ Doubt() string }

func stringValidators(t reflect.Type, required, sensitive bool) []validator.String {
	var validators []validator.String
	if required {
		validators = append(validators, stringvalidator.LengthAtLeast(1))
	}
	if doubt := doubtOf(t); doubt != nil {
		validators = append(validators, doubtValidator{doubt: doubt})
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

func numberValidators(t reflect.Type) []validator.Number {
	if check := checkOf(t); check != nil {
		return []validator.Number{checkValidator{check: check}}
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
	if doubt := doubtOf(t); doubt != nil {
		validators = append(validators, setvalidator.ValueStringsAre(doubtValidator{doubt: doubt}))
	}
	return validators
}

func mapValidators() []validator.Map {
	return []validator.Map{namedMap{mapvalidator.NoNullValues()}}
}

// doubtOf returns the doubt that a type has about its values, or nil.
func doubtOf(t reflect.Type) func(value string) string {
	switch zero := zeroOf(t).(type) {
	case doubted:
		return func(value string) string {
			return reflect.ValueOf(value).Convert(t).Interface().(doubted).Doubt() //nolint:forcetypeassert // The zero value is one.
		}
	case openList:
		return func(value string) string { return doubtUnknown(value, zero.Known()) }
	}
	return nil
}

func doubtUnknown(value string, known []string) string {
	if slices.Contains(known, value) {
		return ""
	}
	return "which is not a documented value. It is sent to the API unchanged. Known values: " + quote(known) + "."
}

// checkOf returns the check that a type has for its values, strings or numbers,
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

func (v checkValidator) ValidateNumber(_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if value := req.ConfigValue; !value.IsNull() && !value.IsUnknown() {
		nearest, _ := value.ValueBigFloat().Float64()
		v.validate(req.Path, nearest, value.String(), &resp.Diagnostics)
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

// doubtValidator warns of values that may not be meant.
type doubtValidator struct {
	described

	doubt func(value string) string
}

func (v doubtValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !isSet(req.ConfigValue) {
		return
	}
	if doubt := v.doubt(req.ConfigValue.ValueString()); doubt != "" {
		resp.Diagnostics.AddAttributeWarning(req.Path, "Unknown Attribute Value",
			fmt.Sprintf("Attribute %s is set to %s, %s", req.Path, req.ConfigValue, doubt))
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
