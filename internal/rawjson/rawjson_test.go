package rawjson

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestGet(t *testing.T) {
	for name, test := range map[string]struct{ object, want string }{
		"first":      {`{ "x" : 1.0 , "a" : 2 }`, `1.0`},
		"last":       {`{"a":{"x":1},"x":[1, {"x":2}] }`, `[1, {"x":2}]`},
		"absent":     {`{"a":{"x":1}}`, ``},
		"empty":      {` {} `, ``},
		"null":       {`{"x":null}`, `null`},
		"repeated":   {`{"x":1,"x":2}`, `2`},
		"escaped":    {`{"\u0078":"\u0078"}`, `"\u0078"`},
		"lookalike":  {`{"y":"\"x\":1"}`, ``},
		"other case": {`{"X":1}`, ``},
		"not UTF-8":  {"{\"a\":\"\xff\",\"x\":\"\xff\"}", "\"\xff\""},
		"surrogate":  {`{"x":"\ud800"}`, `"\ud800"`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Get([]byte(test.object), "x")
			if err != nil || string(got) != test.want {
				t.Errorf("got %s, error %v, want %s", got, err, test.want)
			}
		})
	}
}

func TestSet(t *testing.T) {
	for name, test := range map[string]struct{ object, want string }{
		"first":           {`{ "x" : [1, {"x":2}], "a" : 2 }`, `{ "x" : "new", "a" : 2 }`},
		"last":            {"{\n  \"a\": 1.0,\n  \"x\":{}\n}\n", "{\n  \"a\": 1.0,\n  \"x\":\"new\"\n}\n"},
		"repeated":        {`{"x":1,"x":2}`, `{"x":1,"x":"new"}`},
		"absent":          {`{ "a" : {"x":1} }`, `{ "a" : {"x":1}, "x" : "new" }`},
		"absent, compact": {`{"a":1,"b":2}`, `{"a":1,"b":2,"x":"new"}`},
		"absent, lines":   {"{\n  \"a\" : 1,\n  \"b\": 2\n}", "{\n  \"a\" : 1,\n  \"b\": 2,\n  \"x\": \"new\"\n}"},
		"empty":           {" {}\n", " {\"x\":\"new\"}\n"},
		"lookalike":       {`{"y":"\"x\":1"}`, `{"y":"\"x\":1","x":"new"}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Set([]byte(test.object), "x", []byte(`"new"`))
			if err != nil || string(got) != test.want {
				t.Errorf("got %s, error %v, want %s", got, err, test.want)
			}
		})
	}
}

func TestDelete(t *testing.T) {
	for name, test := range map[string]struct{ object, want string }{
		"first":          {`{ "x" : 1, "a" : 2 }`, `{ "a" : 2 }`},
		"middle":         {`{"a":1,  "x":[1, {"x":2}],"b":3}`, `{"a":1,"b":3}`},
		"last":           {"{\n  \"a\": 1.0,\n  \"x\": {}\n}", "{\n  \"a\": 1.0\n}"},
		"only":           {`{ "x": "}" }`, `{  }`},
		"all repeated":   {`{"x":1,"a":2,"x":3}`, `{"a":2}`},
		"absent":         {`{ "a": "x" }`, `{ "a": "x" }`},
		"empty":          {`{}`, `{}`},
		"nested":         {`{"a":{"x":1}}`, `{"a":{"x":1}}`},
		"escaped before": {`{"\"x":1,"x":"\\\"","b":"\u0041"}`, `{"\"x":1,"b":"\u0041"}`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Delete([]byte(test.object), "x")
			if err != nil || string(got) != test.want {
				t.Errorf("got %s, error %v, want %s", got, err, test.want)
			}
		})
	}
}

func TestEditObject(t *testing.T) {
	object := `{ "a" : 1,"old":"\u0041" , "b":3.0 }`
	got, err := EditObject([]byte(object), func(m Member) (Member, bool) {
		if m.Name == "old" {
			return Member{Name: "<new>\n", Value: json.RawMessage(`[]`)}, true
		}
		return m, true
	})
	if want := `{ "a" : 1,"<new>\n":[] , "b":3.0 }`; err != nil || string(got) != want {
		t.Errorf("got %s, error %v, want %s", got, err, want)
	}
}

func TestEditArray(t *testing.T) {
	for name, test := range map[string]struct{ array, want string }{
		"some":  {`[ 1, {"a":[2]} ,  2,1 , 3.0 ]`, `[ {"a":[2]} , 3.0 ]`},
		"first": {`[1,{"a":1}]`, `[{"a":1}]`},
		"all":   {` [1, 2 ] `, ` [ ] `},
		"none":  {`[ "1" ,"2"]`, `[ "1" ,"2"]`},
		"empty": {`[ ]`, `[ ]`},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := EditArray([]byte(test.array), func(element json.RawMessage) (json.RawMessage, bool) {
				return element, len(element) != 1
			})
			if err != nil || string(got) != test.want {
				t.Errorf("got %s, error %v, want %s", got, err, test.want)
			}
		})
	}
	got, err := EditArray([]byte(`[1 , 2]`), func(json.RawMessage) (json.RawMessage, bool) { return json.RawMessage(`{"a":0}`), true })
	if want := `[{"a":0} , {"a":0}]`; err != nil || string(got) != want {
		t.Errorf("got %s, error %v, want %s", got, err, want)
	}
}

// What is not an object or not JSON is an error, and so is a value that would
// make it invalid.
func TestErrors(t *testing.T) {
	same := func(m Member) (Member, bool) { return m, true }
	for _, object := range []string{``, ` `, `null`, `"x"`, `[]`, `{"a":`, `{"a":1,]`, `{"a":1,}`, `{"a" 1}`, `{1:1}`, `{} {}`, `{"a":1}x`, `{'a':1}`} {
		_, get := Get([]byte(object), "a")
		_, set := Set([]byte(object), "a", []byte(`1`))
		_, del := Delete([]byte(object), "a")
		_, edit := EditObject([]byte(object), same)
		if get == nil || set == nil || del == nil || edit == nil {
			t.Errorf("%q: errors of Get, Set, Delete, EditObject: %v, %v, %v, %v", object, get, set, del, edit)
		}
	}
	for _, value := range []string{``, ` 1`, `1 `, `1,"b":2`, `{`, `x`, `1 2`} {
		edit := func(json.RawMessage) (json.RawMessage, bool) { return json.RawMessage(value), true }
		_, set := Set([]byte(`{"a":1}`), "a", []byte(value))
		_, add := Set([]byte(`{}`), "a", []byte(value))
		_, array := EditArray([]byte(`[1]`), edit)
		_, object := EditObject([]byte(`{"a":1}`), func(m Member) (Member, bool) { return Member{m.Name, json.RawMessage(value)}, true })
		if set == nil || add == nil || array == nil || object == nil {
			t.Errorf("%q: errors of Set, Set, EditArray, EditObject: %v, %v, %v, %v", value, set, add, array, object)
		}
	}
	if _, err := Get([]byte(`[]`), "a"); err == nil || !strings.Contains(err.Error(), "begins with") {
		t.Errorf("got %v", err)
	}
}

// No function writes into its input, nor does what it returns share memory with it.
func TestInputStays(t *testing.T) {
	for _, object := range []string{`{"a":[1,2],"b":{}}`, `{}`} {
		input := []byte(object)
		value, _ := Get(input, "a")
		edited, _ := Set(input, "c", []byte(`1`))
		deleted, _ := Delete(input, "c")
		for _, output := range [][]byte{value, edited, deleted} {
			for i := range output {
				output[i] = 'x'
			}
		}
		if string(input) != object {
			t.Errorf("%s is %s now", object, input)
		}
	}
}
