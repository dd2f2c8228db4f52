package provider_test

import (
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// precheck is a data block with arguments in it.
func precheck(arguments string) string {
	return "data \"dts_precheck_status\" \"test\" {\n" + arguments + "\n}\n"
}

// inPrecheck checks a value of data.dts_precheck_status.test.
func inPrecheck(path tfjsonpath.Path, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("data.dts_precheck_status.test", path, want)
}

// results are the scenarios of the emulator and what the contract makes of
// them: job ID, further arguments, result, passed, items in failed_items and
// warning_items.
var results = []struct {
	job, arguments, want string
}{
	{"passed", ``, "PASSED true [] []"},
	{"passed", `fail_on_warnings = true`, "PASSED true [] []"},
	{"failed", ``, "FAILED false [CHECK_BINLOG_ON CHECK_SAME_OBJ] []"},
	{"checking-then-passed", ``, "RUNNING false [] []"},
	{"finished-before", ``, "PASSED true [] []"},
	{"finished-before", `started_after = "TODAY"`, "NOT_STARTED false [] []"},
	{"times-without-zone", ``, "PASSED true [] []"},
	{"times-without-zone", `started_after = "2020-01-01T00:00:00Z"`, "UNKNOWN false [] []"},
	{"never-started", ``, "NOT_STARTED false [] []"},
	{"stuck", ``, "RUNNING false [] []"},
	{"suspended", ``, "SUSPENDED false [] []"},
	{"undocumented-state", ``, "UNKNOWN false [] []"},
	{"failed-on-last-page", ``, "FAILED false [CHECK_SAME_OBJ] []"},
	{"failed-on-last-page", `page_size = 20`, "FAILED false [CHECK_SAME_OBJ] []"},
	{"failure-hidden-by-name", `name = "order"`, "FAILED false [CHECK_SAME_OBJ] []"},
	{"failure-hidden-by-struct-phase", `struct_phase = "Table"`, "FAILED false [open_orders] []"},
	{"item-without-state", ``, "UNKNOWN false [] []"},
	{"count-too-high", ``, "PASSED true [] []"},
	{"more-errors-than-shown", ``, "UNKNOWN false [] [CHECK_SAME_OBJ]"},
	{"failed-in-capitals", ``, "FAILED false [CHECK_SAME_OBJ] []"},
	{"skipped-failure", ``, "PASSED true [] [CHECK_SAME_OBJ]"},
	{"skipped-failure", `fail_on_warnings = true`, "PASSED false [] [CHECK_SAME_OBJ]"},
	{"ignored-failure", ``, "PASSED true [] [CHECK_SAME_OBJ]"},
	{"skippable-failure", ``, "FAILED false [CHECK_SAME_OBJ] []"},
	{"warning-only", ``, "PASSED true [] [CHECK_SAME_OBJ]"},
	{"warning-only", `fail_on_warnings = true`, "PASSED false [] [CHECK_SAME_OBJ]"},
	{"assessment-failure", ``, "PASSED true [] [ANALYSIS_MYSQL_4_ITEM]"},
	{"sub-distributed-failure", ``, "FAILED false [CHECK_CONN_DEST] []"},
	{"sub-distributed-failure-without-items", ``, "FAILED false [dts.step.precheck.shard] []"},
	{"network-check-failure", ``, "FAILED false [dts.step.fullnetcheck] []"},
	{"network-check-failure-under-finished", ``, "FAILED false [dts.step.fullnetcheck] []"},
	{"migrating", ``, "RUNNING false [] []"},
	{"caught-up", ``, "RUNNING false [] []"},
	{"caught-up", `job_code = "04"`, "PASSED true [] []"},
	{"caught-up-with-failure", `job_code = "04"`, "FAILED false [customers] []"},
}

// TestResultsOfScenarios reads all scenarios in one run of the CLI.
func TestResultsOfScenarios(t *testing.T) {
	t.Parallel()
	server, _ := newEmulator(t)
	var config strings.Builder
	var checks []statecheck.StateCheck
	for n, v := range results {
		arguments := strings.ReplaceAll(v.arguments, "TODAY", time.Now().UTC().Format("2006-01-02T00:00:00Z"))
		fmt.Fprintf(&config, `
data "dts_precheck_status" "case%[1]d" {
  dts_job_id = %[2]q
  %[3]s
}
output "case%[1]d" {
  value = join(" ", [
    data.dts_precheck_status.case%[1]d.result,
    data.dts_precheck_status.case%[1]d.passed,
    "[${join(" ", data.dts_precheck_status.case%[1]d.failed_items[*].item)}]",
    "[${join(" ", data.dts_precheck_status.case%[1]d.warning_items[*].item)}]",
    (data.dts_precheck_status.case%[1]d.failure_summary == "") == data.dts_precheck_status.case%[1]d.passed ? "" : "summary!",
  ])
}
`, n, v.job, arguments)
		checks = append(checks, statecheck.ExpectKnownOutputValue(fmt.Sprintf("case%d", n), sameResult{v.job + " " + v.arguments, v.want + " "}))
	}
	testApply(t, providerBlock(server.URL, "max_requests_per_second = 10000")+config.String(), checks...)
}

// sameResult names the scenario of a result that differs.
type sameResult struct{ scenario, want string }

func (s sameResult) CheckValue(got any) error {
	if got != s.want {
		return fmt.Errorf("scenario %s: %v, want %s", s.scenario, got, s.want)
	}
	return nil
}

func (s sameResult) String() string { return s.want }

// TestPrecheckArguments sets each argument in turn and checks the requests.
func TestPrecheckArguments(t *testing.T) {
	t.Parallel()
	usual := parameters{"DtsJobId": "j", "JobCode": "01", "StructType": "before", "RegionId": "cn-hangzhou", "PageNo": "1", "PageSize": "100"}
	for name, test := range map[string]struct {
		set  arguments
		want []parameters // that differ, of each request
	}{
		"none":                {nil, []parameters{{}}},
		"job_code":            {arguments{"job_code": "04"}, []parameters{{"JobCode": "04"}}},
		"another job_code":    {arguments{"job_code": "07"}, []parameters{{"JobCode": "07"}}},
		"empty job_code":      {arguments{"job_code": ""}, []parameters{{}}},
		"struct_type":         {arguments{"struct_type": "after"}, []parameters{{"StructType": "after"}}},
		"region":              {arguments{"region": "eu-central-1"}, []parameters{{"RegionId": "eu-central-1"}}},
		"resource_group_id":   {arguments{"resource_group_id": "rg"}, []parameters{{"ResourceGroupId": "rg"}}},
		"zero_etl_job":        {arguments{"zero_etl_job": false}, []parameters{{"ZeroEtlJob": "false"}}},
		"page_size":           {arguments{"page_size": 30}, []parameters{{"PageSize": "30"}}},
		"name":                {arguments{"name": "订单"}, []parameters{{}, {"Name": "订单"}}},
		"struct_phase":        {arguments{"struct_phase": "View"}, []parameters{{}, {"StructPhase": "View"}}},
		"name and job_code":   {arguments{"name": "n", "job_code": "02"}, []parameters{{"JobCode": "02"}, {"JobCode": "02", "Name": "n"}}},
		"wait_for_completion": {arguments{"wait_for_completion": true}, []parameters{{}}},
		"shortest interval":   {arguments{"poll_interval": "1s", "not_started_grace": "0s"}, []parameters{{}}},
		"empty arguments": {arguments{"name": "", "started_after": "", "poll_interval": "", "not_started_grace": "",
			"timeouts": arguments{"read": ""}}, []parameters{{}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, finished)
			set := arguments{"dts_job_id": "j"}
			maps.Copy(set, test.set)
			if got := newSession(t, api.URL).plan(t, "dts_precheck_status", set); strings.Contains(got, "ERROR") {
				t.Fatal(got)
			}
			var want []url.Values
			for _, differing := range test.want {
				want = append(want, usual.with(differing))
			}
			if diff := cmp.Diff(want, api.requests()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestPrecheckValues(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(q url.Values) string {
		if q.Get("Name") != "" {
			return `{"State":"Finished","JobId":"j","TotalRecordCount":1,"JobProgress":[{"Item":"A","State":"Success"}]}`
		}
		return `{"State":"Finished","JobId":"j","TotalRecordCount":2,"ErrorItem":"1","JobProgress":[
			{"Item":"A","State":"Success","BootTime":"2022-03-16T08:01:31.000+00:00","FinishTime":"2022-03-16T08:01:34.500+00:00"},
			{"Item":"B","State":"Failed","JobId":"s","ErrMsg":"m","ErrDetail":"d","RepairMethod":"r","CanSkip":true,"TargetNames":"t"}]}`
	})
	null := knownvalue.Null()
	testApply(t, api.block()+precheck("dts_job_id = \"j\"\nname = \"A\""),
		inPrecheck(key("job_progress"), knownvalue.ListSizeExact(1)),
		inPrecheck(key("total_record_count"), knownvalue.Int64Exact(2)), // Only lists are filtered.,
		inPrecheck(key("result"), knownvalue.StringExact("FAILED")),
		inPrecheck(key("passed"), knownvalue.Bool(false)),
		inPrecheck(key("started_at"), knownvalue.StringExact("2022-03-16T08:01:31Z")),
		inPrecheck(key("finished_at"), knownvalue.StringExact("2022-03-16T08:01:34.5Z")),
		inPrecheck(key("job_code"), null),
		inPrecheck(key("struct_type"), null),
		inPrecheck(key("network_diagnosis_result"), null),
		inPrecheck(key("sub_distributed_job_status"), knownvalue.ListExact(nil)),
		inPrecheck(key("warning_items"), knownvalue.ListExact(nil)),
		inPrecheck(key("pending_items"), knownvalue.ListExact(nil)),
		inPrecheck(key("failed_items"), knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
			"source": knownvalue.StringExact("job_progress"), "job_id": knownvalue.StringExact("s"), "item": knownvalue.StringExact("B"),
			"names": null, "title": null, "explanation": null, "help_url": null,
			"state": knownvalue.StringExact("Failed"), "err_msg": knownvalue.StringExact("m"),
			"err_detail": knownvalue.StringExact("d"), "repair_method": knownvalue.StringExact("r"),
			"can_skip": knownvalue.Bool(true), "target_names": knownvalue.StringExact("t"),
		})})),
	)
}

// finished responds to every request with a subtask that has passed.
func finished(url.Values) string {
	return `{"State":"Finished","JobId":"j","Code":"","TotalRecordCount":1,"JobProgress":[{"Item":"A","State":"Success"}]}`
}

// TestPrecheckInputErrors wants an error on the argument, its name in the
// detail, and no request.
func TestPrecheckInputErrors(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, finished)
	s := newSession(t, api.URL)
	for name, test := range map[string]struct {
		set  arguments
		want string
	}{
		"empty dts_job_id":      {arguments{"dts_job_id": ""}, `Attribute dts_job_id must be a non-empty string`},
		"struct_type":           {arguments{"struct_type": "between"}, `Attribute struct_type must be one of: "before", "after", got: "between"`},
		"started_after":         {arguments{"started_after": "yesterday"}, `Attribute started_after must be a time in RFC 3339 format`},
		"started_after a date":  {arguments{"started_after": "2022-03-16"}, `Attribute started_after must be a time in RFC 3339 format`},
		"no zone":               {arguments{"started_after": "2022-03-16T08:01:31"}, `Attribute started_after must be a time in RFC 3339 format`},
		"poll_interval of zero": {arguments{"poll_interval": "0s"}, `Attribute poll_interval must be a duration of at least 1s.*got: "0s"`},
		"short poll_interval":   {arguments{"poll_interval": "999ms"}, `Attribute poll_interval must be a duration of at least 1s`},
		"poll_interval":         {arguments{"poll_interval": "10"}, `Attribute poll_interval must be a duration`},
		"not_started_grace":     {arguments{"not_started_grace": "-1s"}, `Attribute not_started_grace must be a duration, such as 90s, 5m or 0s, got: "-1s"`},
		"timeout":               {arguments{"timeouts": arguments{"read": "0s"}}, `Attribute timeouts\.read must be a duration above zero`},
		"page_size":             {arguments{"page_size": 101}, `Attribute page_size must be between 1 and 100`},
	} {
		t.Run(name, func(t *testing.T) {
			set := arguments{"dts_job_id": "j"}
			maps.Copy(set, test.set)
			if got := s.plan(t, "dts_precheck_status", set); !wrapped("ERROR: .*" + test.want).MatchString(got) {
				t.Errorf("no %s in:\n%s", test.want, got)
			}
		})
	}
	if requests := api.requests(); len(requests) > 0 {
		t.Errorf("%d requests", len(requests))
	}
}

func TestPrecheckOfUnknownJob(t *testing.T) {
	t.Parallel()
	server, _ := newEmulator(t)
	for name, test := range map[string]struct{ url, want string }{
		"refused by the API": {server.URL, `nobody.*InstanceNotFound.*request ID: .*Check the ID`},
		"nothing in the response": {newFakeAPI(t, func(url.Values) string { return `{"Success":true,"RequestId":"R-1"}` }).URL,
			`has no state.*nobody.*request ID: R-1.*Check dts_job_id`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := newSession(t, test.url).plan(t, "dts_precheck_status", arguments{"dts_job_id": "nobody"})
			if !wrapped(`Unable to Read DTS Precheck Status.*on AttributeName\("dts_job_id"\).*` + test.want).MatchString(got) {
				t.Error(got)
			}
		})
	}
}

// TestNameThatMatchesNothing is an empty list, not an unknown job.
func TestNameThatMatchesNothing(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(q url.Values) string {
		if q.Get("Name") != "" {
			return `{"Success":true,"RequestId":"R-1","TotalRecordCount":0}`
		}
		return finished(q)
	})
	s := newSession(t, api.URL)
	resp := s.read(t, "dts_precheck_status", arguments{"dts_job_id": "j", "name": "none"})
	if len(resp.Diagnostics) > 0 {
		t.Fatal(render(resp.Diagnostics))
	}
	state := s.state(t, "dts_precheck_status", resp)
	if items := elementsOf(t, state["job_progress"]); len(items) != 0 || stringOf(t, state["result"]) != "PASSED" {
		t.Errorf("%d items, result %s", len(items), state["result"])
	}
}

// TestMissingItemsAreADoubt has the first page of a server that caps pages and
// then sends nothing more.
func TestMissingItemsAreADoubt(t *testing.T) {
	t.Parallel()
	s := newSession(t, newFakeAPI(t, func(q url.Values) string {
		if q.Get("PageNo") != "1" {
			return `{"State":"Finished","JobId":"j","TotalRecordCount":45}`
		}
		q.Set("PageSize", "20")
		return strings.Replace(subtaskPage(q, "Finished", 20), `"TotalRecordCount":20`, `"TotalRecordCount":45`, 1)
	}).URL)
	state, diags := s.readState(t, "dts_precheck_status", arguments{"dts_job_id": "j"})
	if diags != "" || state["result"] != "UNKNOWN" || !strings.Contains(fmt.Sprint(state["failure_summary"]), "items are missing") {
		t.Errorf("result %s, %s; %s", state["result"], state["failure_summary"], diags)
	}
}

// TestFailOnWarnings keeps a precheck with a warning from passing.
func TestFailOnWarnings(t *testing.T) {
	t.Parallel()
	server, _ := newEmulator(t)
	s := newSession(t, server.URL)
	for fails, passed := range map[any]bool{nil: true, false: true, true: false} {
		state, _ := s.readState(t, "dts_precheck_status", arguments{"dts_job_id": "warning-only", "fail_on_warnings": fails})
		if state["passed"] != passed || state["result"] != "PASSED" {
			t.Errorf("fail_on_warnings %v: passed %v, result %v", fails, state["passed"], state["result"])
		}
	}
}

// TestRequiredArgument has the CLI refuse a data source without a job.
func TestRequiredArgument(t *testing.T) {
	t.Parallel()
	testApplyError(t, newFakeAPI(t, finished).block()+precheck(""), `dts_job_id.*required`)
}
