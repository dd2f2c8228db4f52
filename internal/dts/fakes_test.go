package dts

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// TestMain looks for goroutines that tests leave behind. A fuzzer's workers have
// some that are not ours.
func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.fuzz").Value.String() != "" {
		os.Exit(m.Run())
	}
	goleak.VerifyTestMain(m)
}

// server is a server without a network. Tests in which it is requested more than
// once at a time, or in which something is waited for, run on a fake clock.
type server struct {
	respond func(parameters url.Values) (status int, body string)
	latency time.Duration

	mu       sync.Mutex
	requests []url.Values
	ended    int // requests that were canceled
}

// serve returns a server and a client of it.
func serve(respond func(url.Values) (int, string)) (*server, *Client) {
	s := &server{respond: respond}
	return s, NewClient(rpc.Config{
		Credentials: rpc.StaticCredential{AccessKeyID: "key", AccessKeySecret: "secret"},
		RequestRate: -1,
		Transport:   s,
	})
}

// RoundTrip responds after a while, unless the request is canceled. A status
// below 0 is a connection that fails.
func (s *server) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.requests = append(s.requests, r.URL.Query())
	s.mu.Unlock()
	select {
	case <-time.After(s.latency):
	case <-r.Context().Done():
		s.mu.Lock()
		defer s.mu.Unlock()
		s.ended++
		return nil, r.Context().Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	status, body := s.respond(r.URL.Query())
	if status < 0 {
		return nil, errors.New("connection reset by peer")
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, ContentLength: -1, Body: io.NopCloser(strings.NewReader(body))}, nil
}

// count returns the number of requests so far.
func (s *server) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

// refusal returns an error of the API.
func refusal(code string) (int, string) {
	return 403, fmt.Sprintf(`{"Code":%q,"Message":"No.","RequestId":"R"}`, code)
}

func number(parameters url.Values, name string) int {
	n, _ := strconv.Atoi(parameters.Get(name))
	return n
}

// idsOfJobs returns the IDs of jobs number from to number to.
func idsOfJobs(from, to int) []api.ID {
	ids := []api.ID{}
	for n := from; n <= to; n++ {
		ids = append(ids, api.ID(fmt.Sprintf("job%04d", n)))
	}
	return ids
}

// listOf returns a response: jobs with IDs and a count, none if it is negative.
func listOf(total int, ids []api.ID) (int, string) {
	response := map[string]any{"Success": true, "RequestId": "R"}
	if total >= 0 {
		response["TotalRecordCount"] = total
	}
	list := []map[string]api.ID{}
	for _, id := range ids {
		list = append(list, map[string]api.ID{"DtsJobId": id})
	}
	response["DtsJobList"] = list
	body, _ := json.Marshal(response)
	return 200, string(body)
}

// pageOf returns the page of a list that is requested, under a cap of its size.
func pageOf[T any](list []T, parameters url.Values, limit int) []T {
	size := min(number(parameters, "PageSize"), limit)
	page := max(number(parameters, "PageNumber"), number(parameters, "PageNo"))
	from := min((page-1)*size, len(list))
	return list[from:min(from+size, len(list))]
}

// requestedIDs returns the IDs of a request, of jobs or of instances.
func requestedIDs(parameters url.Values) []api.ID {
	var ids []api.ID
	for _, name := range []string{"DtsJobId", "DtsInstanceId"} {
		if !parameters.Has(name) {
			continue
		}
		for id := range strings.SplitSeq(parameters.Get(name), ",") {
			ids = append(ids, api.ID(id))
		}
	}
	return ids
}

func listedIDs(l *JobList) []api.ID {
	var ids []api.ID
	for i := range l.Jobs {
		ids = append(ids, api.ID(l.Jobs[i].ID()))
	}
	return ids
}
