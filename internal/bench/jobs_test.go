package bench

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestJobs(t *testing.T) {
	jobs := NewJobs(25)
	var ids []string
	for _, page := range []string{"1", "2", "3", "4"} {
		w := httptest.NewRecorder()
		jobs.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/?PageSize=10&PageNumber="+page, nil))
		var response struct {
			TotalRecordCount int
			DtsJobList       []struct {
				DtsJobId       string
				SourceEndpoint struct{ Ip string }
				ReverseJob     *struct{ Status string }
			}
		}
		if err := json.Unmarshal(w.Body.Bytes(), &response); err != nil || response.TotalRecordCount != 25 {
			t.Fatalf("page %s counts %d jobs, error %v", page, response.TotalRecordCount, err)
		}
		for i, job := range response.DtsJobList {
			ids = append(ids, job.DtsJobId)
			if job.SourceEndpoint.Ip == "" || (job.ReverseJob != nil) != (i == 0) {
				t.Errorf("page %s, job %d is %+v", page, i, job)
			}
		}
	}
	if len(ids) != 25 || ids[0] != "job000000" || ids[24] != "job000024" {
		t.Errorf("got jobs %s", strings.Join(ids, " "))
	}
}
