package shape

import (
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
)

var stringListCodec = codec{
	terraform: tftypes.List{ElementType: tftypes.String},
	attribute: func(doc string) schema.Attribute {
		return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: doc}
	},
	hasValue: notEmpty,
	value: func(v reflect.Value) tftypes.Value {
		elements := make([]tftypes.Value, v.Len())
		for i := range elements {
			elements[i] = tftypes.NewValue(tftypes.String, v.Index(i).String())
		}
		return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, elements)
	},
	write: func(e *msgpack.Encoder, v reflect.Value) error {
		return writeList(e, v, func(element reflect.Value) error { return e.EncodeString(element.String()) })
	},
}

var stringMapCodec = codec{
	terraform: tftypes.Map{ElementType: tftypes.String},
	attribute: func(doc string) schema.Attribute {
		return schema.MapAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: doc}
	},
	hasValue: notEmpty,
	value: func(v reflect.Value) tftypes.Value {
		elements := make(map[string]tftypes.Value, v.Len())
		for i := v.MapRange(); i.Next(); {
			elements[i.Key().String()] = tftypes.NewValue(tftypes.String, i.Value().String())
		}
		return tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, elements)
	},
	write: func(e *msgpack.Encoder, v reflect.Value) error {
		if err := e.EncodeMapLen(v.Len()); err != nil {
			return err
		}
		for i := v.MapRange(); i.Next(); {
			if err := writeStrings(e, i.Key().String(), i.Value().String()); err != nil {
				return err
			}
		}
		return nil
	},
}

// objectCodec is the codec of a pointer to a struct: null if the struct is
// absent or no field has a value.
func objectCodec(s *Shape) codec {
	null := tftypes.NewValue(s.object, nil)
	hasValue := func(v reflect.Value) bool { return !v.IsNil() && s.hasValue(v.Elem()) }
	return codec{
		terraform: s.object,
		attribute: func(doc string) schema.Attribute {
			return schema.SingleNestedAttribute{Computed: true, MarkdownDescription: doc, Attributes: s.Attributes()}
		},
		hasValue: hasValue,
		value: func(v reflect.Value) tftypes.Value {
			if !hasValue(v) {
				return null
			}
			return tftypes.NewValue(s.object, s.values(v.Elem()))
		},
		write: func(e *msgpack.Encoder, v reflect.Value) error {
			if !hasValue(v) {
				return e.EncodeNil()
			}
			return s.write(e, v.Elem())
		},
	}
}

// objectListCodec is the codec of a list of structs; an element is never
// null.
func objectListCodec(s *Shape) codec {
	list := tftypes.List{ElementType: s.object}
	return codec{
		terraform: list,
		element:   s,
		attribute: func(doc string) schema.Attribute {
			return schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: doc,
				NestedObject:        schema.NestedAttributeObject{Attributes: s.Attributes()},
			}
		},
		hasValue: notEmpty,
		value: func(v reflect.Value) tftypes.Value {
			elements := make([]tftypes.Value, v.Len())
			for i := range elements {
				elements[i] = tftypes.NewValue(s.object, s.values(v.Index(i)))
			}
			return tftypes.NewValue(list, elements)
		},
		write: func(e *msgpack.Encoder, v reflect.Value) error {
			return writeList(e, v, func(element reflect.Value) error { return s.write(e, element) })
		},
	}
}
