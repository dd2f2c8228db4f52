package emulator

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestRecordedRequest(t *testing.T) {
	e, clock := newEmulator(t)
	var told []Request
	e.OnRequest = func(r Request) { told = append(told, r) }
	a := describe(t, e, pairs{"Tags": `[{"key":"env","value":"prod"}]`, "PageSize": "30"})
	send(t, e, rpcRequest(pairs{"Region": "ap-southeast-1"}, signing{form: true, secret: "wrong"}))

	recorded := e.Requests()
	if len(recorded) != 2 || len(told) != 2 {
		t.Fatalf("%d recorded, %d told of", len(recorded), len(told))
	}
	first, second := recorded[0], recorded[1]
	if first.Action != "DescribeDtsJobs" || first.Version != "2020-01-01" || first.Method != http.MethodPost || first.AccessKey != "emulator" ||
		first.Status != 200 || first.Code != "" || first.RequestID != a.RequestId || !first.Time.Equal(clock.Now()) ||
		first.Header.Get("Host") != testHost || first.Header.Get("x-acs-date") != testDate ||
		first.Parameters.Get("Tags") != `[{"key":"env","value":"prod"}]` || first.Parameters.Get("PageSize") != "30" {
		t.Errorf("first is %+v", first)
	}
	if second.Action != "DescribeDtsJobs" || second.AccessKey != "emulator" || second.Status != 400 || second.Code != "SignatureDoesNotMatch" ||
		second.Parameters.Get("Region") != "ap-southeast-1" {
		t.Errorf("second is %+v", second)
	}
	e.Reset()
	if left := e.Requests(); len(left) != 0 {
		t.Errorf("%d left after Reset", len(left))
	}
}

func TestRecordsAreBounded(t *testing.T) {
	var j journal
	for i := range maxRecords + 5 {
		j.add(Request{Status: i})
	}
	if all := j.all(); len(all) != maxRecords || all[0].Status != 5 {
		t.Errorf("%d records, the first is %d", len(all), all[0].Status)
	}
	large := Request{Parameters: url.Values{"Params": {strings.Repeat("a", maxRecordBytes/4)}}}
	for range 9 {
		j.add(large)
	}
	if n := len(j.all()); n != 3 || j.bytes > maxRecordBytes {
		t.Errorf("%d large records with %d bytes", n, j.bytes)
	}
}
