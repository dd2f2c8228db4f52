package main

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/dts-community/terraform-provider-dts/internal/emulator"
	"github.com/dts-community/terraform-provider-dts/internal/record"
	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

// TestReplay records the built-in account and serves the recording: a client
// reads the same jobs with the same statuses, delays and verdicts.
func TestReplay(t *testing.T) {
	endpoint := serveAccount(t)
	regions := []string{"cn-hangzhou", "ap-southeast-1"}
	recorder := &record.Recorder{Regions: regions, Prechecks: -1}
	recording, err := recorder.Record(t.Context(), newSource(clientConfig(endpoint), recorder))
	if err != nil {
		t.Fatal(err)
	}
	if removed := recording.Removed(); len(removed) > 0 {
		t.Errorf("removed %q", removed)
	}
	directory := t.TempDir()
	if err := recording.Write(directory); err != nil {
		t.Fatal(err)
	}
	recorded := serveRecording(t, directory)
	for _, region := range regions {
		for _, jobType := range record.JobTypes() {
			want, got := readAccount(t, endpoint, region, jobType), readAccount(t, recorded, region, jobType)
			if !slices.Equal(got, want) {
				t.Errorf("%s %s:\n%s\nwant\n%s", region, jobType, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

// serveRecording serves a recording with an emulator.
func serveRecording(t *testing.T, directory string) (endpoint string) {
	t.Helper()
	replay := &emulator.Emulator{Fixtures: os.DirFS(directory), Rate: -1}
	if err := replay.Load(); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(replay)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func clientConfig(endpoint string) rpc.Config {
	return rpc.Config{
		Credentials: rpc.StaticCredential{AccessKeyID: emulator.DefaultAccessKey, AccessKeySecret: emulator.DefaultSecretKey},
		Endpoint:    endpoint, Protocol: "HTTP", RequestRate: -1,
	}
}

// readAccount describes the jobs of a type and their subtasks by all that stays
// the same, in any order.
func readAccount(t *testing.T, endpoint, region, jobType string) []string {
	t.Helper()
	client := dts.NewClient(clientConfig(endpoint))
	list, err := client.Jobs(t.Context(), region, api.JobsRequest{JobType: api.JobTypeFilter(jobType)})
	if err != nil {
		t.Fatal(err)
	}
	jobs := []string{fmt.Sprintf("%d jobs, %d ETL jobs", *list.TotalRecordCount, len(list.EtlDemoJobs))}
	for _, job := range list.Jobs {
		about := fmt.Sprintf("%d tags, %s", len(job.Tags), describe(t, job.Status, job.JobType, job.CreateTime, job.Delay, job.DelaySeconds,
			job.Checkpoint, job.MigrationMode, job.PayType, job.MaxDu, job.ReverseJob != nil))
		for _, stage := range []*api.SyncStage{job.DataSynchronizationStatus, job.DataCloudStatus} {
			if stage != nil {
				about += describe(t, stage.Status, stage.Percent, stage.NeedUpgrade)
			}
		}
		for _, code := range []api.JobCode{api.JobCodePrecheck, api.JobCodeSchema, api.JobCodeFullData, api.JobCodeIncremental} {
			for _, structType := range []api.StructType{api.StructTypeBefore, api.StructTypeAfter} {
				p, err := client.Precheck(t.Context(), region, api.PrecheckRequest{PrecheckSelection: api.PrecheckSelection{
					DtsJobID: *job.DtsJobID, JobCode: code, StructType: structType}})
				if err != nil {
					t.Fatal(err)
				}
				v := verdict.Judge(p.Precheck, verdict.NoDoubt, verdict.Criteria{JobCode: code})
				about += fmt.Sprintf("\n  %s %s: %s", code, structType, describe(t, p.ItemsMissing, p.Inconsistent, p.State, p.TotalRecordCount, p.ErrorItem, v.Result, v.Passed,
					len(v.FailedItems), len(v.WarningItems), len(v.PendingItems), v.StartedAt, v.FinishedAt))
				for _, item := range p.JobProgress {
					about += describe(t, item.OrderNum, item.State, item.CanSkip, item.IgnoreFlag, len(item.Logs))
				}
			}
		}
		jobs = append(jobs, about)
	}
	slices.Sort(jobs)
	return jobs
}

func describe(t *testing.T, values ...any) string {
	t.Helper()
	encoded, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}
