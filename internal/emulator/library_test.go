package emulator

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
	"github.com/dts-community/terraform-provider-dts/internal/inventory"
)

func TestBadFixtures(t *testing.T) {
	const good = `{"DtsJobList": []}`
	tests := map[string]struct {
		files   map[string]string
		message []string
	}{
		"empty directory": {map[string]string{"README.md": "no jobs"}, []string{"no <region>/<JOBTYPE>/*.json file"}},
		"no JSON":         {map[string]string{"cn-hangzhou/SYNC/a.json": "{"}, []string{"cn-hangzhou/SYNC/a.json", "line 1, column 1: unexpected end"}},
		"broken JSON":     {map[string]string{"cn-hangzhou/SYNC/a.json": "{\n  \"DtsJobList\": [}\n"}, []string{"cn-hangzhou/SYNC/a.json: line 2, column 18: invalid character '}'"}},
		"job twice": {map[string]string{
			"cn-hangzhou/SYNC/a.json":      `{"DtsJobList": [{"DtsJobId": "one"}, {"DtsJobId": "two"}]}`,
			"cn-hangzhou/SUBSCRIBE/b.json": `{"DtsJobList": [{"DtsJobId": "one"}]}`,
		}, []string{"cn-hangzhou/SYNC/a.json: DtsJobList: job 1: the DtsJobId one is used by another job, in cn-hangzhou/SUBSCRIBE/b.json"}},
		"a list":              {map[string]string{"cn-hangzhou/SYNC/a.json": "[]"}, []string{"cn-hangzhou/SYNC/a.json"}},
		"no job list":         {map[string]string{"cn-hangzhou/SYNC/a.json": "{}"}, []string{"cn-hangzhou/SYNC/a.json", "neither DtsJobList nor EtlDemoList"}},
		"job is no object":    {map[string]string{"cn-hangzhou/SYNC/a.json": `{"DtsJobList": [{}, 7]}`}, []string{"cn-hangzhou/SYNC/a.json", `DtsJobList: job 2: got a JSON value that begins with "number", want one with "{"`}},
		"job is null":         {map[string]string{"cn-hangzhou/SYNC/a.json": `{"EtlDemoList": [null]}`}, []string{"EtlDemoList: job 1: got a JSON value"}},
		"hidden is no object": {map[string]string{"cn-hangzhou/SYNC/a.json": `{"DtsJobList": [{"_emulator": 1}]}`}, []string{"job 1: _emulator is not an object"}},
		"unknown job type":    {map[string]string{"cn-hangzhou/BACKUP/a.json": good}, []string{"cn-hangzhou/BACKUP/a.json", "MIGRATION, SYNC, SUBSCRIBE"}},
		"precheck no JSON":    {map[string]string{"cn-hangzhou/PRECHECK/a.json": `{"State": "Failed"} x`}, []string{"cn-hangzhou/PRECHECK/a.json: line 1, column 21: invalid character 'x'"}},
		"precheck of jobs":    {map[string]string{"cn-hangzhou/PRECHECK/a.json": good}, []string{"neither State nor JobProgress"}},
		"precheck of no job":  {map[string]string{"cn-hangzhou/PRECHECK/a.json": `{"State": "Failed"}`}, []string{"_emulator does not have the DtsJobId, JobCode and StructType"}},
		"precheck of code 05": {map[string]string{"cn-hangzhou/PRECHECK/a.json": `{"State": "Failed", "_emulator": {"DtsJobId": "one", "JobCode": "05", "StructType": "before"}}`}, []string{"_emulator does not have"}},
		"precheck of no type": {map[string]string{"cn-hangzhou/PRECHECK/a.json": `{"State": "Failed", "_emulator": {"DtsJobId": "one", "JobCode": "01"}}`}, []string{"_emulator does not have"}},
		"item is no object":   {map[string]string{"cn-hangzhou/PRECHECK/a.json": `{"JobProgress": [{}, []]}`}, []string{"JobProgress: item 2: got a JSON value"}},
		"items of a gigabyte": {map[string]string{"cn-hangzhou/PRECHECK/a.json": `{"JobProgress": [{"_emulator": {"Repeat": 10000}, "DdlSql": "` + strings.Repeat("a", 100_000) + `"}]}`}, []string{"item 1: member Repeat is 10000, which makes more than 16777216 bytes"}},
		"item repeated never": {map[string]string{"cn-hangzhou/PRECHECK/a.json": `{"JobProgress": [{"_emulator": {"Repeat": 0}}]}`}, []string{"item 1: member Repeat is 0"}},
		"page recorded twice": {map[string]string{
			"cn-hangzhou/PRECHECK/a.json": `{"State": "Failed", "PageNumber": 2, "_emulator": {"DtsJobId": "one", "JobCode": "01", "StructType": "before"}}`,
			"cn-hangzhou/PRECHECK/b.json": `{"State": "Failed", "PageNumber": 2, "_emulator": {"DtsJobId": "one", "JobCode": "01", "StructType": "before"}}`,
		}, []string{"cn-hangzhou/PRECHECK/b.json: page 2 of one is recorded twice"}},
		"later page recorded twice": {map[string]string{
			"cn-hangzhou/PRECHECK/a.json": `{"State": "Failed", "PageNumber": 1, "_emulator": {"DtsJobId": "one", "JobCode": "01", "StructType": "before"}}`,
			"cn-hangzhou/PRECHECK/b.json": `{"State": "Failed", "PageNumber": 2, "_emulator": {"DtsJobId": "one", "JobCode": "01", "StructType": "before"}}`,
			"cn-hangzhou/PRECHECK/c.json": `{"State": "Failed", "PageNumber": 2, "_emulator": {"DtsJobId": "one", "JobCode": "01", "StructType": "before"}}`,
		}, []string{"cn-hangzhou/PRECHECK/c.json: page 2 of one is recorded twice"}},
		"broken scenario":         {map[string]string{"a/SYNC/a.json": good, "scenarios/a.json": "{}"}, []string{"scenario a: no description"}},
		"broken operation":        {map[string]string{"operations/A.json": `[{"response": 7}]`}, []string{"operations/A.json: response 1: got a JSON value"}},
		"operation without any":   {map[string]string{"operations/A.json": `[]`}, []string{"operations/A.json: no responses in it"}},
		"not in a directory":      {map[string]string{"a.json": good}, []string{"a.json", "<region>/<JOBTYPE>"}},
		"too deep in a directory": {map[string]string{"x/cn-hangzhou/SYNC/a.json": good}, []string{"x/cn-hangzhou/SYNC/a.json", "<region>/<JOBTYPE>"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			fixtures := fstest.MapFS{}
			for file, text := range test.files {
				fixtures[file] = &fstest.MapFile{Data: []byte(text)}
			}
			err := (&Emulator{Fixtures: fixtures}).Load()
			if err == nil {
				t.Fatal("no error")
			}
			for _, part := range test.message {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q does not have %q", err, part)
				}
			}
		})
	}
}

// A region of one's own fixtures is known, even if it is in no list. Beside jobs they
// have scenarios and responses of operations.
func TestOwnFixtures(t *testing.T) {
	_, clock := newEmulator(t)
	e := &Emulator{clock: clock.Now, Fixtures: fstest.MapFS{
		"xx-test-1/SYNC/a.json":         {Data: []byte(`{"DtsJobList": [{"DtsJobId": "one",  "Odd" : 9223372036854775807 }], "TotalRecordCount": 99}`)},
		"scenarios/one.json":            {Data: []byte(`{"description": "One.", "steps": [{"response": {"State": "Suspending"}}]}`)},
		"operations/DescribeThing.json": {Data: []byte(`[{"parameters": {"A": "1"}, "response": {"Thing": 1}}, {"response": {"Thing": 2}}]`)},
	}}
	a := describe(t, e, pairs{"Region": "xx-test-1", "JobType": "SYNC"})
	if a.TotalRecordCount != 1 || !strings.Contains(a.raw, `{"DtsJobId": "one",  "Odd" : 9223372036854775807 }`) {
		t.Error(a.raw)
	}
	if one, builtIn := precheckStatus(t, e, pairs{"RegionId": "xx-test-1", "DtsJobId": "one"}), precheckStatus(t, e, pairs{"DtsJobId": "passed"}); one.State != "Suspending" || builtIn.State != "Finished" {
		t.Errorf("%s %s", one.raw, builtIn.raw)
	}
	for value, want := range map[string]string{"1": `"Thing" : 1`, "2": `"Thing" : 2`} {
		r := send(t, e, acs3Request(pairs{"A": value}, signing{headers: map[string]string{"x-acs-action": "DescribeThing"}}))
		if !r.Success || !strings.Contains(r.raw, want) || r.RequestId == "" {
			t.Errorf("A=%s: %s", value, r.raw)
		}
	}
}

// fixtureFiles returns the files of the built-in account with jobs and prechecks.
func fixtureFiles(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := fs.WalkDir(builtIn("account"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".json" || path.Dir(name) == "operations" {
			return err
		}
		files[name], err = fs.ReadFile(builtIn("account"), name)
		return err
	})
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, error %v", len(files), err)
	}
	return files
}

// operationOf is the operation whose response a fixture has.
func operationOf(name string) string {
	if path.Base(path.Dir(name)) == "PRECHECK" {
		return "DescribePreCheckStatus"
	}
	return "DescribeDtsJobs"
}

// documentedPaths returns the paths of the fields of an operation's response,
// without [] marks.
func documentedPaths(t *testing.T, operation string) []string {
	t.Helper()
	var paths []string
	for _, field := range inventory.Fields(operation) {
		paths = append(paths, strings.ReplaceAll(field.Path, "[]", ""))
	}
	if len(paths) == 0 {
		t.Fatalf("no inventory of %s", operation)
	}
	return paths
}

// decodeObject decodes a JSON object into a map.
func decodeObject(t *testing.T, data []byte) map[string]any {
	t.Helper()
	var object map[string]any
	if err := json.Unmarshal(data, &object); err != nil {
		t.Fatal(err)
	}
	return object
}

// fieldPaths adds the path of each field of a JSON value, hidden ones left out.
func fieldPaths(value any, at string, found map[string]bool) {
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			if name == account.HiddenMember {
				continue
			}
			full := strings.TrimPrefix(at+"."+name, ".")
			found[full] = true
			fieldPaths(inner, full, found)
		}
	case []any:
		for _, inner := range value {
			fieldPaths(inner, at, found)
		}
	}
}

// A field name that is not in the inventory is a typo.
func TestFixturesUseDocumentedFieldsOnly(t *testing.T) {
	for name, data := range fixtureFiles(t) {
		if !json.Valid(data) {
			t.Errorf("%s is no JSON", name)
			continue
		}
		found := map[string]bool{}
		fieldPaths(decodeObject(t, data), "", found)
		if len(found) < 10 {
			t.Errorf("%s: %d fields only", name, len(found))
		}
		documented := documentedPaths(t, operationOf(name))
		for field := range found {
			if !slices.Contains(documented, field) {
				t.Errorf("%s: %s is not in the inventory", name, field)
			}
		}
	}
}

func TestOneFixtureFillsEveryField(t *testing.T) {
	for name, part := range map[string]string{
		"cn-hangzhou/SYNC/every-field.json":     "DtsJobList",
		"cn-hangzhou/PRECHECK/every-field.json": "",
	} {
		data := fixtureFiles(t)[name]
		found := map[string]bool{}
		fieldPaths(decodeObject(t, data), "", found)
		for _, field := range documentedPaths(t, operationOf(name)) {
			if strings.HasPrefix(field, part) && !found[field] {
				t.Errorf("%s: %s is missing", name, field)
			}
		}
		if bytes.Contains(data, []byte("null")) {
			t.Errorf("%s: a field is null", name)
		}
	}
}

// Other clients of the service rely on these objects and strings, which the
// service thus very likely always sends.
func TestFixturesHaveWhatClientsRelyOn(t *testing.T) {
	for name, data := range fixtureFiles(t) {
		file, err := wire.ParseObject(data)
		if err != nil {
			t.Fatal(err)
		}
		isSubscription := path.Base(path.Dir(name)) == "SUBSCRIBE"
		for _, job := range file.List("DtsJobList") {
			paths := [][]string{{"SourceEndpoint"}, {"DestinationEndpoint"}, {"MigrationMode"}, {"ReverseJob", "SourceEndpoint"}}
			if isSubscription {
				paths = paths[:3]
			}
			for _, path := range paths {
				if !strings.HasPrefix(job.Text(path...), "{") {
					t.Errorf("%s %s has no %s", name, job.Text("DtsJobId"), path)
				}
			}
			var reserved struct{ NetType string }
			if err := json.Unmarshal([]byte(job.Text("Reserved")), &reserved); isSubscription && (err != nil || reserved.NetType == "") {
				t.Errorf("%s %s has no Reserved with a netType", name, job.Text("DtsJobId"))
			}
			for _, tag := range job.List("TagList") {
				if value := string(tag.Get("TagValue")); isSubscription && !strings.HasPrefix(value, `"`) {
					t.Errorf("%s %s has a tag without a value: %s", name, job.Text("DtsJobId"), value)
				}
			}
		}
	}
}
