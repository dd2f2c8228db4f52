package dts

import (
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// FuzzResponse reads any body as a response of either operation: it is data or
// an error that says something, never a panic, and the data can be used.
func FuzzResponse(f *testing.F) {
	for _, seed := range []string{
		`{"Success":true,"TotalRecordCount":1,"DtsJobList":[{"DtsJobId":"a","Delay":"1234","JobType":"online","MaxDu":"0.5","TagList":[{"TagKey":"k"}],"ReverseJob":{"Delay":-1}}]}`,
		`{"State":"Finished","JobProgress":[{"Skip":"true","OrderNum":"1","Logs":[{}]}],"NetworkDiagnosisResult":{"Diagnosis":[null]}}`,
		`{"DtsJobList":[{"Delay":1,"Delay":2,"Performance":{"Rps":1},"Performance":{}}]}`,
		`{"Success":"false","ErrCode":"InternalError","ErrMessage":"%s","DynamicMessage":"x"}`,
		`{"DtsJobList":{}}`, `<html>`, ``, `null`, `[]`, "{\"DtsJobId\":\"\xff\"}", `{"a":`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		jobs := new(api.JobsPage)
		_, err := api.Parse(http.StatusOK, body, jobs)
		if err == nil {
			jobRows(jobs.Jobs)
			for i := range jobs.Jobs {
				setDelays(&jobs.Jobs[i], "online")
				usable(t, jobs.Jobs[i].DelaySeconds)
				usable(t, jobs.Jobs[i].MaxDu)
			}
		}
		if field := new(api.FieldError); err == nil && !json.Valid(body) || errors.As(err, &field) && field.Path == "" {
			t.Errorf("%q: %v", body, err)
		}
		if p, saved := ParsePrecheckPages(body, body); saved == nil && !p.ItemsMissing {
			t.Errorf("%q: a page that is there twice is missed", body)
		} else if errors.As(err, new(*api.Refusal)) != errors.As(saved, new(*api.Refusal)) {
			t.Errorf("%q is refused for one operation: %v, %v", body, err, saved)
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
