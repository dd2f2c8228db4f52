package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Member is one name of a JSON object and its raw value.
type Member struct {
	Name  string
	Value []byte
}

// Object writes members in their order, with the spaces of the document's
// sample. encoding/json would change the raw values.
func Object(members ...Member) []byte {
	var b bytes.Buffer
	b.WriteString("{")
	for i, m := range members {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, "\n  %q : %s", m.Name, m.Value)
	}
	b.WriteString("\n}\n")
	return b.Bytes()
}

// Array writes raw values with the spaces of the document's sample.
func Array(values []json.RawMessage) []byte {
	var b bytes.Buffer
	b.WriteString("[ ")
	for i, value := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		b.Write(value)
	}
	if len(values) > 0 {
		b.WriteString(" ")
	}
	b.WriteString("]")
	return b.Bytes()
}

// Quote writes a string as JSON, with < > & unchanged.
func Quote(s string) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(s) // a string always encodes
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// Number writes an integer as JSON.
func Number(n int) []byte { return fmt.Append(nil, n) }

// Unmarshal decodes JSON that somebody wrote. An error tells line and column.
func Unmarshal(data []byte, into any) error {
	err := json.Unmarshal(data, into)
	var syntax *json.SyntaxError
	var mismatch *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return at(data, syntax.Offset, err)
	case errors.As(err, &mismatch):
		return at(data, mismatch.Offset, err)
	}
	return err
}

func at(data []byte, offset int64, err error) error {
	before := data[:min(int(offset), len(data))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n') - 1
	return fmt.Errorf("line %d, column %d: %w", line, max(column, 1), err)
}
