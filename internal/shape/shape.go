// Package shape connects Go structs with Terraform, so that an attribute is
// declared in one line, in one place: its name, its type and its description.
//
// A struct of a response gives computed attributes ([Of]) and their values. A
// struct of a configuration gives arguments and blocks ([Arguments], [Blocks])
// and is filled from what the user configured ([Decode]).
//
// The Terraform name of a field is its tf tag, or else snake_case of its param
// tag, its json tag or its Go name, the first it has. Its type follows from the
// Go type. Its description is its doc tag, with 'name' for code. Embedded
// structs are part of the struct around them.
//
// In a response a nil pointer is null, and so is an object in which no field
// has a value; lists and maps are never null. Values have two forms that mean
// the same: tftypes, which the framework takes, and the msgpack of the plugin
// protocol, which is what Terraform receives in the end and costs a fraction of
// the first.
//
// The package knows no API.
package shape

import (
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Shape is the struct type of a response, walked once.
type Shape struct {
	goType reflect.Type
	fields []field
	object tftypes.Object

	// unselected are the attributes that [Shape.Select] left out.
	unselected unselected
}

// field is one attribute and where its value is in the struct.
type field struct {
	name, doc string
	index     []int
	codec     codec
}

var shapes sync.Map // reflect.Type to *Shape

// Of returns the shape of T, a struct type. It panics if a field has no name
// or a type without an attribute, which any test that uses T shows.
func Of[T any]() *Shape { return of(reflect.TypeFor[T]()) }

func of(t reflect.Type) *Shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*Shape) //nolint:forcetypeassert // Nothing else is stored.
	}
	s := &Shape{goType: t, object: tftypes.Object{AttributeTypes: map[string]tftypes.Type{}}}
	for _, f := range namedFields(t) {
		c := codecOf(f.Type)
		s.fields = append(s.fields, field{name: f.name, doc: description(f.StructField), index: f.Index, codec: c})
		s.object.AttributeTypes[f.name] = c.terraform
	}
	shapes.Store(t, s)
	return s
}

// namedField is a field of a struct with its Terraform name.
type namedField struct {
	reflect.StructField

	name string
}

// namedFields lists the fields of a struct and of those embedded in it.
func namedFields(t reflect.Type) []namedField {
	var fields []namedField
	seen := map[string]bool{"": true}
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous {
			continue
		}
		name := nameOf(f)
		if seen[name] {
			panic(fmt.Sprintf("shape: field %s of %s has no Terraform name", f.Name, t))
		}
		seen[name] = true
		fields = append(fields, namedField{f, name})
	}
	return fields
}

// Attributes returns the computed attributes of the shape.
func (s *Shape) Attributes() map[string]schema.Attribute {
	attributes := make(map[string]schema.Attribute, len(s.fields))
	for _, f := range s.fields {
		attributes[f.name] = f.codec.attribute(f.doc)
	}
	return attributes
}

// Names returns the names of the attributes, sorted.
func (s *Shape) Names() []string {
	names := make([]string, len(s.fields))
	for i, f := range s.fields {
		names[i] = f.name
	}
	slices.Sort(names)
	return names
}

// Values returns the values of v, a struct of the shape's type, by attribute.
func (s *Shape) Values(v any) map[string]tftypes.Value { return s.values(reflect.ValueOf(v)) }

func (s *Shape) values(v reflect.Value) map[string]tftypes.Value {
	values := make(map[string]tftypes.Value, len(s.object.AttributeTypes))
	for _, f := range s.fields {
		values[f.name] = f.codec.value(v.FieldByIndex(f.index))
	}
	for name, value := range s.unselected.values {
		values[name] = value
	}
	return values
}

// hasValue reports whether any field has a value; without one, an object is
// null.
func (s *Shape) hasValue(v reflect.Value) bool {
	return slices.ContainsFunc(s.fields, func(f field) bool { return f.codec.hasValue(v.FieldByIndex(f.index)) })
}
