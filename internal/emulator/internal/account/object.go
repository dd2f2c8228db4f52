package account

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// HiddenMember is a member of a recorded object that holds facts that the service
// knows but does not return. The README of the fixtures lists its names.
const HiddenMember = "_emulator"

// Object is a recorded JSON object. Its bytes are returned unchanged; its fields
// are for filters and orders only.
type Object struct {
	Raw json.RawMessage // as recorded, but for HiddenMember

	fields map[string]any
	hidden map[string]any
}

func newObject(recorded json.RawMessage) (Object, error) {
	members, err := wire.ParseObject(recorded)
	if err != nil {
		return Object{}, err
	}
	o := Object{Raw: recorded}
	decoder := json.NewDecoder(bytes.NewReader(recorded))
	decoder.UseNumber() // else large numbers would be compared rounded
	if err := decoder.Decode(&o.fields); err != nil {
		return Object{}, err
	}
	if hidden := members.Get(HiddenMember); hidden != nil {
		var isObject bool
		if o.hidden, isObject = o.fields[HiddenMember].(map[string]any); !isObject {
			return Object{}, fmt.Errorf("%s is not an object", HiddenMember)
		}
		o.Raw = members.Without(HiddenMember).Bytes()
	}
	return o, nil
}

// Text returns the field at a path of names as text, "" if there is none.
func (o Object) Text(path ...string) string { return textAt(o.fields, path...) }

// Hidden returns, as text, a fact that the service knows and does not return.
func (o Object) Hidden(name string) string { return textAt(o.hidden, name) }

// list returns the objects of the list at a path of names.
func (o Object) list(path ...string) []map[string]any {
	var objects []map[string]any
	elements, _ := valueAt(o.fields, path...).([]any)
	for _, element := range elements {
		if object, isObject := element.(map[string]any); isObject {
			objects = append(objects, object)
		}
	}
	return objects
}

func valueAt(fields map[string]any, path ...string) any {
	var value any = fields
	for _, name := range path {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}

func textAt(fields map[string]any, path ...string) string {
	switch value := valueAt(fields, path...).(type) {
	case nil:
		return ""
	case string:
		return value
	default:
		return fmt.Sprint(value)
	}
}
