package shape

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Arguments returns the arguments of T, the struct of a configuration. The arg
// tag of a field lists what it is besides optional: required, computed,
// sensitive. The type of a field restricts its values:
//
//   - with a method Known() []string, any other value is a warning;
//   - with a method Valid() []string, any other value is an error;
//   - with a method Check() error, an error completes the sentence "must be …";
//   - with a method Doubt() string, the text completes the sentence of a
//     warning, "… is set to …, …"; it takes the place of that of Known.
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
		if slices.ContainsFunc(tagList(f.StructField, "param"), matches) {
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

// SetArguments returns the arguments whose fields in a struct are not zero, in
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

func argumentsOf(t reflect.Type) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, f := range namedFields(t) {
		if !isBlock(f.Type) {
			attributes[f.name] = argument(f.StructField)
		}
	}
	return attributes
}

// argument returns the attribute of an argument. It panics for a type without
// an attribute.
func argument(f reflect.StructField) schema.Attribute {
	tag := tagList(f, "arg")
	required, computed, sensitive := slices.Contains(tag, "required"), slices.Contains(tag, "computed"), slices.Contains(tag, "sensitive")
	doc := description(f)
	switch t := scalar(f.Type); t.Kind() {
	case reflect.String:
		return schema.StringAttribute{Required: required, Optional: !required, Computed: computed, Sensitive: sensitive,
			MarkdownDescription: doc, Validators: stringValidators(t, required, sensitive)}
	case reflect.Bool:
		return schema.BoolAttribute{Required: required, Optional: !required, Computed: computed, MarkdownDescription: doc}
	case reflect.Int64:
		return schema.Int64Attribute{Required: required, Optional: !required, Computed: computed,
			MarkdownDescription: doc, Validators: int64Validators(t)}
	case reflect.Float64:
		return schema.NumberAttribute{Required: required, Optional: !required, Computed: computed,
			MarkdownDescription: doc, Validators: numberValidators(t)}
	case reflect.Slice:
		return schema.SetAttribute{Required: required, Optional: !required, Computed: computed,
			ElementType: types.StringType, MarkdownDescription: doc, Validators: setValidators(t.Elem())}
	case reflect.Map:
		return schema.MapAttribute{Required: required, Optional: !required, Computed: computed,
			ElementType: types.StringType, MarkdownDescription: doc, Validators: mapValidators()}
	}
	panic(fmt.Sprintf("shape: no argument for field %s of type %s", f.Name, f.Type))
}

// scalar returns the type that t points to, or t. A pointer tells an argument
// that is not set from one that is set to false or 0.
func scalar(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}
