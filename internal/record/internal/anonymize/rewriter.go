package anonymize

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/rawjson"
)

// rewriter replaces what its location does not keep in JSON that was found to be
// valid.
type rewriter struct {
	replacer *replacer
	err      error
}

const spaces = " \t\r\n"

// document rewrites a value with spaces around it.
func (r *rewriter) document(at location, text []byte) []byte {
	value := bytes.Trim(text, spaces)
	before, after, _ := bytes.Cut(text, value)
	return slices.Concat(before, r.value(at, value), after)
}

func (r *rewriter) value(at location, value json.RawMessage) json.RawMessage {
	switch value[0] {
	case '{':
		return r.object(at, value)
	case '[':
		return r.array(at, value)
	case '"':
		return r.text(at, value)
	case 't', 'f', 'n':
		return value
	}
	return r.number(at, value)
}

func (r *rewriter) object(at location, object json.RawMessage) json.RawMessage {
	rewritten, err := rawjson.EditObject(object, func(m rawjson.Member) (rawjson.Member, bool) {
		m.Value = r.value(at.member(m.Name), m.Value)
		if !at.keepsName(m.Name) {
			m.Name = r.replacer.replace(m.Name)
		}
		return m, true
	})
	r.err = errors.Join(r.err, err)
	return rewritten
}

func (r *rewriter) array(at location, array json.RawMessage) json.RawMessage {
	rewritten, err := rawjson.EditArray(array, func(element json.RawMessage) (json.RawMessage, bool) {
		return r.value(at.element(), element), true
	})
	r.err = errors.Join(r.err, err)
	return rewritten
}

// text keeps the bytes of a string that stays the same.
func (r *rewriter) text(at location, quoted json.RawMessage) json.RawMessage {
	var text string
	r.err = errors.Join(r.err, json.Unmarshal(quoted, &text))
	replacement := r.replacementOf(at, text)
	if replacement == text {
		return quoted
	}
	return rawjson.Quote(replacement)
}

func (r *rewriter) replacementOf(at location, text string) string {
	switch {
	case at.keeps(text):
		return text
	case isNested(text):
		return string(r.document(at.nested(), []byte(text)))
	case at.isID() && idLike.MatchString(text):
		r.replacer.noteID(text)
	}
	return r.replacer.replace(text)
}

// isNested reports whether a string holds JSON, as those of DbObject and
// Reserved do.
func isNested(text string) bool {
	nested := strings.TrimLeft(text, spaces)
	return (strings.HasPrefix(nested, "{") || strings.HasPrefix(nested, "[")) && json.Valid([]byte(text))
}

func (r *rewriter) number(at location, number json.RawMessage) json.RawMessage {
	if at.keepsNumber(string(number)) {
		return number
	}
	return json.RawMessage(r.replacer.replaceNumber(string(number)))
}
