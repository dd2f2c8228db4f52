package provider_test

import (
	"net/url"
	"strings"
	"testing"
)

// TestWarnings reads what is let through with a warning.
func TestWarnings(t *testing.T) {
	t.Parallel()
	server, _ := newEmulator(t)
	for name, test := range map[string]struct {
		url, source string
		set         arguments
		want        string
	}{
		"IDs not found": {server.URL, "dts_jobs", arguments{"dts_job_ids": []string{"gone", "e7l25cln1x8v4q0"}, "status": "Finished", "tags": map[string]string{"env": "prod"}},
			`Jobs Not Found.*on AttributeName\("dts_job_ids"\).*region cn-hangzhou for e7l25cln1x8v4q0, gone\..*job_type = MIGRATION, status = Finished, tags = \[env:prod\]\..*missing_ids`},
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

// TestNoWarning plans what needs none: the only warning is the CLI's own, of
// the override that the test runs with.
func TestNoWarning(t *testing.T) {
	t.Parallel()
	skipIfShort(t)
	server, _ := newEmulator(t)
	c := newCLIWith(t, providerBlock(server.URL, "")+jobs(`job_type = "SYNC"`)+precheck(`dts_job_id = "passed"`))
	output := c.mustRun(t, "plan", "-no-color")
	if warnings := strings.Count(output, "Warning: "); warnings != 1 || !strings.Contains(output, "overrides are in effect") {
		t.Errorf("%d warnings:\n%s", warnings, output)
	}
}
