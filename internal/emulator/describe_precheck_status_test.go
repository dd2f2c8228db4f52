package emulator

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
)

const ordersJob = "k2fm11x9d8t12ab"

// Each subtask of a job has a response, recorded or not.
func TestSubtasks(t *testing.T) {
	e, _ := newEmulator(t)
	tests := map[string]struct {
		parameters pairs
		state      string
		items      int
	}{
		"precheck":               {pairs{"DtsJobId": ordersJob}, "Finished", 22},
		"schema":                 {pairs{"DtsJobId": ordersJob, "JobCode": "02"}, "Finished", 5},
		"DDL":                    {pairs{"DtsJobId": ordersJob, "JobCode": "02", "StructType": "after"}, "Finished", 2},
		"full data":              {pairs{"DtsJobId": ordersJob, "JobCode": "03"}, "Finished", 3},
		"incremental":            {pairs{"DtsJobId": ordersJob, "JobCode": "04"}, "Catched", 3},
		"failed precheck":        {pairs{"DtsJobId": "gfwyfeuuzsvrtsl"}, "Failed", 24},
		"running precheck":       {pairs{"DtsJobId": "k5166712ymy05rs"}, "Checking", 7},
		"of another region":      {pairs{"RegionId": "ap-southeast-1", "DtsJobId": "ff6n2duyhdj874v"}, "Failed", 3},
		"subtask not recorded":   {pairs{"DtsJobId": "gfwyfeuuzsvrtsl", "JobCode": "03"}, "NotStarted", 0},
		"DDL not recorded":       {pairs{"DtsJobId": ordersJob, "JobCode": "03", "StructType": "after"}, "Finished", 1},
		"undocumented code":      {pairs{"DtsJobId": ordersJob, "JobCode": "07"}, "NotStarted", 0},
		"job without subtasks":   {pairs{"DtsJobId": "y62461ee1qanaif"}, "NotStarted", 0},
		"no StructType":          {pairs{"DtsJobId": ordersJob, "JobCode": "02", "StructType": ""}, "Finished", 5},
		"accepted and no filter": {pairs{"DtsJobId": ordersJob, "ResourceGroupId": "rg-other", "ZeroEtlJob": "true"}, "Finished", 22},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := precheckStatus(t, e, test.parameters)
			if a.State != test.state || a.TotalRecordCount != test.items || a.JobProgress == nil {
				t.Errorf("%s, %d items, want %s, %d\n%s", a.State, a.TotalRecordCount, test.state, test.items, a.raw)
			}
			if want := cmp.Or(test.parameters["JobCode"], "01"); a.Code != want || a.HttpStatusCode != 200 || a.RequestId != a.header.Get("x-acs-request-id") {
				t.Errorf("Code %s, HttpStatusCode %d, RequestId %s", a.Code, a.HttpStatusCode, a.RequestId)
			}
		})
	}
}

// The filters narrow JobProgress and its count, and nothing else.
func TestItemFilters(t *testing.T) {
	e, _ := newEmulator(t)
	schema := func(more pairs) pairs {
		more["DtsJobId"], more["JobCode"] = ordersJob, "02"
		return more
	}
	tests := map[string]struct {
		parameters pairs
		match      []string // TargetNames
	}{
		"none":                       {schema(pairs{}), []string{"order_header", "order_line", "order_event", "open_order", "order_total"}},
		"StructPhase Table":          {schema(pairs{"StructPhase": "Table"}), []string{"order_header", "order_line", "order_event"}},
		"StructPhase View":           {schema(pairs{"StructPhase": "View"}), []string{"open_order"}},
		"StructPhase in lower case":  {schema(pairs{"StructPhase": "view"}), nil},
		"StructPhase of no item":     {schema(pairs{"StructPhase": "Trigger"}), nil},
		"StructPhase, none is known": {pairs{"DtsJobId": ordersJob, "StructPhase": "Table"}, nil},
		"Name, a part":               {schema(pairs{"Name": "order_e"}), []string{"order_event"}},
		"Name, other case":           {schema(pairs{"Name": "OPEN"}), []string{"open_order"}},
		"Name, too long":             {schema(pairs{"Name": "order_events"}), nil},
		"Name is no wildcard":        {schema(pairs{"Name": "order*"}), nil},
		"Name and StructPhase":       {schema(pairs{"Name": "order_", "StructPhase": "Function"}), []string{"order_total"}},
		"Name of a check":            {pairs{"DtsJobId": ordersJob, "Name": "same_obj"}, []string{"order_header", "order_line", "order_event"}},
		"Name of a check's detail":   {pairs{"DtsJobId": ordersJob, "Name": "CONN_SRC_DETAIL"}, []string{""}},
		"Name in another field":      {pairs{"DtsJobId": ordersJob, "Name": "Success"}, nil},
		"an empty filter is none":    {schema(pairs{"Name": "", "StructPhase": "View"}), []string{"open_order"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := precheckStatus(t, e, test.parameters)
			if got := fieldOf(a.JobProgress, "TargetNames"); !slices.Equal(got, test.match) || a.TotalRecordCount != len(test.match) {
				t.Errorf("found %q, counted %d, want %q", got, a.TotalRecordCount, test.match)
			}
		})
	}
	if a := precheckStatus(t, e, schema(pairs{"StructPhase": "View"})); !strings.Contains(a.raw, "dts.step.struct.load") {
		t.Error("the filter hides a sub-job")
	}
}

// Without RegionId the region is that of the endpoint.
func TestPrecheckWithoutRegion(t *testing.T) {
	const singapore = "ff6n2duyhdj874v"
	for host, known := range map[string]string{
		"dts.cn-hangzhou.aliyuncs.com":    ordersJob,
		"dts.ap-southeast-1.aliyuncs.com": singapore,
		"dts.aliyuncs.com":                ordersJob,
		"127.0.0.1:8899":                  ordersJob,
	} {
		e, _ := newEmulator(t)
		for _, job := range []string{ordersJob, singapore} {
			r := rpcRequest(pairs{"Action": "DescribePreCheckStatus", "DtsJobId": job, "JobCode": "01", "StructType": "before"}, signing{})
			r.Host = host // the classic signature does not cover it
			if a := send(t, e, r); a.Success != (job == known) {
				t.Errorf("%s, job %s: %s", host, job, a.raw)
			}
		}
	}
}

// A recorder writes one file for each page. The first is the response, the others
// give it their items.
func TestRecordedPages(t *testing.T) {
	const requested = `"_emulator": {"DtsJobId": "one", "JobCode": "03", "StructType": "before"}`
	e := &Emulator{Rate: -1, Fixtures: fstest.MapFS{
		"xx-test-1/PRECHECK/one-1.json": {Data: []byte(`{"State":  "Finished", "PageNumber": 1, "JobProgress": [{"Id": "a",  "Odd": 9223372036854775807}], ` + requested + `}`)},
		"xx-test-1/PRECHECK/one-2.json": {Data: []byte(`{"State":  "Migrating", "PageNumber": 2, "JobProgress": [{"Id": "b"}], ` + requested + `}`)},
	}}
	a := precheckStatus(t, e, pairs{"RegionId": "xx-test-1", "DtsJobId": "one", "JobCode": "03"})
	if got := fieldOf(a.JobProgress, "Id"); a.State != "Finished" || !slices.Equal(got, []string{"a", "b"}) || !strings.Contains(a.raw, `{"Id": "a",  "Odd": 9223372036854775807}`) {
		t.Error(a.raw)
	}
}

// DescribePreCheckStatus reports the states that a job has of its precheck and its
// later stages, for every job of the account and of the scenarios.
func TestJobsAgreeWithTheirPrechecks(t *testing.T) {
	e, _ := newEmulator(t)
	stages := map[string]string{"01": "PrecheckStatus", "02": "StructureInitializationStatus", "03": "DataInitializationStatus", "04": "DataSynchronizationStatus"}
	checked := 0
	for _, region := range []string{"cn-hangzhou", "ap-southeast-1"} {
		for _, jobType := range account.JobTypes {
			list := describe(t, e, pairs{"Region": region, "JobType": jobType, "PageSize": "100"})
			jobs := append(list.DtsJobList, list.EtlDemoList...)
			if jobType == "MIGRATION" {
				jobs = append(jobs, describe(t, e, pairs{"Region": region, "DtsJobId": "cutover"}).DtsJobList...)
			}
			for _, job := range jobs {
				id := fmt.Sprint(job["DtsJobId"])
				for code, member := range stages {
					stage, _ := job[member].(map[string]any)
					status, _ := stage["Status"].(string)
					for _, structType := range account.StructTypes {
						precheck := precheckStatus(t, e, pairs{"RegionId": region, "DtsJobId": id, "JobCode": code, "StructType": structType})
						if precheck.State != cmp.Or(status, "NotStarted") || (precheck.State != "NotStarted") != (len(precheck.JobProgress) > 0) {
							t.Errorf("%s of %s is %q, code %s, %s is %s with %d items", member, id, status, code, structType, precheck.State, len(precheck.JobProgress))
						}
						checked++
					}
				}
				items := strings.Join(fieldOf(precheckStatus(t, e, pairs{"RegionId": region, "DtsJobId": id}).JobProgress, "State"), " ")
				precheck, _ := job["PrecheckStatus"].(map[string]any)
				if strings.Contains(items, "Failed") != (precheck["Status"] == "Failed") || precheck["Status"] == "Finished" && !strings.Contains(items, "Success") {
					t.Errorf("%s has items %s, precheck %v", id, items, precheck)
				}
			}
		}
	}
	if checked < 500 {
		t.Errorf("%d stages only", checked)
	}
}
