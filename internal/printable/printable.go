// Package printable makes text of unknown origin safe for a terminal or a log:
// names, messages and codes of a response, and input of clients. Control
// characters, which begin ANSI and OSC sequences, bidirectional overrides and
// other invisible characters become U+FFFD, and the text is cut to a length.
package printable

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ellipsis is the end of a text that was cut.
const ellipsis = "…"

// Text returns a text of at most limit bytes. It keeps line breaks.
func Text(text string, limit int) string { return clean(text, limit, true) }

// Line returns a text of at most limit bytes in one line. White space between
// words becomes one space.
func Line(text string, limit int) string { return clean(text, limit, false) }

func clean(text string, limit int, keepLines bool) string {
	var b strings.Builder
	space := false // White space is written before the next word.
	text = strings.TrimSpace(text)
	for _, r := range text {
		switch {
		case keepLines && r == '\n', keepLines && r == ' ':
		case unicode.IsSpace(r):
			space = true
			continue
		case !unicode.IsGraphic(r):
			r = utf8.RuneError
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		if b.Len()+utf8.RuneLen(r) > limit {
			return cut(b.String(), limit)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// cut cuts a text so that the ellipsis fits into the limit.
func cut(text string, limit int) string {
	end := max(0, min(len(text), limit-len(ellipsis)))
	for end > 0 && end < len(text) && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + ellipsis
}
