package provider_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// jobResponse is a list with the given jobs.
func jobResponse(jobs ...string) string {
	return fmt.Sprintf(`{"Success":true,"RequestId":"R-1","TotalRecordCount":%d,"DtsJobList":[%s]}`, len(jobs), strings.Join(jobs, ","))
}

// TestJobHasWhatTheListHas reads every job of the account by itself and as one
// of a list, and a job in which every field is set.
func TestJobHasWhatTheListHas(t *testing.T) {
	t.Parallel()
	account := &emulator.Emulator{Rate: -1}
	for name, test := range map[string]struct {
		api http.Handler
		set arguments
	}{
		"MIGRATION":   {account, arguments{"job_type": "MIGRATION"}},
		"SYNC":        {account, arguments{"job_type": "SYNC"}},
		"SUBSCRIBE":   {account, arguments{"job_type": "SUBSCRIBE"}},
		"every field": {everyField(t).Config.Handler, arguments{"region": regionOf("DescribeDtsJobs", 0)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onFakeClock(t, test.api, func(t *testing.T, s session) {
				listed := elementsOf(t, s.mustRead(t, "dts_jobs", test.set)["jobs"])
				if len(listed) == 0 {
					t.Fatal("no jobs")
				}
				for _, element := range listed {
					want := attributesOf(t, element)
					got := s.mustRead(t, "dts_job", arguments{"dts_job_id": stringOf(t, want["dts_job_id"]), "region": test.set["region"]})
					for attribute, value := range want {
						if differences, err := value.Diff(got[attribute]); err != nil || len(differences) > 0 {
							t.Errorf("%s: %v, %v", attribute, differences, err)
						}
					}
				}
			})
		})
	}
}

// TestJobLookups looks up a job in each way. An argument that is not used has
// the job's value.
func TestJobLookups(t *testing.T) {
	t.Parallel()
	s := newSession(t, newFakeAPI(t, func(q url.Values) string {
		switch {
		case q.Get("JobType") == "MIGRATION" && q.Get("Region") == "cn-beijing":
			return jobResponse(`{"DtsJobId":"m2","DtsInstanceID":"i2","DtsJobName":"orders","Delay":9}`)
		case q.Get("JobType") == "SYNC":
			return jobResponse(`{"DtsJobId":"s1","DtsInstanceID":"i1","DtsJobName":"orders","JobType":"sync","Status":"Synchronizing","Delay":"7"}`)
		}
		return emptyList(q)
	}).URL)
	ofS1 := arguments{"dts_job_id": "s1", "dts_instance_id": "i1", "dts_job_name": "orders", "status": "Synchronizing",
		"job_type": "sync", "delay_seconds": "7", "reverse_job": nil, "error_details": []any{}}
	for name, test := range map[string]struct{ set, want arguments }{
		"ID":             {arguments{"dts_job_id": "s1"}, ofS1},
		"instance ID":    {arguments{"dts_instance_id": "i1"}, ofS1},
		"name":           {arguments{"dts_job_name": "orders"}, ofS1},
		"empty is unset": {arguments{"dts_job_id": "", "dts_instance_id": "", "dts_job_name": "orders"}, ofS1},
		"job_types":      {arguments{"dts_job_id": "s1", "job_types": []string{"SYNC"}}, ofS1},
		"region":         {arguments{"dts_job_id": "m2", "region": "cn-beijing"}, arguments{"dts_instance_id": "i2", "delay_seconds": "0.009"}},
	} {
		state, diags := s.readState(t, "dts_job", test.set)
		if diags != "" {
			t.Errorf("%s: %s", name, diags)
		}
		expectAttributes(t, state, test.want)
	}
}

// TestJobArguments validates combinations and values of arguments. A value that
// is known only after apply may turn out to be a good one.
func TestJobArguments(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, emptyList)
	s := newSession(t, api.URL)
	for name, test := range map[string]struct {
		set  arguments
		want string // of all diagnostics
	}{
		"ID":        {arguments{"dts_job_id": "a"}, `^$`},
		"nothing":   {nil, `ERROR: Missing Attribute Configuration on AttributeName\("dts_job_id"\) Exactly one of these attributes must be configured: dts_job_id, dts_instance_id, dts_job_name\.`},
		"all empty": {arguments{"dts_job_id": "", "dts_instance_id": "", "dts_job_name": ""}, `ERROR: Missing Attribute Configuration`},
		"two": {arguments{"dts_job_id": "a", "dts_job_name": "b"},
			`ERROR: Invalid Attribute Combination on AttributeName\("dts_job_name"\) Attribute "dts_job_name" cannot be specified when "dts_job_id" is specified\.`},
		"one unknown":          {arguments{"dts_job_name": unknownValue}, `^$`},
		"one set, one unknown": {arguments{"dts_job_id": "a", "dts_job_name": unknownValue}, `^$`},
		"ID with a comma":      {arguments{"dts_job_id": "a,b"}, `ERROR: Invalid Attribute Value on AttributeName\("dts_job_id"\) Attribute dts_job_id must be a non-empty ID without a comma`},
		"no job types":         {arguments{"dts_job_id": "a", "job_types": []string{}}, `ERROR: .*on AttributeName\("job_types"\) Attribute job_types must contain at least 1 element`},
		"empty job type":       {arguments{"dts_job_id": "a", "job_types": []string{""}}, `ERROR: .*Attribute job_types\[.* must be a non-empty string`},
		"unknown job types":    {arguments{"dts_job_id": "a", "job_types": unknownValue}, `^$`},
		"undocumented type":    {arguments{"dts_job_id": "a", "job_types": []string{"NEW"}}, `^WARNING: Unknown Attribute Value.*"NEW".*It is used unchanged`},
		"timeout":              {arguments{"dts_job_id": "a", "timeouts": arguments{"read": "0s"}}, `ERROR: .*timeouts\.read must be a duration`},
		"empty wait_for":       {waitForJob(nil), `ERROR: Missing Attribute Configuration on AttributeName\("wait_for"\) At least one of these attributes must be configured: wait_for\.statuses, wait_for\.max_delay_seconds\.`},
		"wait_for, unknown":    {waitForJob(arguments{"max_delay_seconds": unknownValue}), `^$`},
		"no statuses":          {waitForJob(arguments{"statuses": []string{}}), `ERROR: .*Attribute wait_for\.statuses must contain at least 1 element`},
		"status in any case":   {waitForJob(arguments{"statuses": []string{"SYNCHRONIZING", "finished"}}), `^$`},
		"undocumented status": {waitForJob(arguments{"statuses": []string{"Migratng"}}),
			`^ERROR: Invalid Attribute Value.*Attribute wait_for\.statuses contains no documented status.*Did you mean "Migrating"\?`},
		"negative delay": {waitForJob(arguments{"max_delay_seconds": -0.5}), `ERROR: .*Attribute wait_for\.max_delay_seconds must be at least 0, got: -0\.5`},
		"short interval": {waitForJob(arguments{"max_delay_seconds": 1, "poll_interval": "999ms"}), `ERROR: .*Attribute wait_for\.poll_interval must be a duration of at least 1s`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := render(s.validate(t, "dts_job", test.set)); !wrapped(test.want).MatchString(got) {
				t.Errorf("no %s in:\n%s", test.want, got)
			}
		})
	}
	if requests := api.requests(); len(requests) > 0 {
		t.Errorf("%d requests", len(requests))
	}
}

// TestJobErrors wants errors that tell what was searched, what was found and
// what to do, on the argument at fault.
func TestJobErrors(t *testing.T) {
	t.Parallel()
	const two = `{"DtsJobId":"s2","DtsInstanceID":"i2","DtsJobName":"stock","ReverseJob":{"DtsJobId":"s3","DtsInstanceID":"i2"}}`
	for name, test := range map[string]struct {
		respond func(url.Values) string
		set     arguments
		want    string
	}{
		"none": {emptyList, arguments{"dts_job_id": "x"},
			`ERROR: Unable to Read DTS Job on AttributeName\("dts_job_id"\) Attribute dts_job_id: DTS job with the ID "x" not found in region cn-hangzhou \(job types searched: MIGRATION, SYNC, SUBSCRIBE\)\..*Check the value for a typo`},
		"none, by name": {emptyList, arguments{"dts_job_name": "x", "region": "cn-beijing", "job_types": []string{"SYNC"}},
			`on AttributeName\("dts_job_name"\) Attribute dts_job_name: DTS job with the name "x" not found in region cn-beijing \(job types searched: SYNC\)\.`},
		"none, by instance ID": {emptyList, arguments{"dts_instance_id": "x"}, `on AttributeName\("dts_instance_id"\) Attribute dts_instance_id: DTS job with the instance ID "x"`},
		"several": {func(url.Values) string {
			return jobResponse(`{"DtsJobId":"a","DtsJobName":"n","Status":"Failed"},{"DtsJobId":"b","DtsJobName":"n"}`)
		},
			arguments{"dts_job_name": "n", "job_types": []string{"SYNC"}},
			`2 DTS jobs with the name "n" found in region cn-hangzhou \(job types searched: SYNC\)\. a SYNC Failed n b SYNC n Use dts_job_id to select one of them`},
		"reverse job": {func(url.Values) string { return jobResponse(two) }, arguments{"dts_job_id": "s3"},
			`DTS job with the ID "s3" is the reverse job of s2 \(stock\) in region cn-hangzhou\. Look up dts_job_id "s2" instead`},
		"refused": {func(url.Values) string { return `403 {"Code":"Forbidden.RAM","Message":"denied","RequestId":"R-9"}` }, arguments{"dts_job_id": "x"},
			`ERROR: Unable to Read DTS Job denied\..*operation: DescribeDtsJobs.*request ID: R-9.*dts:DescribeDtsJobs`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, test.respond)
			if got := render(newSession(t, api.URL).read(t, "dts_job", test.set).Diagnostics); !wrapped(test.want).MatchString(got) {
				t.Errorf("no %s in:\n%s", test.want, got)
			}
		})
	}
}
