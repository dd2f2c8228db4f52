package emulator

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"testing"
	"testing/fstest"
	"time"
)

// BenchmarkDescribeDtsJobs reads one page of an account of 10,000 jobs.
func BenchmarkDescribeDtsJobs(b *testing.B) {
	var jobs []json.RawMessage
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for n := range 10_000 {
		created := start.Add(time.Duration(n*7919%10_000) * time.Minute).Format(time.RFC3339)
		jobs = append(jobs, fmt.Appendf(nil, `{"DtsJobId": "j%05d", "DtsJobName": "job %d", "CreateTime": %q, "Status": "Migrating"}`, n, n, created))
	}
	data, err := json.Marshal(map[string]any{"DtsJobList": jobs})
	if err != nil {
		b.Fatal(err)
	}
	now, err := time.Parse(time.RFC3339, testDate)
	if err != nil {
		b.Fatal(err)
	}
	e := &Emulator{Rate: -1, Fixtures: fstest.MapFS{"cn-hangzhou/MIGRATION/jobs.json": {Data: data}}, clock: func() time.Time { return now }}
	if err := e.Load(); err != nil {
		b.Fatal(err)
	}
	for name, parameters := range map[string]pairs{
		"creation":   {},
		"descending": {"OrderDirection": "DESC"},
		"other":      {"OrderColumn": "FinishTime"},
		"filter":     {"Type": "name", "Params": "job 77"},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				parameters["Region"] = "cn-hangzhou"
				parameters["PageSize"] = "30"
				r, recorder := acs3Request(parameters, signing{}), httptest.NewRecorder()
				b.StartTimer()
				e.ServeHTTP(recorder, r)
				if recorder.Code != 200 {
					b.Fatal(recorder.Body)
				}
			}
		})
	}
}
