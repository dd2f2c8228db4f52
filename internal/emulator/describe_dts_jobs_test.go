package emulator

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// The document's own samples are in the account, and requests for their jobs give the
// samples back, byte for byte but for the values that belong to the request, and one
// missing space.
func TestResponsesAreTheDocumentsSamples(t *testing.T) {
	e, _ := newEmulator(t)
	for file, test := range map[string]struct {
		got     response
		changes []string
	}{
		"MIGRATION": {describe(t, e, pairs{"DtsJobId": "i03e3zty16i****"}), []string{
			`"TotalRecordCount" : 15`, `"TotalRecordCount" : 1`, `"PageNumber" : 2`, `"PageNumber" : 1`, "621BB4F8-3016-4FAA-8D5A-5D3163CC****"}},
		"PRECHECK": {precheckStatus(t, e, pairs{"DtsJobId": "i03e3zty16i****"}), []string{
			`"_emulator" : { "DtsJobId" : "i03e3zty16i****", "JobCode" : "01", "StructType" : "before" },` + "\n  ", "",
			`"JobName":`, `"JobName" :`, `"PageRecordCount" : 20`, `"PageRecordCount" : 1`,
			`"TotalRecordCount" : 100`, `"TotalRecordCount" : 1`, "C096FA97-B6BA-4575-899D-61E12B59****"}},
	} {
		sample, err := embedded.ReadFile("account/cn-hangzhou/" + file + "/document-sample.json")
		if err != nil {
			t.Fatal(err)
		}
		if want := strings.NewReplacer(append(test.changes, test.got.RequestId)...).Replace(string(sample)); test.got.raw != want {
			t.Errorf("got\n%s\nwant\n%s", test.got.raw, want)
		}
	}
}

func TestWithoutDbList(t *testing.T) {
	e, _ := newEmulator(t)
	twoWay := pairs{"JobType": "SYNC", "DtsJobId": "t2w40fwd8b6n3k1"}
	for value, kept := range map[string]bool{"": true, "false": true, "true": false} {
		twoWay["WithoutDbList"] = value
		a := describe(t, e, twoWay)
		if len(a.DtsJobList) != 1 {
			t.Fatal(a.raw)
		}
		job := a.DtsJobList[0]
		reverse, _ := job["ReverseJob"].(map[string]any)
		if _, ofJob := job["DbObject"]; ofJob != kept {
			t.Errorf("WithoutDbList=%q: DbObject of the job is there: %t", value, ofJob)
		}
		if _, ofReverse := reverse["DbObject"]; ofReverse != kept || reverse["DtsJobId"] != "t2w41rev5c7m9p2" {
			t.Errorf("WithoutDbList=%q: DbObject of the reverse job is there: %t", value, ofReverse)
		}
	}
}

// DescribeDtsJobDetail has the fields of the job, for the jobs that are listed; an
// operation that is not known is refused with the names of those that are.
func TestOtherOperations(t *testing.T) {
	e, _ := newEmulator(t)
	request := func(action string, parameters pairs) response {
		return send(t, e, acs3Request(parameters, signing{headers: map[string]string{"x-acs-action": action}}))
	}
	for name, test := range map[string]struct {
		got  response
		want string
	}{
		"a job":               {request("DescribeDtsJobDetail", pairs{"RegionId": "cn-hangzhou", "DtsJobId": ordersJob}), `200  "DtsJobName": "orders-mysql-to-polardb"`},
		"a job, by default":   {request("DescribeDtsJobDetail", pairs{"DtsJobId": ordersJob}), `200  "DtsJobName": "orders-mysql-to-polardb"`},
		"an ETL demo job":     {request("DescribeDtsJobDetail", pairs{"DtsJobId": "d3m0etl0mask001"}), `200  "DtsJobName": "etl-demo-mask-phone-numbers"`},
		"of another region":   {request("DescribeDtsJobDetail", pairs{"RegionId": "ap-southeast-1", "DtsJobId": ordersJob}), "403 Forbidden.InstanceNotFound The specified instance does not exist."},
		"no job":              {request("DescribeDtsJobDetail", nil), "400 MissingDtsJobId "},
		"unknown operation":   {request("DescribeThing", nil), "404 InvalidAction.NotFound AssumeRoleWithOIDC, DescribeDtsJobDetail, DescribeDtsJobs, DescribePreCheckStatus"},
		"write of a resource": {request("DeleteDtsJob", nil), "404 InvalidAction.NotFound "},
	} {
		status, want, _ := strings.Cut(test.want, " ")
		code, want, _ := strings.Cut(want, " ")
		raw := strings.ReplaceAll(test.got.raw, `" : `, `": `)
		if fmt.Sprint(test.got.status) != status || test.got.Code != code || !strings.Contains(raw, want) || test.got.Success != (code == "") {
			t.Errorf("%s: HTTP %d %s", name, test.got.status, test.got.raw)
		}
	}
}

func TestEtlDemoList(t *testing.T) {
	e, _ := newEmulator(t)
	a := describe(t, e, pairs{"JobType": "SYNC", "PageSize": "10", "PageNumber": "2"})
	if got := fieldOf(a.EtlDemoList, "DtsJobName"); !slices.Equal(got, []string{"etl-demo-mask-phone-numbers"}) {
		t.Errorf("EtlDemoList is %q", got)
	}
	if slices.Contains(listNames(t, e, pairs{"JobType": "SYNC"}), "etl-demo-mask-phone-numbers") {
		t.Error("the demo job is among the jobs")
	}
	if a := describe(t, e, pairs{"JobType": "SYNC", "Status": "Failed"}); len(a.DtsJobList) != 1 || strings.Contains(a.raw, "EtlDemoList") {
		t.Errorf("a filter that the demo job does not match: %s", a.raw)
	}
}

// Paging over the migration jobs of cn-hangzhou: complete, without repetition, and
// empty past the end.
func TestPaging(t *testing.T) {
	e, _ := newEmulator(t)
	total := describe(t, e, nil).TotalRecordCount
	if total <= 30 {
		t.Fatalf("%d jobs are too few to page with every size", total)
	}
	for _, size := range []int{10, 20, 30} {
		seen := map[string]bool{}
		for number := 1; number <= (total+size-1)/size+1; number++ {
			a := describe(t, e, pairs{"PageSize": strconv.Itoa(size), "PageNumber": strconv.Itoa(number)})
			want := max(0, min(size, total-(number-1)*size))
			if a.TotalRecordCount != total || a.PageNumber != number || a.PageRecordCount != want || a.DtsJobList == nil || len(a.DtsJobList) != want {
				t.Errorf("page %d of size %d: total %d, number %d, count %d, rows %d", number, size, a.TotalRecordCount, a.PageNumber, a.PageRecordCount, len(a.DtsJobList))
			}
			for _, id := range fieldOf(a.DtsJobList, "DtsJobId") {
				seen[id] = true
			}
		}
		if len(seen) != total {
			t.Errorf("%d different jobs of %d", len(seen), total)
		}
	}
	if a := describe(t, e, nil); len(a.DtsJobList) != 20 {
		t.Errorf("%d rows by default", len(a.DtsJobList))
	}
	if a := describe(t, e, pairs{"PageNumber": "2147483647"}); len(a.DtsJobList) != 0 || a.PageNumber != 2147483647 {
		t.Errorf("the last page number there is: %s", a.raw)
	}
}

func TestOrder(t *testing.T) {
	// The jobs are in no order at all, neither by id nor by any column.
	fixtures := fstest.MapFS{"cn-hangzhou/MIGRATION/jobs.json": {Data: []byte(`{"DtsJobList": [
		{"DtsJobId": "c", "CreateTime": "2026-01-02T00:00:00Z", "_emulator": {"FinishTime": "2026-05-01T00:00:00Z", "DuLimit": 4}},
		{"DtsJobId": "a", "CreateTime": "2026-01-03T00:00:00.000+00:00", "_emulator": {"FinishTime": "2026-04-01T00:00:00Z", "DuLimit": 30}},
		{"DtsJobId": "d", "CreateTime": "2026-01-03T00:00:00Z"},
		{"DtsJobId": "b", "CreateTime": "2026-01-01 11:39:44.0", "_emulator": {"FinishTime": "2026-06-01T00:00:00Z", "DuLimit": 100}}
	]}`)}}
	_, clock := newEmulator(t)
	e := &Emulator{Fixtures: fixtures, Rate: -1, clock: clock.Now}
	tests := map[string]struct {
		parameters pairs
		want       string
	}{
		"default":              {nil, "[b c a d]"},
		"direction alone":      {pairs{"OrderDirection": "DESC"}, "[d a c b]"},
		"CreateTime":           {pairs{"OrderColumn": "CreateTime"}, "[b c a d]"},
		"CreateTime ASC":       {pairs{"OrderColumn": "CreateTime", "OrderDirection": "ASC"}, "[b c a d]"},
		"CreateTime DESC":      {pairs{"OrderColumn": "CreateTime", "OrderDirection": "DESC"}, "[d a c b]"},
		"FinishTime ASC":       {pairs{"OrderColumn": "FinishTime", "OrderDirection": "ASC"}, "[d a c b]"},
		"FinishTime DESC":      {pairs{"OrderColumn": "FinishTime", "OrderDirection": "DESC"}, "[b c a d]"},
		"duLimit ASC, numbers": {pairs{"OrderColumn": "duLimit"}, "[d c a b]"},
		"duLimit DESC":         {pairs{"OrderColumn": "duLimit", "OrderDirection": "DESC"}, "[b a c d]"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := describe(t, e, test.parameters)
			if got := fmt.Sprint(fieldOf(a.DtsJobList, "DtsJobId")); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// Refusals of the service itself: HTTP 200, Success false, and the name of
// the parameter in DynamicMessage.
func TestBadParameters(t *testing.T) {
	tests := map[string]struct {
		parameters pairs
		parameter  string
	}{
		"unknown region":         {pairs{"Region": "cn-atlantis"}, "Region"},
		"the first of multiple":  {pairs{"JobType": "BACKUP", "PageSize": "0", "Tags": "none"}, "JobType"},
		"unknown job type":       {pairs{"JobType": "BACKUP"}, "JobType"},
		"job type in lower case": {pairs{"JobType": "sync"}, "JobType"},
		"unknown type":           {pairs{"Type": "id", "Params": "x"}, "Type"},
		"type without params":    {pairs{"Type": "name"}, "Params"},
		"params without type":    {pairs{"Params": "orders"}, "Type"},
		"page size 101":          {pairs{"PageSize": "101"}, "PageSize"},
		"page size 0":            {pairs{"PageSize": "0"}, "PageSize"},
		"page size word":         {pairs{"PageSize": "ten"}, "PageSize"},
		"page number 0":          {pairs{"PageNumber": "0"}, "PageNumber"},
		"page number -1":         {pairs{"PageNumber": "-1"}, "PageNumber"},
		"page number 1.5":        {pairs{"PageNumber": "1.5"}, "PageNumber"},
		"page number over":       {pairs{"PageNumber": "2147483648"}, "PageNumber"},
		"order direction":        {pairs{"OrderDirection": "asc"}, "OrderDirection"},
		"order column":           {pairs{"OrderColumn": "Name"}, "OrderColumn"},
		"boolean 1":              {pairs{"WithoutDbList": "1"}, "WithoutDbList"},
		"boolean True":           {pairs{"ZeroEtlJob": "True"}, "ZeroEtlJob"},
		"tags no JSON":           {pairs{"Tags": "env=prod"}, "Tags"},
		"tags an object":         {pairs{"Tags": `{"env":"prod"}`}, "Tags"},
		"tags in capitals":       {pairs{"Tags": `[{"Key":"env","Value":"prod"}]`}, "Tags"},
		"tags as returned":       {pairs{"Tags": `[{"TagKey":"env","TagValue":"prod"}]`}, "Tags"},
		"tags, a number":         {pairs{"Tags": `[{"key":"env","value":1}]`}, "Tags"},
		"tags, value alone":      {pairs{"Tags": `[{"value":"prod"}]`}, "Tags"},
		"tags, something else":   {pairs{"Tags": `[{"key":"env","values":"prod"}]`}, "Tags"},
		"unknown RegionId":       {pairs{"DtsJobId": ordersJob, "RegionId": "cn-atlantis"}, "RegionId"},
		"job code 05":            {pairs{"DtsJobId": ordersJob, "JobCode": "05"}, "JobCode"},
		"struct type in capital": {pairs{"DtsJobId": ordersJob, "StructType": "Before"}, "StructType"},
		"page size of items":     {pairs{"DtsJobId": ordersJob, "PageSize": "101"}, "PageSize"},
		"page of items":          {pairs{"DtsJobId": ordersJob, "PageNo": "0"}, "PageNo"},
		"boolean of a precheck":  {pairs{"DtsJobId": ordersJob, "ZeroEtlJob": "1"}, "ZeroEtlJob"},
		"tags, rest":             {pairs{"Tags": `[{"key":"env","value":"prod"}] x`}, "Tags"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e, _ := newEmulator(t)
			a := send(t, e, acs3Request(inHangzhou(test.parameters), signing{}))
			if _, isPrecheck := test.parameters["DtsJobId"]; isPrecheck {
				e, _ = newEmulator(t)
				a = send(t, e, precheckRequest(e, test.parameters))
			}
			if a.status != http.StatusOK || a.Success || !strings.Contains(a.raw, `"Success" : false`) || a.ErrCode != "InvalidParameter" ||
				a.ErrMessage != "The Value of Input Parameter %s is not valid." || a.DynamicMessage != test.parameter ||
				a.HttpStatusCode != http.StatusBadRequest || a.RequestId == "" || a.DtsJobList != nil {
				t.Errorf("HTTP %d: %s", a.status, a.raw)
			}
			if recorded := e.Requests(); len(recorded) != 1 || recorded[0].Code != "InvalidParameter" || recorded[0].Status != http.StatusOK {
				t.Errorf("recorded %+v", recorded)
			}
		})
	}
}
