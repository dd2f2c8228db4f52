package record

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// account is a source that passes responses to a recorder.
type account struct {
	jobIDs   []string
	jobs     []string // responses, one per page
	items    int
	subtasks map[string][]string // responses by job code and type; refused if there are none
	err      error

	recorder *Recorder
	requests []string
}

func (a *account) Jobs(_ context.Context, region, jobType string) ([]string, error) {
	a.requests = append(a.requests, region+" "+jobType)
	a.send("PageNumber", a.jobs)
	return a.jobIDs, a.err
}

func (a *account) Subtask(_ context.Context, region string, s Subtask) (int, error) {
	a.requests = append(a.requests, region+" "+s.DtsJobID+" "+s.JobCode+" "+s.StructType)
	pages, isKnown := a.subtasks[s.JobCode+" "+s.StructType]
	if !isKnown {
		return 0, fmt.Errorf("job of acme: %w", &Refusal{Code: "Forbidden.InstanceNotFound"})
	}
	a.send("PageNo", pages)
	return a.items, a.err
}

// send passes pages on, numbered from 1, in a buffer that is used again. A number
// before a response, as in 2:{}, is the number of its page.
func (a *account) send(parameter string, responses []string) {
	var buffer []byte
	for i, response := range responses {
		number := fmt.Sprint(i + 1)
		if !strings.HasPrefix(response, "{") {
			number, response, _ = strings.Cut(response, ":")
		}
		buffer = append(buffer[:0], response...)
		a.recorder.OnResponse(map[string]string{parameter: number, "PageSize": "30"}, buffer)
	}
	clear(buffer)
}

// record records the account's jobs of type SYNC in cn-hangzhou.
func (a *account) record(t *testing.T) *Recording {
	t.Helper()
	a.recorder = &Recorder{Regions: []string{"cn-hangzhou"}, JobTypes: []string{"SYNC"}, Prechecks: -1}
	recording, err := a.recorder.Record(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	return recording
}

// job is a job whose CPU usage, which is kept, is a number to know it by.
func job(number int) string {
	return fmt.Sprintf(`{"DtsJobId":%q,"CpuUsage":"%d"}`, jobID(number), number)
}

func jobID(number int) string { return fmt.Sprintf("aaaaaaaaaaaaa%02d", number) }

func cpuUsages(recorded []byte) []string {
	var found []string
	for _, match := range regexp.MustCompile(`"CpuUsage": "(\d+)"`).FindAllSubmatch(recorded, -1) {
		found = append(found, string(match[1]))
	}
	slices.Sort(found)
	return found
}

// A list that changed was read again: the jobs of the last pass are recorded,
// each once. Jobs without an ID are the same if all of their fields are.
func TestListThatChanges(t *testing.T) {
	demo := `"EtlDemoList":[` + job(51) + `,{"CpuUsage":"61"}]`
	source := account{jobIDs: []string{jobID(11), jobID(12), jobID(13)}, jobs: []string{
		`1:{"DtsJobList":[` + job(11) + `,` + job(10) + `],` + demo + `}`,
		`2:{"DtsJobList":[` + job(12) + `,` + job(13) + `],` + demo + `}`,
		`3:{"DtsJobList":[` + job(13) + `,` + job(14) + `],` + demo + `}`,
		`1:{"DtsJobList":[` + job(11) + `,` + job(12) + `,{"CpuUsage":"71"}],` + demo + `}`,
		`2:{"DtsJobList":[` + job(13) + `,{"CpuUsage":"71"},{"CpuUsage":"72"}],` + demo + `}`,
		`4:{"DtsJobList":null}`,
	}}
	recording := source.record(t)
	want := []string{"11", "12", "13", "51", "61", "71", "72"}
	if got := cpuUsages(recording.files["cn-hangzhou/SYNC/jobs.json"]); !slices.Equal(got, want) || recording.Jobs != len(want) {
		t.Errorf("recorded %v and counted %d, want %v", got, recording.Jobs, want)
	}
}

// A job that two lists have is recorded once, because the emulator refuses two
// jobs with one ID; regions are recorded once each.
func TestJobsOfTwoLists(t *testing.T) {
	source := account{jobIDs: []string{jobID(11)}, jobs: []string{`{"DtsJobList":[` + job(11) + `]}`}}
	source.recorder = &Recorder{Regions: []string{"cn-hangzhou", "cn-beijing", "cn-hangzhou"}}
	recording, err := source.recorder.Record(t.Context(), &source)
	if err != nil {
		t.Fatal(err)
	}
	if want := 2 * len(JobTypes()); len(source.requests) != want || recording.Jobs != 2 {
		t.Errorf("%d jobs, requests %v", recording.Jobs, source.requests)
	}
}

// The service may count what it does not return, number pages as it likes, and
// refuse subtasks.
func TestOddSubtasks(t *testing.T) {
	item := func(number int) string {
		return fmt.Sprintf(`{"Item":"CHECK_CONN_SRC","State":"Success","OrderNum":%d}`, number)
	}
	source := account{jobIDs: []string{jobID(11)}, jobs: []string{`{"TotalRecordCount":"1","DtsJobList":[` + job(11) + `]}`}, items: 3,
		subtasks: map[string][]string{"01 before": {
			`{"PageNumber":7,"TotalRecordCount":"17","State":"Finished","JobProgress":[` + item(1) + `,` + item(2) + `]}`,
			`{"PageNumber":{"acme":1},"TotalRecordCount":-1e5,"JobProgress":[` + item(2) + `,` + item(3) + `]}`,
			`{"JobProgress":[` + item(4) + `]}`,
		}, "04 after": {`{"JobProgress":[]}`}}}
	recording := source.record(t)
	if recording.Prechecks != 2 || recording.Refused != 4 {
		t.Errorf("%d prechecks, %d refused", recording.Prechecks, recording.Refused)
	}
	id := regexp.MustCompile(`dts[a-z2-7]{16}`).FindString(string(recording.files["cn-hangzhou/SYNC/jobs.json"]))
	var precheck struct {
		PageNumber  int
		JobProgress []struct {
			Item, State string
			OrderNum    int
		}
		Emulator map[string]string `json:"_emulator"`
	}
	if err := json.Unmarshal(recording.files["cn-hangzhou/PRECHECK/"+id+"-01-before.json"], &precheck); err != nil {
		t.Fatal(err)
	}
	if precheck.PageNumber != 1 || len(precheck.JobProgress) != 3 || precheck.JobProgress[2].State != "Success" || precheck.JobProgress[2].OrderNum != 3 ||
		precheck.Emulator["DtsJobId"] != id || precheck.Emulator["TotalRecordCount"] != "17" {
		t.Errorf("got %+v", precheck)
	}

	const subtask = `"operation":"DescribePreCheckStatus","region":"cn-hangzhou","parameters":{"DtsJobId":"%s","JobCode":"%s",%s"StructType":"%s"},"rows":%d`
	var observed []string
	for line := range strings.Lines(string(recording.files[observationsFile])) {
		_, rest, _ := strings.Cut(line, `Z",`)
		observed = append(observed, strings.TrimSuffix(rest, "}\n"))
	}
	read := "cn-hangzhou SYNC"
	for _, subtask := range []string{"01 before", "02 before", "02 after", "03 before", "04 before", "04 after"} {
		read += ", cn-hangzhou " + jobID(11) + " " + subtask
	}
	if requests := strings.Join(source.requests, ", "); requests != read || len(observed) != 1+3+1+4 {
		t.Errorf("read %s, observed %d requests", requests, len(observed))
	}
	for _, want := range []string{
		`"operation":"DescribeDtsJobs","region":"cn-hangzhou","parameters":{"JobType":"SYNC","PageNumber":"1","PageSize":"30"},"rows":1,"counts":{"TotalRecordCount":"1"}`,
		fmt.Sprintf(subtask, id, "01", `"PageNumber":"1","PageSize":"30",`, "before", 2) + `,"counts":{"PageNumber":7,"TotalRecordCount":"17"}`,
		fmt.Sprintf(subtask, id, "01", `"PageNumber":"2","PageSize":"30",`, "before", 2),
		fmt.Sprintf(subtask, id, "02", "", "after", 0) + `,"error":"Forbidden.InstanceNotFound"`,
	} {
		if !slices.Contains(observed, want) {
			t.Errorf("no %s in\n%s", want, strings.Join(observed, "\n"))
		}
	}
}

// A list or a subtask that can't be read completely causes an error.
func TestNoRecording(t *testing.T) {
	for name, test := range map[string]struct {
		source   *account
		recorder *Recorder
		want     string
	}{
		"failed list":  {&account{err: os.ErrDeadlineExceeded}, &Recorder{Regions: []string{"cn-hangzhou"}}, "i/o timeout"},
		"no response":  {&account{}, &Recorder{Regions: []string{"cn-hangzhou"}}, "did not pass on any response"},
		"not JSON":     {&account{jobs: []string{"1:}"}}, &Recorder{Regions: []string{"cn-hangzhou"}}, "can't be recorded"},
		"no page":      {&account{jobs: []string{"x:{}"}}, &Recorder{Regions: []string{"cn-hangzhou"}}, "can't be recorded"},
		"no region":    {&account{}, &Recorder{}, "no region to record"},
		"a path":       {&account{}, &Recorder{Regions: []string{"../x"}}, `"../x" is not a region`},
		"job type":     {&account{}, &Recorder{Regions: []string{"cn-hangzhou"}, JobTypes: []string{"sync"}}, `"sync" is not one of the job types`},
		"no such type": {&account{}, &Recorder{Regions: []string{"cn-hangzhou"}, JobTypes: []string{""}}, `"" is not one of the job types`},
	} {
		t.Run(name, func(t *testing.T) {
			test.source.recorder = test.recorder
			if _, err := test.recorder.Record(t.Context(), test.source); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// Only the user may read a recording, and nothing is overwritten.
func TestWrite(t *testing.T) {
	source := account{jobIDs: []string{jobID(11)}, jobs: []string{`{"DtsJobList":[` + job(11) + `]}`}}
	recording := source.record(t)
	directory := filepath.Join(t.TempDir(), "new", "recording")
	if err := recording.Write(directory); err != nil {
		t.Fatal(err)
	}
	files := 0
	err := filepath.Walk(filepath.Dir(directory), func(name string, info os.FileInfo, err error) error {
		want := os.FileMode(0o700)
		if err == nil && !info.IsDir() {
			want = 0o600
			files++
		}
		if err == nil && info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", name, info.Mode().Perm(), want)
		}
		return err
	})
	if err != nil || files != len(recording.files) {
		t.Errorf("%d files, error %v", files, err)
	}

	if err := recording.Write(directory); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("a second time: %v", err)
	}
	if CheckEmpty(filepath.Join(directory, "README.md")) == nil {
		t.Error("a file was taken for a directory")
	}
	root, err := os.OpenRoot(directory)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	for _, name := range []string{"README.md", "../outside"} {
		if writeFile(root, name, nil) == nil {
			t.Errorf("%s was written", name)
		}
	}
}
