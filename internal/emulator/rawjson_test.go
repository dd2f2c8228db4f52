package emulator

import (
	"encoding/json"
	"testing"
)

// Removing a member changes no other byte.
func TestWithout(t *testing.T) {
	tests := map[string]struct{ object, want string }{
		"first":          {`{ "x" : 1, "a" : 2 }`, `{ "a" : 2 }`},
		"middle":         {`{"a":1,  "x":[1, {"x":2}],"b":3}`, `{"a":1,"b":3}`},
		"last":           {"{\n  \"a\": 1.0,\n  \"x\": {}\n}", "{\n  \"a\": 1.0\n}"},
		"only":           {`{ "x": "}" }`, `{  }`},
		"absent":         {`{ "a": "x" }`, `{ "a": "x" }`},
		"empty":          {`{}`, `{}`},
		"inner ones":     {`{"a":{"x":1}}`, `{"a":{"x":1}}`},
		"escaped before": {`{"\"x":1,"x":"\\\"","b":"\u0041"}`, `{"\"x":1,"b":"\u0041"}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := without(json.RawMessage(test.object), "x")
			if err != nil || string(got) != test.want {
				t.Errorf("got %s, error %v, want %s", got, err, test.want)
			}
			if !json.Valid(got) {
				t.Error("no JSON any more")
			}
		})
	}
	for _, bad := range []string{``, `[]`, `null`, `"x"`, `{"a":`, `{"a":1,]`} {
		if got, err := without(json.RawMessage(bad), "x"); err == nil {
			t.Errorf("%q: no error, but %s", bad, got)
		}
	}
}

func TestWithoutDbObject(t *testing.T) {
	tests := map[string]struct{ job, want string }{
		"job and reverse":  {`{"DbObject":"a","ReverseJob":{"a":1, "DbObject":"b"},"b":2}`, `{"ReverseJob":{"a":1},"b":2}`},
		"reverse is empty": {`{"ReverseJob":{ },"DbObject":""}`, `{"ReverseJob":{ }}`},
		"reverse is null":  {`{"DbObject":"a","ReverseJob":null}`, `{"ReverseJob":null}`},
		"none":             {`{"a":1}`, `{"a":1}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := withoutDbObject(json.RawMessage(test.job))
			if err != nil || string(got) != test.want {
				t.Errorf("got %s, error %v, want %s", got, err, test.want)
			}
		})
	}
}

// Setting a member changes no other byte.
func TestSet(t *testing.T) {
	tests := map[string]struct{ object, want string }{
		"first":     {`{ "x" : [1, {"x":2}], "a" : 2 }`, `{ "x" : "new", "a" : 2 }`},
		"last":      {"{\n  \"a\": 1.0,\n  \"x\":{}\n}\n", "{\n  \"a\": 1.0,\n  \"x\":\"new\"\n}\n"},
		"absent":    {"{ \"a\" : {\"x\":1} }\n", "{ \"a\" : {\"x\":1},\n  \"x\" : \"new\" }\n"},
		"empty":     {`{}`, "{\n  \"x\" : \"new\"}"},
		"lookalike": {`{"y":"\"x\":1"}`, "{\"y\":\"\\\"x\\\":1\",\n  \"x\" : \"new\"}"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := set(json.RawMessage(test.object), member{"x", []byte(`"new"`)})
			if err != nil || string(got) != test.want || !json.Valid(got) {
				t.Errorf("got %s, error %v, want %s", got, err, test.want)
			}
		})
	}
	if got, err := set(json.RawMessage(`[]`), member{"x", nil}); err == nil {
		t.Errorf("a list became %s", got)
	}
}
