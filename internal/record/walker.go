package record

import (
	"bytes"
	"encoding/json"
	"strings"
)

// walker copies valid JSON from in to out and replaces strings and numbers on
// the way. It has no need to look for errors.
type walker struct {
	anonymiser *Anonymiser
	in, out    []byte
	at         int
}

func (w *walker) value(p place) {
	switch w.in[w.at] {
	case '{':
		w.object(p)
	case '[':
		w.array(p)
	case '"':
		w.text(p)
	case 't', 'f', 'n':
		w.out = append(w.out, w.literal()...)
	default:
		w.number(p)
	}
}

func (w *walker) object(p place) {
	w.byte()
	w.space()
	for w.in[w.at] != '}' {
		name, raw := w.quoted()
		w.name(p, name, raw)
		w.space()
		w.byte() // the colon
		w.space()
		w.value(p.member(name))
		w.comma()
	}
	w.byte()
}

func (w *walker) array(p place) {
	w.byte()
	w.space()
	for w.in[w.at] != ']' {
		w.value(p.element())
		w.comma()
	}
	w.byte()
}

// name writes the name of a member, which in a map may be the user's.
func (w *walker) name(p place, name string, raw []byte) {
	if !p.keepsName(name) {
		raw = replaced(raw, name, w.anonymiser.replace(name))
	}
	w.out = append(w.out, raw...)
}

func (w *walker) text(p place) {
	text, raw := w.quoted()
	w.out = append(w.out, replaced(raw, text, w.rewritten(p, text))...)
}

// rewritten returns what stands for a text at a place.
func (w *walker) rewritten(p place, text string) string {
	if p.keeps(text) {
		return text
	}
	if nested := strings.TrimSpace(text); strings.HasPrefix(nested, "{") || strings.HasPrefix(nested, "[") {
		if json.Valid([]byte(text)) {
			return w.nested(p, text)
		}
	}
	if p.isID() && idLike.MatchString(text) {
		w.anonymiser.ids[text] = true
	}
	return w.anonymiser.replace(text)
}

// nested rewrites JSON that stands in a string.
func (w *walker) nested(p place, text string) string {
	inner := &walker{anonymiser: w.anonymiser, in: []byte(text)}
	inner.space()
	inner.value(p.nested())
	inner.space()
	return string(inner.out)
}

// number replaces what may be an account or a telephone: a long number in a
// field that nobody knows, or an id.
func (w *walker) number(p place) {
	number := string(w.literal())
	if p.isID() || len(number) >= longNumber && !p.keeps(number) {
		number = w.anonymiser.replaceNumber(number)
	}
	w.out = append(w.out, number...)
}

// longNumber is the length from which a number may identify somebody.
const longNumber = 9

// literal takes a number, a boolean or null.
func (w *walker) literal() []byte {
	start := w.at
	for w.at < len(w.in) && !bytes.ContainsRune([]byte(",]} \t\r\n"), rune(w.in[w.at])) {
		w.at++
	}
	return w.in[start:w.at]
}

// quoted takes a string, and returns its bytes too.
func (w *walker) quoted() (text string, raw []byte) {
	start := w.at
	for w.at++; w.in[w.at] != '"'; w.at++ {
		if w.in[w.at] == '\\' {
			w.at++
		}
	}
	w.at++
	raw = w.in[start:w.at]
	_ = json.Unmarshal(raw, &text) // It was found to be valid.
	return text, raw
}

// replaced returns the bytes of a string, the very same ones if nothing changed.
func replaced(raw []byte, text, replacement string) []byte {
	if text == replacement {
		return raw
	}
	return quote(replacement)
}

// quote encodes a string without the escapes that only HTML needs.
func quote(text string) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(text) // A string can always be encoded.
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// comma copies what stands between two members or elements, if anything.
func (w *walker) comma() {
	w.space()
	if w.in[w.at] == ',' {
		w.byte()
		w.space()
	}
}

func (w *walker) byte() {
	w.out = append(w.out, w.in[w.at])
	w.at++
}

func (w *walker) space() {
	for w.at < len(w.in) && strings.IndexByte(" \t\r\n", w.in[w.at]) >= 0 {
		w.byte()
	}
}
