package config

import (
	"reflect"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/snake"
)

// Setting describes an argument of the provider block.
type Setting struct {
	Path      []string // its block, if it is in one, and its name
	Variables []string // environment variables that can set it, the first that is set wins
	Doc       string
	Sensitive bool
}

// Name returns the name under which diagnostics report the setting, such as
// endpoints.dts.
func (s Setting) Name() string { return strings.Join(s.Path, ".") }

// List describes all arguments, in the order in which they are declared.
func List() []Setting {
	var list []Setting
	walk(reflect.ValueOf(withBlocks(Settings{})), nil, func(s Setting, _ reflect.Value) { list = append(list, s) })
	return list
}

// withBlocks returns s with every block present.
func withBlocks(s Settings) *Settings {
	if s.Endpoints == nil {
		s.Endpoints = &Endpoints{}
	}
	if s.AssumeRole == nil {
		s.AssumeRole = &AssumeRole{}
	}
	if s.AssumeRoleWithOIDC == nil {
		s.AssumeRoleWithOIDC = &AssumeRoleWithOIDC{}
	}
	return &s
}

// walk visits the settings in a pointer to a struct, and in its blocks that are
// present.
func walk(pointer reflect.Value, path []string, visit func(Setting, reflect.Value)) {
	v := pointer.Elem()
	if !v.IsValid() {
		return
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		fieldPath := append(path[:len(path):len(path)], snake.Case(field.Name))
		if field.Type.Kind() == reflect.Pointer {
			walk(v.Field(i), fieldPath, visit)
			continue
		}
		visit(Setting{
			Path:      fieldPath,
			Variables: strings.FieldsFunc(field.Tag.Get("env"), func(r rune) bool { return r == ',' }),
			Doc:       field.Tag.Get("doc"),
			Sensitive: field.Tag.Get("arg") == "sensitive",
		}, v.Field(i))
	}
}
