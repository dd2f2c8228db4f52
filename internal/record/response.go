package record

import (
	"bytes"
	"encoding/json"

	"github.com/dts-community/terraform-provider-dts/internal/rawjson"
)

// elements returns the elements of a list in a response, none if it has no such
// list.
func elements(response []byte, list string) []json.RawMessage {
	var found []json.RawMessage
	if value, err := rawjson.Get(response, list); err == nil && value != nil {
		_ = json.Unmarshal(value, &found) // The client has read it.
	}
	return found
}

// filter removes the elements of a list that are not kept.
func filter(response []byte, list string, keep func(element json.RawMessage) bool) ([]byte, error) {
	value, err := rawjson.Get(response, list)
	if err != nil || !bytes.HasPrefix(value, []byte("[")) {
		return response, err
	}
	kept, err := rawjson.EditArray(value, func(element json.RawMessage) (json.RawMessage, bool) { return element, keep(element) })
	if err != nil {
		return nil, err
	}
	return rawjson.Set(response, list, kept)
}

// text returns a member of an object as text, "" if it has no such member.
func text(object []byte, name string) string {
	value, err := rawjson.Get(object, name)
	if err != nil {
		return ""
	}
	var decoded string
	if json.Unmarshal(value, &decoded) == nil {
		return decoded
	}
	return string(value)
}
