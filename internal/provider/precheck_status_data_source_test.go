package provider_test

import (
	"fmt"
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

// verdicts are the scenarios of the emulator and what the contract makes of
// them: job id, further arguments, result, passed, items in failed_items and
// warning_items.
var verdicts = []struct {
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

// TestVerdictsOfScenarios reads all scenarios in one run of the CLI.
func TestVerdictsOfScenarios(t *testing.T) {
	server, _ := newEmulator(t)
	var config strings.Builder
	var checks []statecheck.StateCheck
	for n, v := range verdicts {
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
		checks = append(checks, statecheck.ExpectKnownOutputValue(fmt.Sprintf("case%d", n), sameVerdict{v.job + " " + v.arguments, v.want + " "}))
	}
	applied(t, providerBlock(server.URL, "max_requests_per_second = 10000")+config.String(), checks...)
}

// sameVerdict names the scenario of a verdict that differs.
type sameVerdict struct{ scenario, want string }

func (s sameVerdict) CheckValue(got any) error {
	if got != s.want {
		return fmt.Errorf("scenario %s: %v, want %s", s.scenario, got, s.want)
	}
	return nil
}

func (s sameVerdict) String() string { return s.want }

// TestPrecheckArguments sets each argument in turn and looks at the calls.
func TestPrecheckArguments(t *testing.T) {
	usual := map[string]string{"DtsJobId": "j", "JobCode": "01", "StructType": "before", "RegionId": "cn-hangzhou", "PageNo": "1", "PageSize": "100"}
	for arguments, calls := range map[string][]map[string]string{
		``:                                {{}},
		`job_code = "04"`:                 {{"JobCode": "04"}},
		`job_code = "07"`:                 {{"JobCode": "07"}},
		`job_code = ""`:                   {{}},
		`struct_type = "after"`:           {{"StructType": "after"}},
		`region = "eu-central-1"`:         {{"RegionId": "eu-central-1"}},
		`resource_group_id = "rg"`:        {{"ResourceGroupId": "rg"}},
		`zero_etl_job = false`:            {{"ZeroEtlJob": "false"}},
		`page_size = 30`:                  {{"PageSize": "30"}},
		`name = "订单"`:                     {{}, {"Name": "订单"}},
		`struct_phase = "View"`:           {{}, {"StructPhase": "View"}},
		`name = ""`:                       {{}},
		`started_after = ""`:              {{}},
		`poll_interval = ""`:              {{}},
		"timeouts { read = \"\" }":        {{}},
		`wait_for_completion = true`:      {{}},
		"name = \"n\"\njob_code = \"02\"": {{"JobCode": "02"}, {"JobCode": "02", "Name": "n"}},
	} {
		t.Run(arguments, func(t *testing.T) {
			server := newFakeAPI(t, finished)
			applied(t, server.block("")+precheck("dts_job_id = \"j\"\n"+arguments))
			var want []url.Values
			for _, differing := range calls {
				call := url.Values{}
				for _, parameters := range []map[string]string{usual, differing} {
					for name, value := range parameters {
						call.Set(name, value)
					}
				}
				want = append(want, call)
			}
			asked := server.asked()
			if len(asked) < len(want) {
				t.Fatalf("only asked %v", asked)
			}
			for n, got := range asked {
				if diff := cmp.Diff(want[n%len(want)], got); diff != "" {
					t.Errorf("call %d: -want +got:\n%s", n, diff)
				}
			}
		})
	}
}

func TestPrecheckValues(t *testing.T) {
	server := newFakeAPI(t, func(q url.Values) string {
		if q.Get("Name") != "" {
			return `{"State":"Finished","JobId":"j","TotalRecordCount":1,"JobProgress":[{"Item":"A","State":"Success"}]}`
		}
		return `{"State":"Finished","JobId":"j","TotalRecordCount":2,"ErrorItem":"1","JobProgress":[
			{"Item":"A","State":"Success","BootTime":"2022-03-16T08:01:31.000+00:00","FinishTime":"2022-03-16T08:01:34.500+00:00"},
			{"Item":"B","State":"Failed","JobId":"s","ErrMsg":"m","ErrDetail":"d","RepairMethod":"r","CanSkip":true,"TargetNames":"t"}]}`
	})
	null := knownvalue.Null()
	applied(t, server.block("")+precheck("dts_job_id = \"j\"\nname = \"A\""),
		inPrecheck(key("job_progress"), knownvalue.ListSizeExact(1)),
		inPrecheck(key("total_record_count"), knownvalue.Int64Exact(1)),
		inPrecheck(key("result"), knownvalue.StringExact("FAILED")),
		inPrecheck(key("passed"), knownvalue.Bool(false)),
		inPrecheck(key("started_at"), knownvalue.StringExact("2022-03-16T08:01:31Z")),
		inPrecheck(key("finished_at"), knownvalue.StringExact("2022-03-16T08:01:34.5Z")),
		inPrecheck(key("job_code"), null),
		inPrecheck(key("struct_type"), null),
		inPrecheck(key("network_diagnosis_result"), null),
		inPrecheck(key("sub_distributed_job_status"), knownvalue.ListExact(nil)),
		inPrecheck(key("warning_items"), knownvalue.ListExact(nil)),
		inPrecheck(key("failed_items"), knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(map[string]knownvalue.Check{
			"source": knownvalue.StringExact("job_progress"), "job_id": knownvalue.StringExact("s"), "item": knownvalue.StringExact("B"),
			"names": null, "state": knownvalue.StringExact("Failed"), "err_msg": knownvalue.StringExact("m"),
			"err_detail": knownvalue.StringExact("d"), "repair_method": knownvalue.StringExact("r"),
			"can_skip": knownvalue.Bool(true), "target_names": knownvalue.StringExact("t"),
		})})),
	)
}

// finished answers every call with a subtask that has passed.
func finished(url.Values) string { return `{"State":"Finished","JobId":"j"}` }

func TestPrecheckErrors(t *testing.T) {
	clearEnvironment(t)
	for arguments, want := range map[string]string{
		``:                  `dts_job_id.*required`,
		`dts_job_id = ""`:   `Empty dts_job_id`,
		`dts_job_id = null`: `required`,
		"dts_job_id = \"j\"\nstruct_type = \"between\"":      `Invalid struct_type.*one of before, after`,
		"dts_job_id = \"j\"\nstarted_after = \"yesterday\"":  `Invalid time.*RFC 3339`,
		"dts_job_id = \"j\"\nstarted_after = \"2022-03-16\"": `Invalid time.*RFC 3339`,
		"dts_job_id = \"j\"\npoll_interval = \"0s\"":         `Invalid duration.*above zero`,
		"dts_job_id = \"j\"\npoll_interval = \"10\"":         `Invalid duration`,
		"dts_job_id = \"j\"\nnot_started_grace = \"-1s\"":    `Invalid duration`,
		"dts_job_id = \"j\"\ntimeouts { read = \"0s\" }":     `Invalid duration`,
		"dts_job_id = \"j\"\npage_size = 101":                `between 1 and 100`,
	} {
		t.Run(arguments, func(t *testing.T) {
			server := newFakeAPI(t, finished)
			refused(t, server.block("")+precheck(arguments), `(?s)`+want)
			if calls := server.asked(); len(calls) > 0 {
				t.Errorf("%d calls", len(calls))
			}
		})
	}
	t.Run("unknown job", func(t *testing.T) {
		server, _ := newEmulator(t)
		refused(t, providerBlock(server.URL, "")+precheck(`dts_job_id = "nobody"`),
			`(?s)dts_job_id = "nobody".*InstanceNotFound.*request ID: .*Check the id`)
	})
	t.Run("an answer of nothing", func(t *testing.T) {
		server := newFakeAPI(t, func(url.Values) string { return `{"Success":true,"RequestId":"R-1"}` })
		refused(t, server.block("")+precheck(`dts_job_id = "j"`), `(?s)dts_job_id = "j".*holds no state.*request ID: R-1.*Check dts_job_id`)
	})
}
