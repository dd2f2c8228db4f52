package api

import (
	stdjson "encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// FieldError is a field of a response that has a type it can't be read from.
// Another request would bring the same response.
type FieldError struct {
	Path string // such as DtsJobList[0].Delay
	Err  error
}

func (e *FieldError) Error() string { return fmt.Sprintf("field %s holds %s", e.Path, e.Err) }

func (e *FieldError) Unwrap() error { return e.Err }

// tolerant accepts the deviations from JSON that this API sends.
var tolerant = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

// scalars reads scalars as this API sends them: a number in quotes, a string
// without, "true" for a bool, "" or null for no value.
var scalars = json.JoinUnmarshalers(
	json.UnmarshalFromFunc(func(d *jsontext.Decoder, v *string) (err error) {
		*v, err = scalar(d, "a string")
		return err
	}),
	json.UnmarshalFromFunc(func(d *jsontext.Decoder, v interface{ Known() []string }) error {
		text, err := scalar(d, "a string")
		reflect.ValueOf(v).Elem().SetString(text)
		return err
	}),
	optional("an integer", parseInteger),
	optional("a number", parseNumber),
	optional(aBool, parseBool),
)

// aBool describes the only scalar that may be true or false without quotes.
const aBool = "true or false"

// optional returns an unmarshaler of pointers to scalars. An empty string
// and null give a nil pointer.
func optional[T any](want string, parse func(string) (T, bool)) *json.Unmarshalers {
	return json.UnmarshalFromFunc(func(d *jsontext.Decoder, v **T) error {
		*v = nil
		text, err := scalar(d, want)
		if err != nil || text == "" {
			return err
		}
		parsed, ok := parse(text)
		if !ok {
			return fmt.Errorf("%q instead of %s", cut(text, 2*maxDigits), want)
		}
		*v = &parsed
		return nil
	})
}

// scalar returns the text of a scalar, and "" for null.
func scalar(d *jsontext.Decoder, want string) (string, error) {
	kind := d.PeekKind()
	if kind == '{' || kind == '[' || (kind == 't' || kind == 'f') && want != aBool {
		return "", fmt.Errorf("%s instead of %s", kindNames[kind], want)
	}
	token, err := d.ReadToken() // If the next token is not JSON, the error has the reason.
	if err != nil || kind == 'n' {
		return "", err
	}
	return token.String(), nil
}

// ErrTooManyRows is the error of a response with more rows than any page has.
// Another request would bring the same response.
var ErrTooManyRows = fmt.Errorf("the response has more than %d rows", maxRows)

// A response of a few megabytes can hold millions of empty objects, each of
// which takes kilobytes once it is decoded.
const (
	maxRows     = 10_000  // jobs or items
	maxElements = 200_000 // elements of the lists in them

	// The memory that a row and an element take beside their texts, in bytes.
	rowSize     = 2 << 10
	elementSize = 256
)

// decode reads a response into v, a pointer to a zero struct, and returns how much
// memory that takes, in bytes. Unknown fields are ignored, the last of repeated
// keys wins, invalid UTF-8 becomes U+FFFD. The error is a [FieldError] for valid
// JSON of the wrong type, or [ErrTooManyRows].
func decode(response []byte, v any) (size int64, err error) {
	rows, elements := int64(0), int64(0)
	count := func(n *int64, most int64) error {
		if *n++; *n > most {
			return ErrTooManyRows
		}
		return errors.ErrUnsupported // The elements themselves are decoded as usual.
	}
	err = json.Unmarshal(response, v, tolerant, json.WithUnmarshalers(json.JoinUnmarshalers(
		json.UnmarshalFromFunc(func(_ *jsontext.Decoder, _ row) error { return count(&rows, maxRows) }),
		json.UnmarshalFromFunc(func(_ *jsontext.Decoder, _ element) error { return count(&elements, maxElements) }),
		scalars,
	)))
	size = int64(len(response)) + rows*rowSize + elements*elementSize
	if errors.Is(err, ErrTooManyRows) {
		return size, ErrTooManyRows
	}
	var semantic *json.SemanticError
	if !errors.As(err, &semantic) || semantic.JSONPointer == "" {
		return size, err
	}
	reason := semantic.Err
	if reason == nil { // Only a list or an object; scalars have an error.
		want := "an object"
		if semantic.GoType != nil && semantic.GoType.Kind() == reflect.Slice {
			want = "a list"
		}
		reason = fmt.Errorf("%s instead of %s", kindNames[semantic.JSONKind], want)
	}
	return size, &FieldError{Path: fieldPath(semantic.JSONPointer), Err: reason}
}

// fieldPath writes a JSON pointer as documents write paths. A response can make it
// long.
func fieldPath(pointer jsontext.Pointer) string {
	var b strings.Builder
	for token := range pointer.Tokens() {
		if _, err := strconv.Atoi(token); err == nil {
			b.WriteString("[" + token + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(token)
	}
	return cut(b.String(), maxMessage)
}

// kindNames are the types of JSON for users.
var kindNames = map[jsontext.Kind]string{
	'n': "null", 't': "a bool", 'f': "a bool", '"': "a string", '0': "a number", '{': "an object", '[': "a list",
}

// parseInteger accepts a fraction of zeros only, which changes nothing.
func parseInteger(text string) (int64, bool) {
	if integer, fraction, found := strings.Cut(text, "."); found && fraction != "" && strings.Trim(fraction, "0") == "" {
		text = integer
	}
	i, err := strconv.ParseInt(text, 10, 64)
	return i, err == nil
}

// maxDigits is the length of the longest number that is accepted, with or without
// an exponent. Terraform takes seconds to read a number of millions of digits.
const maxDigits = 64

// parseNumber keeps the text; float64 would round it.
func parseNumber(text string) (stdjson.Number, bool) {
	if len(text) > maxDigits {
		return "", false
	}
	f, err := strconv.ParseFloat(text, 64)
	decimal := strings.Trim(text, "+-0123456789.eE") == ""
	isShort := f == 0 || math.Abs(f) >= 1e-64 && math.Abs(f) < 1e64
	return stdjson.Number(text), err == nil && decimal && isShort
}

func parseBool(text string) (bool, bool) {
	switch strings.ToLower(text) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}

// row is an element of a list that is paged, or as large as one.
type row interface{ row() }

func (*Job) row()          {}
func (*EtlJob) row()       {}
func (*ProgressItem) row() {}
func (*Subjob) row()       {} // of a distributed subtask or a network check

// element is an element of another list.
type element interface{ element() }

func (*PrecheckDetail) element() {}
func (*ErrorDetail) element()    {}
func (*JobLog) element()         {}
func (*NetworkReport) element()  {}
func (*keyValue) element()       {}
