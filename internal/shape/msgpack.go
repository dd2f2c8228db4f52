package shape

import (
	"bytes"
	"fmt"
	"io"
	"reflect"

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
// type, and those of arguments that v does not have, encoded as in the plugin
// protocol. If that takes more bytes than limit, the error is a [SizeError].
//
// The object is written twice, first to count its bytes: a buffer that grows
// would take up to three times the memory, and as long.
func (s *Shape) MsgPack(v any, arguments map[string]tftypes.Value, limit int) ([]byte, error) {
	others, err := s.encodeOthers(arguments)
	if err != nil {
		return nil, err
	}
	var size counter
	if err := s.writeWith(&size, others, reflect.ValueOf(v)); err != nil {
		return nil, err
	}
	if int(size) > limit {
		return nil, &SizeError{Size: int(size), Limit: limit}
	}
	b := bytes.NewBuffer(make([]byte, 0, size))
	err = s.writeWith(b, others, reflect.ValueOf(v))
	return b.Bytes(), err
}

// encodeOthers encodes the arguments that the shape has no attribute for.
func (s *Shape) encodeOthers(arguments map[string]tftypes.Value) (map[string][]byte, error) {
	others := map[string][]byte{}
	for name, value := range arguments {
		if _, computed := s.object.AttributeTypes[name]; computed {
			continue
		}
		encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		others[name] = encoded.MsgPack
	}
	return others, nil
}

// writeWith writes an object with the fields of v and others.
func (s *Shape) writeWith(w io.Writer, others map[string][]byte, v reflect.Value) error {
	e := msgpack.NewEncoder(w)
	if err := e.EncodeMapLen(len(others) + len(s.object.AttributeTypes)); err != nil {
		return err
	}
	for name, encoded := range others {
		if err := e.EncodeString(name); err != nil {
			return err
		}
		if _, err := w.Write(encoded); err != nil {
			return err
		}
	}
	return s.writeFields(e, v)
}

// write writes v, a struct of the shape's type, as an object.
func (s *Shape) write(e *msgpack.Encoder, v reflect.Value) error {
	if err := e.EncodeMapLen(len(s.object.AttributeTypes)); err != nil {
		return err
	}
	return s.writeFields(e, v)
}

func (s *Shape) writeFields(e *msgpack.Encoder, v reflect.Value) error {
	for _, f := range s.fields {
		if err := e.EncodeString(f.name); err != nil {
			return err
		}
		if err := f.codec.write(e, v.FieldByIndex(f.index)); err != nil {
			return err
		}
	}
	_, err := e.Writer().Write(s.unselected.msgpack)
	return err
}

func writeList(e *msgpack.Encoder, v reflect.Value, write func(reflect.Value) error) error {
	if err := e.EncodeArrayLen(v.Len()); err != nil {
		return err
	}
	for i := range v.Len() {
		if err := write(v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func writeStrings(e *msgpack.Encoder, values ...string) error {
	for _, value := range values {
		if err := e.EncodeString(value); err != nil {
			return err
		}
	}
	return nil
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
