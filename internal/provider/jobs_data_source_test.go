package provider_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// in checks a value of data.dts_jobs.test.
func in(path tfjsonpath.Path, want knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("data.dts_jobs.test", path, want)
}

func key(name string) tfjsonpath.Path { return tfjsonpath.New(name) }

// jobs is a data block with arguments in it.
func jobs(arguments string) string { return "data \"dts_jobs\" \"test\" {\n" + arguments + "\n}\n" }

func texts(values ...string) knownvalue.Check {
	checks := []knownvalue.Check{}
	for _, value := range values {
		checks = append(checks, knownvalue.StringExact(value))
	}
	return knownvalue.ListExact(checks)
}

// TestJobsArguments sets each argument in turn and looks at the call.
func TestJobsArguments(t *testing.T) {
	usual := map[string]string{"Region": "cn-hangzhou", "JobType": "MIGRATION", "PageNumber": "1", "PageSize": "100"}
	for arguments, differing := range map[string]map[string]string{
		``:                                 {},
		`region = "eu-central-1"`:          {"Region": "eu-central-1"},
		`region = ""`:                      {},
		`job_type = "SYNC"`:                {"JobType": "SYNC"},
		`job_type = ""`:                    {},
		`job_type = "NEWTYPE"`:             {"JobType": "NEWTYPE"},
		"type = \"name\"\nparams = \"订单\"": {"Type": "name", "Params": "订单"},
		"type = \"\"\nparams = \"\"":       {},
		`status = "Retrying"`:              {"Status": "Retrying"},
		`order_column = "CreateTime"`:      {"OrderColumn": "CreateTime"},
		`order_direction = "DESC"`:         {"OrderDirection": "DESC"},
		`order_direction = ""`:             {},
		`group_id = "g"`:                   {"GroupId": "g"},
		`dedicated_cluster_id = "c"`:       {"DedicatedClusterId": "c"},
		`resource_group_id = "rg"`:         {"ResourceGroupId": "rg"},
		`without_db_list = true`:           {"WithoutDbList": "true"},
		`without_db_list = false`:          {"WithoutDbList": "false"},
		`dts_bis_label = "online"`:         {"DtsBisLabel": "online"},
		`zero_etl_job = true`:              {"ZeroEtlJob": "true"},
		`instance_type = "RDS"`:            {"InstanceType": "RDS"},
		`instance_id = "rm-1"`:             {"InstanceId": "rm-1"},
		`src_product_type = "ECS"`:         {"SrcProductType": "ECS"},
		`dest_product_type = "PolarDB"`:    {"DestProductType": "PolarDB"},
		`tags = { b = "", a = "1+1 &" }`:   {"Tags": `[{"key":"a","value":"1+1 &"},{"key":"b","value":""}]`},
		`tags = {}`:                        {},
		`dts_job_ids = ["b", "a", "b"]`:    {"DtsJobId": "a,b"},
		`dts_instance_ids = ["x", "y"]`:    {"DtsInstanceId": "x,y"},
		`page_size = 50`:                   {"PageSize": "50"},
		`page_number = 3`:                  {"PageNumber": "3"},
		`name_regex = "^a"`:                {},
	} {
		t.Run(arguments, func(t *testing.T) {
			server := newFakeAPI(t, nothing)
			applied(t, server.block("")+jobs(arguments))
			asked := server.asked()
			if len(asked) == 0 {
				t.Fatal("no call was made")
			}
			want := url.Values{}
			for _, parameters := range []map[string]string{usual, differing} {
				for name, value := range parameters {
					want.Set(name, value)
				}
			}
			for _, got := range asked {
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			}
		})
	}
}

// TestJobsValues holds what a job becomes in state against the contract.
func TestJobsValues(t *testing.T) {
	null, empty := knownvalue.Null(), knownvalue.ListExact(nil)
	server := newFakeAPI(t, func(url.Values) string {
		return `{"Success":true,"RequestId":"R-1","PageNumber":1,"TotalRecordCount":"2","New":{"Field":1},"DtsJobList":[
			{"DtsJobId":"b","DtsJobName":"second","JobType":"sync","Delay":"12","Status":"synchronizing","ErrorMessage":"",
			 "TagList":[{"TagKey":"owner","TagValue":"dba"},{"TagKey":"temporary"}],
			 "MigrationMode":{"DataInitialization":false},
			 "ReverseJob":{"PrecheckStatus":{},"SourceEndpoint":{"Ip":""},"DbObject":null,"ErrorDetails":[]},
			 "Performance":{"Rps":0},"DuUsage":9223372036854775807,"MaxDu":"0.1","PrecheckStatus":{"Status":"Finished"}},
			{"DtsJobId":"a","Delay":-1,"ErrorMessage":null}]}`
	})
	first, second := key("jobs").AtSliceIndex(0), key("jobs").AtSliceIndex(1)
	applied(t, server.block("")+jobs(`name_regex = ""`)+`
output "one_tenth" { value = data.dts_jobs.test.jobs[1].max_du == 0.1 }
`,
		in(key("ids"), texts("a", "b")),
		in(key("names"), texts("", "second")),
		in(key("missing_ids"), empty),
		in(key("etl_demo_jobs"), empty),
		in(key("total_record_count"), knownvalue.Int64Exact(2)),
		in(key("job_type"), knownvalue.StringExact("MIGRATION")),
		in(key("name_regex"), knownvalue.StringExact("")),
		in(key("status"), null),
		in(key("region"), null),
		in(first.AtMapKey("dts_job_name"), null),
		in(first.AtMapKey("error_message"), null),
		in(first.AtMapKey("delay"), knownvalue.Int64Exact(-1)),
		in(first.AtMapKey("delay_seconds"), null),
		in(first.AtMapKey("tags"), knownvalue.MapExact(nil)),
		in(first.AtMapKey("error_details"), empty),
		in(first.AtMapKey("reverse_job"), null),
		in(first.AtMapKey("migration_mode"), null),
		in(second.AtMapKey("error_message"), knownvalue.StringExact("")),
		in(second.AtMapKey("status"), knownvalue.StringExact("synchronizing")),
		in(second.AtMapKey("delay_seconds"), knownvalue.Int64Exact(12)),
		in(second.AtMapKey("reverse_job"), null),
		in(second.AtMapKey("migration_mode").AtMapKey("data_initialization"), knownvalue.Bool(false)),
		in(second.AtMapKey("migration_mode").AtMapKey("data_synchronization"), null),
		in(second.AtMapKey("performance").AtMapKey("rps"), knownvalue.StringExact("0")),
		in(second.AtMapKey("precheck_status").AtMapKey("detail"), empty),
		in(second.AtMapKey("du_usage"), knownvalue.Int64Exact(9223372036854775807)),
		in(second.AtMapKey("tags"), knownvalue.MapExact(map[string]knownvalue.Check{
			"owner": knownvalue.StringExact("dba"), "temporary": knownvalue.StringExact(""),
		})),
		statecheck.ExpectKnownOutputValue("one_tenth", knownvalue.Bool(true)),
	)
}

// TestJobsFromEmulator reads the emulator's account through signed requests.
func TestJobsFromEmulator(t *testing.T) {
	server, e := newEmulator(t)
	block := providerBlock(server.URL, "")
	t.Run("all pages, sorted", func(t *testing.T) {
		applied(t, block+jobs("")+`
output "sorted" { value = data.dts_jobs.test.ids == sort(data.dts_jobs.test.ids) && length(data.dts_jobs.test.ids) > 30 }
output "counted" { value = length(data.dts_jobs.test.ids) == data.dts_jobs.test.total_record_count }
output "parallel" { value = data.dts_jobs.test.ids == tolist([for job in data.dts_jobs.test.jobs : job.dts_job_id]) }
`,
			statecheck.ExpectKnownOutputValue("sorted", knownvalue.Bool(true)),
			statecheck.ExpectKnownOutputValue("counted", knownvalue.Bool(true)),
			statecheck.ExpectKnownOutputValue("parallel", knownvalue.Bool(true)),
		)
	})
	t.Run("the document's sample", func(t *testing.T) {
		job := key("jobs").AtSliceIndex(0)
		applied(t, block+jobs(`dts_job_ids = ["i03e3zty16i****"]`),
			in(key("names"), texts("RDS-to-RDS migration")),
			in(job.AtMapKey("reverse_job"), knownvalue.Null()),
			in(job.AtMapKey("performance"), knownvalue.Null()),
			in(job.AtMapKey("precheck_status").AtMapKey("detail"), knownvalue.ListSizeExact(16)),
			in(job.AtMapKey("destination_endpoint").AtMapKey("database_name"), knownvalue.StringExact("")),
			in(job.AtMapKey("source_endpoint").AtMapKey("database_name"), knownvalue.Null()),
			in(job.AtMapKey("tags").AtMapKey("testkey"), knownvalue.StringExact("testvalue")),
		)
	})
	t.Run("two ways", func(t *testing.T) {
		applied(t, block+jobs("job_type = \"SYNC\"\nname_regex = \"orders\"")+`
output "reverse" { value = [for job in data.dts_jobs.test.jobs : job.reverse_job.dts_job_id if job.reverse_job != null] }
`, statecheck.ExpectKnownOutputValue("reverse", texts("t2w41rev5c7m9p2")))
	})
	t.Run("name_regex", func(t *testing.T) {
		applied(t, block+jobs(`name_regex = "^RDS-to-RDS"`),
			in(key("ids"), texts("i03e3zty16i****")),
			in(key("total_record_count"), knownvalue.NotNull()))
	})
	t.Run("one page", func(t *testing.T) {
		e.Reset()
		applied(t, block+jobs("page_number = 2\npage_size = 10"), in(key("ids"), knownvalue.ListSizeExact(10)))
		for _, call := range e.Requests() {
			if page := call.Parameters.Get("PageNumber"); page != "2" {
				t.Errorf("page %s was read", page)
			}
		}
	})
	t.Run("no match", func(t *testing.T) {
		applied(t, block+jobs(`status = "NoSuchStatus"`), in(key("jobs"), knownvalue.ListExact(nil)))
	})
	t.Run("no ids, no call", func(t *testing.T) {
		e.Reset()
		applied(t, block+jobs(`dts_job_ids = []`),
			in(key("jobs"), knownvalue.ListExact(nil)),
			in(key("total_record_count"), knownvalue.Int64Exact(0)))
		if calls := e.Requests(); len(calls) > 0 {
			t.Errorf("%d calls", len(calls))
		}
	})
	t.Run("ids not found", func(t *testing.T) {
		applied(t, block+jobs(`dts_job_ids = ["i03e3zty16i****", "gone"]`),
			in(key("ids"), texts("i03e3zty16i****")),
			in(key("missing_ids"), texts("gone")))
	})
}

// TestJobsInputErrors wants an error on the argument, and no call.
func TestJobsInputErrors(t *testing.T) {
	var many []string
	for n := range 51 {
		many = append(many, fmt.Sprintf("%q", fmt.Sprint("id", n)))
	}
	manyIDs := "dts_job_ids = [" + strings.Join(many, ",") + "]\n"
	for arguments, want := range map[string]string{
		`type = "name"`:                      `Missing params.*Set both or neither`,
		`params = "orders"`:                  `Missing type.*Set both or neither`,
		"type = \"name\"\nparams = \"\"":     `Missing params`,
		`page_size = 0`:                      `page_size.*between 1 and 100`,
		`page_size = 500`:                    `page_size.*between 1 and 100`,
		`page_number = 0`:                    `page_number.*at least 1`,
		`name_regex = "("`:                   `Invalid regular expression.*missing closing`,
		`order_direction = "UP"`:             `Invalid order_direction.*one of ASC, DESC`,
		`dts_job_ids = [""]`:                 `Invalid id`,
		`dts_job_ids = ["a,b"]`:              `Invalid id.*a,b`,
		`dts_instance_ids = [null]`:          `Invalid id.*null`,
		`tags = { a = null }`:                `Tag without a value`,
		manyIDs + `page_number = 1`:          `Too many ids for page_number`,
		manyIDs + `order_column = "duLimit"`: `Too many ids for order_column`,
		`timeouts { read = "soon" }`:         `soon`,
	} {
		t.Run(arguments, func(t *testing.T) {
			server := newFakeAPI(t, nothing)
			refused(t, server.block("")+jobs(arguments), `(?s)`+want)
			if calls := server.asked(); len(calls) > 0 {
				t.Errorf("%d calls", len(calls))
			}
		})
	}
}

// TestJobsAPIErrors wants the API's words, what to quote, and the next step.
func TestJobsAPIErrors(t *testing.T) {
	for name, test := range map[string]struct{ arguments, answer, want string }{
		"parameter at fault": {`group_id = "x"`,
			`{"Success":false,"ErrCode":"InvalidParameter","ErrMessage":"The Value of Input Parameter %s is not valid.","DynamicMessage":"GroupId","RequestId":"R-1"}`,
			`on .* line \d+.*group_id.*The Value of Input Parameter GroupId is not valid\..*operation: DescribeDtsJobs.*region: cn-hangzhou.*code: InvalidParameter.*HTTP status: 200.*request ID: R-1.*attempts: 1`},
		"page size refused": {`page_size = 100`,
			`{"Success":false,"ErrCode":"InvalidParameter","ErrMessage":"The Value of Input Parameter %s is not valid.","DynamicMessage":"PageSize"}`,
			`page_size.*PageSize is not valid`},
		"no permission": {"", `403 {"Code":"Forbidden.RAM","Message":"User not authorized to operate on the specified resource.","RequestId":"R-2"}`,
			`User not authorized.*request ID: R-2.*Grant it the RAM permission`},
		"wrong type": {"", `{"TotalRecordCount":1,"DtsJobList":[{"SourceEndpoint":[]}],"RequestId":"R-3"}`,
			`field DtsJobList\[0\]\.SourceEndpoint holds a list instead of an object.*request ID: R-3.*Please report it`},
	} {
		t.Run(name, func(t *testing.T) {
			server := newFakeAPI(t, func(url.Values) string { return test.answer })
			refused(t, server.block("")+jobs(test.arguments), `(?s)DTS jobs could not be listed.*`+test.want)
		})
	}
}

func TestReadTimeout(t *testing.T) {
	server := newFakeAPI(t, func(url.Values) string { return "503 " })
	refused(t, server.block("")+jobs(`timeouts { read = "1s" }`), `(?s)ended by timeouts\.read.*Give it more time`)
}

func TestKnownAfterApplyArgumentsWait(t *testing.T) {
	server := newFakeAPI(t, nothing)
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{Config: server.block("") + `
resource "terraform_data" "id" { input = "a" }
data "dts_jobs" "test" { dts_job_ids = [terraform_data.id.output] }
`, ConfigStateChecks: []statecheck.StateCheck{in(key("missing_ids"), texts("a"))}}},
	})
}
