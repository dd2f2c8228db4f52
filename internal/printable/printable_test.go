package printable

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for _, test := range []struct{ name, text, line, lines string }{
		{"plain", "Prüfung 检查 ok", "Prüfung 检查 ok", "Prüfung 检查 ok"},
		{"white space", " a\t b\r\n\n  c ", "a b c", "a  b \n\n  c"},
		{"colors", "\x1b[2J\x1b[32mApply complete!", "\uFFFD[2J\uFFFD[32mApply complete!", "\uFFFD[2J\uFFFD[32mApply complete!"},
		{"a link", "\x1b]8;;https://example.com\x07x\x1b\\", "\uFFFD]8;;https://example.com\uFFFDx\uFFFD\\", "\uFFFD]8;;https://example.com\uFFFDx\uFFFD\\"},
		{"C1 controls", "a\u009b31mb", "a\uFFFD31mb", "a\uFFFD31mb"},
		{"bidirectional overrides", "a\u202eb\u2066c", "a\uFFFDb\uFFFDc", "a\uFFFDb\uFFFDc"},
		{"zero width", "a\u200bb\ufeff", "a\uFFFDb\uFFFD", "a\uFFFDb\uFFFD"},
		{"line separators", "a\u2028b\u2029c\u0085d", "a b c d", "a b c d"},
		{"invalid UTF-8", "a\xffb", "a\uFFFDb", "a\uFFFDb"},
	} {
		if got := Line(test.text, 100); got != test.line {
			t.Errorf("%s: Line is %q", test.name, got)
		}
		if got := Text(test.text, 100); got != test.lines {
			t.Errorf("%s: Text is %q", test.name, got)
		}
	}
}

func TestCut(t *testing.T) {
	for text, want := range map[string]string{
		"0123456789":  "0123456789",
		"0123456789a": "0123456…",
		"äöüäöü":      "äöü…",
		"012345  \n ": "012345",
	} {
		if got := Line(text, 10); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	if got := Text(strings.Repeat("x", 1<<20), 1000); len(got) != 1000 {
		t.Errorf("%d bytes", len(got))
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\x1b[0m\u202e\n", 5)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		limit = max(len(ellipsis), limit%1000)
		for _, got := range []string{Line(text, limit), Text(text, limit)} {
			if len(got) > limit || !utf8.ValidString(got) {
				t.Errorf("%q is %q, limit %d", text, got, limit)
			}
			for _, r := range got {
				if r != '\n' && !unicode.IsGraphic(r) {
					t.Errorf("%q is %q", text, got)
				}
			}
		}
	})
}
