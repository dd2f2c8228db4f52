package shape

import (
	"cmp"
	"reflect"
	"strings"
	"unicode"
)

// nameOf returns the Terraform name of a field.
func nameOf(f reflect.StructField) string {
	if name := f.Tag.Get("tf"); name != "" {
		return name
	}
	parameter, _, _ := strings.Cut(f.Tag.Get("param"), ",")
	return Snake(cmp.Or(parameter, f.Tag.Get("json"), f.Name))
}

// tagList returns the elements of a tag that is a list with commas.
func tagList(f reflect.StructField, tag string) []string {
	return strings.FieldsFunc(f.Tag.Get(tag), func(r rune) bool { return r == ',' })
}

// Snake returns the snake_case of a CamelCase name. A run of capitals is one
// word: DtsInstanceID is dts_instance_id, OracleSID is oracle_sid.
func Snake(camel string) string {
	var b strings.Builder
	runes := []rune(camel)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 {
			endsRun := i+1 < len(runes) && unicode.IsLower(runes[i+1])
			if !unicode.IsUpper(runes[i-1]) || endsRun {
				b.WriteByte('_')
			}
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
