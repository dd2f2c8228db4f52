package rawjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// part is where a member or an element is in the bytes of its object or array.
// In an array, start, nameEnd and valueStart are the same.
type part struct{ start, nameEnd, valueStart, end int }

func (p part) quotedName(data []byte) []byte     { return data[p.start:p.nameEnd] }
func (p part) colon(data []byte) []byte          { return data[p.nameEnd:p.valueStart] }
func (p part) value(data []byte) json.RawMessage { return slices.Clone(data[p.valueStart:p.end]) }

func (p part) name(data []byte) string {
	var name string
	_ = json.Unmarshal(p.quotedName(data), &name) // scan found it to be a string.
	return name
}

// last returns the index of the last member with that name, -1 if there is none.
func last(object []byte, parts []part, name string) int {
	for i, p := range slices.Backward(parts) {
		if p.name(object) == name {
			return i
		}
	}
	return -1
}

// appendMember adds a member at the end of an object.
func appendMember(object []byte, parts []part, quotedName, value []byte) json.RawMessage {
	if len(parts) == 0 {
		at := bytes.IndexByte(object, '{') + 1
		return slices.Concat(object[:at], quotedName, []byte(":"), value, object[at:])
	}
	n := len(parts) - 1
	separator := object[:parts[0].start]
	separator = slices.Concat([]byte(","), separator[bytes.IndexByte(separator, '{')+1:])
	if n > 0 {
		separator = object[parts[n-1].end:parts[n].start]
	}
	at := parts[n].end
	return slices.Concat(object[:at], separator, quotedName, parts[n].colon(object), value, object[at:])
}

// scan finds the parts of an object, if open is '{', or of an array, if it is '['.
func scan(data []byte, open jsontext.Kind) ([]part, error) {
	decoder := newDecoder(data)
	if kind := decoder.PeekKind(); kind != open && kind != jsontext.KindInvalid {
		return nil, fmt.Errorf("got a JSON value that begins with %q, want one with %q", kind, open)
	}
	if _, err := decoder.ReadToken(); err != nil {
		return nil, err
	}
	var parts []part
	for kind := decoder.PeekKind(); kind != '}' && kind != ']'; kind = decoder.PeekKind() {
		found, err := scanPart(decoder, open == '{')
		if err != nil {
			return nil, err
		}
		parts = append(parts, found)
	}
	if _, err := decoder.ReadToken(); err != nil {
		return nil, err
	}
	return parts, checkEnd(decoder)
}

func scanPart(decoder *jsontext.Decoder, isMember bool) (part, error) {
	var p part
	text, err := decoder.ReadValue()
	if err != nil {
		return part{}, err
	}
	p.end = int(decoder.InputOffset())
	p.start = p.end - len(text)
	p.nameEnd, p.valueStart = p.start, p.start
	if isMember {
		p.nameEnd = p.end
		if text, err = decoder.ReadValue(); err != nil {
			return part{}, err
		}
		p.end = int(decoder.InputOffset())
		p.valueStart = p.end - len(text)
	}
	return p, nil
}

// newDecoder accepts what encoding/json does: repeated names and invalid UTF-8.
func newDecoder(data []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewReader(data), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// checkValue reports an error unless the data is one JSON value, without spaces
// around it.
func checkValue(data []byte) error {
	decoder := newDecoder(data)
	value, err := decoder.ReadValue()
	if err != nil {
		return err
	}
	if len(value) != len(data) {
		return errors.New("got spaces or more than one JSON value, want one value")
	}
	return nil
}

func checkEnd(decoder *jsontext.Decoder) error {
	if _, err := decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return errors.New("got more than one JSON value, want one")
	}
	return nil
}
