package account

import (
	"encoding/json"
	"fmt"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// HiddenMember is a member of a recorded object that holds facts that the service
// knows but does not return. The README of the fixtures lists its names.
const HiddenMember = "_emulator"

// Object is a recorded JSON object. Its bytes are returned unchanged; its members
// are for filters and orders only.
type Object struct {
	Raw     json.RawMessage // as recorded, but for HiddenMember
	Members wire.Object     // of Raw

	hidden wire.Object
}

func newObject(recorded json.RawMessage) (Object, error) {
	members, err := wire.ParseObject(recorded)
	if err != nil {
		return Object{}, err
	}
	o := Object{Raw: recorded, Members: members}
	if hidden := members.Get(HiddenMember); hidden != nil {
		if o.hidden, err = wire.ParseObject(hidden); err != nil {
			return Object{}, fmt.Errorf("%s is not an object", HiddenMember)
		}
		o.Members = members.Without(HiddenMember)
		o.Raw = o.Members.Bytes()
	}
	return o, nil
}

// Text returns the field at a path of names as text, "" without a value.
func (o Object) Text(path ...string) string { return o.Members.Text(path...) }

// Hidden returns, as text, a fact that the service knows and does not return.
func (o Object) Hidden(name string) string { return o.hidden.Text(name) }
