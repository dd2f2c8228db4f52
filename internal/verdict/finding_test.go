package verdict_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

// TestFindings has which items and sub-jobs are listed where.
func TestFindings(t *testing.T) {
	for _, test := range []struct {
		name, response            string
		failed, warnings, pending []string
	}{
		{"in the order of the response",
			`{"State":"Finished","JobProgress":[{"Item":"A","State":"Failed"},{"Item":"B","State":"Success"},{"Item":"C","State":"Failed"}]}`,
			[]string{"job_progress/A", "job_progress/C"}, nil, nil},
		{"of all lists",
			`{"State":"Finished","JobProgress":[{"Item":"A","State":"Failed"}],"AnalysisJobProgress":[{"Item":"B","State":"Failed"}],
			  "SubDistributedJobStatus":[{"State":"Finished","JobProgress":[{"Item":"C","State":"Failed"},{"Item":"D"}]}],
			  "FullNetCheckJobStatus":[{"State":"Success","JobProgress":[{"Item":"E","State":"Failed"},{"Item":"F","State":"Warning"}]}]}`,
			[]string{"job_progress/A", "sub_distributed_job_status/C", "full_net_check_job_status/E"},
			[]string{"full_net_check_job_status/F", "analysis_job_progress/B"},
			[]string{"sub_distributed_job_status/D"}},
		{"failed sub-job with its failed item",
			`{"State":"Finished","SubDistributedJobStatus":[{"JobName":"S","State":"Failed","JobProgress":[{"Item":"A","State":"Failed"}]}]}`,
			[]string{"sub_distributed_job_status/A"}, nil, nil},
		{"failed sub-job with a skipped item",
			`{"State":"Finished","SubDistributedJobStatus":[{"JobName":"S","State":"Failed","JobProgress":[{"Item":"A","State":"Failed","Skip":true}]}]}`,
			[]string{"sub_distributed_job_status/S"}, []string{"sub_distributed_job_status/A"}, nil},
		{"failed sub-job beside a failed item elsewhere",
			`{"State":"Finished","JobProgress":[{"Item":"A","State":"Failed"}],"SubDistributedJobStatus":[{"JobName":"S","State":"Failed"},{"JobName":"T","State":"Failed"}]}`,
			[]string{"job_progress/A", "sub_distributed_job_status/S", "sub_distributed_job_status/T"}, nil, nil},
		{"failed network check with a pending item",
			`{"State":"Finished","FullNetCheckJobStatus":[{"JobName":"N","State":"Failed","JobProgress":[{"Item":"A","State":"Checking"}]}]}`,
			[]string{"full_net_check_job_status/N"}, nil, []string{"full_net_check_job_status/A"}},
		{"a sub-job that runs is not a pending item",
			`{"State":"Checking","SubDistributedJobStatus":[{"JobName":"S","State":"Checking"}]}`, nil, nil, nil},
		{"items of another job code are not pending",
			`{"State":"Finished","SubDistributedJobStatus":[{"Code":"02","State":"Checking","JobProgress":[{"Item":"A","State":"Checking"},{"Item":"B","State":"Failed"}]}]}`,
			[]string{"sub_distributed_job_status/B"}, nil, nil},
		{"skipped and ignored items are not pending",
			`{"State":"Checking","JobProgress":[{"Item":"A","State":"Checking","Skip":true},{"Item":"B","IgnoreFlag":"Y"},{"Item":"C"}]}`,
			nil, []string{"job_progress/A", "job_progress/B"}, []string{"job_progress/C"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			v := judge(t, test.response, verdict.Criteria{})
			for _, list := range []struct {
				name      string
				got, want []string
			}{
				{"failed", names(v.FailedItems), test.failed}, {"warnings", names(v.WarningItems), test.warnings}, {"pending", names(v.PendingItems), test.pending},
			} {
				if !slices.Equal(list.got, list.want) {
					t.Errorf("%s: %q, want %q", list.name, list.got, list.want)
				}
			}
		})
	}
}

// TestFindingFields wants everything that the API sent, unchanged.
func TestFindingFields(t *testing.T) {
	v := judge(t, `{"State":"Finished",
		"JobProgress":[{"JobId":"j","Item":" i ","Names":"n","State":"FAILED","ErrMsg":"","ErrDetail":"d\n","RepairMethod":"r","CanSkip":false,"TargetNames":"t"},{}],
		"FullNetCheckJobStatus":[{"JobId":"k","JobName":"N","State":"Failed"}]}`, verdict.Criteria{})
	want := []verdict.Finding{
		{Source: "job_progress", JobID: new("j"), Item: new(" i "), Names: new("n"), State: new("FAILED"), ErrMsg: new(""),
			ErrDetail: new("d\n"), RepairMethod: new("r"), CanSkip: new(false), TargetNames: new("t")},
		{Source: "full_net_check_job_status", JobID: new("k"), Item: new("N"), State: new("Failed")},
	}
	if diff := cmp.Diff(want, v.FailedItems, cmpopts.IgnoreUnexported(verdict.Finding{})); diff != "" {
		t.Error("-want +got:\n", diff)
	}
	if diff := cmp.Diff([]verdict.Finding{{Source: "job_progress"}}, v.PendingItems, cmpopts.IgnoreUnexported(verdict.Finding{})); diff != "" {
		t.Error("-want +got:\n", diff)
	}
}
