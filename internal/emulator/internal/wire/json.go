package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// Object is a JSON object: its members in their order, with raw values. Decoding
// into a map would lose the order, and the spelling of numbers and strings.
type Object []Member

// Member is one name of a JSON object and its raw value.
type Member struct {
	Name  string
	Value []byte
}

// Text returns a member whose value is a string.
func Text(name, value string) Member { return Member{name, Quote(value)} }

// Int returns a member whose value is an integer.
func Int(name string, value int) Member { return Member{name, fmt.Append(nil, value)} }

// Bool returns a member whose value is true or false.
func Bool(name string, value bool) Member { return Member{name, fmt.Append(nil, value)} }

// ParseObject reads an object. Like encoding/json it accepts repeated names, of
// which the last counts, and invalid UTF-8.
func ParseObject(data []byte) (Object, error) {
	decoder := jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if kind := decoder.PeekKind(); kind != jsontext.KindBeginObject && kind != jsontext.KindInvalid {
		return nil, fmt.Errorf("got a JSON value that begins with %q, want one with \"{\"", kind)
	}
	if _, err := decoder.ReadToken(); err != nil {
		return nil, err
	}
	object := Object{}
	for decoder.PeekKind() != jsontext.KindEndObject {
		name, err := decoder.ReadToken()
		if err != nil {
			return nil, err
		}
		text := name.String() // before the next read, which reuses its memory
		value, err := decoder.ReadValue()
		if err != nil {
			return nil, err
		}
		object = append(object, Member{text, slices.Clone(value)})
	}
	return object, nil
}

// Get returns the value of a member, nil if the object does not have it.
func (o Object) Get(name string) []byte {
	for _, m := range slices.Backward(o) {
		if m.Name == name {
			return m.Value
		}
	}
	return nil
}

// at returns the value at a path of names, nil without a value.
func (o Object) at(path ...string) []byte {
	for _, name := range path[:len(path)-1] {
		o, _ = ParseObject(o.Get(name))
	}
	return o.Get(path[len(path)-1])
}

// Text returns the value at a path of names as text: that of a string, the spelling
// of any other value, "" for null and without a value.
func (o Object) Text(path ...string) string {
	value := o.at(path...)
	switch jsontext.Value(value).Kind() {
	case jsontext.KindString:
		text, _ := jsontext.AppendUnquote(nil, value) // an error reports invalid UTF-8 only
		return string(text)
	case jsontext.KindNull:
		return ""
	}
	return string(value)
}

// List returns the objects of the list at a path of names.
func (o Object) List(path ...string) []Object {
	var elements []json.RawMessage
	_ = json.Unmarshal(o.at(path...), &elements) // no list has no objects
	var objects []Object
	for _, element := range elements {
		if object, err := ParseObject(element); err == nil {
			objects = append(objects, object)
		}
	}
	return objects
}

// With returns the object with members replaced, or added at the end.
func (o Object) With(members ...Member) Object {
	changed := slices.Clone(o)
	for _, m := range members {
		isNew := true
		for i, old := range changed {
			if old.Name == m.Name { // all of repeated names
				changed[i], isNew = m, false
			}
		}
		if isNew {
			changed = append(changed, m)
		}
	}
	return changed
}

// Without returns the object without the member of that name.
func (o Object) Without(name string) Object {
	return slices.DeleteFunc(slices.Clone(o), func(m Member) bool { return m.Name == name })
}

// Bytes writes the members in their order, with the spaces of the document's
// sample and the raw values unchanged.
func (o Object) Bytes() []byte {
	var b bytes.Buffer
	b.WriteString("{")
	for i, m := range o {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n  %s : %s", Quote(m.Name), m.Value)
	}
	b.WriteString("\n}\n")
	return b.Bytes()
}

// Array writes raw values with the spaces of the document's sample.
func Array(values []json.RawMessage) []byte {
	if len(values) == 0 {
		return []byte("[ ]")
	}
	var b bytes.Buffer
	b.WriteString("[ ")
	for i, value := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		b.Write(value)
	}
	b.WriteString(" ]")
	return b.Bytes()
}

// Quote writes a string as JSON, with < > & unchanged.
func Quote(s string) []byte {
	quoted, _ := jsontext.AppendQuote(nil, s) // an error reports invalid UTF-8 only
	return quoted
}

// Unmarshal decodes JSON that somebody wrote. An error has line and column.
func Unmarshal(data []byte, into any) error {
	err := json.Unmarshal(data, into)
	var syntax *json.SyntaxError
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return withPosition(data, syntax.Offset, err)
	case errors.As(err, &mismatch):
		return withPosition(data, mismatch.Offset, err)
	}
	return err
}

func withPosition(data []byte, offset int64, err error) error {
	before := data[:min(int(offset), len(data))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n') - 1
	return fmt.Errorf("line %d, column %d: %w", line, max(column, 1), err)
}
