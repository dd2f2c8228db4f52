package shape

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
)

// codec is what a Go type stands for in Terraform. Its functions are never
// given a nil pointer except for an object.
type codec struct {
	terraform tftypes.Type
	attribute func(doc string) schema.Attribute

	// carries reports a value that says something, so that the object it is in
	// is not null.
	carries func(reflect.Value) bool

	// The same value in both forms: Terraform's types, and its msgpack.
	value func(reflect.Value) tftypes.Value
	write func(*msgpack.Encoder, reflect.Value) error
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
	element := c
	c.carries = func(v reflect.Value) bool { return !v.IsNil() && element.carries(v.Elem()) }
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

func textCodec(known []string) codec {
	return codec{
		terraform: tftypes.String,
		attribute: func(doc string) schema.Attribute {
			return schema.StringAttribute{Computed: true, MarkdownDescription: doc + KnownValues(known)}
		},
		carries: notEmpty,
		value:   func(v reflect.Value) tftypes.Value { return tftypes.NewValue(tftypes.String, v.String()) },
		write:   func(e *msgpack.Encoder, v reflect.Value) error { return e.EncodeString(v.String()) },
	}
}

var integerCodec = codec{
	terraform: tftypes.Number,
	attribute: func(doc string) schema.Attribute {
		return schema.Int64Attribute{Computed: true, MarkdownDescription: doc}
	},
	carries: always,
	value:   func(v reflect.Value) tftypes.Value { return tftypes.NewValue(tftypes.Number, v.Int()) },
	write:   func(e *msgpack.Encoder, v reflect.Value) error { return e.EncodeInt(v.Int()) },
}

// numberPrecision is that of Terraform's own numbers, so that 1.234 in an
// answer equals 1.234 in a configuration.
const numberPrecision = 512

// numberCodec keeps a decimal exact; a float64 would not equal its literal.
// In msgpack it is text, which Terraform reads with its own precision.
var numberCodec = codec{
	terraform: tftypes.Number,
	attribute: func(doc string) schema.Attribute {
		return schema.NumberAttribute{Computed: true, MarkdownDescription: doc}
	},
	carries: always,
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
	carries: always,
	value:   func(v reflect.Value) tftypes.Value { return tftypes.NewValue(tftypes.Bool, v.Bool()) },
	write:   func(e *msgpack.Encoder, v reflect.Value) error { return e.EncodeBool(v.Bool()) },
}

// always is carries of what has no empty value: a false or a 0 says something.
func always(reflect.Value) bool { return true }

// notEmpty is carries of texts, lists and maps.
func notEmpty(v reflect.Value) bool { return v.Len() > 0 }

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
