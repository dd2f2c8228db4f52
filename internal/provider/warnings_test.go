package provider_test

import (
	"strings"
	"testing"
)

// TestWarnings plans what is let through with a warning, and wants the plan to
// succeed and to say what to look at.
func TestWarnings(t *testing.T) {
	server, _ := newEmulator(t)
	api := newFakeAPI(t, nothing)
	for name, test := range map[string]struct{ config, want string }{
		"ids not found": {providerBlock(server.URL, "") + jobs(`dts_job_ids = ["gone", "e7l25cln1x8v4q0"]`),
			`Jobs not found.*No job was found in region cn-hangzhou for: e7l25cln1x8v4q0, gone\. The usual cause is job_type, which is MIGRATION here`},
		"a job type that nobody knows": {api.block("") + jobs(`job_type = "NEWTYPE"`),
			`Unknown job_type.*"NEWTYPE" is not among the documented values and is sent as it is\..*known are: MIGRATION, SYNC, SUBSCRIBE`},
		"a status that nobody knows": {api.block("") + jobs(`status = "Migratng"`), `Unknown status.*"Migratng"`},
		"a job code that nobody knows": {newFakeAPI(t, finished).block("") + precheck("dts_job_id = \"j\"\njob_code = \"05\""),
			`Unknown job_code.*known are: 01, 02, 03, 04`},
		"an odd page size": {api.block("") + jobs(`page_size = 7`), `Unknown page size.*Known are: 10, 20, 30, 50, 100`},
		"plain HTTP": {providerBlock("http://dts.example.com", "") + jobs(`dts_job_ids = []`),
			`Requests are not encrypted.*Use HTTPS`},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCLI(t, folderWith(t, providerSource+test.config))
			if output := c.must(t, "plan", "-no-color"); !words("(?s)Warning: " + test.want).MatchString(output) {
				t.Errorf("no %s in:\n%s", test.want, output)
			}
		})
	}
}

// TestNoWarning plans what is as it should be: the only warning is the CLI's
// own, of the override that the test runs with.
func TestNoWarning(t *testing.T) {
	server, _ := newEmulator(t)
	c := newCLI(t, folderWith(t, providerSource+providerBlock(server.URL, "")+jobs(`job_type = "SYNC"`)+precheck(`dts_job_id = "passed"`)))
	output := c.must(t, "plan", "-no-color")
	if warnings := strings.Count(output, "Warning: "); warnings != 1 || !strings.Contains(output, "overrides are in effect") {
		t.Errorf("%d warnings:\n%s", warnings, output)
	}
}
