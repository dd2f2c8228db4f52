package api

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func ptr[T any](v T) *T { return &v }

type sample struct {
	Text   *string
	Status *JobStatus
	Int    *int64
	Number *json.Number
	Bool   *bool
	Object *sample
	List   []sample
	Tags   Tags
}

func TestDecode(t *testing.T) {
	for _, test := range []struct {
		name, response string
		want           sample
	}{
		{"nothing", `{}`, sample{}},
		{"null", `{"Text":null,"Status":null,"Int":null,"Number":null,"Bool":null,"Object":null,"List":null}`, sample{}},
		{"empty strings", `{"Text":"","Status":"","Int":"","Number":"","Bool":""}`, sample{Text: ptr(""), Status: ptr(JobStatus(""))}},
		{"as declared", `{"Text":"a","Status":"Failed","Int":1,"Number":1.5,"Bool":true}`,
			sample{Text: ptr("a"), Status: ptr(JobStatus("Failed")), Int: ptr(int64(1)), Number: ptr(json.Number("1.5")), Bool: ptr(true)}},
		{"in quotes", `{"Int":"-1","Number":"0.10","Bool":"False"}`,
			sample{Int: ptr(int64(-1)), Number: ptr(json.Number("0.10")), Bool: ptr(false)}},
		{"numbers for strings", `{"Text":1.50,"Status":3}`, sample{Text: ptr("1.50"), Status: ptr(JobStatus("3"))}},
		{"largest integer", `{"Int":9223372036854775807}`, sample{Int: ptr(int64(9223372036854775807))}},
		{"smallest integer", `{"Int":"-9223372036854775808"}`, sample{Int: ptr(int64(-9223372036854775808))}},
		{"fraction of zeros", `{"Int":5.0}`, sample{Int: ptr(int64(5))}},
		{"unknown fields", `{"New":{"Text":[1]},"Text":"a"}`, sample{Text: ptr("a")}},
		{"case counts", `{"text":"a","INT":1}`, sample{}},
		{"last scalar wins", `{"Int":1,"Int":2}`, sample{Int: ptr(int64(2))}},
		{"last null wins", `{"Int":1,"Int":""}`, sample{}},
		{"repeated objects are merged", `{"Object":{"Text":"a","Int":2},"Object":{"Int":1}}`, sample{Object: &sample{Text: ptr("a"), Int: ptr(int64(1))}}},
		{"last list wins entirely", `{"List":[{"Text":"a"},{}],"List":[{"Int":1}]}`, sample{List: []sample{{Int: ptr(int64(1))}}}},
		{"repeated keys keep integers", `{"Int":1,"Int":9223372036854775807}`, sample{Int: ptr(int64(9223372036854775807))}},
		{"invalid UTF-8", "{\"Text\":\"a\xffb\"}", sample{Text: ptr("a\uFFFDb")}},
		{"lone surrogate", `{"Text":"\ud800"}`, sample{Text: ptr("\uFFFD")}},
		{"null element", `{"List":[null]}`, sample{List: []sample{{}}}},
		{"tags", `{"Tags":[{"TagKey":"a","TagValue":"1"},{"TagKey":"b"},{"TagKey":"c","TagValue":null},{"TagKey":"d","TagValue":4}]}`,
			sample{Tags: Tags{"a": "1", "b": "", "c": "", "d": "4"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got sample
			if _, err := decode([]byte(test.response), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestDecodeNamesFieldOfWrongType(t *testing.T) {
	for response, want := range map[string]string{
		`{"Int":"12a"}`:               `field Int holds "12a" instead of an integer`,
		`{"Int":1.5}`:                 `field Int holds "1.5" instead of an integer`,
		`{"Int":9223372036854775808}`: `field Int holds "9223372036854775808" instead of an integer`,
		`{"Int":true}`:                `field Int holds a bool instead of an integer`,
		`{"Number":"0x10"}`:           `field Number holds "0x10" instead of a number`,
		`{"Number":` + strings.Repeat("1", 65) + `}`: `field Number holds "` + strings.Repeat("1", 65) + `" instead of a number`,
		`{"Number":1e999}`:                           `field Number holds "1e999" instead of a number`,
		`{"Bool":1}`:                                 `field Bool holds "1" instead of true or false`,
		`{"Text":true}`:                              `field Text holds a bool instead of a string`,
		`{"Status":{}}`:                              `field Status holds an object instead of a string`,
		`{"Object":""}`:                              `field Object holds a string instead of an object`,
		`{"List":{}}`:                                `field List holds an object instead of a list`,
		`{"List":[{},{"Object":{"Int":"x"}}]}`:       `field List[1].Object.Int holds "x" instead of an integer`,
		`{"Tags":{}}`:                                `field Tags holds an object instead of a list`,
		`{"Tags":[{"TagKey":[]}]}`:                   `field Tags[0].TagKey holds a list instead of a string`,
	} {
		_, err := decode([]byte(response), &sample{})
		if field := new(FieldError); !errors.As(err, &field) || err.Error() != want {
			t.Errorf("%s: got %v, want %s", response, err, want)
		}
	}
}

func TestBrokenResponseIsNotAFieldError(t *testing.T) {
	for _, response := range []string{``, `{`, `{"Int":`, `{"Int":1`, `<html>`, `{} x`, `[]`, `"a"`, `{"Int":nul}`, `{"Text":"a`, `{"Int":1,"Int":2} x`} {
		_, err := decode([]byte(response), &sample{})
		if field := new(FieldError); err == nil || errors.As(err, &field) {
			t.Errorf("%q: got %v", response, err)
		}
	}
}

// TestRowsAreLimited refuses a response of empty objects while it is decoded.
func TestRowsAreLimited(t *testing.T) {
	list := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat("{},", n), ",") + "]" }
	for name, test := range map[string]struct {
		page     Response
		response string
		refused  bool
	}{
		"as many items as allowed":  {new(PrecheckPage), `{"JobProgress":` + list(10_000) + `}`, false},
		"one more":                  {new(PrecheckPage), `{"JobProgress":` + list(10_001) + `}`, true},
		"of two lists":              {new(PrecheckPage), `{"JobProgress":` + list(6_000) + `,"AnalysisJobProgress":` + list(6_000) + `}`, true},
		"repeated":                  {new(PrecheckPage), `{"JobProgress":` + list(6_000) + `,"JobProgress":` + list(6_000) + `}`, true},
		"one job more":              {new(JobsPage), `{"DtsJobList":` + list(10_001) + `}`, true},
		"elements of a job's lists": {new(JobsPage), `{"DtsJobList":[{"PrecheckStatus":{"Detail":` + list(200_001) + `}}]}`, true},
		"tags":                      {new(JobsPage), `{"DtsJobList":[{"TagList":` + list(200_001) + `}]}`, true},
		"many elements in all":      {new(JobsPage), `{"DtsJobList":[{"ErrorDetails":` + list(20_000) + `}]}`, false},
	} {
		_, err := Parse(200, []byte(test.response), test.page)
		if errors.Is(err, ErrTooManyRows) != test.refused || !test.refused && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSizeOfRows has rows and elements that take more memory than they are long.
func TestSizeOfRows(t *testing.T) {
	for response, least := range map[string]int64{
		`{"DtsJobList":[` + strings.Repeat(`{},`, 999) + `{}]}`:                    1000 * rowSize,
		`{"DtsJobList":[{"ErrorDetails":[` + strings.Repeat(`{},`, 999) + `{}]}]}`: 1000 * elementSize,
		`{"TotalRecordCount":0,"X":"` + strings.Repeat("x", 1000) + `"}`:           1000,
	} {
		page := new(JobsPage)
		if _, err := Parse(200, []byte(response), page); err != nil || page.Size() < least || page.Size() > least+4*rowSize {
			t.Errorf("%.40s: %d bytes, at least %d are taken; %v", response, page.Size(), least, err)
		}
	}
}

// TestFieldTypes finds a list whose elements are not counted, and a string type
// that does not accept a number.
func TestFieldTypes(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(typ reflect.Type) {
		switch {
		case seen[typ]:
		case typ.Kind() == reflect.Pointer:
			walk(typ.Elem())
		case typ.Kind() == reflect.String:
			_, isKnown := reflect.New(typ).Interface().(interface{ Known() []string })
			if !isKnown && typ != reflect.TypeFor[string]() && typ != reflect.TypeFor[json.Number]() {
				t.Errorf("a number is not accepted as %s", typ)
			}
		case typ.Kind() == reflect.Slice:
			switch reflect.New(typ.Elem()).Interface().(type) {
			case row, element:
			default:
				t.Errorf("elements of type %s are not counted", typ.Elem())
			}
			walk(typ.Elem())
		case typ.Kind() == reflect.Struct:
			seen[typ] = true
			for i := range typ.NumField() {
				walk(typ.Field(i).Type)
			}
		}
	}
	walk(reflect.TypeFor[JobsPage]())
	walk(reflect.TypeFor[PrecheckPage]())
}

// TestMessagesAreLimited has a message that repeats its placeholder, and a
// value for it that is long.
func TestMessagesAreLimited(t *testing.T) {
	long := strings.Repeat("ä", 1<<16)
	for name, test := range map[string]struct{ message, dynamic, want string }{
		"one placeholder":       {"No %s.", "x", "No x."},
		"the first is replaced": {"%s %s", "x", "x %s"},
		"a value with another":  {"%s", "%s%s", "%s%s"},
		"a long message":        {long, "", long[:4092] + "…"},
		"a long value":          {"%s", long, long[:4092] + "…"},
	} {
		body, _ := json.Marshal(map[string]any{"Success": false, "ErrMessage": test.message, "DynamicMessage": test.dynamic})
		_, err := Parse(200, body, new(JobsPage))
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: got %.80q of %d bytes", name, err, len(err.Error()))
		}
	}
}
