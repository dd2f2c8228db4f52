package account

import (
	"testing"
	"testing/fstest"
)

// TestDemosOfAllPages reads two pages of a list, each of which has all ETL demo
// jobs.
func TestDemosOfAllPages(t *testing.T) {
	page := &fstest.MapFile{Data: []byte(`{"EtlDemoList": [{"DtsJobId": "one"}, {"DtsJobName": "without an ID"}]}`)}
	a, err := Read(fstest.MapFS{"cn-hangzhou/SYNC/jobs-1.json": page, "cn-hangzhou/SYNC/jobs-2.json": page})
	if err != nil {
		t.Fatal(err)
	}
	if jobs, demos := a.Jobs("cn-hangzhou", "SYNC"); len(jobs) != 0 || len(demos) != 2 {
		t.Errorf("%d jobs, %d demos", len(jobs), len(demos))
	}
	if _, demos := a.Jobs("cn-hangzhou", "MIGRATION"); len(demos) != 0 {
		t.Errorf("%d demos of another type", len(demos))
	}
}
