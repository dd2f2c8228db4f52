package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestExpensiveValues has values that take Terraform's types minutes.
func TestExpensiveValues(t *testing.T) {
	for body, want := range map[string]string{
		`{"A":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `}`:           "",
		`{"A":` + strings.Repeat("[", 65) + strings.Repeat("]", 65) + `}`:           "deeper than 64 levels",
		`{"A":` + strings.Repeat(`{"A":`, 65) + "1" + strings.Repeat("}", 65) + `}`: "deeper than 64 levels",
		`{"A":[1e63,-1e63,1e-64,0,0e9,-0.5]}`:                                       "",
		`{"A":1e65}`:                                                                "instead of a number",
		`{"A":-1e-65}`:                                                              "instead of a number",
		`{"A":1e-300}`:                                                              "instead of a number",
	} {
		_, err := Parse(http.StatusOK, []byte(body), new(Fields))
		if (err != nil) != (want != "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%.80s: %v, want %q", body, err, want)
		}
	}
}

// TestLongRefusal has an error whose parts are as long as a response can be.
// Errors are logged, and searched for secrets.
func TestLongRefusal(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	body := fmt.Sprintf(`{"Success":false,"ErrCode":"%s","ErrMessage":"%[1]s","DynamicMessage":"%[1]s","RequestId":"%[1]s"}`, long)
	id, err := Parse(http.StatusOK, []byte(body), new(PrecheckPage))
	refusal := new(Refusal)
	if !errors.As(err, &refusal) {
		t.Fatal(err)
	}
	for _, part := range []string{id, refusal.Code, refusal.Message, refusal.DynamicMessage} {
		if len(part) == 0 || len(part) > maxMessage {
			t.Errorf("%d bytes", len(part))
		}
	}
}

// TestParsePrecheckResponse tells data from errors where data has a field Code
// of its own.
func TestParsePrecheckResponse(t *testing.T) {
	isRefusal := func(err error) bool { return errors.As(err, new(*Refusal)) }
	isBroken := func(err error) bool { return errors.Is(err, ErrBroken) }
	isFieldError := func(err error) bool { return errors.As(err, new(*FieldError)) }
	isData := func(err error) bool { return err == nil }
	for _, test := range []struct {
		body string
		want func(error) bool
		text string
	}{
		{`{"Success":true,"RequestId":"R","Code":"01","State":"Finished"}`, isData, ""},
		{`{"RequestId":"R","Code":"01","State":"Finished"}`, isData, ""},
		{`{"RequestId":"R","Success":null,"Code":"01","ErrMessage":""}`, isData, ""},
		{`{"Success":true,"RequestId":"R","ErrCode":"X","ErrMessage":"ignored"}`, isData, ""},
		{`{"RequestId":"R","Code":"Throttling.User","Message":"Slow down."}`, isRefusal, "Throttling.User: Slow down."},
		{`{"RequestId":"R","Success":false,"Code":"01","ErrCode":"X","ErrMessage":"No %s.","DynamicMessage":"Y"}`, isRefusal, "X: No Y."},
		{`{"RequestId":"R","Success":false}`, isRefusal, ""},
		{`{"State":{},"RequestId":"R"}`, isFieldError, "field State holds an object instead of a string"},
		{`{"JobProgress":7,"Success":false,"ErrCode":"X","RequestId":"R"}`, isRefusal, "X: "},
		{`null`, isBroken, "broken response: null"},
		{`{"RequestId":"R"`, isBroken, ""},
		{`{"RequestId":"R","Success":false,"ErrCode":"X"`, isBroken, ""},
	} {
		id, err := Parse(http.StatusOK, []byte(test.body), new(PrecheckPage))
		if !test.want(err) || err != nil && test.text != "" && err.Error() != test.text {
			t.Errorf("%s: got %v, want %s", test.body, err, test.text)
		}
		if !isBroken(err) && id != "R" {
			t.Errorf("%s: request ID %q", test.body, id)
		}
	}
}
