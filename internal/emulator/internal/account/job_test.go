package account

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestWithoutDbObject(t *testing.T) {
	for recorded, want := range map[string]string{
		`{"DbObject":"a","ReverseJob":{"a":1, "DbObject":"b"},"b":2}`: `{"ReverseJob":{"a":1},"b":2}`,
		`{"ReverseJob":{ },"DbObject":""}`:                            `{"ReverseJob":{}}`,
		`{"DbObject":"a","ReverseJob":null}`:                          `{"ReverseJob":null}`,
		`{"a":12345678901234567890}`:                                  `{"a":12345678901234567890}`,
	} {
		j, err := NewJob(json.RawMessage(recorded))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(strings.Fields(string(j.WithoutDbObject())), ""); got != want {
			t.Errorf("%s without is %s, want %s", recorded, got, want)
		}
	}
}
