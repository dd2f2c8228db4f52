package provider_test

import (
	"fmt"
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// results are the scenarios of the emulator and what the contract makes of
// them: job ID, further arguments, result, passed, items in failed_items and
// warning_items.
var results = []struct {
	job  string
	set  arguments
	want string
}{
	{"passed", nil, "PASSED true [] []"},
	{"passed", arguments{"fail_on_warnings": true}, "PASSED true [] []"},
	{"failed", nil, "FAILED false [CHECK_BINLOG_ON CHECK_SAME_OBJ] []"},
	{"checking-then-passed", nil, "RUNNING false [] []"},
	{"finished-before", nil, "PASSED true [] []"},
	{"finished-before", arguments{"started_after": time.Now().UTC().Format("2006-01-02T00:00:00Z")}, "NOT_STARTED false [] []"},
	{"times-without-zone", nil, "PASSED true [] []"},
	{"times-without-zone", arguments{"started_after": "2020-01-01T00:00:00Z"}, "UNKNOWN false [] []"},
	{"never-started", nil, "NOT_STARTED false [] []"},
	{"stuck", nil, "RUNNING false [] []"},
	{"suspended", nil, "SUSPENDED false [] []"},
	{"undocumented-state", nil, "UNKNOWN false [] []"},
	{"failed-on-last-page", nil, "FAILED false [CHECK_SAME_OBJ] []"},
	{"failed-on-last-page", arguments{"page_size": 20}, "FAILED false [CHECK_SAME_OBJ] []"},
	{"failure-hidden-by-name", arguments{"name": "order"}, "FAILED false [CHECK_SAME_OBJ] []"},
	{"failure-hidden-by-struct-phase", arguments{"struct_phase": "Table"}, "FAILED false [open_orders] []"},
	{"item-without-state", nil, "UNKNOWN false [] []"},
	{"count-too-high", nil, "PASSED true [] []"},
	{"more-errors-than-shown", nil, "UNKNOWN false [] [CHECK_SAME_OBJ]"},
	{"failed-in-capitals", nil, "FAILED false [CHECK_SAME_OBJ] []"},
	{"skipped-failure", nil, "PASSED true [] [CHECK_SAME_OBJ]"},
	{"skipped-failure", arguments{"fail_on_warnings": true}, "PASSED false [] [CHECK_SAME_OBJ]"},
	{"ignored-failure", nil, "PASSED true [] [CHECK_SAME_OBJ]"},
	{"skippable-failure", nil, "FAILED false [CHECK_SAME_OBJ] []"},
	{"warning-only", nil, "PASSED true [] [CHECK_SAME_OBJ]"},
	{"warning-only", arguments{"fail_on_warnings": true}, "PASSED false [] [CHECK_SAME_OBJ]"},
	{"assessment-failure", nil, "PASSED true [] [ANALYSIS_MYSQL_4_ITEM]"},
	{"sub-distributed-failure", nil, "FAILED false [CHECK_CONN_DEST] []"},
	{"sub-distributed-failure-without-items", nil, "FAILED false [dts.step.precheck.shard] []"},
	{"network-check-failure", nil, "FAILED false [dts.step.fullnetcheck] []"},
	{"network-check-failure-under-finished", nil, "FAILED false [dts.step.fullnetcheck] []"},
	{"migrating", nil, "RUNNING false [] []"},
	{"caught-up", nil, "RUNNING false [] []"},
	{"caught-up", arguments{"job_code": "04"}, "PASSED true [] []"},
	{"caught-up-with-failure", arguments{"job_code": "04"}, "FAILED false [customers] []"},
}

// TestResultsOfScenarios reads all scenarios. A precheck that has not passed has
// a summary of why.
func TestResultsOfScenarios(t *testing.T) {
	t.Parallel()
	s := newScenarioSession(t)
	for _, test := range results {
		state, diags := s.readState(t, "dts_precheck_status", with(test.set, arguments{"dts_job_id": test.job}))
		items := map[string][]any{}
		for _, list := range []string{"failed_items", "warning_items"} {
			found, _ := state[list].([]any)
			for _, item := range found {
				items[list] = append(items[list], at(item, "item"))
			}
		}
		got := fmt.Sprintf("%v %v %v %v", state["result"], state["passed"], items["failed_items"], items["warning_items"])
		if hasSummary := state["failure_summary"] != ""; got != test.want || hasSummary != (state["passed"] == false) || strings.Contains(diags, "ERROR") {
			t.Errorf("%s %v: %s, want %s; summary %q; %s", test.job, test.set, got, test.want, state["failure_summary"], diags)
		}
	}
}

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
	state, diags := newSession(t, api.URL).readState(t, "dts_precheck_status", arguments{"dts_job_id": "j", "name": "A"})
	if diags != "" {
		t.Error(diags)
	}
	expectAttributes(t, state, map[string]any{
		"job_progress[].item": "A", "total_record_count": "2", // Only lists are filtered.
		"result": "FAILED", "passed": false, "started_at": "2022-03-16T08:01:31Z", "finished_at": "2022-03-16T08:01:34.5Z",
		"job_code": nil, "struct_type": nil, "network_diagnosis_result": nil,
		"sub_distributed_job_status": []any{}, "warning_items": []any{}, "pending_items": []any{},
		"failed_items": []any{map[string]any{
			"source": "job_progress", "job_id": "s", "item": "B", "names": nil, "title": nil, "explanation": nil, "help_url": nil,
			"state": "Failed", "err_msg": "m", "err_detail": "d", "repair_method": "r", "can_skip": true, "target_names": "t",
		}},
	})
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
