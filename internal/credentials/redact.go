package credentials

import (
	"encoding/base64"
	"encoding/hex"
	"maps"
	"slices"
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
	lengths []int // of parts, in ascending order: longPart, and those of shorter secrets
}

// add makes secrets known.
func (r *redactor) add(secrets ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.parts == nil {
		r.parts = map[string]bool{}
	}
	lengths := map[int]bool{}
	for _, length := range r.lengths {
		lengths[length] = true
	}
	for _, secret := range secrets {
		if len(secret) < shortestSecret {
			continue
		}
		for _, form := range encodings(secret) {
			normal, _ := normalize(form)
			length := min(len(normal), longPart)
			lengths[length] = true
			for i := range len(normal) - length + 1 {
				r.parts[normal[i:i+length]] = true
			}
		}
	}
	r.lengths = slices.Sorted(maps.Keys(lengths))
}

// encodings returns a secret unchanged, in hex, and in base64 at each of the
// three positions that the secret can have in an encoded text, without the
// characters that depend on its surroundings.
func encodings(secret string) []string {
	forms := []string{secret, hex.EncodeToString([]byte(secret))}
	for before := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + secret))
		begin, end := (before*8+5)/6, (before+len(secret))*8/6
		forms = append(forms, encoded[begin:end])
	}
	return forms
}

// redact replaces all known secrets in a text.
func (r *redactor) redact(text string) string {
	r.mu.RLock()
	defer r.mu.RUnlock()
	normal, origin := normalize(text)
	var b strings.Builder
	copied, end := 0, 0 // in text; in normal
	for i := range len(normal) {
		for _, length := range r.lengths {
			if i+length > len(normal) || i+length <= end || !r.parts[normal[i:i+length]] {
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

// normalize returns a text without escapes of JSON and of URLs, also when escaped
// again, in the standard alphabet of base64, in lower case and without backslashes.
// Byte i of the result begins at byte origin[i] of the text.
func normalize(text string) (normal string, origin []int) {
	bytes := make([]byte, 0, len(text))
	origin = make([]int, 0, len(text)+1)
	for i := 0; i < len(text); {
		decoded, size := unescape(text[i:])
		if decoded != '\\' {
			bytes = utf8.AppendRune(bytes, fold(decoded))
		}
		for len(origin) < len(bytes) {
			origin = append(origin, i)
		}
		i += size
	}
	return string(bytes), append(origin, len(text))
}

// fold makes one of the characters that encodings choose between.
func fold(c rune) rune {
	switch {
	case 'A' <= c && c <= 'Z':
		return c - 'A' + 'a'
	case c == '-':
		return '+'
	case c == '_':
		return '/'
	}
	return c
}

// unescape returns the first character of a text, and how many bytes it takes
// there.
func unescape(text string) (decoded rune, size int) {
	for size < len(text) && text[size] == '\\' {
		size++
	}
	rest := text[size:]
	switch {
	case size > 0 && strings.HasPrefix(rest, "u") && len(rest) >= 5:
		if code, err := strconv.ParseUint(rest[1:5], 16, 16); err == nil {
			return rune(code), size + 5
		}
	case size > 0 && rest == "":
		return '\\', size
	}
	if digits, found := strings.CutPrefix(rest, "%"); found {
		for strings.HasPrefix(digits, "25") { // An escaped percent sign.
			digits = digits[2:]
			size += 2
		}
		if len(digits) >= 2 {
			if code, err := strconv.ParseUint(digits[:2], 16, 8); err == nil {
				return rune(code), size + 3
			}
		}
	}
	decoded, width := utf8.DecodeRuneInString(rest)
	return decoded, size + width
}
