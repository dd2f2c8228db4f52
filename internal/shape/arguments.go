package shape

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/dts-community/terraform-provider-dts/internal/tag"
)

// Arguments returns the arguments of T, the struct of a configuration. The arg
// tag of a field lists its properties besides optional: required, computed,
// sensitive, and anycase if its known values are compared without case. Values
// are restricted as follows:
//
//   - if values are known, any other value causes a warning;
//   - if they are a closed list, any other value causes an error;
//   - if the type has the methods IsValid() bool and Constraint() string, a
//     value that is not valid causes an error; the constraint completes the
//     sentence "must be …";
//   - an element of a set is never null or empty, an element of a map never
//     null.
//
// An empty string in an optional argument is equivalent to an unset one and
// always valid.
func Arguments[T any]() map[string]schema.Attribute { return argumentsOf(reflect.TypeFor[T]()) }

// Blocks returns the blocks of T: its pointers to structs of arguments.
func Blocks[T any]() map[string]schema.Block {
	blocks := map[string]schema.Block{}
	for _, f := range namedFields(reflect.TypeFor[T]()) {
		if isBlock(f.Type) {
			blocks[f.name] = schema.SingleNestedBlock{
				MarkdownDescription: description(f.StructField),
				Attributes:          argumentsOf(f.Type.Elem()),
			}
		}
	}
	return blocks
}

// ArgumentOf returns the name of the first argument of T with a parameter of
// the API that matches. The param tag names the parameters of an argument.
func ArgumentOf[T any](matches func(parameter string) bool) (name string, ok bool) {
	for _, f := range namedFields(reflect.TypeFor[T]()) {
		if slices.ContainsFunc(tag.List(f.StructField, "param"), matches) {
			return f.name, true
		}
	}
	return "", false
}

// Argument is an argument with its value in a struct.
type Argument struct {
	Name  string
	Value any
}

// SetArguments returns the arguments with a field in a struct that is not zero, in
// the order of their declaration.
func SetArguments(config any) []Argument {
	var set []Argument
	v := reflect.ValueOf(config)
	for _, f := range namedFields(v.Type()) {
		if value := v.FieldByIndex(f.Index); !value.IsZero() {
			set = append(set, Argument{f.name, reflect.Indirect(value).Interface()})
		}
	}
	return set
}

func isBlock(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct
}

// argumentsOf panics for a field of a type without an argument.
func argumentsOf(t reflect.Type) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, f := range namedFields(t) {
		if !isBlock(f.Type) {
			attributes[f.name] = argument(f.StructField)
		}
	}
	return attributes
}

func argument(f reflect.StructField) schema.Attribute {
	properties := tag.List(f, "arg")
	required, computed := slices.Contains(properties, "required"), slices.Contains(properties, "computed")
	doc := description(f)
	v := validatorOf(f)
	t := f.Type
	if t.Kind() == reflect.Pointer { // It distinguishes false and 0 from an argument that is not set.
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.String:
		return schema.StringAttribute{Required: required, Optional: !required, Computed: computed, Sensitive: v.sensitive,
			MarkdownDescription: doc, Validators: []validator.String{v}}
	case reflect.Bool:
		return schema.BoolAttribute{Required: required, Optional: !required, Computed: computed, MarkdownDescription: doc}
	case reflect.Int64:
		return schema.Int64Attribute{Required: required, Optional: !required, Computed: computed,
			MarkdownDescription: doc, Validators: []validator.Int64{v}}
	case reflect.Float64:
		return schema.NumberAttribute{Required: required, Optional: !required, Computed: computed,
			MarkdownDescription: doc, Validators: []validator.Number{v}}
	case reflect.Slice:
		return schema.SetAttribute{Required: required, Optional: !required, Computed: computed,
			ElementType: types.StringType, MarkdownDescription: doc, Validators: []validator.Set{v}}
	case reflect.Map:
		return schema.MapAttribute{Required: required, Optional: !required, Computed: computed,
			ElementType: types.StringType, MarkdownDescription: doc, Validators: []validator.Map{v}}
	}
	panic(fmt.Sprintf("shape: no argument for field %s of type %s", f.Name, f.Type))
}
