package rawjson

import (
	"encoding/json"
	"slices"
	"testing"
)

// FuzzEdit edits an object and takes the edit back: what is left must be the
// very same bytes.
func FuzzEdit(f *testing.F) {
	for _, object := range []string{`{}`, `{ "x" : 1.0, "a":[{"x":"\""}] }`, "{\n\"a\" :1 ,\n\"x\": null\n}\n", `{"x":1,"x":2}`, `{"":{"":[]}}`, `[]`, "{\"\xff\":1}"} {
		f.Add(object, "x", `"new"`)
	}
	f.Fuzz(func(t *testing.T, object, name, value string) {
		old, err := Get([]byte(object), name)
		if isObject := isObject(object); isObject != (err == nil) {
			t.Fatalf("%q is an object: %t, error %v", object, isObject, err)
		}
		if err != nil {
			return
		}
		checkSame(t, object)
		set, err := Set([]byte(object), name, []byte(value))
		if err != nil {
			return
		}
		checkSet(t, set, name, value)
		restored, err := Delete(set, name)
		if old != nil {
			restored, err = Set(set, name, old)
		}
		if err != nil || string(restored) != object {
			t.Errorf("%q became %q, then %q, error %v", object, set, restored, err)
		}
		checkDeleted(t, object, name)
	})
}

func isObject(data string) bool {
	var object map[string]json.RawMessage
	return json.Unmarshal([]byte(data), &object) == nil && object != nil
}

func checkSame(t *testing.T, object string) {
	t.Helper()
	same, err := EditObject([]byte(object), func(m Member) (Member, bool) { return m, true })
	if err != nil || string(same) != object {
		t.Errorf("%q became %q, error %v", object, same, err)
	}
}

func checkSet(t *testing.T, set []byte, name, value string) {
	t.Helper()
	if !json.Valid(set) {
		t.Errorf("%q is not JSON", set)
	}
	if got, err := Get(set, name); err != nil || string(got) != value {
		t.Errorf("got %q, error %v, want %q", got, err, value)
	}
}

// checkDeleted checks that the other members are there as before.
func checkDeleted(t *testing.T, object, name string) {
	t.Helper()
	deleted, err := Delete([]byte(object), name)
	if err != nil || !json.Valid(deleted) {
		t.Fatalf("%q became %q, error %v", object, deleted, err)
	}
	var want []string
	for _, m := range members(t, []byte(object)) {
		if m.Name != name {
			want = append(want, m.Name, string(m.Value))
		}
	}
	var got []string
	for _, m := range members(t, deleted) {
		got = append(got, m.Name, string(m.Value))
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q became %q", object, deleted)
	}
}

func members(t *testing.T, object []byte) []Member {
	t.Helper()
	var all []Member
	_, err := EditObject(object, func(m Member) (Member, bool) {
		all = append(all, m)
		return m, true
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
