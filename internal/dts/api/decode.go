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

// tolerant accepts what this API sends in practice.
var tolerant = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))

// scalars reads scalars as this API sends them: a number in quotes, a string
// without, "true" for a bool, "" or null for no value.
var scalars = json.JoinUnmarshalers(
	json.UnmarshalFromFunc(func(d *jsontext.Decoder, v *string) error {
		return scalar(d, "a string", func(text string) error { *v = text; return nil })
	}),
	json.UnmarshalFromFunc(func(d *jsontext.Decoder, v interface{ Known() []string }) error {
		return scalar(d, "a string", func(text string) error {
			reflect.ValueOf(v).Elem().SetString(text)
			return nil
		})
	}),
	json.UnmarshalFromFunc(func(d *jsontext.Decoder, v **int64) error { return optional(d, v, "an integer", parseInteger) }),
	json.UnmarshalFromFunc(func(d *jsontext.Decoder, v **stdjson.Number) error { return optional(d, v, "a number", parseNumber) }),
	json.UnmarshalFromFunc(func(d *jsontext.Decoder, v **bool) error { return optional(d, v, "true or false", parseBool) }),
)

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
		reason = fmt.Errorf("%s instead of %s", kindName(semantic.JSONKind), want)
	}
	return size, &FieldError{Path: fieldPath(semantic.JSONPointer), Err: reason}
}

// fieldPath writes a JSON pointer as documents write paths.
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
	return b.String()
}

func kindName(k jsontext.Kind) string {
	switch k {
	case 'n':
		return "null"
	case 't', 'f':
		return "a bool"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "a list"
	}
	return "something else"
}

// optional reads a scalar into a pointer that "" and null leave nil.
func optional[T any](d *jsontext.Decoder, v **T, want string, parse func(string) (T, bool)) error {
	*v = nil
	if d.PeekKind() == 't' || d.PeekKind() == 'f' {
		return boolean(d, v, want, parse)
	}
	return scalar(d, want, func(text string) error {
		if text == "" {
			return nil
		}
		parsed, ok := parse(text)
		if !ok {
			return fmt.Errorf("%q instead of %s", cutTo(text, 2*maxDigits), want)
		}
		*v = &parsed
		return nil
	})
}

// boolean reads true or false without quotes, which only a bool may be.
func boolean[T any](d *jsontext.Decoder, v **T, want string, parse func(string) (T, bool)) error {
	token, err := d.ReadToken()
	if err != nil {
		return err
	}
	parsed, ok := parse(token.String())
	if !ok {
		return fmt.Errorf("a bool instead of %s", want)
	}
	*v = &parsed
	return nil
}

// scalar gives the text of a string or number to set, and "" for null.
func scalar(d *jsontext.Decoder, want string, set func(string) error) error {
	switch kind := d.PeekKind(); kind {
	case '"', '0':
		token, err := d.ReadToken()
		if err != nil {
			return err
		}
		return set(token.String())
	case 'n':
		if _, err := d.ReadToken(); err != nil {
			return err
		}
		return set("")
	case 't', 'f', '{', '[':
		return fmt.Errorf("%s instead of %s", kindName(kind), want)
	}
	_, err := d.ReadToken() // Not JSON: the decoder says what is wrong.
	return err
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

func (*Job) row()             {}
func (*EtlJob) row()          {}
func (*ProgressItem) row()    {}
func (*DistributedJob) row()  {}
func (*FullNetCheckJob) row() {}

// element is an element of another list.
type element interface{ element() }

func (*PrecheckDetail) element() {}
func (*ErrorDetail) element()    {}
func (*JobLog) element()         {}
func (*NetworkReport) element()  {}
func (*keyValue) element()       {}
