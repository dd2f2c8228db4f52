package record

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"strings"
)

// anonymizer replaces every value of a response that is not known to be
// harmless, and removes every member whose name is not documented. A replacement
// is a prefix and a keyed hash of the original: the same for the same original
// in one recording, and unrelated in another recording.
type anonymizer struct {
	key    []byte // random, never stored
	fields map[string]*field
	// removed are the names of the members that were removed.
	removed map[string]bool
}

// newAnonymizer returns an anonymizer that keeps the names of the regions.
func newAnonymizer(regions []string) *anonymizer {
	a := &anonymizer{key: make([]byte, sha256.Size), fields: documentedFields(regions), removed: map[string]bool{}}
	_, _ = rand.Read(a.key) // It never fails.
	return a
}

// object returns a copy of a decoded JSON object. Numbers in it must be of type
// json.Number.
func (a *anonymizer) object(original map[string]any) map[string]any {
	kept := make(map[string]any, len(original))
	for name, value := range original {
		if a.fields[name] == nil {
			a.removed[name] = true
			continue
		}
		kept[name] = a.value(name, value)
	}
	return kept
}

// value returns the replacement of a value of a documented field.
func (a *anonymizer) value(name string, original any) any {
	switch original := original.(type) {
	case map[string]any:
		return a.object(original)
	case []any:
		replaced := make([]any, len(original))
		for i, element := range original {
			replaced[i] = a.value(name, element)
		}
		return replaced
	case string:
		return a.scalar(name, original, original)
	case json.Number:
		return a.scalar(name, original, original.String())
	}
	return original // true, false or null
}

// scalar returns a string or a number unchanged if its field keeps it. A number
// that is replaced becomes a string, as for an account ID, or null if clients
// expect a number.
func (a *anonymizer) scalar(name string, original any, text string) any {
	switch f := a.fields[name]; {
	case f.keeps(text):
		return original
	case f.isTyped:
		return nil
	case f.isJSON && json.Valid([]byte(text)):
		switch strings.TrimLeft(text, " \t\r\n")[0] {
		case '{':
			return "{}"
		case '[':
			return "[]"
		}
	}
	code := hmac.New(sha256.New, a.key)
	code.Write([]byte(text))
	return prefixOf(name) + strings.ToLower(base32.StdEncoding.EncodeToString(code.Sum(nil)[:10]))
}

// prefixOf tells a reader what was replaced. Fields that may hold the same ID
// have the same prefix.
func prefixOf(name string) string {
	switch {
	case strings.HasSuffix(name, "JobId"), name == "DtsInstanceID":
		return "dts"
	case strings.HasSuffix(name, "Id"), strings.HasSuffix(name, "ID"):
		return "id-"
	case strings.Contains(name, "Name"), strings.Contains(name, "Schema"):
		return "name-"
	}
	return "text-"
}
