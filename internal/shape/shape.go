// Package shape turns a Go struct into the Terraform attributes it stands for
// and its values into Terraform values, so that a field is declared in one
// line, in one place: its name, its type and its description.
//
// A field's Terraform name is the snake_case of its json tag, or its tf tag;
// its type follows from the Go type; its description is its doc tag. Embedded
// structs are part of the struct around them. A nil pointer is null, and so is
// an object in which nothing carries a value; lists and maps are never null.
//
// Values come in two forms that stand for the same: as tftypes, which the
// framework takes, and as the msgpack of the plugin protocol, which is what
// Terraform is sent in the end and costs a fraction of the first.
//
// The package knows no API.
package shape

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Shape is a struct type, walked once.
type Shape struct {
	fields []field
	object tftypes.Object
}

// field is one attribute and where its value stands in the struct.
type field struct {
	name, doc string
	index     []int
	codec     codec
}

var shapes sync.Map // reflect.Type to *Shape

// Of returns the shape of T, a struct type. It panics when a field has no name
// or a type that stands for no attribute, which a test of any one use shows.
func Of[T any]() *Shape { return of(reflect.TypeFor[T]()) }

func of(t reflect.Type) *Shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*Shape) //nolint:forcetypeassert // Nothing else is stored.
	}
	s := &Shape{object: tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}}
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous {
			continue
		}
		a := field{name: name(f), doc: f.Tag.Get("doc"), index: f.Index, codec: codecOf(f.Type)}
		if _, twice := s.object.AttributeTypes[a.name]; twice || a.name == "" {
			panic(fmt.Sprintf("shape: field %s of %s has no name of its own", f.Name, t))
		}
		s.fields = append(s.fields, a)
		s.object.AttributeTypes[a.name] = a.codec.terraform
	}
	shapes.Store(t, s)
	return s
}

// Attributes returns the computed attributes that the shape stands for.
func (s *Shape) Attributes() map[string]schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(s.fields))
	for _, f := range s.fields {
		attributes[f.name] = f.codec.attribute(f.doc)
	}
	return attributes
}

// Values returns the values of v, a struct of the shape's type, by attribute.
func (s *Shape) Values(v any) map[string]tftypes.Value { return s.values(reflect.ValueOf(v)) }

func (s *Shape) values(v reflect.Value) map[string]tftypes.Value {
	values := make(map[string]tftypes.Value, len(s.fields))
	for _, f := range s.fields {
		values[f.name] = f.codec.value(v.FieldByIndex(f.index))
	}
	return values
}

// carries reports whether any field says something, which decides whether an
// object stands for something or is null.
func (s *Shape) carries(v reflect.Value) bool {
	return slices.ContainsFunc(s.fields, func(f field) bool { return f.codec.carries(v.FieldByIndex(f.index)) })
}

// name returns the Terraform name of a field.
func name(f reflect.StructField) string {
	if tf := f.Tag.Get("tf"); tf != "" {
		return tf
	}
	return Snake(f.Tag.Get("json"))
}

// Snake returns the snake_case of a CamelCase name; a run of capitals is one
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
