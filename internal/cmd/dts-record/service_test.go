package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"unicode"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/record"
)

// serve serves what respond returns, one request at a time, and sets credentials
// in the environment.
func serve(t *testing.T, respond func(operation string, parameters url.Values) (status int, body string)) (endpoint string) {
	t.Helper()
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		status, body := respond(r.Header.Get("x-acs-action"), r.URL.Query())
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	setCredentials(t)
	return strings.TrimPrefix(server.URL, "http://")
}

// rows returns a page of a service that never returns more than ten rows.
func rows(all []string, parameters url.Values) string {
	number, _ := strconv.Atoi(parameters.Get("PageNumber") + parameters.Get("PageNo"))
	size, _ := strconv.Atoi(parameters.Get("PageSize"))
	size = min(size, 10)
	start := min((number-1)*size, len(all))
	return strings.Join(all[start:min(start+size, len(all))], ",")
}

// A list that loses a job while it is read, and a precheck of two pages, are
// recorded completely.
func TestPages(t *testing.T) {
	var jobs, items []string
	for i := range 25 {
		jobs = append(jobs, fmt.Sprintf(`{"DtsJobId":"aaaaaaaaaaaaa%02d"}`, i))
	}
	for i := range 12 {
		items = append(items, fmt.Sprintf(`{"Item":"CHECK_CONN_SRC","State":"Success","OrderNum":%d}`, i))
	}
	requests := 0
	endpoint := serve(t, func(operation string, parameters url.Values) (int, string) {
		if operation == "DescribePreCheckStatus" {
			return 200, fmt.Sprintf(`{"TotalRecordCount":12,"State":"Finished","JobProgress":[%s]}`, rows(items, parameters))
		}
		if requests++; requests == 2 {
			jobs = append(jobs[:3], jobs[4:]...)
		}
		return 200, fmt.Sprintf(`{"TotalRecordCount":%d,"DtsJobList":[%s]}`, len(jobs), rows(jobs, parameters))
	})
	recorder := &record.Recorder{Regions: []string{"cn-hangzhou"}, JobTypes: []string{"SYNC"}, Prechecks: 1}
	recording, err := recorder.Record(t.Context(), newSource(clientConfig(endpoint), recorder))
	if err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	if err := recording.Write(directory); err != nil {
		t.Fatal(err)
	}
	replayed := readAccount(t, serveRecording(t, directory), "cn-hangzhou", "SYNC")
	all := strings.Join(replayed, "\n")
	found, notStarted := strings.Count(all, `"Success"`), strings.Count(all, `"NOT_STARTED"`)
	if !slices.Contains(replayed, "24 jobs, 0 ETL jobs") || found != 6*12 || notStarted != 24*8-6 {
		t.Errorf("%d jobs, %d items, %d subtasks without a recording", len(replayed)-1, found, notStarted)
	}
}

// A subtask that the API refuses is noted. Throttling and broken responses are
// failures of the recorder.
func TestRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		status        int
		body, refusal string
		failure       string
	}{
		"an error":    {403, `{"Code":"DTS.Msg.InvalidJobId","Message":"no"}`, "InvalidJobId", ""},
		"success":     {200, `{"Success":false,"ErrCode":"InvalidJobId","ErrMessage":"no"}`, "InvalidJobId", ""},
		"no subtask":  {200, `{}`, "", ""},
		"throttling":  {400, `{"Code":"Throttling.User","Message":"slow down"}`, "", "Throttling.User"},
		"not the API": {404, `<html>`, "", "broken response"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // Retries take no time.
				config := clientConfig("dts.example.com")
				config.Transport = transport(func() *http.Response {
					return &http.Response{StatusCode: test.status, Body: io.NopCloser(strings.NewReader(test.body))}
				})
				_, err := source{dts.NewClient(config)}.Subtask(t.Context(), "cn-hangzhou", record.Subtask{DtsJobID: "a", JobCode: "01", StructType: "before"})
				refusal := new(record.Refusal)
				isRefusal := errors.As(err, &refusal)
				if err == nil || isRefusal != (test.failure == "") || refusal.Code != test.refusal || !strings.Contains(err.Error(), test.failure) {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// transport returns the same response to every request.
type transport func() *http.Response

func (t transport) RoundTrip(*http.Request) (*http.Response, error) { return t(), nil }

// What the service sends can't control the terminal.
func TestTerminal(t *testing.T) {
	const hostile = `\u001b[2J\u001b]0;title\u0007\u009b31m\u202eevil\u2066\u200b`
	for name, test := range map[string]struct {
		status int
		body   string
	}{
		"an error": {403, `{"Code":"Forbidden.` + hostile + `","Message":"` + hostile + `\r\n` + hostile + `","RequestId":"` + hostile + `"}`},
		"a name":   {200, `{"TotalRecordCount":1,"DtsJobList":[{"New` + hostile + `":1}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			endpoint := serve(t, func(string, url.Values) (int, string) { return test.status, test.body })
			var output strings.Builder
			err := run(t.Context(), []string{"--out", filepath.Join(t.TempDir(), "x"), "--endpoint", endpoint, "--protocol", "HTTP", "--regions", "cn-hangzhou"}, &output, &output)
			printed := output.String() + fmt.Sprint(err)
			if !strings.Contains(printed, "evil") || strings.ContainsFunc(printed, func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) }) {
				t.Errorf("printed %q", printed)
			}
		})
	}
}
