package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// hiddenMember is a member of a recorded object that holds what the service
// knows of it but does not answer. The README of the fixtures lists its names.
const hiddenMember = "_emulator"

// rawObject is a recorded JSON object. Its bytes are answered as they are; its
// fields are looked at by filters and orders only.
type rawObject struct {
	raw    json.RawMessage // as recorded, but for hiddenMember
	fields map[string]any
	hidden map[string]any
}

// newRawObject takes a recorded object apart.
func newRawObject(recorded json.RawMessage) (rawObject, error) {
	var o rawObject
	var err error
	if o.raw, err = without(recorded, hiddenMember); err != nil {
		return rawObject{}, err
	}
	if o.fields, err = decodeObject(recorded); err != nil {
		return rawObject{}, err
	}
	if hidden, present := o.fields[hiddenMember]; present {
		var isObject bool
		if o.hidden, isObject = hidden.(map[string]any); !isObject {
			return rawObject{}, fmt.Errorf("%s is not an object", hiddenMember)
		}
	}
	return o, nil
}

func decodeObject(raw json.RawMessage) (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber() // else large numbers would be compared rounded
	var fields map[string]any
	err := decoder.Decode(&fields)
	return fields, err
}

// text returns the field at a path of names as text, "" if there is none.
func (o rawObject) text(path ...string) string { return textAt(o.fields, path) }

// known returns, as text, what the service knows and does not answer.
func (o rawObject) known(name string) string { return textAt(o.hidden, []string{name}) }

func textAt(fields map[string]any, path []string) string {
	var value any = fields
	for _, name := range path {
		object, isObject := value.(map[string]any)
		if !isObject {
			return ""
		}
		value = object[name]
	}
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}
