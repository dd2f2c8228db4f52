package shape

import (
	"fmt"
	"math/big"
	"reflect"
	"sort"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Decode fills the struct that into points to from raw, an object with its
// arguments and blocks. Elements of a set are sorted. An argument that is null
// leaves its field zero, and an empty set makes an empty slice. An argument
// that is not known before apply leaves its field zero, too; unknown lists
// these arguments, those within a block as block.argument.
func Decode(raw tftypes.Value, into any) (unknown []string, err error) {
	return decodeStruct(raw, reflect.ValueOf(into).Elem())
}

func decodeStruct(raw tftypes.Value, into reflect.Value) (unknown []string, err error) {
	var values map[string]tftypes.Value
	if err := raw.As(&values); err != nil {
		return nil, err
	}
	for _, f := range namedFields(into.Type()) {
		value, ok := values[f.name]
		if !ok && !raw.IsNull() {
			return nil, fmt.Errorf("%s: no such argument in the schema", f.name)
		}
		more, err := decodeField(f, value, into.FieldByIndex(f.Index))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		unknown = append(unknown, more...)
	}
	return unknown, nil
}

func decodeField(f namedField, value tftypes.Value, into reflect.Value) (unknown []string, err error) {
	into.SetZero()
	switch {
	case value.IsNull():
		return nil, nil
	case isBlock(f.Type) && value.IsKnown():
		into.Set(reflect.New(f.Type.Elem()))
		unknown, err = decodeStruct(value, into.Elem())
		for i, name := range unknown {
			unknown[i] = f.name + "." + name
		}
		return unknown, err
	case !value.IsFullyKnown():
		return []string{f.name}, nil
	}
	return nil, decodeValue(value, into)
}

// decodeValue decodes a value that is known and not null.
func decodeValue(value tftypes.Value, into reflect.Value) error {
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		return decodeValue(value, into.Elem())
	case reflect.String:
		var text string
		err := value.As(&text)
		into.SetString(text)
		return err
	case reflect.Bool:
		var flag bool
		err := value.As(&flag)
		into.SetBool(flag)
		return err
	case reflect.Int64, reflect.Float64:
		var number big.Float
		if err := value.As(&number); err != nil {
			return err
		}
		if into.CanFloat() {
			nearest, _ := number.Float64()
			into.SetFloat(nearest)
			return nil
		}
		integer, accuracy := number.Int64()
		if accuracy != big.Exact {
			return fmt.Errorf("%s is not a 64-bit integer", number.String())
		}
		into.SetInt(integer)
		return nil
	case reflect.Slice:
		var elements []tftypes.Value
		if err := value.As(&elements); err != nil {
			return err
		}
		list := reflect.MakeSlice(into.Type(), len(elements), len(elements))
		for i, element := range elements {
			if err := decodeValue(element, list.Index(i)); err != nil {
				return err
			}
		}
		sort.Slice(list.Interface(), func(i, j int) bool { return list.Index(i).String() < list.Index(j).String() })
		into.Set(list)
		return nil
	case reflect.Map:
		var elements map[string]tftypes.Value
		if err := value.As(&elements); err != nil {
			return err
		}
		into.Set(reflect.MakeMapWithSize(into.Type(), len(elements)))
		for key, element := range elements {
			decoded := reflect.New(into.Type().Elem()).Elem()
			if err := decodeValue(element, decoded); err != nil {
				return err
			}
			into.SetMapIndex(reflect.ValueOf(key), decoded)
		}
		return nil
	}
	return fmt.Errorf("no argument for type %s", into.Type())
}
