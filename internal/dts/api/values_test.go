package api

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/tag"
)

// TestKnownValues wants each list of values to have no empty and no repeated
// value. It visits the fields of all requests and responses.
func TestKnownValues(t *testing.T) {
	lists := map[string]bool{}
	var visit func(reflect.Type)
	visit = func(typ reflect.Type) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct {
			return
		}
		for i := range typ.NumField() {
			f := typ.Field(i)
			values, _ := tag.Values(f)
			for i, value := range values {
				if value == "" || slices.Contains(values[:i], value) {
					t.Errorf("%s.%s: %q is empty or repeated", typ, f.Name, value)
				}
			}
			if values != nil {
				lists[tag.Name(f)] = true
			}
			visit(f.Type)
		}
	}
	for _, v := range []any{JobsRequest{}, PrecheckRequest{}, JobsPage{}, PrecheckPage{}} {
		visit(reflect.TypeOf(v))
	}
	if len(lists) < 20 {
		t.Errorf("only %d fields have known values: %v", len(lists), lists)
	}
}

func TestJobStatuses(t *testing.T) {
	for status, want := range map[JobStatus][2]bool{ // replicating, final
		"Migrating": {true, false}, "synchronizing": {true, false}, "NORMAL": {true, false},
		"PrecheckFailed": {false, true}, "finished": {false, true}, "Suspending": {false, true}, "Locked": {false, true},
		"NotStarted": {}, "Retrying": {}, "New": {}, "": {},
	} {
		if got := [2]bool{status.IsReplicating(), status.IsFinal()}; got != want {
			t.Errorf("%q: replicating and final are %v, want %v", status, got, want)
		}
	}
	for _, status := range slices.Concat(replicating, final) {
		if !slices.Contains(JobStatus("").Known(), status) {
			t.Errorf("%s is not a known status", status)
		}
	}
}

func TestParseTime(t *testing.T) {
	for text, want := range map[string]string{
		"2022-03-16T08:01:31.000+00:00": "2022-03-16T08:01:31Z",
		"2022-03-16T08:01:31.250+08:00": "2022-03-16T00:01:31.25Z",
		"2021-03-16T08:01:19Z":          "2021-03-16T08:01:19Z",
		"2022-03-16T08:01:31+0800":      "2022-03-16T00:01:31Z",
		"2022-03-16 08:01:31+08:00":     "2022-03-16T00:01:31Z",
		"2022-03-16 08:01:31+0800":      "2022-03-16T00:01:31Z",
		"2022-03-16 08:01:31 +0800":     "2022-03-16T00:01:31Z",
		// Without a zone, in year 1, or no time at all.
		"2021-01-11 11:39:44.0":       "",
		"2021-01-11T11:39:44":         "",
		"2022-03-16 08:01:31":         "",
		"2022-03-16":                  "",
		"2022-03-16T08:01:31 CST":     "",
		"0001-01-01T00:00:00Z":        "",
		"0001-01-01T00:00:00.000Z":    "",
		"0001-01-01T00:00:00+08:00":   "",
		"0001-01-01 00:00:00 +0000":   "",
		"1647417691000":               "",
		"soon":                        "",
		"2022-13-16T08:01:31Z":        "",
		"":                            "",
		" 2022-03-16T08:01:31.000Z  ": "",
	} {
		got, known := ParseTime(text)
		if known != (want != "") || known && got.UTC().Format(time.RFC3339Nano) != want {
			t.Errorf("%q is %s, %t, want %q", text, got, known, want)
		}
		if !known && !got.IsZero() {
			t.Errorf("%q is not known but %s", text, got)
		}
	}
}
