package account

import (
	"encoding/json"
	"testing"
)

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
