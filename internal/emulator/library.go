package emulator

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/scenario"
)

//go:embed account scenarios/*.json
var embedded embed.FS

// library has the data of responses: fixtures, which can be changed while they are in
// use, and scenarios with their progress.
type library struct {
	read     func() (*contents, error)
	changes  sync.Mutex
	current  atomic.Pointer[contents]
	progress scenario.Progress
}

// contents are the fixtures and scenarios of one moment. They do not change.
type contents struct {
	account   *account.Account
	scenarios map[string]*scenario.Scenario
	// forAll, if set, is the scenario that is played for every job ID that is not
	// among scenarios.
	forAll *scenario.Scenario
}

func (l *library) contents() *contents { return l.current.Load() }

// reload reads everything again. If that fails, the present contents stay.
func (l *library) reload() error {
	l.changes.Lock()
	defer l.changes.Unlock()
	read, err := l.read()
	if err != nil {
		return err
	}
	l.current.Store(read)
	l.progress.Reset("")
	return nil
}

// scenarioPrefix begins the names of scenarios among those of fixtures.
const scenarioPrefix = "scenarios/"

// maxScenarios bounds the scenarios of an emulator to which clients add scenarios.
const maxScenarios = 1000

// put adds the contents of a file of that name, without .json.
func (l *library) put(name string, data []byte) error {
	return l.change(func(c *contents) error {
		id, isScenario := strings.CutPrefix(name, scenarioPrefix)
		if !isScenario {
			return c.account.Put(name, data)
		}
		added, err := scenario.Parse(data)
		c.scenarios[id] = added
		if len(c.scenarios) > maxScenarios {
			return fmt.Errorf("%d scenarios are more than %d", len(c.scenarios), maxScenarios)
		}
		if err == nil {
			l.progress.Reset(id)
		}
		return err
	})
}

// remove removes a job with its prechecks, the responses of an operation, or a
// scenario. The error is for an unknown name.
func (l *library) remove(name string) error {
	return l.change(func(c *contents) error {
		id, isScenario := strings.CutPrefix(name, scenarioPrefix)
		if isScenario && c.scenarios[id] != nil {
			delete(c.scenarios, id)
		} else if isScenario || !c.account.Remove(name) {
			return fmt.Errorf("there is no %q; the forms are REGION/JOBID, operations/NAME and scenarios/JOBID", name)
		}
		return nil
	})
}

// change replaces the contents by a changed copy, unless there is an error.
func (l *library) change(edit func(*contents) error) error {
	l.changes.Lock()
	defer l.changes.Unlock()
	c := l.contents()
	changed := &contents{c.account.Clone(), maps.Clone(c.scenarios), c.forAll}
	err := edit(changed)
	if err == nil {
		l.current.Store(changed)
	}
	return err
}

// scenarioOf returns the scenario that is played for a job, or nil.
func (c *contents) scenarioOf(dtsJobID string) *scenario.Scenario {
	if s := c.scenarios[dtsJobID]; s != nil {
		return s
	}
	return c.forAll
}

// jobs returns the jobs of a list in their present state, and its ETL demo jobs. A
// scenario's own job is in every region, so it is in a list only if the request may
// name it: by ID, by instance or by name. A request for the first page that names a
// job by ID is a read of its scenario.
func (l *library) jobs(r *request, jobType string, isFirstPage bool) (jobs, demos []*account.Job, err error) {
	c := l.contents()
	recorded, demos := c.account.Jobs(r.region, jobType)
	requested := strings.Split(r.Parameters.Get("DtsJobId"), ",")
	add := func(id string, recorded *account.Job) error {
		played, err := l.play(c, r, id, recorded, jobType, isFirstPage && slices.Contains(requested, id))
		if played != nil {
			jobs = append(jobs, played)
		}
		return err
	}
	for _, j := range recorded {
		if err := add(j.ID, j); err != nil {
			return nil, nil, err
		}
	}
	for _, id := range c.ownJobs(r, requested) {
		if other, _ := c.account.Job(r.region, id); other == nil {
			if err := add(id, nil); err != nil {
				return nil, nil, err
			}
		}
	}
	return jobs, demos, nil
}

// ownJobs returns the IDs of the jobs that a request may name and that only
// scenarios have.
func (c *contents) ownJobs(r *request, requested []string) []string {
	if c.forAll != nil {
		return slices.DeleteFunc(slices.Clone(requested), func(id string) bool { return id == "" })
	}
	if r.Parameters.Has("DtsInstanceId") || r.Parameters.Has("Params") {
		return slices.Collect(maps.Keys(c.scenarios))
	}
	return requested
}

// job returns a job in its present state, or nil for an unknown ID. It is not a read
// of its scenario.
func (l *library) job(r *request, id string) (*account.Job, error) {
	c := l.contents()
	recorded, jobType := c.account.Job(r.region, id)
	if s := c.scenarioOf(id); s != nil && recorded == nil {
		jobType = s.JobType
	}
	return l.play(c, r, id, recorded, jobType, false)
}

// play returns a job of a list as its scenario shows it, or as recorded if it has no
// scenario of that list; nil if neither has the job.
func (l *library) play(c *contents, r *request, id string, recorded *account.Job, jobType string, counts bool) (*account.Job, error) {
	s := c.scenarioOf(id)
	if s == nil || s.JobType == "" || s.JobType != jobType {
		return recorded, nil
	}
	read := scenario.Access{Subtask: account.Subtask{Region: r.region, DtsJobID: id}, Operation: r.Action, Counts: counts, Now: r.now}
	return s.Job(id, recorded, l.progress.Next(s, read))
}

// precheck returns the response for a subtask: that of a scenario, or else the one of
// the account. It is nil if neither has the job.
func (l *library) precheck(r *request, requested account.Subtask, counts bool) (*account.Precheck, error) {
	c := l.contents()
	recorded, jobType := c.account.Job(r.region, requested.DtsJobID)
	s := c.scenarioOf(requested.DtsJobID)
	if s == nil || s.JobType != "" && recorded != nil && jobType != s.JobType {
		return c.account.Precheck(requested)
	}
	at := l.progress.Next(s, scenario.Access{Subtask: requested, Operation: r.Action, Counts: counts, Now: r.now})
	if scripted := s.Precheck(requested.JobCode, at); scripted != nil {
		return scripted, nil
	}
	job, err := s.Job(requested.DtsJobID, recorded, at)
	if err != nil {
		return nil, err
	}
	return job.Precheck(requested.JobCode)
}

func readContents(fixtures, scenarios fs.FS, forAll string) (*contents, error) {
	var read contents
	var err error
	if read.account, err = builtInAccount(); fixtures != nil {
		read.account, err = account.Read(fixtures)
	}
	if err != nil {
		return nil, err
	}
	switch {
	case forAll != "":
		if scenarios == nil {
			scenarios = builtIn("scenarios")
		}
		read.forAll, err = scenario.Read(scenarios, forAll)
		read.scenarios = map[string]*scenario.Scenario{}
	case scenarios != nil:
		read.scenarios, err = scenario.ReadAll(scenarios)
	default:
		read.scenarios, err = builtInScenarios()
	}
	if err != nil || fixtures == nil {
		return &read, err
	}
	own, err := fs.Sub(fixtures, path.Dir(scenarioPrefix))
	if err != nil {
		return nil, err
	}
	added, err := scenario.ReadAll(own)
	read.scenarios = maps.Clone(read.scenarios)
	maps.Copy(read.scenarios, added)
	return &read, err
}

// The built-in account and scenarios are parsed once. Nothing changes them, so all
// emulators share them.
var (
	builtInAccount   = sync.OnceValues(func() (*account.Account, error) { return account.Read(builtIn("account")) })
	builtInScenarios = sync.OnceValues(func() (map[string]*scenario.Scenario, error) { return scenario.ReadAll(builtIn("scenarios")) })
)

func builtIn(directory string) fs.FS {
	sub, err := fs.Sub(embedded, directory)
	if err != nil {
		panic(err) // only if the name were not a valid path
	}
	return sub
}

// BuiltInFixtures returns the files of the built-in account, to copy and change.
func BuiltInFixtures() fs.FS { return builtIn("account") }

// BuiltInScenarios returns the descriptions of the built-in scenarios, by name.
func BuiltInScenarios() (map[string]string, error) {
	all, err := builtInScenarios()
	descriptions := map[string]string{}
	for name, s := range all {
		descriptions[name] = s.Description
	}
	return descriptions, err
}
