package shape

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
)

// SizeError reports an object that exceeds a limit, in bytes.
type SizeError struct{ Size, Limit int }

func (e *SizeError) Error() string {
	const mebibyte = 1 << 20
	return fmt.Sprintf("the state takes %.1f MiB, and the limit is %.1f MiB",
		float64(e.Size)/mebibyte, float64(e.Limit)/mebibyte)
}

// MsgPack returns an object with the attributes of v, a struct of the shape's
// type, and those of a configuration that v does not have, encoded as in the
// plugin protocol. If that takes more bytes than limit, the error is a
// [SizeError].
//
// The object is written twice, first to count its bytes: a buffer that grows
// would take up to three times the memory, and as long.
func (s *Shape) MsgPack(v any, config map[string]tftypes.Value, limit int) ([]byte, error) {
	arguments := map[string][]byte{}
	for name, value := range config {
		if _, computed := s.attributes[name]; computed {
			continue
		}
		encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		arguments[name] = encoded.MsgPack
	}
	var size counter
	if err := s.write(msgpack.NewEncoder(&size), reflect.ValueOf(v), arguments); err != nil {
		return nil, err
	}
	if int(size) > limit {
		return nil, &SizeError{Size: int(size), Limit: limit}
	}
	b := bytes.NewBuffer(make([]byte, 0, size))
	err := s.write(msgpack.NewEncoder(b), reflect.ValueOf(v), arguments)
	return b.Bytes(), err
}

// counter counts the bytes written to it.
type counter int

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// WriteByte spares the encoder a slice for each single byte.
func (c *counter) WriteByte(byte) error {
	*c++
	return nil
}

// write writes v, a struct of the shape's type, as an object, with arguments
// that are encoded already.
func (s *Shape) write(e *msgpack.Encoder, v reflect.Value, arguments map[string][]byte) error {
	if err := e.EncodeMapLen(len(s.attributes) + len(arguments)); err != nil {
		return err
	}
	for name, encoded := range arguments {
		if err := e.EncodeString(name); err != nil {
			return err
		}
		if _, err := e.Writer().Write(encoded); err != nil {
			return err
		}
	}
	return s.writeFields(e, v)
}

func (s *Shape) writeFields(e *msgpack.Encoder, v reflect.Value) error {
	for _, f := range s.fields {
		if err := e.EncodeString(f.name); err != nil {
			return err
		}
		if err := writeValue(e, v.FieldByIndex(f.index), f.nested); err != nil {
			return err
		}
	}
	_, err := e.Writer().Write(s.nulls)
	return err
}

// writeValue writes the value of a field, or an element of it.
func writeValue(e *msgpack.Encoder, v reflect.Value, nested *Shape) error {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || nested != nil && !hasValue(v, nested) {
			return e.EncodeNil()
		}
		return writeValue(e, v.Elem(), nested)
	case reflect.Struct:
		if nested == nil {
			return writeDynamic(e, v)
		}
		return nested.write(e, v, nil)
	case reflect.Bool:
		return e.EncodeBool(v.Bool())
	case reflect.Int64:
		return e.EncodeInt(v.Int())
	case reflect.Slice:
		if err := e.EncodeArrayLen(v.Len()); err != nil {
			return err
		}
		for i := range v.Len() {
			if err := writeValue(e, v.Index(i), nested); err != nil {
				return err
			}
		}
		return nil
	case reflect.Map:
		return writeMap(e, v)
	}
	// Terraform reads a decimal in a string with its own precision; a float64
	// would not equal the literal in a configuration.
	if v.Type() == numberType {
		if integer, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return e.EncodeInt(integer)
		}
	}
	return e.EncodeString(v.String())
}

// writeMap is apart from [writeValue] to spare each value the space of an
// iterator.
func writeMap(e *msgpack.Encoder, v reflect.Value) error {
	if err := e.EncodeMapLen(v.Len()); err != nil {
		return err
	}
	for i := v.MapRange(); i.Next(); {
		if err := e.EncodeString(i.Key().String()); err != nil {
			return err
		}
		if err := e.EncodeString(i.Value().String()); err != nil {
			return err
		}
	}
	return nil
}

// writeDynamic writes a value with its type.
func writeDynamic(e *msgpack.Encoder, v reflect.Value) error {
	encoded, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, v.Interface().(tftypes.Value)) //nolint:forcetypeassert // computed makes no other.
	if err != nil {
		return err
	}
	_, err = e.Writer().Write(encoded.MsgPack)
	return err
}

// hasValue decides whether the object that a value is in is null: false and 0
// are values; an empty string, list or map is none, nor is an object in which
// no field has one.
func hasValue(v reflect.Value, nested *Shape) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return !v.IsNil() && hasValue(v.Elem(), nested)
	case reflect.Struct:
		return slices.ContainsFunc(nested.fields, func(f field) bool { return hasValue(v.FieldByIndex(f.index), f.nested) })
	case reflect.String, reflect.Slice, reflect.Map:
		return v.Len() > 0
	}
	return true
}

// Select returns a shape in which the elements of a list have values only in the
// named attributes: in each element the others are null, or empty if they are lists
// or maps. Names that the elements do not have are ignored.
func (s *Shape) Select(list string, names []string) *Shape {
	selected := *s
	selected.fields = slices.Clone(s.fields)
	for i, f := range s.fields {
		if _, isList := s.attributes[f.name].(schema.ListNestedAttribute); isList && f.name == list {
			selected.fields[i].nested = f.nested.restrict(names)
			return &selected
		}
	}
	panic(fmt.Sprintf("shape: %s is not a list of objects", list))
}

// restrict returns the shape with values in the named attributes alone. The
// others are the same in every object, so they are encoded once.
func (s *Shape) restrict(names []string) *Shape {
	restricted := &Shape{goType: s.goType, attributes: s.attributes}
	others := &Shape{goType: s.goType}
	for _, f := range s.fields {
		if slices.Contains(names, f.name) {
			restricted.fields = append(restricted.fields, f)
		} else {
			others.fields = append(others.fields, f)
		}
	}
	var b bytes.Buffer
	if err := others.writeFields(msgpack.NewEncoder(&b), reflect.Zero(s.goType)); err != nil {
		panic(err) // A buffer takes everything.
	}
	restricted.nulls = b.Bytes()
	return restricted
}
