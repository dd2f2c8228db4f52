package dts

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func ptr[T any](v T) *T { return &v }

type scalars struct {
	Text   *string
	Status *JobStatus
	Int    *int64
	Number *json.Number
	Bool   *bool
	Object *scalars
	List   []scalars
	Tags   Tags
}

func TestDecode(t *testing.T) {
	for _, test := range []struct {
		name, response string
		want           scalars
	}{
		{"nothing", `{}`, scalars{}},
		{"null", `{"Text":null,"Status":null,"Int":null,"Number":null,"Bool":null,"Object":null,"List":null}`, scalars{}},
		{"empty strings", `{"Text":"","Status":"","Int":"","Number":"","Bool":""}`, scalars{Text: ptr(""), Status: ptr(JobStatus(""))}},
		{"as declared", `{"Text":"a","Status":"Failed","Int":1,"Number":1.5,"Bool":true}`,
			scalars{Text: ptr("a"), Status: ptr(JobStatus("Failed")), Int: ptr(int64(1)), Number: ptr(json.Number("1.5")), Bool: ptr(true)}},
		{"in quotes", `{"Int":"-1","Number":"0.10","Bool":"False"}`,
			scalars{Int: ptr(int64(-1)), Number: ptr(json.Number("0.10")), Bool: ptr(false)}},
		{"numbers for strings", `{"Text":1.50,"Status":3}`, scalars{Text: ptr("1.50"), Status: ptr(JobStatus("3"))}},
		{"largest integer", `{"Int":9223372036854775807}`, scalars{Int: ptr(int64(9223372036854775807))}},
		{"smallest integer", `{"Int":"-9223372036854775808"}`, scalars{Int: ptr(int64(-9223372036854775808))}},
		{"fraction of zeros", `{"Int":5.0}`, scalars{Int: ptr(int64(5))}},
		{"unknown fields", `{"New":{"Text":[1]},"Text":"a"}`, scalars{Text: ptr("a")}},
		{"case counts", `{"text":"a","INT":1}`, scalars{}},
		{"last scalar wins", `{"Int":1,"Int":2}`, scalars{Int: ptr(int64(2))}},
		{"last null wins", `{"Int":1,"Int":""}`, scalars{}},
		{"last object wins entirely", `{"Object":{"Text":"a"},"Object":{"Int":1}}`, scalars{Object: &scalars{Int: ptr(int64(1))}}},
		{"last list wins entirely", `{"List":[{"Text":"a"},{}],"List":[{"Int":1}]}`, scalars{List: []scalars{{Int: ptr(int64(1))}}}},
		{"repeated keys keep integers", `{"Int":1,"Int":9223372036854775807}`, scalars{Int: ptr(int64(9223372036854775807))}},
		{"invalid UTF-8", "{\"Text\":\"a\xffb\"}", scalars{Text: ptr("a\uFFFDb")}},
		{"lone surrogate", `{"Text":"\ud800"}`, scalars{Text: ptr("\uFFFD")}},
		{"null element", `{"List":[null]}`, scalars{List: []scalars{{}}}},
		{"tags", `{"Tags":[{"TagKey":"a","TagValue":"1"},{"TagKey":"b"},{"TagKey":"c","TagValue":null},{"TagKey":"d","TagValue":4}]}`,
			scalars{Tags: Tags{"a": "1", "b": "", "c": "", "d": "4"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got scalars
			if err := decode([]byte(test.response), &got); err != nil {
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
		`{"Int":"12a"}`:                        `field Int holds "12a" instead of an integer`,
		`{"Int":1.5}`:                          `field Int holds "1.5" instead of an integer`,
		`{"Int":9223372036854775808}`:          `field Int holds "9223372036854775808" instead of an integer`,
		`{"Int":true}`:                         `field Int holds a bool instead of an integer`,
		`{"Number":"0x10"}`:                    `field Number holds "0x10" instead of a number`,
		`{"Number":1e999}`:                     `field Number holds "1e999" instead of a number`,
		`{"Bool":1}`:                           `field Bool holds "1" instead of true or false`,
		`{"Text":true}`:                        `field Text holds a bool instead of a string`,
		`{"Status":{}}`:                        `field Status holds an object instead of a string`,
		`{"Object":""}`:                        `field Object holds a string instead of an object`,
		`{"List":{}}`:                          `field List holds an object instead of a list`,
		`{"List":[{},{"Object":{"Int":"x"}}]}`: `field List[1].Object.Int holds "x" instead of an integer`,
		`{"Tags":{}}`:                          `field Tags holds an object instead of a list`,
		`{"Tags":[{"TagKey":[]}]}`:             `field Tags[0].TagKey holds a list instead of a string`,
	} {
		err := decode([]byte(response), &scalars{})
		if field := new(FieldError); !errors.As(err, &field) || err.Error() != want {
			t.Errorf("%s: got %v, want %s", response, err, want)
		}
	}
}

func TestBrokenResponseIsNotAFieldError(t *testing.T) {
	for _, response := range []string{``, `{`, `{"Int":`, `{"Int":1`, `<html>`, `{} x`, `[]`, `"a"`, `{"Int":nul}`, `{"Text":"a`, `{"Int":1,"Int":2} x`} {
		err := decode([]byte(response), &scalars{})
		if field := new(FieldError); err == nil || errors.As(err, &field) {
			t.Errorf("%q: got %v", response, err)
		}
	}
}
