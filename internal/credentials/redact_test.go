package credentials

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// TestRedactIsLinear has a text of a megabyte that is one percent sign, escaped
// over and over. An algorithm that copies the text at each of the escapes would
// take minutes.
func TestRedactIsLinear(t *testing.T) {
	t.Parallel()
	var r redactor
	r.add("a-secret-of-some-length")
	text := "%" + strings.Repeat("25", 1<<19)
	if got := r.redact(text + "a-secret-of-some-length"); got != text+"(redacted)" {
		t.Errorf("%.100s", got)
	}
}

// TestRedact removes a secret in each form that a text can have it in, and
// nothing beside it.
func TestRedact(t *testing.T) {
	t.Parallel()
	const secret = `CAISab+/Xy==&<"q\w'%>` + "Zz0123456789abcdefghijklmnopqr-_"
	quoted, _ := json.Marshal(secret)
	inJSON := strings.Trim(string(quoted), `"`)
	twice, _ := json.Marshal(inJSON)
	escaped := ""
	for _, c := range secret {
		escaped += fmt.Sprintf(`\u%04x`, c)
	}
	forms := map[string]string{
		"plain":             secret,
		"JSON":              inJSON,
		"JSON twice":        strings.Trim(string(twice), `"`),
		"JSON with slashes": strings.ReplaceAll(inJSON, "/", `\/`),
		"quoted by Go":      strings.Trim(fmt.Sprintf("%q", secret), `"`),
		"lower \\u":         escaped,
		"upper \\u":         strings.ReplaceAll(strings.ToUpper(escaped), `\U`, `\u`),
		"query":             url.QueryEscape(secret),
		"path":              url.PathEscape(secret),
		"query twice":       url.QueryEscape(url.QueryEscape(secret)),
		"lower query":       strings.ReplaceAll(url.QueryEscape(secret), "%2B", "%2b"),
		"hex":               hex.EncodeToString([]byte(secret)),
		"upper hex":         strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"a part":            secret[7:30],
		"the begin":         secret[:16],
		"the end":           secret[len(secret)-16:],
		"a part in JSON":    inJSON[12:60],
	}
	var r redactor
	r.add(secret, "short", "8-digits", "")
	for name, form := range forms {
		if got := r.redact("a " + form + ` b\/%20`); got != `a (redacted) b\/%20` {
			t.Errorf("%s: %s", name, got)
		}
	}
	for name, encoding := range map[string]*base64.Encoding{
		"std": base64.StdEncoding, "raw": base64.RawStdEncoding, "URL": base64.URLEncoding, "raw URL": base64.RawURLEncoding,
	} {
		for before := range 4 {
			encoded := encoding.EncodeToString([]byte("user:"[:before] + secret + ":x"))
			if got := r.redact("a " + encoded); len(got) > len("a (redacted)")+12 || strings.Contains(got, encoded[10:20]) {
				t.Errorf("%s after %d bytes: %s", name, before, got)
			}
		}
	}
	for _, text := range []string{"", "short", secret[:15], "no secret in %41 \\u0041 \\", "ends with \\", "%", "\xff\\u12", `\ud800`} {
		if got := r.redact(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
	r.add("12345678", "12345678-and-more", "more-than-that", `\\\\\\\\`)
	for text, want := range map[string]string{
		"12345678-and-more":           "(redacted)",
		"12345678-and-more-than-that": "(redacted)",
		"x12345678, 12345678y":        "x(redacted), (redacted)y",
		"8-digits, 8-digit":           "(redacted), 8-digit",
	} {
		if got := r.redact(text); got != want {
			t.Errorf("%s became %s", text, got)
		}
	}
}

// TestRedactURI keeps the words of a URI, and removes parts that can be secrets.
func TestRedactURI(t *testing.T) {
	t.Parallel()
	config, _ := Resolve(Settings{CredentialsURI: "http://user:pass-word@host/credentials/0123456789abcdef0?token=fedcba98765432100&role=reader-role"}, variables{}.get)
	got := NewSource(config).Redact("credentials of host for reader-role: pass-word 0123456789abcdef0 fedcba98765432100")
	if got != "credentials of host for reader-role: (redacted) (redacted) (redacted)" {
		t.Errorf("got %s", got)
	}
}
