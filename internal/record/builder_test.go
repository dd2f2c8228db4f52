package record

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// collected passes responses to a collector, the way the client does.
func collected(r request, bodies map[int]string) *collector {
	c := &collector{}
	for number, body := range bodies {
		parameters := r.parameters()
		parameters["PageNumber"], parameters["PageSize"] = fmt.Sprint(number), "30"
		buffer := []byte(body)
		c.add(r.operation, r.region, parameters, buffer)
		clear(buffer) // The client may use it again.
	}
	return c
}

func buildJobs(t *testing.T, jobIDs []string, bodies map[int]string) *Recording {
	t.Helper()
	list := jobList{request: request{operation: describeJobs, region: "cn-hangzhou", jobType: "SYNC"}, jobIDs: map[string]bool{}}
	for _, id := range jobIDs {
		list.jobIDs[id] = true
	}
	recording, err := newBuilder("test").build(&reader{collector: collected(list.request, bodies), lists: []jobList{list}})
	if err != nil {
		t.Fatal(err)
	}
	return recording
}

// The pages of two scans can be mixed when the list changed: each job of the
// final list is recorded once, a job that is gone not at all, and a job without
// an ID unless another is the same.
func TestJobsOnce(t *testing.T) {
	recording := buildJobs(t, []string{"a1", "a2", "a3"}, map[int]string{
		1: `{"DtsJobList":[` + job("a1") + `,` + job("a2") + `,{"Status":"Sx1"}],"EtlDemoList":[` + job("e1") + `,{"Status":"Sx3"}]}`,
		2: `{"DtsJobList":[` + job("a2") + `,` + job("a3") + `,{"Status":"Sx1"},{"Status":"Sx2"}],"EtlDemoList":[{"Status":"Sx3"},` + job("e1") + `]}`,
		3: `{"DtsJobList":[` + job("a3") + `,` + job("a4") + `]}`,
		4: `{"DtsJobList":null}`,
	})
	var recorded []string
	for name, body := range recording.files {
		for _, found := range regexp.MustCompile(`"Status":"([^"]*)"`).FindAllStringSubmatch(string(body), -1) {
			recorded = append(recorded, name[len(name)-len("1.json"):len(name)-len(".json")]+found[1])
		}
	}
	slices.Sort(recorded)
	if want := []string{"1Sa1", "1Sa2", "1Se1", "1Sx1", "1Sx3", "2Sa3", "2Sx2"}; !slices.Equal(recorded, want) || recording.Jobs != len(want) {
		t.Errorf("recorded %v and counted %d, want %v", recorded, recording.Jobs, want)
	}
}

// The first page is recorded without jobs too, so that the emulator knows the
// list. A response without a list is observed only.
func TestEmptyLists(t *testing.T) {
	for body, want := range map[string]bool{`{"DtsJobList":[]}`: true, `{"TotalRecordCount":0}`: false} {
		recording := buildJobs(t, nil, map[int]string{1: body, 2: body})
		_, first := recording.files["cn-hangzhou/SYNC/jobs-0001.json"]
		_, second := recording.files["cn-hangzhou/SYNC/jobs-0002.json"]
		if first != want || second {
			t.Errorf("%s: page 1 recorded: %t, page 2: %t", body, first, second)
		}
	}
}

// Each page is observed in order, with counts as the service wrote them, and
// without anything that is not a number.
func TestObservations(t *testing.T) {
	recording := buildJobs(t, []string{"a1"}, map[int]string{
		1: `{"PageNumber":1,"TotalRecordCount":"1","DtsJobList":[` + job("a1") + `]}`,
		2: `{"PageNumber":"acme","PageRecordCount":{"acme":1},"TotalRecordCount":-1.5,"DtsJobList":[]}`,
		3: `{"PageNumber":3,"DtsJobList":[]}`,
	})
	const common = `"operation":"DescribeDtsJobs","region":"cn-hangzhou","parameters":{"JobType":"SYNC","Page":"%d","PageSize":"30"},"rows":%d`
	want := []string{
		fmt.Sprintf(common, 1, 1) + `,"counts":{"PageNumber":1,"TotalRecordCount":"1"},"file":"cn-hangzhou/SYNC/jobs-0001.json"}`,
		fmt.Sprintf(common, 2, 0) + `}`,
		fmt.Sprintf(common, 3, 0) + `,"counts":{"PageNumber":3}}`,
	}
	lines := strings.Split(strings.TrimSuffix(string(recording.files[observationsFile]), "\n"), "\n")
	for i, line := range lines {
		moment, rest, _ := strings.Cut(strings.TrimPrefix(line, `{"time":"`), `",`)
		if _, err := time.Parse(time.RFC3339, moment); err != nil || len(lines) != len(want) || rest != want[i] {
			t.Errorf("line %d is %s, want %s", i+1, line, want[i])
		}
	}
}
