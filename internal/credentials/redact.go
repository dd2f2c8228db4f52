package credentials

import (
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	// shortestSecret keeps a word that is not a secret, as in a test, from being
	// removed from every sentence.
	shortestSecret = 8

	// longPart is the length from which a part of a secret is removed, too.
	longPart = 16
)

// redactor removes secrets from texts: unchanged, escaped, in base64 or hex, and
// parts of them.
//
// Escapes of JSON and URLs, nested ones included, are undone in the text before
// it is searched. Base64 and hex are searched for, because which part of a text
// they are is not known. All parts of longPart bytes are in one table, so the
// search looks up each position of a text once, however many secrets there are.
type redactor struct {
	mu      sync.RWMutex
	parts   map[string]bool
	lengths [longPart + 1]bool // of parts: longPart, and those of shorter secrets
}

// add makes secrets known: each unchanged, in hex, and in base64 at the three
// positions that it can have in an encoded text, without the characters that depend
// on its surroundings.
func (r *redactor) add(secrets ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.parts == nil {
		r.parts = map[string]bool{}
	}
	for _, secret := range secrets {
		if len(secret) < shortestSecret {
			continue
		}
		forms := []string{secret, hex.EncodeToString([]byte(secret))}
		for before := range 3 {
			encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + secret))
			forms = append(forms, encoded[(before*8+5)/6:(before+len(secret))*8/6])
		}
		for _, form := range forms {
			normal, _ := normalize(form)
			length := min(len(normal), longPart)
			r.lengths[length] = length > 0 // Nothing is left of backslashes.
			for i := range len(normal) - length + 1 {
				r.parts[normal[i:i+length]] = true
			}
		}
	}
}

// redact replaces all known secrets in a text.
func (r *redactor) redact(text string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	normal, origin := normalize(text)
	var b strings.Builder
	copied, end := 0, 0 // in text; in normal
	for i := range len(normal) {
		for length, isUsed := range r.lengths {
			if !isUsed || i+length > len(normal) || i+length <= end || !r.parts[normal[i:i+length]] {
				continue
			}
			if i >= end {
				b.WriteString(text[copied:origin[i]])
				b.WriteString("(redacted)")
			}
			end = i + length
			copied = origin[end]
		}
	}
	return b.String() + text[copied:]
}

// character is a character of a text, also as an escape of JSON or of a URL, which
// may be escaped again: any number of backslashes, or of 25 after a percent sign.
var character = regexp.MustCompile(`(?is)\\+u([0-9a-f]{4})|\\*%(?:25)*([0-9a-f]{2})|\\*.`)

// normalize returns a text without escapes and backslashes, in lower case, and in
// the standard alphabet of base64. Byte i of the result begins at byte origin[i] of
// the text.
func normalize(text string) (normal string, origin []int) {
	bytes := make([]byte, 0, len(text))
	for _, match := range character.FindAllStringSubmatchIndex(text, -1) {
		decoded, _ := utf8.DecodeLastRuneInString(text[:match[1]])
		if digits := max(match[2], match[4]); digits >= 0 {
			code, _ := strconv.ParseUint(text[digits:match[1]], 16, 16) // The pattern ensures that it is one.
			decoded = rune(code)
		}
		switch {
		case 'A' <= decoded && decoded <= 'Z':
			decoded += 'a' - 'A'
		case decoded == '-':
			decoded = '+'
		case decoded == '_':
			decoded = '/'
		case decoded == '\\':
			continue
		}
		bytes = utf8.AppendRune(bytes, decoded)
		for len(origin) < len(bytes) {
			origin = append(origin, match[0])
		}
	}
	return string(bytes), append(origin, len(text))
}
