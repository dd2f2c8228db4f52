package shape

import (
	"cmp"
	"reflect"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/snake"
)

// nameOf returns the Terraform name of a field.
func nameOf(f reflect.StructField) string {
	if name := f.Tag.Get("tf"); name != "" {
		return name
	}
	parameter, _, _ := strings.Cut(f.Tag.Get("param"), ",")
	return snake.Case(cmp.Or(parameter, f.Tag.Get("json"), f.Name))
}

// tagList returns the elements of a tag that is a list with commas.
func tagList(f reflect.StructField, tag string) []string {
	return strings.FieldsFunc(f.Tag.Get(tag), func(r rune) bool { return r == ',' })
}
