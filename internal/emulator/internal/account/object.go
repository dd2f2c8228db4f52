package account

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/dts-community/terraform-provider-dts/internal/rawjson"
)

// HiddenMember is a member of a recorded object that holds what the service
// knows of it but does not return. The README of the fixtures lists its names.
const HiddenMember = "_emulator"

// Object is a recorded JSON object. Its bytes are returned unchanged; its fields
// are for filters and orders only.
type Object struct {
	Raw json.RawMessage // as recorded, but for HiddenMember

	fields map[string]any
	hidden map[string]any
}

func newObject(recorded json.RawMessage) (Object, error) {
	var o Object
	var err error
	if o.Raw, err = rawjson.Delete(recorded, HiddenMember); err != nil {
		return Object{}, err
	}
	if o.fields, err = decodeObject(recorded); err != nil {
		return Object{}, err
	}
	if hidden, present := o.fields[HiddenMember]; present {
		var isObject bool
		if o.hidden, isObject = hidden.(map[string]any); !isObject {
			return Object{}, fmt.Errorf("%s is not an object", HiddenMember)
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

// Text returns the field at a path of names as text, "" if there is none.
func (o Object) Text(path ...string) string { return textAt(o.fields, path...) }

// Hidden returns, as text, what the service knows and does not return.
func (o Object) Hidden(name string) string { return textAt(o.hidden, name) }

// tags returns the tags of a job by key.
func (o Object) tags() map[string]string {
	tags := map[string]string{}
	list, _ := o.fields["TagList"].([]any)
	for _, item := range list {
		tag, _ := item.(map[string]any)
		tags[textAt(tag, "TagKey")] = textAt(tag, "TagValue")
	}
	return tags
}

func textAt(fields map[string]any, path ...string) string {
	var value any = fields
	for _, name := range path {
		object, isObject := value.(map[string]any)
		if !isObject {
			return ""
		}
		value = object[name]
	}
	switch value := value.(type) {
	case nil:
		return ""
	case string:
		return value
	}
	return fmt.Sprint(value)
}
