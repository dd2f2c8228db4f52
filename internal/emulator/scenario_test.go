package emulator

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// scriptFile is a file of scenarios, as far as the tests need it.
type scriptFile struct {
	Description string
	Steps       []struct {
		Reads int
		Lasts string
	}
}

// builtInScripts returns the files of the built-in scenarios, by name.
func builtInScripts(t *testing.T) map[string]scriptFile {
	t.Helper()
	files, err := fs.Glob(embedded, "scenarios/*.json")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d scenarios, error %v", len(files), err)
	}
	scripts := map[string]scriptFile{}
	for _, file := range files {
		data, err := embedded.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var script scriptFile
		if err := json.Unmarshal(data, &script); err != nil {
			t.Fatal(err)
		}
		scripts[strings.TrimSuffix(path.Base(file), ".json")] = script
	}
	return scripts
}

// Each built-in scenario plays to its end, by the name of a job ID, in a region
// for which there are no fixtures. Its responses have documented fields only, and
// their dates are dates.
func TestBuiltInScenarios(t *testing.T) {
	documented := documentedPaths(t, "DescribePreCheckStatus")
	for name, script := range builtInScripts(t) {
		t.Run(name, func(t *testing.T) {
			e, clock := newEmulator(t)
			var states []string
			for _, step := range script.Steps {
				for range max(step.Reads, 1) {
					a := precheckStatus(t, e, pairs{"RegionId": "eu-central-1", "DtsJobId": name})
					states = append(states, a.State)
					if strings.Contains(a.raw, `"{`) {
						t.Errorf("not written out: %s", a.raw)
					}
					found := map[string]bool{}
					fieldPaths(decodeObject(t, []byte(a.raw)), "", found)
					for field := range found {
						if !slices.Contains(documented, field) {
							t.Errorf("%s is not in the inventory", field)
						}
					}
				}
				if step.Lasts != "" {
					lasts, err := time.ParseDuration(step.Lasts)
					if err != nil {
						t.Fatal(err)
					}
					clock.advance(lasts)
				}
			}
			if again := precheckStatus(t, e, pairs{"RegionId": "eu-central-1", "DtsJobId": name}); again.State != states[len(states)-1] {
				t.Errorf("after %q comes %s", states, again.State)
			}
			if !strings.HasSuffix(script.Description, ".") || strings.Count(script.Description, ". ") > 0 {
				t.Errorf("the description is not one sentence: %q", script.Description)
			}
		})
	}
}

// Only a read of the complete precheck moves a scenario on. A reset starts it over.
func TestWhatIsARead(t *testing.T) {
	e, _ := newEmulator(t)
	for name, parameters := range map[string]pairs{
		"page 2":       {"PageNo": "2"},
		"Name":         {"Name": "orders"},
		"StructPhase":  {"StructPhase": "View"},
		"another job":  {"DtsJobId": "checking-then-passed"},
		"another code": {"JobCode": "02"},
		"another type": {"StructType": "after"},
		"a region":     {"RegionId": "cn-beijing"},
	} {
		controlRequest(e, "POST", "/_emulator/reset", "")
		other := pairs{"DtsJobId": "failed-then-passed"}
		for parameter, value := range parameters {
			other[parameter] = value
		}
		for range 3 {
			precheckStatus(t, e, other)
		}
		for i, want := range []string{"Failed", "Finished"} {
			if got := precheckStatus(t, e, pairs{"DtsJobId": "failed-then-passed"}).State; got != want {
				t.Errorf("%s in between: read %d shows %s, want %s", name, i+1, got, want)
			}
		}
	}
	e.Reset()
	if a := send(t, e, precheckRequest(e, pairs{"DtsJobId": "failed-then-passed", "PageSize": "101"})); a.Success {
		t.Fatal(a.raw)
	}
	if got := precheckStatus(t, e, pairs{"DtsJobId": "failed-then-passed"}).State; got != "Failed" {
		t.Errorf("a request that was refused moved on to %s", got)
	}
}

// script returns a scenario whose steps have their number as state.
func script(t *testing.T, lasts ...string) fs.FS {
	t.Helper()
	var steps []string
	for i, last := range append(lasts, "") {
		steps = append(steps, fmt.Sprintf(`{%s "response": {"State": "%d", "JobProgress": [{"BootTime": "{start-2m}", "FinishTime": "{now}", "ErrMsg": "at {now}"}]}}`, last, i+1))
	}
	return fstest.MapFS{"script.json": {Data: []byte(`{"description": "A script.", "steps": [` + strings.Join(steps, ",") + `]}`)}}
}

// Steps that last for a time end when it is up, whether somebody read or not.
func TestScenarioByClock(t *testing.T) {
	_, clock := newEmulator(t)
	e := &Emulator{Rate: -1, clock: clock.Now, Scenarios: script(t, `"lasts": "10s",`, `"lasts": "5s",`, `"reads": 2,`)}
	for i, at := range []struct {
		wait time.Duration
		page string
		want string
	}{
		{0, "1", "1"},
		{9999 * time.Millisecond, "1", "1"},
		{time.Millisecond, "2", "2"},                // a time can be up between two pages
		{24 * time.Hour, "1", "3"},                  // the time of the second ran from the end of the first
		{0, "2", "3"}, {0, "1", "3"}, {0, "2", "3"}, // pages are no reads
		{0, "1", "4"},
		{24 * time.Hour, "1", "4"},
	} {
		clock.advance(at.wait)
		if got := precheckStatus(t, e, pairs{"DtsJobId": "script", "PageNo": at.page}).State; got != at.want {
			t.Errorf("call %d shows %s, want %s", i+1, got, at.want)
		}
	}
}

// Dates count from the first request and from the beginning of the step, so they
// do not change while a step is read.
func TestRelativeDates(t *testing.T) {
	_, clock := newEmulator(t) // at 07:24:45
	e := &Emulator{Rate: -1, clock: clock.Now, Scenarios: script(t, `"lasts": "10s",`)}
	for i, at := range []struct {
		wait         time.Duration
		boot, finish string
	}{
		{0, "2026-11-20T07:22:45.000+00:00", "2026-11-20T07:24:45.000+00:00"},
		{9 * time.Second, "2026-11-20T07:22:45.000+00:00", "2026-11-20T07:24:45.000+00:00"},
		{time.Minute, "2026-11-20T07:22:45.000+00:00", "2026-11-20T07:24:55.000+00:00"},
		{time.Minute, "2026-11-20T07:22:45.000+00:00", "2026-11-20T07:24:55.000+00:00"},
	} {
		clock.advance(at.wait)
		item := precheckStatus(t, e, pairs{"DtsJobId": "script"}).JobProgress[0]
		if item["BootTime"] != at.boot || item["FinishTime"] != at.finish || item["ErrMsg"] != "at {now}" {
			t.Errorf("read %d: %v", i+1, item)
		}
	}
}

// A scenario with a job changes the job, its stages and its precheck together, by
// reads of one operation or by time. Lists and details show the job and are no reads.
func TestScenariosOfJobs(t *testing.T) {
	_, clock := newEmulator(t) // at 07:24:45
	const file = `{"description": "A job.", "job_type": "SYNC", "job": {"DtsJobName": "mine", "CreateTime": "2026-11-01T00:00:00Z"}, "steps": [
		{"reads": 2, "operation": "DescribePreCheckStatus", "job": {"Status": "Prechecking"}, "response": {"State": "Checking", "JobProgress": []}},
		{"reads": 1, "operation": "DescribeDtsJobs", "job": {"Status": "Initializing", "PrecheckStatus": {"Status": "Finished"}, "DataInitializationStatus": {"Status": "Migrating"}}},
		{"lasts": "10s", "job": {"Status": "Synchronizing", "Delay": 61, "Checkpoint": "{unix-61s}"}},
		{"job": {"Status": "Suspending"}}]}`
	e := &Emulator{Rate: -1, clock: clock.Now, Scenarios: fstest.MapFS{"mine.json": {Data: []byte(file)}, ordersJob + ".json": {Data: []byte(strings.Replace(file, "SYNC", "MIGRATION", 1))}}}
	jobs := func(parameters pairs) string {
		return strings.Join(fieldOf(send(t, e, acs3Request(inHangzhou(parameters), signing{date: clock.Now().UTC().Format(wire.DateLayout)})).DtsJobList, "Status"), " ")
	}
	state := func(code string) string {
		return precheckStatus(t, e, pairs{"DtsJobId": "mine", "JobCode": code}).State
	}
	detail := func(id string) string {
		r := acs3Request(pairs{"RegionId": "cn-hangzhou", "DtsJobId": id}, signing{date: clock.Now().UTC().Format(wire.DateLayout), headers: map[string]string{"x-acs-action": "DescribeDtsJobDetail"}})
		return fmt.Sprint(decodeObject(t, []byte(send(t, e, r).raw))["Status"])
	}
	byID, byName := pairs{"JobType": "SYNC", "DtsJobId": "mine"}, pairs{"JobType": "SYNC", "Type": "name", "Params": "mine"}
	for i, got := range []struct{ is, want string }{
		{jobs(byID), "Prechecking"}, {jobs(byName), "Prechecking"}, {detail("mine"), "Prechecking"},
		{state("01"), "Checking"}, {state("03"), "NotStarted"}, // the second read
		{state("01"), "Finished"}, {state("03"), "Migrating"}, {detail("mine"), "Initializing"}, {jobs(byName), "Initializing"},
		{jobs(pairs{"JobType": "SYNC", "DtsJobId": "mine", "Status": "Synchronizing"}), ""}, // a read that finds nothing
		{jobs(byID), "Synchronizing"}, {jobs(pairs{"DtsJobId": "mine"}), ""}, {state("01"), "NotStarted"},
	} {
		if got.is != got.want {
			t.Errorf("request %d shows %q, want %q", i+1, got.is, got.want)
		}
	}
	if got := describe(t, e, byID).DtsJobList[0]["Checkpoint"]; got != fmt.Sprint(clock.Now().Unix()-61) {
		t.Errorf("the checkpoint is %v", got)
	}
	clock.advance(10 * time.Second)
	if got := jobs(byID) + " " + detail("mine"); got != "Suspending Suspending" {
		t.Errorf("after the time is up: %s", got)
	}
	if all := jobs(pairs{"JobType": "SYNC", "PageSize": "100"}); strings.Contains(all, "Suspending Suspending") {
		t.Errorf("the list of all jobs has the scenario's own: %s", all)
	}
	// A job of the account keeps the members, and the hidden ones, that the scenario does
	// not change.
	orders := send(t, e, acs3Request(inHangzhou(pairs{"DtsJobId": ordersJob, "GroupId": "pk2fm11x9d8t12ab"}), signing{date: clock.Now().UTC().Format(wire.DateLayout)})).DtsJobList[0]
	if orders["Status"] != "Prechecking" || orders["DtsJobName"] != "orders-mysql-to-polardb" || fmt.Sprint(orders["PrecheckStatus"]) != "map[Status:Checking]" {
		t.Errorf("a job of the account is %v", orders)
	}
	if got := precheckStatus(t, &Emulator{Rate: -1, Scenario: "failed", clock: clock.Now}, pairs{"DtsJobId": "nobody"}).State; got != "Failed" {
		t.Errorf("a precheck under a scenario for all is %s", got)
	}
	all := &Emulator{Rate: -1, Scenario: "cutover", clock: clock.Now}
	for id, want := range map[string]string{ordersJob: "Migrating", "nobody": "Migrating"} {
		if got := send(t, all, acs3Request(inHangzhou(pairs{"DtsJobId": id}), signing{date: clock.Now().UTC().Format(wire.DateLayout)})).DtsJobList; len(got) != 1 || got[0]["Status"] != want || got[0]["Delay"] != 61240.0 {
			t.Errorf("%s under a scenario for all: %v", id, got)
		}
	}
}

func TestBadScenarios(t *testing.T) {
	step := func(more string) string { return `{"description": "Bad.", "steps": [{` + more + `}]}` }
	const response = `"response": {"State": "Checking"}`
	tests := map[string]struct{ file, message string }{
		"no JSON":              {`{`, "unexpected end"},
		"no description":       {`{"steps": [{` + response + `}]}`, "no description"},
		"no steps":             {`{"description": "Bad.", "steps": []}`, "no steps"},
		"no response":          {step(``), "step 1: no response"},
		"job without its list": {step(`"job": {}`), "step 1: a scenario with a job requires job_type"},
		"unknown list":         {`{"description": "Bad.", "job_type": "BACKUP", "steps": [{}]}`, `job_type "BACKUP" is not one of MIGRATION, SYNC`},
		"response of jobs":     {step(`"response": {"DtsJobList": []}`), "step 1: response: neither State nor JobProgress"},
		"last step with reads": {step(`"reads": 1, ` + response), "step 1: the last step stays"},
		"last step with lasts": {step(`"lasts": "1s", ` + response), "step 1: the last step stays"},
		"step without an end":  {step(response + `}, {` + response), "step 1: every step but the last has either reads or lasts"},
		"step with two ends":   {step(`"reads": 1, "lasts": "1s", ` + response + `}, {` + response), "step 1: every step but the last has either"},
		"second step without":  {step(`"reads": 1, ` + response + `}, {` + response + `}, {` + response), "step 2: every step but the last"},
		"reads below 0":        {step(`"reads": -1, ` + response + `}, {` + response), "step 1: reads and lasts must not be negative"},
		"lasts below 0":        {step(`"lasts": "-1s", ` + response + `}, {` + response), "step 1: reads and lasts must not be negative"},
		"unknown operation":    {step(`"reads": 1, "operation": "DescribeJobs", ` + response + `}, {` + response), `step 1: operation "DescribeJobs" is not DescribeDtsJobs or`},
		"lasts without a unit": {step(`"lasts": "10", ` + response + `}, {` + response), "missing unit"},
		"date without a unit":  {step(`"response": {"State": "Failed", "JobProgress": [{"BootTime": "{now-2}"}]}`), `date "{now-2}": time: missing unit`},
		"date with spaces":     {step(`"response": {"State": "Failed", "JobProgress": [{"BootTime": "{start - 2m}"}]}`), `date "{start - 2m}"`},
		"item repeated a lot":  {step(`"response": {"JobProgress": [{"_emulator": {"Repeat": "many"}}]}`), "response: JobProgress: item 1: member Repeat is many"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := (&Emulator{Scenarios: fstest.MapFS{"bad.json": {Data: []byte(test.file)}}}).Load()
			if err == nil || !strings.HasPrefix(err.Error(), "scenario bad: ") || !strings.Contains(err.Error(), test.message) {
				t.Errorf("error %v, want %q", err, test.message)
			}
		})
	}
	if err := (&Emulator{Scenario: "nothing"}).Load(); err == nil || !strings.Contains(err.Error(), "scenario nothing: ") {
		t.Errorf("no such scenario: %v", err)
	}
}

// The README's table is complete, and knows no scenario that is not there.
func TestScenarioTable(t *testing.T) {
	readme, err := os.ReadFile("scenarios/README.md")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(string(readme), -1) {
		listed = append(listed, row[1])
	}
	if known := slices.Collect(maps.Keys(builtInScripts(t))); !sameSet(listed, known) {
		t.Errorf("listed are %q, known are %q", listed, known)
	}
}
