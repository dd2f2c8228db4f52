// Package tag reads the struct tags that declare a field of a response or an
// argument of a configuration: its Terraform name and its values. It imports no
// library of Terraform, so that every program can use it.
package tag

import (
	"cmp"
	"reflect"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/snake"
)

// Name returns the Terraform name of a field: its tf tag, or else snake_case of
// its first param tag, its json tag or its Go name, the first that it has.
func Name(f reflect.StructField) string {
	if name := f.Tag.Get("tf"); name != "" {
		return name
	}
	parameter, _, _ := strings.Cut(f.Tag.Get("param"), ",")
	return snake.Case(cmp.Or(parameter, f.Tag.Get("json"), f.Name))
}

// List returns the elements of a tag that is a list with commas.
func List(f reflect.StructField, key string) []string {
	return strings.FieldsFunc(f.Tag.Get(key), func(r rune) bool { return r == ',' })
}

// Values returns the documented values of a field, none if it can have any
// value. The known tag lists values that others may join; the valid tag is a
// closed list. A list that multiple fields share is the method Known or Valid
// of their type, of which the field may be a pointer or a slice.
func Values(f reflect.StructField) (values []string, closed bool) {
	t := f.Type
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	switch zero := reflect.Zero(t).Interface().(type) {
	case interface{ Known() []string }:
		return zero.Known(), false
	case interface{ Valid() []string }:
		return zero.Valid(), true
	}
	if valid := List(f, "valid"); len(valid) > 0 {
		return valid, true
	}
	return List(f, "known"), false
}
