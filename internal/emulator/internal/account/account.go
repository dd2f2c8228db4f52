// Package account reads the fixtures that the emulator serves: jobs and prechecks,
// as the service returned them. Whatever a request needs repeatedly, such as
// dates, is parsed once, when the fixtures are read.
package account

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// JobTypes are the values of the parameter JobType, and the names of directories.
// CHECK is not in the document, but known from clients of the service.
var JobTypes = []string{"MIGRATION", "SYNC", "SUBSCRIBE", "CHECK"}

// precheckDirectory is beside the directories of the job types and holds
// responses of DescribePreCheckStatus.
const precheckDirectory = "PRECHECK"

// Account is all that a directory of fixtures holds.
type Account struct {
	// Regions are those that have a directory.
	Regions []string

	jobs      map[listKey][]*Job // in the order of creation
	demos     map[listKey][]*Job
	prechecks map[Subtask]*Precheck
	files     map[jobKey]string // where a job is, by its ID
}

type listKey struct{ region, jobType string }

type jobKey struct{ region, id string }

// Read reads <region>/<JOBTYPE>/*.json and <region>/PRECHECK/*.json. Files of
// other kinds are ignored, so that a directory may hold a README.
func Read(fixtures fs.FS) (*Account, error) {
	a := &Account{
		jobs: map[listKey][]*Job{}, demos: map[listKey][]*Job{},
		prechecks: map[Subtask]*Precheck{}, files: map[jobKey]string{},
	}
	files := 0
	err := fs.WalkDir(fixtures, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".json" {
			return err
		}
		files++
		if err := a.readFile(fixtures, name); err != nil {
			return fmt.Errorf("fixture %s: %w", name, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if files == 0 {
		return nil, errors.New("fixtures: no <region>/<JOBTYPE>/*.json file")
	}
	for _, jobs := range a.jobs {
		slices.SortFunc(jobs, ByCreation)
	}
	return a, nil
}

// readFile adds what one file holds.
func (a *Account) readFile(fixtures fs.FS, name string) error {
	directories := strings.Split(name, "/")
	if len(directories) != 3 {
		return errors.New("not in a directory <region>/<JOBTYPE>")
	}
	data, err := fs.ReadFile(fixtures, name)
	if err != nil {
		return err
	}
	region, directory := directories[0], directories[1]
	if !slices.Contains(a.Regions, region) {
		a.Regions = append(a.Regions, region)
	}
	switch {
	case slices.Contains(JobTypes, directory):
		return a.readJobs(name, listKey{region, directory}, data)
	case directory == precheckDirectory:
		return a.readPrecheck(region, data)
	}
	return fmt.Errorf("the directory %s is not one of %s, %s", directory, strings.Join(JobTypes, ", "), precheckDirectory)
}

// readJobs adds the jobs of a response of DescribeDtsJobs.
func (a *Account) readJobs(file string, key listKey, data []byte) error {
	var response struct{ DtsJobList, EtlDemoList []json.RawMessage }
	if err := wire.Unmarshal(data, &response); err != nil {
		return err
	}
	if response.DtsJobList == nil && response.EtlDemoList == nil {
		return errors.New("neither DtsJobList nor EtlDemoList in it")
	}
	jobs, err := newJobs(response.DtsJobList)
	if err != nil {
		return fmt.Errorf("DtsJobList: %w", err)
	}
	demos, err := newJobs(response.EtlDemoList)
	if err != nil {
		return fmt.Errorf("EtlDemoList: %w", err)
	}
	for _, j := range jobs {
		if err := a.addJob(file, key, j); err != nil {
			return err
		}
	}
	a.addDemos(key, demos)
	return nil
}

func newJobs(recorded []json.RawMessage) ([]*Job, error) {
	var jobs []*Job
	for i, raw := range recorded {
		j, err := newJob(raw)
		if err != nil {
			return nil, fmt.Errorf("job %d: %w", i+1, err)
		}
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// addJob refuses an ID that is in use: a filter could find only one of the two.
func (a *Account) addJob(file string, key listKey, j *Job) error {
	id := jobKey{key.region, j.ID}
	if other, isUsed := a.files[id]; isUsed && j.ID != "" {
		return fmt.Errorf("the DtsJobId %s is used by another job, in %s", j.ID, other)
	}
	a.files[id] = file
	a.jobs[key] = append(a.jobs[key], j)
	return nil
}

// addDemos adds ETL demo jobs, which the pages of a list repeat.
func (a *Account) addDemos(key listKey, demos []*Job) {
	for _, j := range demos {
		isRepeated := slices.ContainsFunc(a.demos[key], func(other *Job) bool { return bytes.Equal(other.Raw, j.Raw) })
		if !isRepeated {
			a.demos[key] = append(a.demos[key], j)
		}
	}
}

// readPrecheck adds a response of DescribePreCheckStatus. The response does not
// tell what was requested, so its hidden member does.
func (a *Account) readPrecheck(region string, data []byte) error {
	page, err := NewPrecheck(data)
	if err != nil {
		return err
	}
	requested := Subtask{region, page.Hidden("DtsJobId"), page.Hidden("JobCode"), page.Hidden("StructType")}
	if requested.DtsJobID == "" || !slices.Contains(JobCodes, requested.JobCode) || !slices.Contains(StructTypes, requested.StructType) {
		return fmt.Errorf("%s does not have the DtsJobId, JobCode and StructType that were requested", HiddenMember)
	}
	if first, found := a.prechecks[requested]; found {
		return first.add(page)
	}
	a.prechecks[requested] = page
	return nil
}

// Jobs returns the jobs of one list, in the order of creation, and its ETL demo
// jobs. The slices must not be changed.
func (a *Account) Jobs(region, jobType string) (jobs, demos []*Job) {
	key := listKey{region, jobType}
	return a.jobs[key], a.demos[key]
}

// Precheck returns what is recorded of a subtask.
func (a *Account) Precheck(requested Subtask) (recorded *Precheck, found bool) {
	recorded, found = a.prechecks[requested]
	return recorded, found
}

// Has reports whether a region has a job, if only by its subtasks.
func (a *Account) Has(region, dtsJobID string) bool {
	for requested := range a.prechecks {
		if requested.Region == region && requested.DtsJobID == dtsJobID {
			return true
		}
	}
	_, found := a.files[jobKey{region, dtsJobID}]
	return found
}

// Counts returns the numbers of jobs and prechecks.
func (a *Account) Counts() (jobs, prechecks int) {
	for _, list := range a.jobs {
		jobs += len(list)
	}
	return jobs, len(a.prechecks)
}
