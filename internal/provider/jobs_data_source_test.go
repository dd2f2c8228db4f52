package provider_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// jobs is a data block with arguments in it.
func jobs(arguments string) string { return "data \"dts_jobs\" \"test\" {\n" + arguments + "\n}\n" }

// parameters are the parameters of a request.
type parameters map[string]string

// with returns the parameters with others over them.
func (p parameters) with(others parameters) url.Values {
	values := url.Values{}
	for _, set := range []parameters{p, others} {
		for name, value := range set {
			values.Set(name, value)
		}
	}
	return values
}

// TestJobsArguments sets each argument in turn and checks the request.
func TestJobsArguments(t *testing.T) {
	t.Parallel()
	usual := parameters{"Region": "cn-hangzhou", "RegionId": "cn-hangzhou", "JobType": "MIGRATION", "PageNumber": "1", "PageSize": "100"}
	for name, test := range map[string]struct {
		set  arguments
		want parameters // that differ
	}{
		"none":                 {nil, nil},
		"region":               {arguments{"region": "eu-central-1"}, parameters{"Region": "eu-central-1", "RegionId": "eu-central-1"}},
		"empty region":         {arguments{"region": ""}, nil},
		"job_type":             {arguments{"job_type": "SYNC"}, parameters{"JobType": "SYNC"}},
		"empty job_type":       {arguments{"job_type": ""}, nil},
		"new job_type":         {arguments{"job_type": "NEWTYPE"}, parameters{"JobType": "NEWTYPE"}},
		"type and params":      {arguments{"type": "name", "params": "订单"}, parameters{"Type": "name", "Params": "订单"}},
		"empty type":           {arguments{"type": "", "params": ""}, nil},
		"status":               {arguments{"status": "Retrying"}, parameters{"Status": "Retrying"}},
		"order_column":         {arguments{"order_column": "CreateTime"}, parameters{"OrderColumn": "CreateTime"}},
		"order_direction":      {arguments{"order_direction": "DESC"}, parameters{"OrderDirection": "DESC"}},
		"empty direction":      {arguments{"order_direction": ""}, nil},
		"group_id":             {arguments{"group_id": "g"}, parameters{"GroupId": "g"}},
		"dedicated_cluster_id": {arguments{"dedicated_cluster_id": "c"}, parameters{"DedicatedClusterId": "c"}},
		"resource_group_id":    {arguments{"resource_group_id": "rg"}, parameters{"ResourceGroupId": "rg"}},
		"without_db_list":      {arguments{"without_db_list": true}, parameters{"WithoutDbList": "true"}},
		"with db list":         {arguments{"without_db_list": false}, parameters{"WithoutDbList": "false"}},
		"dts_bis_label":        {arguments{"dts_bis_label": "online"}, parameters{"DtsBisLabel": "online"}},
		"zero_etl_job":         {arguments{"zero_etl_job": true}, parameters{"ZeroEtlJob": "true"}},
		"instance_type":        {arguments{"instance_type": "RDS"}, parameters{"InstanceType": "RDS"}},
		"instance_id":          {arguments{"instance_id": "rm-1"}, parameters{"InstanceId": "rm-1"}},
		"src_product_type":     {arguments{"src_product_type": "ECS"}, parameters{"SrcProductType": "ECS"}},
		"dest_product_type":    {arguments{"dest_product_type": "PolarDB"}, parameters{"DestProductType": "PolarDB"}},
		"tags": {arguments{"tags": map[string]string{"b": "", "a": "1+1 &"}},
			parameters{"Tags": `[{"key":"a","value":"1+1 &"},{"key":"b","value":""}]`}},
		"no tags":           {arguments{"tags": map[string]string{}}, nil},
		"dts_job_ids":       {arguments{"dts_job_ids": []string{"b", "a"}}, parameters{"DtsJobId": "a,b"}},
		"dts_instance_ids":  {arguments{"dts_instance_ids": []string{"x", "y"}}, parameters{"DtsInstanceId": "x,y"}},
		"page_size":         {arguments{"page_size": 50}, parameters{"PageSize": "50"}},
		"page_number":       {arguments{"page_number": 3}, parameters{"PageNumber": "3", "PageSize": "30"}},
		"name_regex":        {arguments{"name_regex": "^a"}, nil},
		"job_attributes":    {arguments{"job_attributes": []string{"status"}}, parameters{"WithoutDbList": "true"}},
		"no attributes":     {arguments{"job_attributes": []string{}}, parameters{"WithoutDbList": "true"}},
		"db_object":         {arguments{"job_attributes": []string{"db_object"}}, nil},
		"reverse_job":       {arguments{"job_attributes": []string{"reverse_job"}}, nil},
		"objects requested": {arguments{"job_attributes": []string{"status"}, "without_db_list": false}, parameters{"WithoutDbList": "false"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, emptyList)
			if diags := newSession(t, api.URL).read(t, "dts_jobs", test.set).Diagnostics; strings.Contains(render(diags), "ERROR") {
				t.Fatal(render(diags))
			}
			requests := api.requests()
			if len(requests) == 0 {
				t.Fatal("no request was sent")
			}
			for _, got := range requests {
				if diff := cmp.Diff(usual.with(test.want), got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			}
		})
	}
}

// expectAttributes compares attributes, each by its path, with a state.
func expectAttributes(t *testing.T, state, want map[string]any) {
	t.Helper()
	for path, value := range want {
		if diff := cmp.Diff(value, at(state, path)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", path, diff)
		}
	}
}

// TestJobsValues compares what jobs become in state.
func TestJobsValues(t *testing.T) {
	t.Parallel()
	const ordinary = `"DtsJobId":"a","Delay":-1,"ErrorMessage":null`
	const full = `"DtsJobId":"b","DtsJobName":"second","JobType":"sync","Delay":"12","Status":"synchronizing","ErrorMessage":"",
		"TagList":[{"TagKey":"owner","TagValue":"dba"},{"TagKey":"temporary"}],
		"MigrationMode":{"DataInitialization":false},
		"ReverseJob":{"PrecheckStatus":{},"SourceEndpoint":{"Ip":""},"DbObject":null,"ErrorDetails":[]},
		"Performance":{"Rps":0},"DuUsage":9223372036854775807,"MaxDu":"0.1","PrecheckStatus":{"Status":"Finished"}`
	s := newSession(t, newFakeAPI(t, func(q url.Values) string {
		job := map[string]string{"MIGRATION": ordinary, "SYNC": full}[q.Get("JobType")]
		return `{"Success":true,"RequestId":"R-1","PageNumber":1,"TotalRecordCount":"1","New":{"Field":1},"DtsJobList":[{` + job + `}]}`
	}).URL)
	state, diags := s.readState(t, "dts_jobs", arguments{"name_regex": ""})
	expectAttributes(t, state, map[string]any{
		"ids": []any{"a"}, "names": []any{""}, "missing_ids": []any{}, "etl_demo_jobs": []any{}, "total_record_count": "1",
		"job_type": "MIGRATION", "name_regex": "", "status": nil, "region": nil,
		"jobs[].dts_job_name": nil, "jobs[].error_message": nil, "jobs[].delay": "-1", "jobs[].delay_seconds": nil,
		"jobs[].tags": map[string]any{}, "jobs[].error_details": []any{}, "jobs[].reverse_job": nil, "jobs[].migration_mode": nil,
	})
	state, more := s.readState(t, "dts_jobs", arguments{"job_type": "SYNC"})
	expectAttributes(t, state, map[string]any{
		"names": []any{"second"}, "jobs[].error_message": "", "jobs[].status": "synchronizing", "jobs[].delay_seconds": "12",
		"jobs[].reverse_job": nil, "jobs[].migration_mode.data_initialization": false, "jobs[].migration_mode.data_synchronization": nil,
		"jobs[].performance.rps": "0", "jobs[].precheck_status.detail": []any{}, "jobs[].du_usage": "9223372036854775807",
		"jobs[].max_du": "0.1", "jobs[].tags": map[string]any{"owner": "dba", "temporary": ""},
	})
	if diags+more != "" {
		t.Error(diags, more)
	}
}

// twoJobs has two jobs and an ETL job.
func twoJobs(url.Values) string {
	return `{"Success":true,"TotalRecordCount":2,"DtsJobList":[
		{"DtsJobId":"a","DtsInstanceID":"ia","DtsJobName":"first","Status":"Migrating","JobType":"online","Delay":1500,
		 "TagList":[{"TagKey":"k","TagValue":"v"}],"SourceEndpoint":{"Ip":"1.2.3.4"},"ErrorDetails":[{"ErrorCode":"e"}]},
		{"DtsJobId":"b","DtsInstanceID":"ib","DtsJobName":"other"}],
		"EtlDemoList":[{"DtsJobId":"e","DtsJobName":"first","Status":"Migrating"},{"DtsJobId":"f","DtsJobName":"other"}]}`
}

// TestJobAttributes stores some attributes of a job in state.
func TestJobAttributes(t *testing.T) {
	t.Parallel()
	s := newSession(t, newFakeAPI(t, twoJobs).URL)
	for name, test := range map[string]struct {
		selected []string
		want     map[string]any // what is neither null nor empty in the first job
		etl      map[string]any // and in the first ETL job
	}{
		"some": {[]string{"status", "delay_seconds", "tags"},
			map[string]any{"dts_job_id": "a", "status": "Migrating", "delay_seconds": "1.5", "tags": map[string]any{"k": "v"}},
			map[string]any{"dts_job_id": "e", "status": "Migrating"}},
		"none": {[]string{}, map[string]any{"dts_job_id": "a"}, map[string]any{"dts_job_id": "e"}},
		"lists and objects": {[]string{"error_details", "source_endpoint"},
			map[string]any{"dts_job_id": "a", "error_details": 1, "source_endpoint": 1}, map[string]any{"dts_job_id": "e"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state, diags := s.readState(t, "dts_jobs", arguments{"job_attributes": test.selected, "name_regex": "first"})
			if diags != "" {
				t.Error(diags)
			}
			for list, want := range map[string]map[string]any{"jobs": test.want, "etl_demo_jobs": test.etl} {
				got := withoutEmpty(at(state, list+"[]"))
				for name := range want {
					if want[name] == 1 && got[name] != nil {
						got[name] = 1 // Present.
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s: -want +got:\n%s", list, diff)
				}
			}
			if diff := cmp.Diff([]any{"first"}, state["names"]); diff != "" {
				t.Errorf("names: -want +got:\n%s", diff)
			}
		})
	}
}

// withoutEmpty returns the attributes of an object that are neither null nor
// empty.
func withoutEmpty(object any) map[string]any {
	present := map[string]any{}
	attributes, _ := object.(map[string]any)
	for name, value := range attributes {
		if value != nil && fmt.Sprint(value) != "[]" && fmt.Sprint(value) != "map[]" {
			present[name] = value
		}
	}
	return present
}

// TestNameRegex filters both lists, and leaves counts and missing IDs alone.
func TestNameRegex(t *testing.T) {
	t.Parallel()
	s := newSession(t, newFakeAPI(t, twoJobs).URL)
	state, _ := s.readState(t, "dts_jobs", arguments{"name_regex": "^oth", "dts_job_ids": []string{"a", "b", "c"}})
	got := []any{state["ids"], state["names"], at(state, "jobs[].dts_job_id"), state["missing_ids"], state["total_record_count"]}
	if diff := cmp.Diff([]any{[]any{"b"}, []any{"other"}, "b", []any{"c"}, "2"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	state, _ = s.readState(t, "dts_jobs", arguments{"name_regex": "^oth"})
	if id := at(state, "etl_demo_jobs[].dts_job_id"); id != "f" {
		t.Errorf("ETL jobs: %v", state["etl_demo_jobs"])
	}
}

// TestMissingIDs has a warning that names the filters.
func TestMissingIDs(t *testing.T) {
	t.Parallel()
	s := newSession(t, newFakeAPI(t, twoJobs).URL)
	for name, test := range map[string]struct {
		set     arguments
		missing []any
		warning string
	}{
		"jobs":      {arguments{"dts_job_ids": []string{"a", "c"}}, []any{"c"}, `dts_job_ids: no job was found .* for c\..*: job_type = MIGRATION\.`},
		"instances": {arguments{"dts_instance_ids": []string{"ia", "ix"}}, []any{"ix"}, `dts_instance_ids: no job was found .* for ix\.`},
		"filters": {arguments{"dts_job_ids": []string{"c"}, "job_type": "SYNC", "status": "Failed", "zero_etl_job": true, "tags": map[string]string{"env": "prod"}, "page_size": 10, "without_db_list": true},
			[]any{"c"}, `: job_type = SYNC, status = Failed, zero_etl_job = true, tags = \[env:prod\]\.`},
		"types": {arguments{"dts_job_ids": []string{"a", "c"}, "job_types": []string{"SYNC", "MIGRATION"}}, []any{"c"}, `: job_types = \[MIGRATION SYNC\]\.`},
	} {
		state, diags := s.readState(t, "dts_jobs", test.set)
		if diff := cmp.Diff(test.missing, state["missing_ids"]); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
		if !wrapped(`^WARNING: Jobs Not Found.*`+test.warning).MatchString(diags) || strings.Count(diags, "WARNING") != 1 {
			t.Errorf("%s: %s", name, diags)
		}
	}
}

// TestID differs if an argument does.
func TestID(t *testing.T) {
	t.Parallel()
	s := newSession(t, newFakeAPI(t, emptyList).URL)
	seen := map[any]string{}
	for name, set := range map[string]arguments{
		"nothing":        nil,
		"region":         {"region": "eu-central-1"},
		"job_type":       {"job_type": "SYNC"},
		"status":         {"status": "Failed"},
		"no IDs":         {"dts_job_ids": []string{}},
		"IDs":            {"dts_job_ids": []string{"a"}},
		"instance IDs":   {"dts_instance_ids": []string{"a"}},
		"name_regex":     {"name_regex": "a"},
		"job_attributes": {"job_attributes": []string{"db_object"}},
		"page_number":    {"page_number": 1},
	} {
		state, _ := s.readState(t, "dts_jobs", set)
		if other, ok := seen[state["id"]]; ok {
			t.Errorf("%s and %s have the same id", name, other)
		}
		seen[state["id"]] = name
		if again, _ := s.readState(t, "dts_jobs", set); again["id"] != state["id"] {
			t.Errorf("%s has another id the second time", name)
		}
	}
}

// TestJobsFromEmulator reads the emulator's account through signed requests.
func TestJobsFromEmulator(t *testing.T) {
	t.Parallel()
	server, _ := newEmulator(t)
	s := newSession(t, server.URL)
	const sample = "i03e3zty16i****" // of the API reference
	for name, test := range map[string]struct {
		set, want arguments
	}{
		"sample": {arguments{"dts_job_ids": []string{sample, "gone"}}, arguments{
			"ids": []any{sample}, "names": []any{"RDS-to-RDS migration"}, "missing_ids": []any{"gone"},
			"jobs[].reverse_job": nil, "jobs[].performance": nil, "jobs[].tags.testkey": "testvalue",
			"jobs[].destination_endpoint.database_name": "", "jobs[].source_endpoint.database_name": nil,
		}},
		"two-way synchronization": {arguments{"job_type": "SYNC", "dts_job_ids": []string{"t2w40fwd8b6n3k1"}},
			arguments{"jobs[].reverse_job.dts_job_id": "t2w41rev5c7m9p2"}},
		"name_regex": {arguments{"name_regex": "^RDS-to-RDS"}, arguments{"ids": []any{sample}, "total_record_count": "33"}},
		"no match":   {arguments{"status": "NoSuchStatus"}, arguments{"jobs": []any{}}},
	} {
		state, diags := s.readState(t, "dts_jobs", test.set)
		if strings.Contains(diags, "ERROR") {
			t.Errorf("%s: %s", name, diags)
		}
		expectAttributes(t, state, test.want)
		if detail, _ := at(state, "jobs[].precheck_status.detail").([]any); name == "sample" && len(detail) != 16 {
			t.Errorf("%d items", len(detail))
		}
	}
	state, _ := s.readState(t, "dts_jobs", nil)
	var ids []any
	for _, job := range state["jobs"].([]any) { //nolint:forcetypeassert // A list is one.
		ids = append(ids, at(job, "dts_job_id"))
	}
	byText := func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) }
	if diff := cmp.Diff(state["ids"], any(ids)); diff != "" || len(ids) != migrations || !slices.IsSortedFunc(ids, byText) {
		t.Errorf("-ids +of the jobs:\n%s", diff)
	}
}

func TestNoIDsNoRequest(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, emptyList)
	s := newSession(t, api.URL)
	for _, set := range []arguments{{"dts_job_ids": []string{}}, {"dts_instance_ids": []string{}}} {
		state := s.state(t, "dts_jobs", s.read(t, "dts_jobs", set))
		if jobs := elementsOf(t, state["jobs"]); len(jobs) != 0 || state["total_record_count"].String() != `tftypes.Number<"0">` {
			t.Errorf("%v: %d jobs, %s", set, len(jobs), state["total_record_count"])
		}
	}
	if requests := api.requests(); len(requests) > 0 {
		t.Errorf("%d requests", len(requests))
	}
}

// TestJobTypes lists the jobs of several types in one block.
func TestJobTypes(t *testing.T) {
	t.Parallel()
	lists := map[string]string{
		"MIGRATION": `{"TotalRecordCount":2,"DtsJobList":[{"DtsJobId":"m","Delay":1500},{"DtsJobId":"both"}],"EtlDemoList":[{"DtsJobId":"z"}]}`,
		"SYNC":      `{"TotalRecordCount":2,"DtsJobList":[{"DtsJobId":"a","Delay":7},{"DtsJobId":"both"}],"EtlDemoList":[{"DtsJobId":"z"}]}`,
		"SUBSCRIBE": `{"DtsJobList":[{"DtsJobId":"s"}],"EtlDemoList":[{"DtsJobId":"e"}]}`,
	}
	api := newFakeAPI(t, func(q url.Values) string { return lists[q.Get("JobType")] })
	s := newSession(t, api.URL)
	for name, test := range map[string]struct {
		set   arguments
		types string // in the order of their requests
		want  map[string]any
	}{
		"all": {arguments{"job_types": []string{"SUBSCRIBE", "SYNC", "MIGRATION"}}, "MIGRATION SYNC SUBSCRIBE",
			map[string]any{"job_type": nil, "ids": []any{"a", "both", "m", "s"}, "total_record_count": "4"}},
		"one": {arguments{"job_types": []string{"SYNC"}}, "SYNC",
			map[string]any{"job_type": nil, "ids": []any{"a", "both"}, "total_record_count": "2"}},
		"by ID": {arguments{"job_types": []string{"SYNC", "MIGRATION"}, "dts_job_ids": []string{"both", "m", "s", "z"}}, "MIGRATION SYNC",
			map[string]any{"job_type": nil, "ids": []any{"both", "m"}, "missing_ids": []any{"s"}, "total_record_count": "2"}},
		"without a count": {arguments{"job_types": []string{"SUBSCRIBE"}}, "SUBSCRIBE", map[string]any{"ids": []any{"s"}, "total_record_count": nil}},
		"job_type":        {arguments{"job_type": "SYNC"}, "SYNC", map[string]any{"job_type": "SYNC", "total_record_count": "2"}},
		"neither":         {nil, "MIGRATION", map[string]any{"job_type": "MIGRATION"}},
		"empty":           {arguments{"job_type": ""}, "MIGRATION", map[string]any{"job_type": "MIGRATION"}},
	} {
		state, _ := s.readState(t, "dts_jobs", test.set)
		var types []string
		for _, q := range api.requests() {
			if !slices.Contains(types, q.Get("JobType")) {
				types = append(types, q.Get("JobType"))
			}
		}
		if got := strings.Join(types, " "); got != test.types {
			t.Errorf("%s: requests for %s", name, got)
		}
		for attribute, want := range test.want {
			if diff := cmp.Diff(want, state[attribute]); diff != "" {
				t.Errorf("%s, %s: -want +got:\n%s", name, attribute, diff)
			}
		}
	}
	state, _ := s.readState(t, "dts_jobs", arguments{"job_types": []string{"SYNC", "MIGRATION", "SUBSCRIBE"}})
	var etlJobs []any
	for _, job := range state["etl_demo_jobs"].([]any) { //nolint:forcetypeassert // A list is one.
		etlJobs = append(etlJobs, at(job, "dts_job_id"))
	}
	if diff := cmp.Diff([]any{"e", "z"}, etlJobs); diff != "" {
		t.Errorf("ETL jobs: -want +got:\n%s", diff)
	}
	delays := map[any]any{}
	for _, job := range state["jobs"].([]any) { //nolint:forcetypeassert // A list is one.
		delays[at(job, "dts_job_id")] = at(job, "delay_seconds")
	}
	if diff := cmp.Diff(map[any]any{"a": "7", "both": nil, "m": "1.5", "s": nil}, delays); diff != "" {
		t.Errorf("delays: -want +got:\n%s", diff)
	}
}
