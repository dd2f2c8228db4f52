package record

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// newRecorder returns a recorder of a service that responds as no emulator would.
func newRecorder(t *testing.T, respond func(operation string, parameters url.Values) (status int, body string)) *Recorder {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, body := respond(r.Header.Get("x-acs-action"), r.URL.Query())
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(server.Close)
	config := configFor(server.URL)
	config.Backoff = func(int) time.Duration { return 0 }
	return &Recorder{Client: config, Regions: []string{"cn-hangzhou"}, JobTypes: []string{"SYNC"}, Prechecks: -1, Seed: "test"}
}

// job is a job whose status, which is kept, tells which one it is.
func job(id string) string { return fmt.Sprintf(`{"DtsJobId":%q,"Status":%q}`, id, statusOf(id)) }

func statusOf(id string) string { return "S" + id[:1] + id[len(id)-1:] }

// cappedPage returns the rows of a page from a service that never returns more
// than ten.
func cappedPage(rows []string, parameters url.Values) string {
	number, _ := strconv.Atoi(parameters.Get("PageNumber") + parameters.Get("PageNo"))
	size, _ := strconv.Atoi(parameters.Get("PageSize"))
	size = min(size, 10)
	start := min((number-1)*size, len(rows))
	return strings.Join(rows[start:min(start+size, len(rows))], ",")
}

// A list that changes is read again: the last scan is recorded, and each job
// once.
func TestListThatChanges(t *testing.T) {
	var jobs []string
	for i := range 25 {
		jobs = append(jobs, fmt.Sprintf(`{"DtsJobId":"aaaaaaaaaaaaa%02d","Status":"S%02d"}`, i, i))
	}
	requests := 0
	r := newRecorder(t, func(_ string, parameters url.Values) (int, string) {
		if requests++; requests == 2 {
			jobs = slices.Delete(jobs, 3, 4)
		}
		return 200, fmt.Sprintf(`{"TotalRecordCount":%d,"DtsJobList":[%s],"EtlDemoList":[%s]}`, len(jobs), cappedPage(jobs, parameters), job("eeeeeeeeeeeeee1"))
	})
	r.Prechecks = 0
	recording, err := r.Record(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var pages strings.Builder
	for number := range 3 {
		pages.Write(recording.files[fmt.Sprintf("cn-hangzhou/SYNC/jobs-%04d.json", number+1)])
	}
	for i := range 25 {
		want := 1
		if i == 3 {
			want = 0
		}
		if got := strings.Count(pages.String(), fmt.Sprintf("S%02d", i)); got != want {
			t.Errorf("job %d is there %d times, want %d", i, got, want)
		}
	}
	if recording.Jobs != 25 || strings.Count(pages.String(), statusOf("eeeeeeeeeeeeee1")) != 1 {
		t.Errorf("%d jobs, with the demo job of each page: %s", recording.Jobs, pages.String())
	}
}

// The service may count what it does not return, number pages as it likes, refuse
// one subtask and return nothing for another.
func TestOddSubtasks(t *testing.T) {
	var items []string
	for i := range 12 {
		items = append(items, fmt.Sprintf(`{"Item":"CHECK_CONN_SRC","State":"Success","OrderNum":%d}`, i))
	}
	r := newRecorder(t, func(operation string, parameters url.Values) (int, string) {
		switch {
		case operation == describeJobs:
			return 200, `{"TotalRecordCount":"1","DtsJobList":[` + job("aaaaaaaaaaaaaa1") + `]}`
		case parameters.Get("JobCode") == "01":
			return 200, `{"PageNumber":1,"TotalRecordCount":"17","State":"Finished","JobProgress":[` + cappedPage(items, parameters) + `]}`
		case parameters.Get("JobCode") == "02":
			return 404, `{"Code":"InvalidJobStatus.NotReady","Message":"job aaaaaaaaaaaaaa1 of joe"}`
		}
		return 200, `{}`
	})
	recording, err := r.Record(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, isThere := recording.files["cn-hangzhou/PRECHECK/job-0001-01-before-0003.json"]; isThere {
		t.Error("a page after the last item was recorded")
	}
	if recording.Prechecks != 1 || recording.Refused != 5 {
		t.Errorf("%d prechecks, %d refused", recording.Prechecks, recording.Refused)
	}
	observed := string(recording.files["recording.jsonl"])
	for _, want := range []string{`"error":"InvalidJobStatus.NotReady"`, `"error":"no subtask in the response"`, `"TotalRecordCount":"17"`, `"TotalRecordCount":"1"`} {
		if !strings.Contains(observed, want) {
			t.Errorf("no %s in %s", want, observed)
		}
	}
	if strings.Contains(observed, "joe") || strings.Contains(observed, "aaaaaaaaaaaaaa1") {
		t.Errorf("a name is left in %s", observed)
	}

	replacedID := regexp.MustCompile(`"DtsJobId":"([^"]*)"`).FindStringSubmatch(string(recording.files["cn-hangzhou/SYNC/jobs-0001.json"]))
	directory := t.TempDir()
	if err := recording.Write(directory); err != nil {
		t.Fatal(err)
	}
	replay := newClient(serve(t, os.DirFS(directory)))
	response, err := replay.Precheck(t.Context(), "cn-hangzhou", precheckRequest(map[string]string{
		"DtsJobId": replacedID[1], "JobCode": "01", "StructType": "before"}))
	if err != nil {
		t.Fatal(err)
	}
	if len(response.JobProgress) != 12 || *response.TotalRecordCount != 17 {
		t.Errorf("%d items of %d", len(response.JobProgress), *response.TotalRecordCount)
	}
}

// Regions are read once each. A subtask that is not returned because of the rate
// limit is an error, not a refusal.
func TestRegionsAndThrottling(t *testing.T) {
	requests := map[string]int{}
	r := newRecorder(t, func(operation string, parameters url.Values) (int, string) {
		if operation == describePrecheck {
			return 400, `{"Code":"Throttling.User","Message":"slow down"}`
		}
		requests[cmp.Or(parameters.Get("Region"), parameters.Get("RegionId"))]++
		return 200, `{"TotalRecordCount":1,"DtsJobList":[` + job("aaaaaaaaaaaaaa1") + `]}`
	})
	r.Regions = []string{"cn-hangzhou", "cn-beijing", "cn-hangzhou"}
	r.Prechecks = 0
	if _, err := r.Record(t.Context()); err != nil || requests["cn-hangzhou"] != requests["cn-beijing"] || requests["cn-beijing"] == 0 {
		t.Errorf("requests per region: %v, error %v", requests, err)
	}
	r.Prechecks = 1
	r.Client.Policy = func(*rpc.Error) int { return 1 }
	if _, err := r.Record(t.Context()); err == nil || !strings.Contains(err.Error(), "Throttling.User") {
		t.Errorf("got %v", err)
	}
}

// What can't be read completely is not recorded.
func TestNoRecording(t *testing.T) {
	forbidden := func(string, url.Values) (int, string) { return 403, `{"Code":"Forbidden.RAM","Message":"no"}` }
	for name, test := range map[string]struct {
		change func(*Recorder)
		want   string
	}{
		"refused list": {func(*Recorder) {}, "Forbidden.RAM"},
		"no region":    {func(r *Recorder) { r.Regions = nil }, "no region to record"},
		"a path":       {func(r *Recorder) { r.Regions = []string{"../x"} }, `"../x" is not a region`},
		"job type":     {func(r *Recorder) { r.JobTypes = []string{"sync"} }, `"sync" is not one of the job types`},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRecorder(t, forbidden)
			test.change(r)
			if _, err := r.Record(t.Context()); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestWriteToEmptyDirectoryOnly(t *testing.T) {
	directory := t.TempDir()
	if err := errors.Join(CheckEmpty(directory), CheckEmpty(filepath.Join(directory, "new"))); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(directory, "mine"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (&Recording{}).Write(directory); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("got %v", err)
	}
	if CheckEmpty(filepath.Join(directory, "mine")) == nil {
		t.Error("a file was taken for a directory")
	}
}
