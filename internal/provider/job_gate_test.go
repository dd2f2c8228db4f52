package provider_test

import (
	"math/big"
	"net/url"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// TestJobGate opens the gate for a job in one state, or in one after the other.
func TestJobGate(t *testing.T) {
	t.Parallel()
	const closed = `^ERROR: Job Gate Closed: DTS Job with the ID "s1" `
	wait := arguments{"wait": true, "poll_interval": "10ms", "timeouts": arguments{"open": "20s"}}
	for name, test := range map[string]struct {
		set    arguments
		states []string
		want   string
	}{
		"status":           {arguments{"statuses": []string{"synchronizing"}}, []string{"Synchronizing 7"}, `^$`},
		"another status":   {arguments{"statuses": []string{"Finished", "Suspending"}}, []string{"Synchronizing 7"}, closed + `Required: status Finished or Suspending\. Found: DTS job s1 \(orders\) with status Synchronizing and delay_seconds 7 \(request ID R-1\)\.`},
		"delay":            {arguments{"max_delay_seconds": 7}, []string{"Synchronizing 7"}, `^$`},
		"larger delay":     {arguments{"max_delay_seconds": 6.999}, []string{"Synchronizing 7"}, closed + `Required: status Migrating or Synchronizing or Normal, delay_seconds of at most 6\.999\.`},
		"null delay":       {arguments{"max_delay_seconds": 7}, []string{"Synchronizing"}, closed + `.*delay_seconds null`},
		"final status":     {arguments{"max_delay_seconds": 7}, []string{"Suspending 7"}, closed + `.*status Suspending`},
		"no wait":          {arguments{"statuses": []string{"Synchronizing"}}, []string{"Initializing", "Synchronizing"}, closed},
		"a wait":           {with(wait, arguments{"statuses": []string{"Synchronizing"}}), []string{"Initializing", "Initializing", "Synchronizing"}, `^$`},
		"a wait in vain":   {with(wait, arguments{"statuses": []string{"Synchronizing"}}), []string{"Failed"}, closed + `Required: status Synchronizing\. Found: .*status Failed`},
		"a wait too short": {with(wait, arguments{"statuses": []string{"Synchronizing"}, "timeouts": arguments{"open": "2s"}}), []string{"Initializing"}, closed + `The wait ended after 2s: timeouts\.open has passed\..*with status Initializing.*Increase timeouts\.open`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onFakeClock(t, handler(inStates(test.states...)), func(t *testing.T, s session) {
				result, diags := s.open(t, "dts_job_gate", with(test.set, arguments{"dts_job_id": "s1", "job_types": []string{"SYNC"}}))
				if got := render(diags); !wrapped(test.want).MatchString(got) {
					t.Errorf("no %s in:\n%s", test.want, got)
				}
				if len(diags) == 0 && (stringOf(t, result["status"]) != "Synchronizing" || stringOf(t, result["dts_instance_id"]) != "i1") {
					t.Errorf("result: %v", result)
				}
			})
		})
	}
}

// with returns arguments with others over them.
func with(set, others arguments) arguments {
	all := arguments{}
	for _, from := range []arguments{set, others} {
		for name, value := range from {
			all[name] = value
		}
	}
	return all
}

// TestJobGateFindsAJob by name, in another region, and shows its delay. An
// argument that is configured stays as it is, even if it is empty.
func TestJobGateFindsAJob(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(q url.Values) string {
		if q.Get("Region") != "cn-beijing" || q.Get("JobType") != "MIGRATION" {
			return emptyList(q)
		}
		return jobResponse(`{"DtsJobId":"m1","DtsJobName":"orders","Status":"Migrating","Delay":1240}`)
	})
	s := newSession(t, api.URL)
	result, diags := s.open(t, "dts_job_gate", arguments{"dts_job_name": "orders", "dts_job_id": "", "region": "cn-beijing", "max_delay_seconds": 1.24})
	if len(diags) > 0 || stringOf(t, result["dts_job_id"]) != "" || !result["dts_instance_id"].IsNull() ||
		!result["delay_seconds"].Equal(tftypes.NewValue(tftypes.Number, decimal(t, "1.24"))) {
		t.Errorf("result %v, diagnostics %s", result, render(diags))
	}
	_, diags = s.open(t, "dts_job_gate", arguments{"dts_job_name": "orders", "max_delay_seconds": 5})
	if got := render(diags); !wrapped(`^ERROR: Unable to Open Job Gate: DTS Job with the name "orders" on AttributeName\("dts_job_name"\).*not found in region cn-hangzhou`).MatchString(got) {
		t.Error(got)
	}
}

// TestJobGateArguments finds bad combinations and values during validation.
func TestJobGateArguments(t *testing.T) {
	t.Parallel()
	s := newScenarioSession(t)
	for name, test := range map[string]struct {
		set  arguments
		want string
	}{
		"good":            {arguments{"dts_job_id": "a", "max_delay_seconds": 5, "wait": true, "poll_interval": "1s", "timeouts": arguments{"open": "1m"}}, `^$`},
		"known later":     {arguments{"dts_job_id": unknownValue, "statuses": unknownValue}, `^$`},
		"no job":          {arguments{"max_delay_seconds": 5}, `^ERROR: Missing Attribute Configuration on AttributeName\("dts_job_id"\) Exactly one`},
		"two jobs":        {arguments{"dts_job_id": "a", "dts_instance_id": "b", "max_delay_seconds": 5}, `^ERROR: Invalid Attribute Combination on AttributeName\("dts_instance_id"\)`},
		"no condition":    {arguments{"dts_job_id": "a"}, `^ERROR: Missing Attribute Configuration.*At least one of these attributes must be configured: statuses, max_delay_seconds\.`},
		"no statuses":     {arguments{"dts_job_id": "a", "statuses": []string{}}, `^ERROR: .*Attribute statuses must contain at least 1 element`},
		"negative delay":  {arguments{"dts_job_id": "a", "max_delay_seconds": -1}, `^ERROR: .*Attribute max_delay_seconds must be at least 0`},
		"typo in status":  {arguments{"dts_job_id": "a", "statuses": []string{"Migratng"}}, `^ERROR: .*Attribute statuses contains no documented status.*Did you mean "Migrating"\?`},
		"short interval":  {arguments{"dts_job_id": "a", "max_delay_seconds": 5, "poll_interval": "1ms"}, `^ERROR: .*Attribute poll_interval`},
		"timeout of zero": {arguments{"dts_job_id": "a", "max_delay_seconds": 5, "timeouts": arguments{"open": "0s"}}, `^ERROR: .*Attribute timeouts\.open`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := render(s.validateEphemeral(t, "dts_job_gate", test.set)); !wrapped(test.want).MatchString(got) {
				t.Errorf("no %s in:\n%s", test.want, got)
			}
		})
	}
}

// decimal is a number with the precision of Terraform.
func decimal(t *testing.T, text string) *big.Float {
	t.Helper()
	number, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	return number
}
