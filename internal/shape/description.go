package shape

import (
	"reflect"
	"regexp"
	"strings"
)

// openList is a string type with known values; the service may add others.
type openList interface{ Known() []string }

// closedList is a string type whose values are all valid ones.
type closedList interface{ Valid() []string }

// description is the doc tag of a field as Markdown, with the values of its
// type and the environment variables that can be used instead.
func description(f reflect.StructField) string {
	doc := inCode(f.Tag.Get("doc"))
	switch values := zeroOf(f.Type).(type) {
	case openList:
		doc += listed("Known values", values.Known())
	case closedList:
		doc += listed("Valid values", values.Valid())
	}
	if variables := tagList(f, "env"); len(variables) > 0 {
		doc += listed("Environment", variables)
	}
	return doc
}

// quoted is a token without spaces in single quotes. An apostrophe follows a
// letter, so it opens no token.
var quoted = regexp.MustCompile(`\B'([^'\s]+)'\B`)

// inCode marks up as code what a struct tag, which can't hold a backtick, has
// in single quotes.
func inCode(doc string) string { return quoted.ReplaceAllString(doc, "`$1`") }

func listed(what string, values []string) string {
	return " " + what + ": `" + strings.Join(values, "`, `") + "`."
}

// zeroOf returns a zero value of t, or of what t points to or is a slice of.
func zeroOf(t reflect.Type) any {
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return reflect.Zero(t).Interface()
}
