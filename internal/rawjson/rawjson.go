// Package rawjson edits JSON without touching the other bytes.
//
// A response of the API that is served or recorded again must stay what the
// service sent: the order of its members, its spaces, its escapes, and the
// spelling of its numbers are part of what a client has to cope with. Decoding
// it into Go values and encoding those again would lose all of that.
//
// [Get], [Set] and [Delete] work on one member of an object; [EditObject] and
// [EditArray] on each member or element. None of them looks deeper: a nested
// value is edited by another call. None of them changes its input. [Quote]
// makes a value of a string.
//
// Of a repeated name the last member counts, as it does for encoding/json. Get
// and Set use that one, Delete removes them all.
package rawjson

import (
	"encoding/json"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// Member is one member of an object. Its value has no spaces around it.
type Member struct {
	Name  string
	Value json.RawMessage
}

// Get returns the value of a member, nil if the object does not have it.
func Get(object []byte, name string) (json.RawMessage, error) {
	parts, err := scan(object, '{')
	if i := last(object, parts, name); err == nil && i >= 0 {
		return parts[i].value(object), nil
	}
	return nil, err
}

// Set gives a member another value. A member that the object does not have is
// added at its end, with the spaces of the member before it.
func Set(object []byte, name string, value []byte) (json.RawMessage, error) {
	parts, err := scan(object, '{')
	if err != nil {
		return nil, err
	}
	if err := checkValue(value); err != nil {
		return nil, err
	}
	if i := last(object, parts, name); i >= 0 {
		return slices.Concat(object[:parts[i].valueStart], value, object[parts[i].end:]), nil
	}
	return appendMember(object, parts, Quote(name), value), nil
}

// Delete removes the members of that name, if any.
func Delete(object []byte, name string) (json.RawMessage, error) {
	return EditObject(object, func(m Member) (Member, bool) { return m, m.Name != name })
}

// EditObject replaces each member by the one that edit returns, or removes it if
// keep is false. A name or a value that stays the same keeps its bytes.
func EditObject(object []byte, edit func(Member) (edited Member, keep bool)) (json.RawMessage, error) {
	parts, err := scan(object, '{')
	if err != nil {
		return nil, err
	}
	return rebuild(object, parts, func(p part) (json.RawMessage, bool, error) {
		member := Member{p.name(object), p.value(object)}
		edited, keep := edit(member)
		if !keep {
			return nil, false, nil
		}
		name := p.quotedName(object)
		if edited.Name != member.Name {
			name = Quote(edited.Name)
		}
		return slices.Concat(name, p.colon(object), edited.Value), true, checkValue(edited.Value)
	})
}

// EditArray replaces each element by the one that edit returns, or removes it if
// keep is false.
func EditArray(array []byte, edit func(element json.RawMessage) (edited json.RawMessage, keep bool)) (json.RawMessage, error) {
	parts, err := scan(array, '[')
	if err != nil {
		return nil, err
	}
	return rebuild(array, parts, func(p part) (json.RawMessage, bool, error) {
		edited, keep := edit(p.value(array))
		if !keep {
			return nil, false, nil
		}
		return edited, true, checkValue(edited)
	})
}

// Quote encodes a string with no more escapes than JSON needs. Invalid UTF-8
// becomes U+FFFD.
func Quote(text string) json.RawMessage {
	quoted, _ := jsontext.AppendQuote(nil, text) // Its error tells of invalid UTF-8 only.
	return quoted
}

// rebuild puts the edited parts in place of the present ones. A removed part
// goes with the comma before it, and the first that is kept begins where the
// first part did.
func rebuild(data []byte, parts []part, edit func(part) (json.RawMessage, bool, error)) (json.RawMessage, error) {
	if len(parts) == 0 {
		return slices.Clone(data), nil
	}
	before := data[:parts[0].start]
	edited := slices.Clone(before)
	kept := 0
	for i, p := range parts {
		text, keep, err := edit(p)
		if err != nil {
			return nil, err
		}
		if !keep {
			continue
		}
		if kept++; kept > 1 {
			edited = append(edited, data[parts[i-1].end:p.start]...)
		}
		edited = append(edited, text...)
	}
	return append(edited, data[parts[len(parts)-1].end:]...), nil
}
