package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// span is where one member of a JSON object stands in its bytes.
type span struct {
	name  string
	start int // of the name
	value int // of the value
	end   int
}

var errNotAnObject = errors.New("not a JSON object")

// spans finds the members of an object without changing a byte of it.
func spans(object json.RawMessage) ([]span, error) {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, errNotAnObject
	}
	var found []span
	for decoder.More() {
		start := nameStart(object, int(decoder.InputOffset()))
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, err
		}
		end := int(decoder.InputOffset())
		found = append(found, span{fmt.Sprint(token), start, end - len(value), end})
	}
	return found, nil
}

// nameStart returns where the next name begins: before it stand only spaces and
// a comma.
func nameStart(data []byte, offset int) int {
	return offset + bytes.IndexByte(data[offset:], '"')
}

// without returns an object without one member, all other bytes as they were.
func without(object json.RawMessage, name string) (json.RawMessage, error) {
	members, err := spans(object)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(members, func(m span) bool { return m.name == name })
	if i < 0 {
		return object, nil
	}
	from, to := members[i].start, members[i].end
	switch {
	case i > 0:
		from = members[i-1].end // with the comma before it
	case len(members) > 1:
		to = members[1].start // with the comma after it
	}
	return slices.Concat(object[:from], object[to:]), nil
}

// edit replaces the value of one member, if the object has it and it is an object.
func edit(object json.RawMessage, name string, change func(json.RawMessage) (json.RawMessage, error)) (json.RawMessage, error) {
	members, err := spans(object)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(members, func(m span) bool { return m.name == name })
	if i < 0 || object[members[i].value] != '{' {
		return object, nil
	}
	m := members[i]
	changed, err := change(object[m.value:m.end])
	if err != nil {
		return nil, err
	}
	return slices.Concat(object[:m.value], changed, object[m.end:]), nil
}

// set returns an object with members set: in their place if the object has them,
// else at its end. All other bytes stay as they were.
func set(object json.RawMessage, members ...member) (json.RawMessage, error) {
	for _, m := range members {
		var err error
		if object, err = setOne(object, m); err != nil {
			return nil, err
		}
	}
	return object, nil
}

func setOne(object json.RawMessage, m member) (json.RawMessage, error) {
	members, err := spans(object)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(members, func(s span) bool { return s.name == m.name }); i >= 0 {
		return slices.Concat(object[:members[i].value], m.value, object[members[i].end:]), nil
	}
	at, comma := bytes.IndexByte(object, '{')+1, ""
	if len(members) > 0 {
		at, comma = members[len(members)-1].end, ","
	}
	added := fmt.Appendf(nil, "%s\n  %q : %s", comma, m.name, m.value)
	return slices.Concat(object[:at], added, object[at:]), nil
}
