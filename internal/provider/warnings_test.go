package provider_test

import (
	"net/url"
	"strings"
	"testing"
)

// TestWarnings reads what is let through with a warning.
func TestWarnings(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		url, source string
		set         arguments
		want        string
	}{
		"unknown job_type": {newFakeAPI(t, emptyList).URL, "dts_jobs", arguments{"job_type": "NEWTYPE"},
			`Attribute job_type is set to "NEWTYPE", which is not a documented value.*Known values: "MIGRATION", "SYNC", "SUBSCRIBE", "CHECK"`},
		"unknown status": {newFakeAPI(t, emptyList).URL, "dts_jobs", arguments{"status": "Migratng"}, `Attribute status is set to "Migratng"`},
		"unknown job_code": {newFakeAPI(t, finished).URL, "dts_precheck_status", arguments{"dts_job_id": "j", "job_code": "05"},
			`Attribute job_code is set to "05".*Known values: "01", "02", "03", "04"`},
		"count above the items": {newFakeAPI(t, oneOfHundred).URL, "dts_precheck_status", arguments{"dts_job_id": "j"},
			`Item Count Mismatch.*counts 100 items of DTS job j, but lists 1`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := newSession(t, test.url).plan(t, test.source, test.set)
			if !wrapped("^WARNING: .*"+test.want).MatchString(got) || strings.Contains(got, "ERROR") {
				t.Errorf("no %s in:\n%s", test.want, got)
			}
		})
	}
}

// oneOfHundred counts more items than it has, as the documented sample does.
func oneOfHundred(q url.Values) string {
	if q.Get("PageNo") != "1" {
		return `{"State":"Finished","JobId":"j","TotalRecordCount":100}`
	}
	return `{"State":"Finished","JobId":"j","TotalRecordCount":100,"JobProgress":[{"Item":"A","State":"Success"}]}`
}
