package verdict_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

// finished is a response that has passed, with more fields in it. The last of
// repeated keys wins.
func finished(fields string) string {
	return `{"State":"Finished","Code":"01","JobProgress":[{"Item":"A","State":"Success","BootTime":"2022-03-16T08:01:31.000+00:00"}],` +
		`"TotalRecordCount":1,"ErrorItem":0,` + fields + `"JobName":"Precheck"}`
}

// march is before the run of finished.
var march = time.Date(2022, 3, 16, 0, 0, 0, 0, time.UTC)

var (
	schema      = verdict.Criteria{JobCode: api.JobCodeSchema}
	incremental = verdict.Criteria{JobCode: api.JobCodeIncremental}
	strict      = verdict.Criteria{FailOnWarnings: true}
	afterMarch  = verdict.Criteria{StartedAfter: march}
)

// wrongPasses are the ways in which a subtask that is not good could pass.
var wrongPasses = []struct {
	name     string
	response string
	criteria verdict.Criteria
	want     verdict.Result
	reason   string // a part of it
}{
	// The top-level state.
	{"no state", `{"JobProgress":[{"State":"Success"}]}`, verdict.Criteria{}, verdict.Unknown, "no state"},
	{"undocumented state", finished(`"State":"Completed",`), verdict.Criteria{}, verdict.Unknown, "state Completed is not documented"},
	{"a good state of an item is none of the subtask", finished(`"State":"Success",`), verdict.Criteria{}, verdict.Unknown, "Success"},
	{"failed with good items only", finished(`"State":"Failed",`), verdict.Criteria{}, verdict.Failed, "no item shows a failure"},
	{"failed with a skipped item only", finished(`"State":"Failed","JobProgress":[{"State":"Failed","Skip":true}],`), verdict.Criteria{}, verdict.Failed, "no item shows a failure"},
	{"a second run with the good items of the first", finished(`"State":"Checking",`), verdict.Criteria{}, verdict.Running, ""},
	{"caught up, but not the incremental subtask", finished(`"State":"Catched",`), verdict.Criteria{}, verdict.Running, ""},

	// Items.
	{"a failed item among good ones", finished(`"JobProgress":[{"State":"Success"},{"State":"Failed"},{"State":"Success"}],`), verdict.Criteria{}, verdict.Failed, ""},
	{"the same item twice, one failed", finished(`"JobProgress":[{"Id":"1","State":"Failed"},{"Id":"1","State":"Success"}],`), verdict.Criteria{}, verdict.Failed, ""},
	{"can_skip is not skip", finished(`"JobProgress":[{"State":"Failed","CanSkip":true,"Skip":false}],`), verdict.Criteria{}, verdict.Failed, ""},
	{"not ignored", finished(`"JobProgress":[{"State":"Failed","IgnoreFlag":"N"}],`), verdict.Criteria{}, verdict.Failed, ""},
	{"ignored in an unknown way", finished(`"JobProgress":[{"State":"Failed","IgnoreFlag":"YES"}],`), verdict.Criteria{}, verdict.Failed, ""},
	{"a skip of another item", finished(`"JobProgress":[{"State":"Failed"},{"State":"Success","Skip":true,"IgnoreFlag":"Y"}],`), verdict.Criteria{}, verdict.Failed, ""},
	{"a good log does not excuse", finished(`"JobProgress":[{"State":"Failed","Logs":[{"LogLevel":"INFO"}]}],`), verdict.Criteria{}, verdict.Failed, ""},
	{"an item without a state", finished(`"JobProgress":[{"Item":"B"}],`), verdict.Criteria{}, verdict.Unknown, "item B has no state"},
	{"an item that is still checked", finished(`"JobProgress":[{"State":"Success"},{"Item":"B","State":"Checking"}],`), verdict.Criteria{}, verdict.Unknown, "item B is in state Checking"},
	{"caught up in a precheck", finished(`"JobProgress":[{"Item":"B","State":"Catched"}],`), verdict.Criteria{}, verdict.Unknown, "item B is in state Catched"},

	// Nothing to go by.
	{"no item", `{"State":"Finished"}`, verdict.Criteria{}, verdict.Unknown, "contains no item"},
	{"no item, 25 counted", `{"State":"Finished","TotalRecordCount":25}`, verdict.Criteria{}, verdict.Unknown, "counts 25 items but contains none"},
	{"no root item though one is counted", `{"State":"Finished","TotalRecordCount":1,"FullNetCheckJobStatus":[{"State":"Success","JobProgress":[{"State":"Success"}]}]}`, verdict.Criteria{}, verdict.Unknown, "counts 1 item but contains none"},
	{"no item of the schema though counted", `{"State":"Finished","TotalRecordCount":1}`, schema, verdict.Unknown, "contains none"},
	{"a network check without an item", `{"State":"Finished","FullNetCheckJobStatus":[{"State":"Success"}]}`, verdict.Criteria{}, verdict.Unknown, "contains no item"},
	{"a sub-job without an item", `{"State":"Finished","SubDistributedJobStatus":[{"State":"Finished"}]}`, verdict.Criteria{}, verdict.Unknown, "contains no item"},
	{"only items of the assessment", `{"State":"Finished","AnalysisJobProgress":[{"State":"Success"}]}`, verdict.Criteria{}, verdict.Unknown, "contains no item"},
	{"only items of another job code", `{"State":"Finished","SubDistributedJobStatus":[{"Code":"02","State":"Finished","JobProgress":[{"State":"Success"}]}]}`, verdict.Criteria{}, verdict.Unknown, "contains no item"},

	// Another subtask.
	{"a response for another job code", finished(`"Code":"02",`), verdict.Criteria{}, verdict.Unknown, "for job code 02 instead of 01"},
	{"the precheck instead of the schema", finished(``), schema, verdict.Unknown, "for job code 01 instead of 02"},
	{"a failure for another job code", finished(`"Code":"02","JobProgress":[{"State":"Failed"}],`), verdict.Criteria{}, verdict.Failed, ""},

	// Sub-jobs and network checks.
	{"failed sub-job with good items", finished(`"SubDistributedJobStatus":[{"State":"Failed","JobProgress":[{"State":"Success"}]}],`), verdict.Criteria{}, verdict.Failed, ""},
	{"failed sub-job with skipped items", finished(`"SubDistributedJobStatus":[{"State":"Failed","JobProgress":[{"State":"Failed","Skip":true}]}],`), verdict.Criteria{}, verdict.Failed, ""},
	{"good sub-job with a failed item", finished(`"SubDistributedJobStatus":[{"State":"Finished","JobProgress":[{"State":"Failed"}]}],`), verdict.Criteria{}, verdict.Failed, ""},
	{"the second sub-job failed", finished(`"SubDistributedJobStatus":[{"State":"Finished"},{"State":"Failed"}],`), verdict.Criteria{}, verdict.Failed, ""},
	{"failed network check", finished(`"FullNetCheckJobStatus":[{"State":"Failed"}],`), verdict.Criteria{}, verdict.Failed, ""},
	{"the second network check failed", finished(`"FullNetCheckJobStatus":[{"State":"Success"},{"State":"FAILED"}],`), verdict.Criteria{}, verdict.Failed, ""},
	{"good network check with a failed item", finished(`"FullNetCheckJobStatus":[{"State":"Success","JobProgress":[{"State":"Failed"}]}],`), verdict.Criteria{}, verdict.Failed, ""},
	{"sub-job without a state", finished(`"SubDistributedJobStatus":[{"JobName":"S"}],`), verdict.Criteria{}, verdict.Unknown, "sub-job S has no state"},
	{"sub-job that still runs", finished(`"SubDistributedJobStatus":[{"JobName":"S","State":"Migrating","JobProgress":[{"State":"Success"}]}],`), verdict.Criteria{}, verdict.Unknown, "sub-job S is in state Migrating"},
	{"network check that still runs", finished(`"FullNetCheckJobStatus":[{"JobName":"N","State":"Checking"}],`), verdict.Criteria{}, verdict.Unknown, "network check N is in state Checking"},
	{"undecided item in a good sub-job", finished(`"SubDistributedJobStatus":[{"State":"Finished","JobProgress":[{"Item":"B","State":"NotStarted"}]}],`), verdict.Criteria{}, verdict.Unknown, "item B is in state NotStarted"},
	{"sub-job of the same code that still runs", finished(`"SubDistributedJobStatus":[{"JobName":"S","Code":"01","State":"Checking"}],`), verdict.Criteria{}, verdict.Unknown, "sub-job S"},
	{"failed sub-job of another code", finished(`"SubDistributedJobStatus":[{"Code":"02","State":"Failed"}],`), verdict.Criteria{}, verdict.Failed, ""},
	{"failed item in a sub-job of another code", finished(`"SubDistributedJobStatus":[{"Code":"02","State":"Finished","JobProgress":[{"State":"Failed"}]}],`), verdict.Criteria{}, verdict.Failed, ""},
	{"undecided network check of another code", finished(`"FullNetCheckJobStatus":[{"JobName":"N","Code":"02","State":"Checking"}],`), verdict.Criteria{}, verdict.Unknown, "network check N is in state Checking"},
	{"undecided item of a network check of another code", finished(`"FullNetCheckJobStatus":[{"Code":"02","State":"Success","JobProgress":[{"Item":"B"}]}],`), verdict.Criteria{}, verdict.Unknown, "item B has no state"},
	{"failed network check of another code", finished(`"FullNetCheckJobStatus":[{"Code":"02","State":"Failed"}],`), verdict.Criteria{}, verdict.Failed, ""},

	// Failures that are counted and not shown.
	{"a failure counted", finished(`"ErrorItem":1,`), verdict.Criteria{}, verdict.Unknown, "the response counts 1 item that failed but shows 0"},
	{"more failures counted than shown", finished(`"ErrorItem":2,"JobProgress":[{"State":"Failed","Skip":true}],`), verdict.Criteria{}, verdict.Unknown, "counts 2 items that failed but shows 1"},
	{"an assessment failure is not the one counted", finished(`"ErrorItem":1,"AnalysisJobProgress":[{"State":"Failed"}],`), verdict.Criteria{}, verdict.Unknown, "shows 0"},
	{"a sub-job with a warning is not the one counted", finished(`"ErrorItem":1,"SubDistributedJobStatus":[{"State":"Warning"}],`), verdict.Criteria{}, verdict.Unknown, "shows 0"},
	{"a failure counted in a sub-job", finished(`"SubDistributedJobStatus":[{"JobName":"S","State":"Finished","ErrorItem":1}],`), verdict.Criteria{}, verdict.Unknown, "sub-job S counts 1 item"},
	{"a failure counted in a network check", finished(`"FullNetCheckJobStatus":[{"JobName":"N","State":"Success","ErrorItem":1}],`), verdict.Criteria{}, verdict.Unknown, "network check N counts 1 item"},
	{"a failure counted in a network check of another code", finished(`"FullNetCheckJobStatus":[{"JobName":"N","Code":"02","State":"Success","ErrorItem":1}],`), verdict.Criteria{}, verdict.Unknown, "network check N counts 1 item"},
	{"a sub-job's failure hidden by skipped ones of the root", finished(`"ErrorItem":1,"JobProgress":[{"State":"Failed","Skip":true}],"SubDistributedJobStatus":[{"JobName":"S","State":"Finished","ErrorItem":1}],`), verdict.Criteria{}, verdict.Unknown, "sub-job S"},
	{"a sub-job's failure hidden by skipped ones of another", finished(`"SubDistributedJobStatus":[{"State":"Finished","JobProgress":[{"State":"Failed","Skip":true}]},{"JobName":"S","State":"Finished","ErrorItem":1}],`), verdict.Criteria{}, verdict.Unknown, "sub-job S"},
	{"a sub-job's failure hidden by its own warning", finished(`"SubDistributedJobStatus":[{"JobName":"S","State":"Warning","ErrorItem":1}],`), verdict.Criteria{}, verdict.Unknown, "sub-job S"},
	{"good items of a sub-job are not the ones counted", finished(`"SubDistributedJobStatus":[{"JobName":"S","State":"Finished","ErrorItem":1,"JobProgress":[{"State":"Success"},{"State":"Success"}]}],`), verdict.Criteria{}, verdict.Unknown, "sub-job S"},

	// Older runs.
	{"started before", finished(`"JobProgress":[{"State":"Success","BootTime":"2022-03-15T23:59:59.999+00:00"}],`), afterMarch, verdict.NotStarted, "started at 2022-03-15T23:59:59Z, before started_after (2022-03-16T00:00:00Z)"},
	{"started before, in another zone", finished(`"JobProgress":[{"State":"Success","BootTime":"2022-03-16T07:59:00+0800"}],`), afterMarch, verdict.NotStarted, "before started_after"},
	{"one item of an older run", finished(`"JobProgress":[{"State":"Success","BootTime":"2022-03-17T00:00:00Z"},{"State":"Success","BootTime":"2022-03-15T00:00:00Z"}],`), afterMarch, verdict.NotStarted, "before started_after"},
	{"a network check of an older run", finished(`"FullNetCheckJobStatus":[{"State":"Success","JobProgress":[{"State":"Success","BootTime":"2022-03-15T00:00:00Z"}]}],`), afterMarch, verdict.NotStarted, "before started_after"},
	{"failed before", finished(`"State":"Failed","JobProgress":[{"State":"Failed","BootTime":"2022-03-15T00:00:00Z"}],`), afterMarch, verdict.NotStarted, "before started_after"},
	{"no start time", finished(`"JobProgress":[{"State":"Success"}],`), afterMarch, verdict.Unknown, "no start time is known"},
	{"an empty start time", finished(`"JobProgress":[{"State":"Success","BootTime":""}],`), afterMarch, verdict.Unknown, "no start time is known"},
	{"a start time without a zone", finished(`"JobProgress":[{"Item":"B","State":"Success","BootTime":"2022-03-17 11:39:44.0"},{"Item":"C","State":"Success","BootTime":"soon"}],`), afterMarch, verdict.Unknown, `"2022-03-17 11:39:44.0" of item B`},
	{"a zero start time", finished(`"JobProgress":[{"State":"Success","BootTime":"2022-03-17T00:00:00Z"},{"State":"Success","BootTime":"0001-01-01T00:00:00Z"}],`), afterMarch, verdict.Unknown, "no known format"},
	{"only zero start times", finished(`"JobProgress":[{"State":"Success","BootTime":"0001-01-01T00:00:00Z"}],`), afterMarch, verdict.Unknown, "no known format"},
	{"a network check of another code of an older run", finished(`"FullNetCheckJobStatus":[{"Code":"02","State":"Success","JobProgress":[{"State":"Success","BootTime":"2022-03-15T00:00:00Z"}]}],`), afterMarch, verdict.NotStarted, "before started_after"},
	{"RFC 3339 without a zone", finished(`"JobProgress":[{"State":"Success","BootTime":"2022-03-17T11:39:44"}],`), afterMarch, verdict.Unknown, "no known format"},
	{"one start time without a zone", finished(`"JobProgress":[{"State":"Success","BootTime":"2022-03-17T00:00:00Z"},{"State":"Success","BootTime":"2022-03-17 11:39:44.0"}],`), afterMarch, verdict.Unknown, "no known format"},
	{"a start time without a zone in a sub-job", finished(`"SubDistributedJobStatus":[{"State":"Finished","JobProgress":[{"State":"Success","BootTime":"soon"}]}],`), afterMarch, verdict.Unknown, "no known format"},
	{"only the assessment is new", finished(`"JobProgress":[{"State":"Success"}],"AnalysisJobProgress":[{"State":"Success","BootTime":"2022-03-17T00:00:00Z"}],`), afterMarch, verdict.Unknown, "no start time is known"},
	{"only a sub-job of another code is new", finished(`"JobProgress":[{"State":"Success"}],"SubDistributedJobStatus":[{"Code":"02","State":"Finished","JobProgress":[{"State":"Success","BootTime":"2022-03-17T00:00:00Z"}]}],`), afterMarch, verdict.Unknown, "no start time is known"},
	{"failed, and no start time", finished(`"State":"Failed","JobProgress":[],`), afterMarch, verdict.Unknown, "no start time is known"},
	{"a failed item, and no start time", finished(`"JobProgress":[{"State":"Failed"}],`), afterMarch, verdict.Unknown, "no start time is known"},
	{"a finish time is no start time", finished(`"JobProgress":[{"State":"Success","FinishTime":"2022-03-17T00:00:00Z"}],`), afterMarch, verdict.Unknown, "no start time is known"},
}

func TestNothingBadPasses(t *testing.T) {
	for _, test := range wrongPasses {
		t.Run(test.name, func(t *testing.T) {
			v := judge(t, test.response, test.criteria)
			if v.Result != test.want || v.Passed || !strings.Contains(v.Reason(), test.reason) || (v.Reason() == "") != (test.reason == "") {
				t.Errorf("%s, passed %t, because %q; want %s because %q", v.Result, v.Passed, v.Reason(), test.want, test.reason)
			}
		})
	}
}

// wrongHolds are the ways in which a good subtask could be held.
var wrongHolds = []struct {
	name     string
	response string
	criteria verdict.Criteria
	warnings []string
}{
	{"good", finished(``), verdict.Criteria{}, nil},
	{"the documented sample", `{"State":"Finished","PageRecordCount":20,"Total":0,"ErrorItem":0,"ErrorAnalysisItem":0,"TotalRecordCount":100,"Code":"01",
		"JobProgress":[{"Skip":false,"IgnoreFlag":"N","State":"Success","BootTime":"2022-03-16T08:01:31.000+00:00","Item":"CHECK_CONN_DEST","CanSkip":true,"ErrMsg":"CHECK__ERROR_SAME_OBJ"}],
		"AnalysisJobProgress":[{"Skip":false,"IgnoreFlag":"N","State":"Success","BootTime":"2022-03-16T08:01:31.000+00:00","Item":"ANALYSIS_MYSQL_4_ITEM"}],
		"SubDistributedJobStatus":[{"State":"Finished","ErrorItem":0,"Code":"02","Total":11,"JobProgress":[{"Skip":true,"State":"Finished","BootTime":"2022-03-30T03:36:11.000+00:00","ErrMsg":"ODPS project does not exist"}]}],
		"FullNetCheckJobStatus":[{"State":"Success","ErrorItem":0,"Code":"01","Total":11,"JobProgress":[{"State":"Success","BootTime":"2022-03-30T03:36:11.000+00:00","Item":"CHECK_CONN_SRC"}]}]}`, afterMarch, nil},
	{"good, and warnings not allowed", finished(``), strict, nil},
	{"the requested code is the precheck if there is none", finished(``), verdict.Criteria{JobCode: api.JobCodePrecheck}, nil},
	{"no code in the response", finished(`"Code":null,`), schema, nil},
	{"an empty code in the response", finished(`"Code":"",`), schema, nil},
	{"caught up", `{"State":"Catched","Code":"04","JobProgress":[{"State":"Migrating"},{"State":"Catched"}]}`, incremental, nil},
	{"a later subtask without items", `{"State":"Finished","Code":"02","TotalRecordCount":0}`, schema, nil},
	{"a later subtask without items in its sub-jobs", `{"State":"Finished","SubDistributedJobStatus":[{"Code":"02","State":"Finished"}]}`, schema, nil},
	{"items in a network check only", `{"State":"Finished","FullNetCheckJobStatus":[{"Code":"01","State":"Success","JobProgress":[{"State":"Success"}]}]}`, verdict.Criteria{}, nil},
	{"more items than counted", finished(`"TotalRecordCount":0,`), verdict.Criteria{}, nil},
	{"fewer items than counted", finished(`"TotalRecordCount":100,`), verdict.Criteria{}, nil},
	{"an item that could have been skipped", finished(`"JobProgress":[{"State":"Success","CanSkip":false}],`), verdict.Criteria{}, nil},
	{"errors in the log of a good item", finished(`"JobProgress":[{"State":"Success","ErrMsg":"X","Logs":[{"LogLevel":"ERROR"}]}],`), strict, nil},
	{"a good item that was skipped", finished(`"JobProgress":[{"Item":"B","State":"Success","Skip":true,"IgnoreFlag":"Y"}],`), strict, nil},

	// Warnings pass.
	{"warning", finished(`"JobProgress":[{"Item":"B","State":"Warning"}],`), verdict.Criteria{}, []string{"job_progress/B"}},
	{"skipped failure", finished(`"JobProgress":[{"Item":"B","State":"Failed","Skip":true}],`), verdict.Criteria{}, []string{"job_progress/B"}},
	{"skipped warning, listed once", finished(`"JobProgress":[{"Item":"B","State":"Warning","Skip":true}],`), verdict.Criteria{}, []string{"job_progress/B"}},
	{"ignored failure", finished(`"JobProgress":[{"Item":"B","State":"Failed","IgnoreFlag":"Y"}],`), verdict.Criteria{}, []string{"job_progress/B"}},
	{"skipped before it ran", finished(`"JobProgress":[{"Item":"B","State":"NotStarted","Skip":true}],`), verdict.Criteria{}, []string{"job_progress/B"}},
	{"ignored without a state", finished(`"JobProgress":[{"Item":"B","IgnoreFlag":"Y"}],`), verdict.Criteria{}, []string{"job_progress/B"}},
	{"skipped in a sub-job", finished(`"SubDistributedJobStatus":[{"State":"Finished","JobProgress":[{"Item":"B","State":"Failed","Skip":true}]}],`), verdict.Criteria{}, []string{"sub_distributed_job_status/B"}},
	{"sub-job with a warning", finished(`"SubDistributedJobStatus":[{"JobName":"S","State":"Warning"}],`), verdict.Criteria{}, []string{"sub_distributed_job_status/S"}},
	{"network check with a warning", finished(`"FullNetCheckJobStatus":[{"JobName":"N","State":"warning"}],`), verdict.Criteria{}, []string{"full_net_check_job_status/N"}},

	// The assessment does not decide.
	{"failed assessment", finished(`"ErrorAnalysisItem":1,"AnalysisJobProgress":[{"Item":"B","State":"Failed"},{"Item":"C","State":"Success"},{"Item":"D"}],`), verdict.Criteria{}, []string{"analysis_job_progress/B"}},
	{"assessment with a warning", finished(`"AnalysisJobProgress":[{"Item":"B","State":"Warning"}],`), verdict.Criteria{}, []string{"analysis_job_progress/B"}},
	{"undecided assessment", finished(`"AnalysisJobProgress":[{"Item":"B","State":"Checking"},{"Item":"C","State":"Checking","Skip":true}],`), strict, nil},
	{"old assessment", finished(`"AnalysisJobProgress":[{"State":"Success","BootTime":"2021-01-11 11:39:44.0"},{"State":"Success","BootTime":"2021-01-11T11:39:44Z"}],`), afterMarch, nil},
	{"failures counted by the assessment", finished(`"ErrorAnalysisItem":2,`), strict, nil},

	// Sub-jobs of another job code decide only by being bad.
	{"a sub-job of another code is not started", finished(`"SubDistributedJobStatus":[{"Code":"02","State":"NotStarted","JobProgress":[{"State":"NotStarted"},{}]}],`), strict, nil},
	{"a sub-job of another code counts failures", finished(`"SubDistributedJobStatus":[{"Code":"02","State":"Finished","ErrorItem":2}],`), verdict.Criteria{}, nil},
	{"a sub-job of another code is older", finished(`"SubDistributedJobStatus":[{"Code":"02","State":"Finished","JobProgress":[{"State":"Finished","BootTime":"2021-01-11T11:39:44Z"},{"State":"Finished","BootTime":"2021-01-11 11:39:44.0"}]}],`), afterMarch, nil},
	{"an incremental sub-job of a precheck has caught up", finished(`"SubDistributedJobStatus":[{"Code":"04","State":"Catched","JobProgress":[{"State":"Migrating"}]}],`), strict, nil},
	{"sub-jobs of an incremental subtask have caught up", `{"State":"Catched","SubDistributedJobStatus":[{"Code":"04","State":"Catched","JobProgress":[{"State":"Migrating"}]},{"State":"Migrating","JobProgress":[{"State":"Catched"}]}]}`, incremental, nil},
	{"an empty code of a sub-job is the requested one", `{"State":"Catched","SubDistributedJobStatus":[{"Code":"","State":"Catched","JobProgress":[{"State":"Migrating"}]}]}`, incremental, nil},

	// Failures that are counted and shown.
	{"as many failures as skipped", finished(`"ErrorItem":1,"JobProgress":[{"Item":"B","State":"Failed","Skip":true}],`), verdict.Criteria{}, []string{"job_progress/B"}},
	{"warnings counted as failures", finished(`"ErrorItem":2,"JobProgress":[{"Item":"B","State":"Warning"},{"Item":"C","State":"Failed","IgnoreFlag":"Y"}],`), verdict.Criteria{}, []string{"job_progress/B", "job_progress/C"}},
	{"a skipped item that never ran is counted", finished(`"ErrorItem":1,"JobProgress":[{"Item":"B","State":"NotStarted","Skip":true}],`), verdict.Criteria{}, []string{"job_progress/B"}},
	{"the root counts what a sub-job shows", finished(`"ErrorItem":1,"SubDistributedJobStatus":[{"State":"Finished","ErrorItem":1,"JobProgress":[{"Item":"B","State":"Failed","Skip":true}]}],`), verdict.Criteria{}, []string{"sub_distributed_job_status/B"}},
	{"the root counts what a sub-job of another code shows", finished(`"ErrorItem":1,"SubDistributedJobStatus":[{"Code":"02","State":"Finished","JobProgress":[{"Item":"B","State":"Warning"}]}],`), verdict.Criteria{}, []string{"sub_distributed_job_status/B"}},
	{"a network check's warning is counted", finished(`"FullNetCheckJobStatus":[{"State":"Success","ErrorItem":1,"JobProgress":[{"Item":"B","State":"Warning"}]}],`), verdict.Criteria{}, []string{"full_net_check_job_status/B"}},
	{"fewer failures counted than shown", finished(`"ErrorItem":0,"JobProgress":[{"Item":"B","State":"Failed","Skip":true}],`), verdict.Criteria{}, []string{"job_progress/B"}},

	// Runs that are new enough.
	{"started after", finished(``), afterMarch, nil},
	{"started at that moment", finished(``), verdict.Criteria{StartedAfter: time.Date(2022, 3, 16, 16, 1, 31, 0, time.FixedZone("", 8*3600))}, nil},
	{"an item that never ran", finished(`"JobProgress":[{"State":"Success","BootTime":"2022-03-16T08:01:31Z"},{"Item":"B","State":"NotStarted","Skip":true},{"Item":"C","State":"Warning","BootTime":""}],`), afterMarch, []string{"job_progress/B", "job_progress/C"}},
	{"a time without a zone, and any run counts", finished(`"JobProgress":[{"State":"Success","BootTime":"2021-01-11 11:39:44.0"}],`), verdict.Criteria{}, nil},
	{"a finish time that can't be read", finished(`"JobProgress":[{"State":"Success","BootTime":"2022-03-16T08:01:31Z","FinishTime":"2022-03-16 08:01"}],`), afterMarch, nil},
}

// TestDoubts has the doubts that a response itself does not show.
func TestDoubts(t *testing.T) {
	const missing, inconsistent = "items are missing", "contradict each other"
	for _, test := range []struct {
		doubt    verdict.Doubt
		response string
		want     verdict.Result
		reason   string // a part of it
	}{
		{verdict.ItemsMissing, finished(``), verdict.Unknown, missing},
		{verdict.ItemsMissing, finished(`"JobProgress":[{"State":"Failed"}],`), verdict.Failed, ""},
		{verdict.ItemsMissing, finished(`"State":"Checking",`), verdict.Running, ""},
		{verdict.ItemsMissing, finished(`"State":"NotStarted",`), verdict.NotStarted, "not run"},
		{verdict.Inconsistent, finished(``), verdict.Unknown, inconsistent},
		{verdict.Inconsistent, finished(`"JobProgress":[{"State":"Failed"}],`), verdict.Unknown, inconsistent},
		{verdict.Inconsistent, finished(`"State":"Failed",`), verdict.Unknown, inconsistent},
		{verdict.Inconsistent, finished(`"State":"Checking",`), verdict.Unknown, inconsistent},
		{verdict.Inconsistent, finished(`"State":"NotStarted",`), verdict.Unknown, inconsistent},
		{verdict.Inconsistent, finished(`"State":"Suspending",`), verdict.Unknown, inconsistent},
		{verdict.Inconsistent, `{}`, verdict.Unknown, inconsistent},
	} {
		v := verdict.Judge(parse(t, test.response), test.doubt, verdict.Criteria{JobCode: api.JobCodePrecheck})
		if v.Result != test.want || v.Passed || v.Settled() != (test.want == verdict.Failed) || !strings.Contains(v.Reason(), test.reason) {
			t.Errorf("doubt %d of %s: %s, passed %t, because %q", test.doubt, test.response, v.Result, v.Passed, v.Reason())
		}
	}
	if v := verdict.Judge(parse(t, `{"State":"Finished","JobProgress":[{"State":"Success"}]}`), verdict.NoDoubt, verdict.Criteria{}); v.Result != verdict.Unknown {
		t.Errorf("without a job code: %s", v.Result)
	}
}

func TestNothingGoodIsHeld(t *testing.T) {
	for _, test := range wrongHolds {
		t.Run(test.name, func(t *testing.T) {
			v := judge(t, test.response, test.criteria)
			if v.Result != verdict.Passed || !v.Passed || v.Reason() != "" || v.FailureSummary != "" {
				t.Errorf("%s, passed %t, because %q: %s", v.Result, v.Passed, v.Reason(), v.FailureSummary)
			}
			if got := names(v.WarningItems); !slices.Equal(got, test.warnings) {
				t.Errorf("warnings %q, want %q", got, test.warnings)
			}
			if len(v.FailedItems)+len(v.PendingItems) > 0 {
				t.Errorf("failed %q, pending %q", names(v.FailedItems), names(v.PendingItems))
			}
			test.criteria.FailOnWarnings = true
			v = judge(t, test.response, test.criteria)
			if v.Result != verdict.Passed || v.Passed != (len(test.warnings) == 0) {
				t.Errorf("with fail_on_warnings: %s, passed %t", v.Result, v.Passed)
			}
		})
	}
}
