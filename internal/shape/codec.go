package shape

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// codec is what a Go type stands for in Terraform. The value given to encode
// is never a nil pointer except for an object.
type codec struct {
	terraform tftypes.Type
	attribute func(doc string) schema.Attribute
	encode    func(reflect.Value) (value tftypes.Value, carries bool)
}

// Enumerated is a string type that knows the documented values of its fields;
// they become part of the field's description.
type Enumerated interface{ Known() []string }

var numberType = reflect.TypeFor[json.Number]()

// codecOf panics for a type that stands for no attribute.
func codecOf(t reflect.Type) codec {
	switch {
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct:
		return objectCodec(of(t.Elem()))
	case t.Kind() == reflect.Pointer:
		return optional(codecOf(t.Elem()))
	case t == numberType:
		return numberCodec
	case t.Kind() == reflect.String:
		return textCodec(known(t))
	case t.Kind() == reflect.Int64:
		return integerCodec
	case t.Kind() == reflect.Bool:
		return boolCodec
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		return objectsCodec(of(t.Elem()))
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String:
		return textsCodec
	case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String && t.Elem().Kind() == reflect.String:
		return textMapCodec
	}
	panic(fmt.Sprintf("shape: %s stands for no Terraform type", t))
}

// optional is the codec of a pointer: nil is null.
func optional(c codec) codec {
	null := tftypes.NewValue(c.terraform, nil)
	encode := c.encode
	c.encode = func(v reflect.Value) (tftypes.Value, bool) {
		if v.IsNil() {
			return null, false
		}
		return encode(v.Elem())
	}
	return c
}

func textCodec(known []string) codec {
	return codec{
		terraform: tftypes.String,
		attribute: func(doc string) schema.Attribute {
			return schema.StringAttribute{Computed: true, MarkdownDescription: doc + KnownValues(known)}
		},
		encode: func(v reflect.Value) (tftypes.Value, bool) {
			return tftypes.NewValue(tftypes.String, v.String()), v.Len() > 0
		},
	}
}

var integerCodec = codec{
	terraform: tftypes.Number,
	attribute: func(doc string) schema.Attribute {
		return schema.Int64Attribute{Computed: true, MarkdownDescription: doc}
	},
	encode: func(v reflect.Value) (tftypes.Value, bool) {
		return tftypes.NewValue(tftypes.Number, v.Int()), true
	},
}

// numberPrecision is that of Terraform's own numbers, so that 1.234 in an
// answer equals 1.234 in a configuration.
const numberPrecision = 512

// numberCodec keeps a decimal exact; a float64 would not equal its literal.
var numberCodec = codec{
	terraform: tftypes.Number,
	attribute: func(doc string) schema.Attribute {
		return schema.NumberAttribute{Computed: true, MarkdownDescription: doc}
	},
	encode: func(v reflect.Value) (tftypes.Value, bool) {
		number, _, err := big.ParseFloat(v.String(), 10, numberPrecision, big.ToNearestEven)
		if err != nil {
			panic(fmt.Sprintf("shape: %q is not a number: %s", v.String(), err))
		}
		return tftypes.NewValue(tftypes.Number, number), true
	},
}

var boolCodec = codec{
	terraform: tftypes.Bool,
	attribute: func(doc string) schema.Attribute {
		return schema.BoolAttribute{Computed: true, MarkdownDescription: doc}
	},
	encode: func(v reflect.Value) (tftypes.Value, bool) {
		return tftypes.NewValue(tftypes.Bool, v.Bool()), true
	},
}

var textsCodec = codec{
	terraform: tftypes.List{ElementType: tftypes.String},
	attribute: func(doc string) schema.Attribute {
		return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: doc}
	},
	encode: func(v reflect.Value) (tftypes.Value, bool) {
		elements := make([]tftypes.Value, v.Len())
		for i := range elements {
			elements[i] = tftypes.NewValue(tftypes.String, v.Index(i).String())
		}
		return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, elements), v.Len() > 0
	},
}

var textMapCodec = codec{
	terraform: tftypes.Map{ElementType: tftypes.String},
	attribute: func(doc string) schema.Attribute {
		return schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: doc}
	},
	encode: func(v reflect.Value) (tftypes.Value, bool) {
		elements := make(map[string]tftypes.Value, v.Len())
		for i := v.MapRange(); i.Next(); {
			elements[i.Key().String()] = tftypes.NewValue(tftypes.String, i.Value().String())
		}
		return tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, elements), v.Len() > 0
	},
}

// objectCodec is the codec of a pointer to a struct: null when the struct is
// absent or carries nothing.
func objectCodec(s *Shape) codec {
	return codec{
		terraform: s.object,
		attribute: func(doc string) schema.Attribute {
			return schema.SingleNestedAttribute{Computed: true, MarkdownDescription: doc, Attributes: s.Attributes()}
		},
		encode: func(v reflect.Value) (tftypes.Value, bool) {
			if v.IsNil() {
				return s.null, false
			}
			values, carries := s.values(v.Elem())
			if !carries {
				return s.null, false
			}
			return tftypes.NewValue(s.object, values), true
		},
	}
}

// objectsCodec is the codec of a list of structs; an element stays an object
// even if it carries nothing.
func objectsCodec(s *Shape) codec {
	list := tftypes.List{ElementType: s.object}
	return codec{
		terraform: list,
		attribute: func(doc string) schema.Attribute {
			return schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: doc,
				NestedObject:        schema.NestedAttributeObject{Attributes: s.Attributes()},
			}
		},
		encode: func(v reflect.Value) (tftypes.Value, bool) {
			elements := make([]tftypes.Value, v.Len())
			for i := range elements {
				values, _ := s.values(v.Index(i))
				elements[i] = tftypes.NewValue(s.object, values)
			}
			return tftypes.NewValue(list, elements), v.Len() > 0
		},
	}
}

// known returns the documented values of a string type, if it knows them.
func known(t reflect.Type) []string {
	if e, ok := reflect.Zero(t).Interface().(Enumerated); ok {
		return e.Known()
	}
	return nil
}

// KnownValues returns the sentence that lists values in a description, with a
// space before it, or nothing for no values.
func KnownValues(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return " Known values: `" + strings.Join(values, "`, `") + "`."
}
