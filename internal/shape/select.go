package shape

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
)

// unselected are attributes without a value, in both forms. They are the same
// in every object, so they are encoded once.
type unselected struct {
	values  map[string]tftypes.Value
	msgpack []byte
}

// Select returns a shape whose list of objects has values only in the named
// attributes: in each element the others are null, or empty if they are lists
// or maps. Names that the elements do not have are ignored.
func (s *Shape) Select(list string, names []string) *Shape {
	selected := *s
	selected.fields = slices.Clone(s.fields)
	for i, f := range s.fields {
		if f.name == list && f.codec.element != nil {
			selected.fields[i].codec = objectListCodec(f.codec.element.only(names))
			return &selected
		}
	}
	panic(fmt.Sprintf("shape: %s is not a list of objects", list))
}

// only returns the shape with values in the named attributes alone.
func (s *Shape) only(names []string) *Shape {
	selected := &Shape{goType: s.goType, object: s.object}
	rest := &Shape{goType: s.goType}
	for _, f := range s.fields {
		if slices.Contains(names, f.name) {
			selected.fields = append(selected.fields, f)
		} else {
			rest.fields = append(rest.fields, f)
		}
	}
	selected.unselected = rest.unselect()
	return selected
}

// unselect returns the attributes of the shape without their values.
func (s *Shape) unselect() unselected {
	var b bytes.Buffer
	zero := reflect.Zero(s.goType)
	if err := s.writeFields(msgpack.NewEncoder(&b), zero); err != nil {
		panic(err) // A buffer takes everything.
	}
	return unselected{values: s.values(zero), msgpack: b.Bytes()}
}
