package credentials

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/tag"
)

// Setting describes an argument of the provider block.
type Setting struct {
	Path      []string // its block, if it is in one, and its name
	Variables []string // environment variables that can set it; the first that is set counts

	value reflect.Value
}

// Name returns the name under which diagnostics report the setting, such as
// endpoints.dts.
func (s Setting) Name() string { return strings.Join(s.Path, ".") }

// List describes all arguments, in the order in which they are declared.
func List() []Setting {
	all := &Settings{Endpoints: &Endpoints{}, AssumeRole: &AssumeRole{}, AssumeRoleWithOIDC: &AssumeRoleWithOIDC{}}
	return settingsIn(reflect.ValueOf(all))
}

// settingsIn returns the settings in a pointer to a struct, and in the blocks of
// the struct that are present.
func settingsIn(pointer reflect.Value, path ...string) (list []Setting) {
	v := pointer.Elem()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		switch fieldPath := append(slices.Clone(path), tag.Name(field)); {
		case field.Type.Kind() != reflect.Pointer:
			list = append(list, Setting{fieldPath, tag.List(field, "env"), v.Field(i)})
		case !v.Field(i).IsNil():
			list = append(list, settingsIn(v.Field(i), fieldPath...)...)
		}
	}
	return list
}

// VariableError is an environment variable with a value that its argument can't
// have. The error doesn't contain the value, which may be a secret.
type VariableError struct {
	Path []string // of the argument that the variable sets

	text string
}

func (e *VariableError) Error() string { return e.text }

// complete sets the settings that are not set from the environment, each from the
// first of its variables that is set, but for excluded arguments. The variables of
// access key, secret and token at one index belong together: those of the first
// access key that is set count, unless the settings have an access key.
func (s *Settings) complete(getenv func(string) string, excluded []string) (invalid []*VariableError) {
	isSet := func(variable string) bool { return getenv(variable) != "" }
	family := -1
	for _, setting := range settingsIn(reflect.ValueOf(s)) {
		if !setting.value.IsZero() || slices.Contains(excluded, setting.Path[0]) || slices.Contains(excluded, setting.Name()) {
			continue
		}
		variables := setting.Variables
		i := slices.IndexFunc(variables, isSet)
		switch setting.Name() {
		case "access_key":
			family = i
		case "secret_key", "security_token":
			if i = family; i >= 0 && !isSet(variables[i]) {
				i = -1
			}
		}
		if i < 0 {
			continue
		}
		if constraint := set(setting.value, getenv(variables[i])); constraint != "" {
			invalid = append(invalid, &VariableError{setting.Path, fmt.Sprintf(
				"The environment variable %s sets %s, which must be %s.", variables[i], setting.Name(), constraint)})
		}
	}
	return invalid
}

// set sets a field from text, and returns the constraint that the value violates,
// or "".
func set(v reflect.Value, text string) (constraint string) {
	if v.Kind() == reflect.String {
		v.SetString(text)
	} else {
		number, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return "an integer"
		}
		v.SetInt(number)
	}
	constrained, ok := v.Interface().(interface {
		IsValid() bool
		Constraint() string
	})
	if ok && !constrained.IsValid() {
		return constrained.Constraint()
	}
	return ""
}
