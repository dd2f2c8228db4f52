package fault

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestRewrite(t *testing.T) {
	if got := string(addUnknownFields([]byte(`{"a":{ },"b":"\"{}"}`))); !json.Valid([]byte(got)) || strings.Count(got, `"AddedByTheService"`) != 2 {
		t.Errorf("unknown fields: %s", got)
	}
	if got := string(quoteNumbers([]byte(`{"a":-0.5E+3,"b":"\"1","c":[1,"2"]}`))); got != `{"a":"-0.5E+3","b":"\"1","c":["1","2"]}` {
		t.Errorf("numbers as strings: %s", got)
	}
}
