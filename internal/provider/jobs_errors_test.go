package provider_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// TestJobsInputErrors wants an error on the argument, its name in the detail,
// and no request.
func TestJobsInputErrors(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, emptyList)
	s := newSession(t, api.URL)
	for name, test := range map[string]struct {
		set  arguments
		want string
	}{
		"type without params":   {arguments{"type": "name"}, `on AttributeName\("type"\).*"params" must be specified when "type" is specified`},
		"params without type":   {arguments{"params": "orders"}, `on AttributeName\("params"\).*"type" must be specified when "params" is specified`},
		"type and empty params": {arguments{"type": "name", "params": ""}, `on AttributeName\("type"\)`},
		"page_size 0":           {arguments{"page_size": 0}, `Attribute page_size must be between 1 and 100, got: 0`},
		"page_size 500":         {arguments{"page_size": 500}, `Attribute page_size must be between 1 and 100, got: 500`},
		"page_number 0":         {arguments{"page_number": 0}, `Attribute page_number must be at least 1, got: 0`},
		"name_regex":            {arguments{"name_regex": "("}, `Attribute name_regex must be a regular expression .*missing closing`},
		"order_direction":       {arguments{"order_direction": "UP"}, `Attribute order_direction must be one of: "ASC", "DESC", got: "UP"`},
		"empty ID":              {arguments{"dts_job_ids": []string{""}}, `Attribute dts_job_ids\[.*non-empty ID`},
		"ID with a comma":       {arguments{"dts_job_ids": []string{"a,b"}}, `Attribute dts_job_ids\[.*without a comma, got: "a,b"`},
		"null ID":               {arguments{"dts_instance_ids": []any{nil}}, `Attribute dts_instance_ids\[.*non-empty ID.*got: <null>`},
		"null tag":              {arguments{"tags": map[string]any{"a": nil}}, `Attribute tags\["a"\] must be a string, got: <null>`},
		"page of IDs":           {arguments{"dts_job_ids": []string{}, "page_number": 1}, `on AttributeName\("page_number"\).*cannot be specified when "dts_job_ids"`},
		"direction of IDs":      {arguments{"dts_instance_ids": []string{"a"}, "order_direction": "ASC"}, `on AttributeName\("order_direction"\)`},
		"order of IDs":          {arguments{"dts_instance_ids": []string{"a"}, "order_column": "duLimit"}, `on AttributeName\("order_column"\).*"dts_instance_ids"`},
		"IDs of both kinds":     {arguments{"dts_job_ids": []string{"a"}, "dts_instance_ids": []string{"a"}}, `on AttributeName\("dts_instance_ids"\).*"dts_job_ids"`},
		"type and types":        {arguments{"job_type": "SYNC", "job_types": []string{"SYNC"}}, `on AttributeName\("job_type"\).*"job_types"`},
		"page of types":         {arguments{"page_number": 1, "job_types": []string{"SYNC"}}, `on AttributeName\("page_number"\).*"job_types"`},
		"order of types":        {arguments{"order_column": "duLimit", "job_types": []string{"SYNC"}}, `on AttributeName\("order_column"\).*"job_types"`},
		"no types":              {arguments{"job_types": []string{}}, `Attribute job_types must contain at least 1 element`},
		"empty type":            {arguments{"job_types": []string{""}}, `Attribute job_types\[.* must be a non-empty string`},
		"region":                {arguments{"region": "evil.example/?"}, `Attribute region must be the ID of a region.*got: "evil.example/\?"`},
		"timeouts":              {arguments{"timeouts": arguments{"read": "soon"}}, `Attribute timeouts\.read must be a duration above zero.*got: "soon"`},
		"timeout of zero":       {arguments{"timeouts": arguments{"read": "0s"}}, `Attribute timeouts\.read must be a duration above zero`},
		"job_attributes":        {arguments{"job_attributes": []string{"state"}}, `Attribute job_attributes\[.* must be one of: app_name, .*status.*got: "state"`},
		"null job attribute":    {arguments{"job_attributes": []any{nil}}, `Attribute job_attributes\[.* must be one of: app_name, `},
	} {
		t.Run(name, func(t *testing.T) {
			if got := s.plan(t, "dts_jobs", test.set); !wrapped("ERROR: .*" + test.want).MatchString(got) {
				t.Errorf("no %s in:\n%s", test.want, got)
			}
		})
	}
	if requests := api.requests(); len(requests) > 0 {
		t.Errorf("%d requests", len(requests))
	}
}

// TestValidConfigurations wants no error for what is valid, or not yet known.
func TestValidConfigurations(t *testing.T) {
	t.Parallel()
	s := newSession(t, newFakeAPI(t, emptyList).URL)
	for name, set := range map[string]arguments{
		"unknown params": {"type": "name", "params": tftypes.UnknownValue},
		"unknown type":   {"type": tftypes.UnknownValue, "params": "a"},
		"unknown IDs":    {"dts_job_ids": tftypes.UnknownValue, "page_number": 1},
		"unknown types":  {"job_types": tftypes.UnknownValue, "job_type": "SYNC"},
		"an unknown ID":  {"dts_instance_ids": []any{"a", tftypes.UnknownValue}, "dts_job_ids": []string{"a"}},
	} {
		if got := render(s.validate(t, "dts_jobs", set)); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// TestJobsAPIErrors wants the API's message, what to quote, and the next step.
func TestJobsAPIErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		set            arguments
		response, want string
	}{
		"parameter at fault": {arguments{"group_id": "x"},
			`{"Success":false,"ErrCode":"InvalidParameter","ErrMessage":"The Value of Input Parameter %s is not valid.","DynamicMessage":"GroupId","RequestId":"R-1"}`,
			`on AttributeName\("group_id"\).*Attribute group_id: The Value of Input Parameter GroupId is not valid\..*operation: DescribeDtsJobs.*region: cn-hangzhou.*code: InvalidParameter.*HTTP status: 200.*request ID: R-1.*attempts: 1`},
		"page size refused": {arguments{"page_size": 100},
			`{"Success":false,"ErrCode":"InvalidParameter","ErrMessage":"The Value of Input Parameter %s is not valid.","DynamicMessage":"PageSize"}`,
			`on AttributeName\("page_size"\).*PageSize is not valid.*10, 20, 30, 50 and 100`},
		"region refused": {nil, `400 {"Code":"MissingRegion","Message":"Region is mandatory for this action.","RequestId":"R-1"}`,
			`on AttributeName\("region"\).*Region is mandatory.*such as cn-hangzhou`},
		"no permission": {nil, `403 {"Code":"Forbidden.RAM","Message":"User not authorized to operate on the specified resource.","RequestId":"R-2"}`,
			`User not authorized.*request ID: R-2.*Grant it the RAM action dts:DescribeDtsJobs`},
		"no permission, prefixed": {nil, `403 {"Code":"DTS.Msg.RamPermissionDenied","Message":"denied","RequestId":"R-2"}`,
			`code: DTS\.Msg\.RamPermissionDenied.*Grant it the RAM action dts:DescribeDtsJobs`},
		"account without DTS": {nil, `403 {"Code":"DTS.Msg.Forbidden.AliyunUIDNotFound","Message":"not found","RequestId":"R-2"}`,
			`Open the DTS console once`},
		"wrong signature": {nil, `400 {"Code":"SignatureDoesNotMatch","Message":"Specified signature is not matched with our calculation. server string to sign is:ACS3\nx-acs-date:1\nStatus","RequestId":"R-2"}`,
			`Specified signature is not matched with our calculation\. operation: .*Check secret_key`},
		"wrong type": {nil, `{"TotalRecordCount":1,"DtsJobList":[{"SourceEndpoint":[]}],"RequestId":"R-3"}`,
			`field DtsJobList\[0\]\.SourceEndpoint .* a list instead of an object.*request ID: R-3.*Please report it`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, func(url.Values) string { return test.response })
			if got := newSession(t, api.URL).plan(t, "dts_jobs", test.set); !wrapped("ERROR: Unable to List DTS Jobs.*" + test.want).MatchString(got) {
				t.Errorf("no %s in:\n%s", test.want, got)
			}
		})
	}
}

// TestErrorShowsTheLine has the CLI show the line of the argument at fault.
func TestErrorShowsTheLine(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(url.Values) string {
		return `{"Success":false,"ErrCode":"InvalidParameter","ErrMessage":"The Value of Input Parameter %s is not valid.","DynamicMessage":"GroupId"}`
	})
	planFails(t, api.block()+jobs(`group_id = "x"`), `Unable to List DTS Jobs.*on .* line \d+.*group_id = "x".*GroupId is not valid`)
}

func TestReadTimeout(t *testing.T) {
	t.Parallel()
	onFakeClock(t, handler(func(url.Values) string { return "503 " }), func(t *testing.T, s session) {
		if got := s.plan(t, "dts_jobs", arguments{"timeouts": arguments{"read": "300ms"}}); !wrapped(`ended by timeouts\.read.*Increase it`).MatchString(got) {
			t.Error(got)
		}
	})
}

// TestIncompleteLists has servers whose count and rows differ: a warning if rows
// are only missing, and an error if the list cannot be trusted.
func TestIncompleteLists(t *testing.T) {
	t.Parallel()
	rows := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(`{"DtsJobId":"%03d"}`, i))
		}
		return strings.Join(list, ",")
	}
	firstPage := func(response string) func(url.Values) string {
		return func(q url.Values) string {
			if q.Get("PageNumber") != "1" {
				return emptyList(q)
			}
			return response
		}
	}
	for name, test := range map[string]struct {
		respond func(url.Values) string
		want    string
		jobs    int
	}{
		"hidden rows": {firstPage(`{"TotalRecordCount":60,"DtsJobList":[` + rows(7) + `]}`),
			`^WARNING: Job Count Mismatch The API counts 60 jobs of type MIGRATION in region cn-hangzhou, but lists 7 of them`, 7},
		"ETL jobs are counted":   {firstPage(`{"TotalRecordCount":8,"DtsJobList":[` + rows(7) + `],"EtlDemoList":[{"DtsJobId":"e"}]}`), `^$`, 7},
		"a count below the rows": {firstPage(`{"TotalRecordCount":3,"DtsJobList":[` + rows(7) + `]}`), `^$`, 7},
		"rows that repeat": {func(url.Values) string { return `{"TotalRecordCount":60,"DtsJobList":[` + rows(30) + `]}` },
			`^ERROR: Unable to List DTS Jobs.*counts more jobs than it lists, and lists some of them more than once.*The API ignores page numbers`, 0},
		"rows that repeat without a count": {func(url.Values) string { return `{"DtsJobList":[` + rows(30) + `]}` }, `^$`, 30},
		"only a count": {func(url.Values) string { return `{"TotalRecordCount":60,"DtsJobList":[]}` },
			`^ERROR: Unable to List DTS Jobs.*counts jobs but lists none of them.*Check that this account may read the jobs`, 0},
		"too many rows": {func(url.Values) string { return `{"DtsJobList":[` + rows(10_001) + `]}` },
			`^ERROR: Unable to List DTS Jobs.*more than 10000 rows.*without_db_list.*page_size`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSession(t, newFakeAPI(t, test.respond).URL)
			resp := s.read(t, "dts_jobs", nil)
			if got := render(resp.Diagnostics); !wrapped(test.want).MatchString(got) {
				t.Errorf("no %s in:\n%s", test.want, got)
			}
			if state := s.state(t, "dts_jobs", resp); !state["jobs"].IsNull() && len(elementsOf(t, state["jobs"])) != test.jobs {
				t.Errorf("%d jobs", len(elementsOf(t, state["jobs"])))
			}
		})
	}
}
