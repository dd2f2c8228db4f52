package dts

import (
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// seeds are responses to begin with, valid and not.
var seeds = []string{
	`{"Success":true,"TotalRecordCount":1,"DtsJobList":[{"DtsJobId":"a","Delay":"1234","JobType":"online","MaxDu":"0.5","TagList":[{"TagKey":"k"}],"ReverseJob":{"Delay":-1}}]}`,
	`{"State":"Finished","JobProgress":[{"Skip":"true","OrderNum":"1","Logs":[{}]}],"NetworkDiagnosisResult":{"Diagnosis":[null]}}`,
	`{"DtsJobList":[{"Delay":1,"Delay":2,"Performance":{"Rps":1},"Performance":{}}]}`,
	`{"Success":"false","ErrCode":"InternalError","ErrMessage":"%s","DynamicMessage":"x"}`,
	`{"DtsJobList":{}}`, `<html>`, ``, `null`, `[]`, "{\"DtsJobId\":\"\xff\"}", `{"a":`,
}

// FuzzResponse reads any body as a response of either operation: it is data or
// an error that says something, never a panic, and what is read can be used.
func FuzzResponse(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		jobs := new(jobsPage)
		if _, err := api.Parse(http.StatusOK, body, jobs); err == nil {
			setDelays(jobs.JobList, api.FilterMigration)
			for i := range jobs.Jobs {
				usable(t, jobs.Jobs[i].DelaySeconds)
				usable(t, jobs.Jobs[i].MaxDu)
			}
		} else if _, precheck := api.Parse(http.StatusOK, body, new(precheckPage)); errors.As(err, new(*api.Refusal)) != errors.As(precheck, new(*api.Refusal)) {
			t.Errorf("%q is refused for one operation: %v, %v", body, err, precheck)
		}
		if _, err := api.Parse(http.StatusInternalServerError, body, jobs); err == nil {
			t.Errorf("%q with status 500 is data", body)
		}
	})
}

// usable wants a number that Terraform can take.
func usable(t *testing.T, number *json.Number) {
	t.Helper()
	if number == nil {
		return
	}
	if f, _, err := big.ParseFloat(number.String(), 10, 512, big.ToNearestEven); err != nil || f.IsInf() {
		t.Errorf("%q is no number", *number)
	}
}

// FuzzDecode holds the decoder against encoding/json: what is not JSON for the
// one is not for the other, and an error on a field names it.
func FuzzDecode(f *testing.F) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		err := api.Decode(body, new(jobsPage))
		var field *api.FieldError
		if err == nil && !json.Valid(body) {
			t.Errorf("%q was read, though it is not JSON", body)
		}
		if errors.As(err, &field) && field.Path == "" {
			t.Errorf("%q: %v names no field", body, err)
		}
	})
}
