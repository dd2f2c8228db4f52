package credentials

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/tag"
)

// Setting describes an argument of the provider block.
type Setting struct {
	Path      []string // its block, if it is in one, and its name
	Variables []string // environment variables that can set it; the first that is set counts
}

// Name returns the name under which diagnostics report the setting, such as
// endpoints.dts.
func (s Setting) Name() string { return strings.Join(s.Path, ".") }

// List describes all arguments, in the order in which they are declared.
func List() []Setting {
	var list []Setting
	all := Settings{Endpoints: &Endpoints{}, AssumeRole: &AssumeRole{}, AssumeRoleWithOIDC: &AssumeRoleWithOIDC{}}
	walk(reflect.ValueOf(&all), nil, func(s Setting, _ reflect.Value) { list = append(list, s) })
	return list
}

// walk visits the settings in a pointer to a struct, and in the blocks of the
// struct that are present.
func walk(pointer reflect.Value, path []string, visit func(Setting, reflect.Value)) {
	v := pointer.Elem()
	if !v.IsValid() {
		return
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		fieldPath := append(path[:len(path):len(path)], tag.Name(field))
		if field.Type.Kind() == reflect.Pointer {
			walk(v.Field(i), fieldPath, visit)
		} else {
			visit(Setting{Path: fieldPath, Variables: tag.List(field, "env")}, v.Field(i))
		}
	}
}

// VariableError is an environment variable with a value that its argument can't
// have. The error doesn't contain the value, which may be a secret.
type VariableError struct {
	Path []string // of the argument that the variable sets

	text string
}

func (e *VariableError) Error() string { return e.text }

// complete sets the settings that are not set from the environment: each from
// the first of its variables that is set. Variables returns the variables that
// count for a setting.
func (s *Settings) complete(getenv func(string) string, variables func(Setting) []string) (invalid []*VariableError) {
	walk(reflect.ValueOf(s), nil, func(setting Setting, v reflect.Value) {
		if !v.IsZero() {
			return
		}
		for _, name := range variables(setting) {
			text := getenv(name)
			if text == "" {
				continue
			}
			if constraint := set(v, text); constraint != "" {
				invalid = append(invalid, &VariableError{setting.Path, fmt.Sprintf(
					"The environment variable %s sets %s, which must be %s.", name, setting.Name(), constraint)})
			}
			return
		}
	})
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
