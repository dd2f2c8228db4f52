package shape

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
)

// codec turns values of a Go type into Terraform's. Its functions are never
// given a nil pointer except for an object.
type codec struct {
	terraform tftypes.Type
	attribute func(doc string) schema.Attribute

	// hasValue decides whether the object that a value is in is null.
	hasValue func(reflect.Value) bool

	// The same value in both forms: Terraform's types, and its msgpack.
	value func(reflect.Value) tftypes.Value
	write func(*msgpack.Encoder, reflect.Value) error

	// element is the shape of the elements of a list of objects, else nil.
	element *Shape
}

var numberType = reflect.TypeFor[json.Number]()

// codecOf panics for a type without an attribute.
func codecOf(t reflect.Type) codec {
	switch {
	case t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct:
		return objectCodec(of(t.Elem()))
	case t.Kind() == reflect.Pointer:
		return optional(codecOf(t.Elem()))
	case t == numberType:
		return numberCodec
	case t.Kind() == reflect.String:
		return stringCodec
	case t.Kind() == reflect.Int64:
		return int64Codec
	case t.Kind() == reflect.Bool:
		return boolCodec
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		return objectListCodec(of(t.Elem()))
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String:
		return stringListCodec
	case t.Kind() == reflect.Map && t.Key().Kind() == reflect.String && t.Elem().Kind() == reflect.String:
		return stringMapCodec
	}
	panic(fmt.Sprintf("shape: no Terraform type for %s", t))
}

// optional is the codec of a pointer: nil is null.
func optional(c codec) codec {
	null := tftypes.NewValue(c.terraform, nil)
	element := c
	c.hasValue = func(v reflect.Value) bool { return !v.IsNil() && element.hasValue(v.Elem()) }
	c.value = func(v reflect.Value) tftypes.Value {
		if v.IsNil() {
			return null
		}
		return element.value(v.Elem())
	}
	c.write = func(e *msgpack.Encoder, v reflect.Value) error {
		if v.IsNil() {
			return e.EncodeNil()
		}
		return element.write(e, v.Elem())
	}
	return c
}

var stringCodec = codec{
	terraform: tftypes.String,
	attribute: func(doc string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: doc}
	},
	hasValue: notEmpty,
	value:    func(v reflect.Value) tftypes.Value { return tftypes.NewValue(tftypes.String, v.String()) },
	write:    func(e *msgpack.Encoder, v reflect.Value) error { return e.EncodeString(v.String()) },
}

var int64Codec = codec{
	terraform: tftypes.Number,
	attribute: func(doc string) schema.Attribute {
		return schema.Int64Attribute{Computed: true, MarkdownDescription: doc}
	},
	hasValue: always,
	value:    func(v reflect.Value) tftypes.Value { return tftypes.NewValue(tftypes.Number, v.Int()) },
	write:    func(e *msgpack.Encoder, v reflect.Value) error { return e.EncodeInt(v.Int()) },
}

// numberPrecision is that of Terraform's own numbers, so that 1.234 in a
// response equals 1.234 in a configuration.
const numberPrecision = 512

// numberCodec keeps a decimal exact; a float64 would not equal its literal.
// In msgpack it is a string, which Terraform reads with its own precision.
var numberCodec = codec{
	terraform: tftypes.Number,
	attribute: func(doc string) schema.Attribute {
		return schema.NumberAttribute{Computed: true, MarkdownDescription: doc}
	},
	hasValue: always,
	value: func(v reflect.Value) tftypes.Value {
		number, _, err := big.ParseFloat(v.String(), 10, numberPrecision, big.ToNearestEven)
		if err != nil {
			panic(fmt.Sprintf("shape: %q is not a number: %s", v.String(), err))
		}
		return tftypes.NewValue(tftypes.Number, number)
	},
	write: func(e *msgpack.Encoder, v reflect.Value) error {
		if integer, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return e.EncodeInt(integer)
		}
		return e.EncodeString(v.String())
	},
}

var boolCodec = codec{
	terraform: tftypes.Bool,
	attribute: func(doc string) schema.Attribute {
		return schema.BoolAttribute{Computed: true, MarkdownDescription: doc}
	},
	hasValue: always,
	value:    func(v reflect.Value) tftypes.Value { return tftypes.NewValue(tftypes.Bool, v.Bool()) },
	write:    func(e *msgpack.Encoder, v reflect.Value) error { return e.EncodeBool(v.Bool()) },
}

// always is hasValue of types without an empty value: false and 0 are values.
func always(reflect.Value) bool { return true }

// notEmpty is hasValue of strings, lists and maps.
func notEmpty(v reflect.Value) bool { return v.Len() > 0 }
