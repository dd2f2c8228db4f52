package fault

import (
	"reflect"
	"testing"
)

// FuzzParse reads faults, writes them and reads them again.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`[]`, `null`, `{"kind": "hang"}`, `[{"kind": "page-cap", "size": 7, "offsets": "requested", "calls": "1-3,every 5"}]`,
		`{"kind": "slow-body", "delay": "1h", "when": {"PageNo": ""}}`, `{"kind": "response", "status": 200, "body": "<"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		faults, err := Parse(data)
		if err != nil || Check(faults, operations) != nil {
			return
		}
		written, err := Format(faults)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(written)
		if err != nil || !reflect.DeepEqual(again, faults) {
			t.Errorf("%s became %s, error %v", data, written, err)
		}
	})
}
