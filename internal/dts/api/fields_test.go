package api

import (
	"errors"
	"strings"
	"testing"
)

// TestFieldsOfHostileResponses has responses whose names or nesting would drown
// an error, or take Terraform minutes to read.
func TestFieldsOfHostileResponses(t *testing.T) {
	nested := func(levels int) string {
		return `{"A":` + strings.Repeat(`[`, levels) + strings.Repeat(`]`, levels) + `}`
	}
	for name, test := range map[string]struct {
		response, want string // want begins the error
	}{
		"nested":           {nested(64), ""},
		"nested too deep":  {nested(65), "field A[0]"},
		"objects too deep": {strings.Repeat(`{"A":`, 5000) + "1" + strings.Repeat(`}`, 5000), "field A.A"},
		"a long name":      {`{"` + strings.Repeat("n", 1<<20) + `":` + strings.Repeat("1", 65) + `}`, "field nnn"},
	} {
		_, err := decode([]byte(test.response), new(Fields))
		switch field := new(FieldError); {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case test.want != "" && !errors.As(err, &field):
			t.Errorf("%s: %.200v", name, err)
		case test.want != "" && (!strings.HasPrefix(err.Error(), test.want) || len(err.Error()) > maxMessage+200):
			t.Errorf("%s: %d bytes: %.200v", name, len(err.Error()), err)
		}
	}
}
