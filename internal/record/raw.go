package record

import (
	"bytes"
	"encoding/json"
	"slices"
)

// member finds the value of an object's member in its bytes; of a repeated one
// the last counts.
func member(object []byte, name string) (start, end int, found bool) {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return 0, 0, false
	}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return 0, 0, false
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return 0, 0, false
		}
		if token == name {
			end = int(decoder.InputOffset())
			start, found = end-len(value), true
		}
	}
	return start, end, found
}

// with returns an object with another value of a member that it has.
func with(object []byte, name string, value []byte) []byte {
	start, end, found := member(object, name)
	if !found {
		return object
	}
	return slices.Concat(object[:start], value, object[end:])
}

// withFirst returns an object with one more member in front of the others.
func withFirst(object []byte, name string, value []byte) []byte {
	at := bytes.IndexByte(object, '{') + 1
	comma := ","
	if rest := bytes.TrimSpace(object[at:]); rest[0] == '}' {
		comma = ""
	}
	return slices.Concat(object[:at], quote(name), []byte(":"), value, []byte(comma), object[at:])
}

// only returns an answer whose list has no elements but those that are kept,
// the very same bytes if all are.
func only(answer []byte, list string, keep func(element []byte) bool) []byte {
	elements := rows(answer, list)
	kept := make([][]byte, 0, len(elements))
	for _, element := range elements {
		if keep(element) {
			kept = append(kept, element)
		}
	}
	if len(kept) == len(elements) {
		return answer
	}
	return with(answer, list, slices.Concat([]byte("["), bytes.Join(kept, []byte(",")), []byte("]")))
}

// textOf returns a member of an object as text, "" if it has none.
func textOf(object []byte, name string) string {
	start, end, found := member(object, name)
	if !found {
		return ""
	}
	var text string
	if json.Unmarshal(object[start:end], &text) == nil {
		return text
	}
	return string(object[start:end])
}
