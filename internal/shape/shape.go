// Package shape connects Go structs with Terraform, so that an attribute is
// declared in one line, in one place: its name, its type and its description.
//
// A struct of a response gives computed attributes ([Of]) and their values. A
// struct of a configuration gives arguments and blocks ([Arguments], [Blocks])
// and is filled from the configuration of a user ([Decode]).
//
// Package tag describes the tags for names and values. The type of an attribute
// follows from the Go type, and its description is the doc tag, with 'name' for
// code. Embedded structs are part of the struct that embeds them.
//
// In a response a nil pointer is null, and so is an object in which no field
// has a value; lists and maps are never null. Values are written in msgpack, as
// in the plugin protocol: that costs a fraction of the framework's types, which
// can be derived from it ([Shape.Values]).
//
// The package knows no API.
package shape

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/dts-community/terraform-provider-dts/internal/tag"
)

// Shape is the struct type of a response, walked once.
type Shape struct {
	goType     reflect.Type
	fields     []field
	attributes map[string]schema.Attribute

	// nulls are the attributes that [Shape.Select] left out, encoded.
	nulls []byte
}

// field is one attribute and where its value is in the struct.
type field struct {
	name   string
	index  []int
	nested *Shape // of an object, or of the elements of a list of objects; else nil
}

var shapes sync.Map // reflect.Type to *Shape

// Of returns the shape of T, a struct type. It panics if a field has no name
// or a type without an attribute, which any test that uses T shows.
func Of[T any]() *Shape { return of(reflect.TypeFor[T]()) }

func of(t reflect.Type) *Shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*Shape) //nolint:forcetypeassert // Nothing else is stored.
	}
	s := &Shape{goType: t, attributes: map[string]schema.Attribute{}}
	for _, f := range namedFields(t) {
		var nested *Shape
		if isPointerOrSlice(f.Type) && f.Type.Elem().Kind() == reflect.Struct {
			nested = of(f.Type.Elem())
		}
		s.fields = append(s.fields, field{f.name, f.Index, nested})
		s.attributes[f.name] = computed(f, nested)
	}
	shapes.Store(t, s)
	return s
}

func isPointerOrSlice(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice
}

// namedField is a field of a struct with its Terraform name.
type namedField struct {
	reflect.StructField

	name string
}

// namedFields lists the exported fields of a struct and of those embedded in
// it.
func namedFields(t reflect.Type) []namedField {
	var fields []namedField
	seen := map[string]bool{"": true}
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous || !f.IsExported() {
			continue
		}
		name := tag.Name(f)
		if seen[name] {
			panic(fmt.Sprintf("shape: field %s of %s has no Terraform name", f.Name, t))
		}
		seen[name] = true
		fields = append(fields, namedField{f, name})
	}
	return fields
}

var (
	numberType  = reflect.TypeFor[json.Number]()
	dynamicType = reflect.TypeFor[tftypes.Value]()
)

// computed returns the attribute of a field. It panics for a type without one.
func computed(f namedField, nested *Shape) schema.Attribute {
	doc := description(f.StructField)
	t := f.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == dynamicType:
		return schema.DynamicAttribute{Computed: true, MarkdownDescription: doc}
	case t == numberType:
		return schema.NumberAttribute{Computed: true, MarkdownDescription: doc}
	case t.Kind() == reflect.String:
		return schema.StringAttribute{Computed: true, MarkdownDescription: doc}
	case t.Kind() == reflect.Int64:
		return schema.Int64Attribute{Computed: true, MarkdownDescription: doc}
	case t.Kind() == reflect.Bool:
		return schema.BoolAttribute{Computed: true, MarkdownDescription: doc}
	case t.Kind() == reflect.Slice && nested != nil:
		return schema.ListNestedAttribute{Computed: true, MarkdownDescription: doc,
			NestedObject: schema.NestedAttributeObject{Attributes: nested.attributes}}
	case nested != nil:
		return schema.SingleNestedAttribute{Computed: true, MarkdownDescription: doc, Attributes: nested.attributes}
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String:
		return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: doc}
	case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String && t.Elem().Kind() == reflect.String:
		return schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: doc}
	}
	panic(fmt.Sprintf("shape: no Terraform type for field %s of type %s", f.Name, f.Type))
}

// description is the doc tag of a field as Markdown, with the documented values
// of the field and the environment variables that can be used instead.
func description(f reflect.StructField) string {
	title := "Known values"
	values, closed := tag.Values(f)
	if closed {
		title = "Valid values"
	}
	return inCode(f.Tag.Get("doc")) + listed(title, values) + listed("Environment", tag.List(f, "env"))
}

// quoted is a token without spaces in single quotes. An apostrophe follows a
// letter, so it begins no token.
var quoted = regexp.MustCompile(`\B'([^'\s]+)'\B`)

// inCode marks up as code the names that a struct tag, which can't hold a
// backtick, has in single quotes.
func inCode(doc string) string { return quoted.ReplaceAllString(doc, "`$1`") }

// listed is empty without values.
func listed(title string, values []string) string {
	if len(values) == 0 {
		return ""
	}
	return " " + title + ": `" + strings.Join(values, "`, `") + "`."
}

// Attributes returns the computed attributes of the shape.
func (s *Shape) Attributes() map[string]schema.Attribute { return maps.Clone(s.attributes) }

// Names returns the names of the attributes, sorted.
func (s *Shape) Names() []string { return slices.Sorted(maps.Keys(s.attributes)) }

// Values returns the values of v, a struct of the shape's type, by attribute.
// It takes a hundred times as long as [Shape.MsgPack].
func (s *Shape) Values(v any) (map[string]tftypes.Value, error) {
	encoded, err := s.MsgPack(v, nil, math.MaxInt)
	if err != nil {
		return nil, err
	}
	t := schema.Schema{Attributes: s.attributes}.Type().TerraformType(context.Background())
	object, err := tfprotov6.DynamicValue{MsgPack: encoded}.Unmarshal(t)
	if err != nil {
		return nil, err
	}
	var values map[string]tftypes.Value
	err = object.As(&values)
	return values, err
}
