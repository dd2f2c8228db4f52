// Package account reads the fixtures that the emulator serves: jobs, prechecks and
// responses of other operations, as the service returned them. Fields that requests
// need repeatedly, such as dates, are parsed once, when the fixtures are read.
package account

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// JobTypes are the values of the parameter JobType, and the names of directories.
// CHECK is not in the document, but known from clients of the service.
var JobTypes = []string{"MIGRATION", "SYNC", "SUBSCRIBE", "CHECK"}

// The names of the other directories: beside those of the job types, with responses
// of DescribePreCheckStatus, and beside those of the regions, with responses of
// further operations and with scenarios, which are not read here.
const (
	precheckDirectory   = "PRECHECK"
	operationsDirectory = "operations"
	scenariosDirectory  = "scenarios"
)

// Account holds the contents of a directory of fixtures. It is not changed once it
// is in use: Put and Remove are for a Clone.
type Account struct {
	// Regions are those that have a directory.
	Regions []string

	jobs       map[listKey][]*Job // in the order of creation
	demos      map[listKey][]*Job
	prechecks  map[Subtask]*Precheck
	operations map[string][]Response // by the name of the operation
}

type listKey struct{ region, jobType string }

// maxRecorded bounds the jobs, prechecks and operations of an account to which clients
// add some.
const maxRecorded = 10_000

// Read reads <region>/<JOBTYPE>/*.json, <region>/PRECHECK/*.json and
// operations/*.json. Files of other kinds are ignored, so that a directory may hold
// a README.
func Read(fixtures fs.FS) (*Account, error) {
	a := &Account{
		jobs: map[listKey][]*Job{}, demos: map[listKey][]*Job{},
		prechecks: map[Subtask]*Precheck{}, operations: map[string][]Response{},
	}
	files := map[string]string{} // by region and job ID
	err := fs.WalkDir(fixtures, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".json" || path.Dir(name) == scenariosDirectory {
			return err
		}
		data, err := fs.ReadFile(fixtures, name)
		if err == nil {
			err = a.read(strings.TrimSuffix(name, ".json"), data, func(region string, j *Job) error {
				if other, isUsed := files[region+"/"+j.ID]; isUsed && j.ID != "" {
					return fmt.Errorf("the DtsJobId %s is used by another job, in %s", j.ID, other)
				}
				files[region+"/"+j.ID] = name
				return nil
			})
		}
		if err != nil {
			return fmt.Errorf("fixture %s: %w", name, err)
		}
		return nil
	})
	if err == nil && len(a.Regions)+len(a.operations) == 0 {
		err = errors.New("fixtures: no <region>/<JOBTYPE>/*.json file")
	}
	return a, err
}

// Clone returns a copy to change.
func (a *Account) Clone() *Account {
	return &Account{slices.Clone(a.Regions), maps.Clone(a.jobs), maps.Clone(a.demos), maps.Clone(a.prechecks), maps.Clone(a.operations)}
}

// Put adds the contents of a file of that name, without .json. They replace jobs,
// prechecks and responses that are already there.
func (a *Account) Put(name string, data []byte) error {
	if page, err := NewPrecheck(data); err == nil && path.Base(path.Dir(name)) == precheckDirectory {
		delete(a.prechecks, subtaskOf(path.Dir(path.Dir(name)), page))
	}
	added := map[string]bool{}
	err := a.read(name, data, func(region string, j *Job) error {
		if added[j.ID] && j.ID != "" {
			return fmt.Errorf("the DtsJobId %s is used twice", j.ID)
		}
		added[j.ID] = true
		a.removeJob(region, j.ID)
		return nil
	})
	if jobs, prechecks := a.Counts(); err == nil && jobs+prechecks+len(a.operations) > maxRecorded {
		return fmt.Errorf("jobs, prechecks and operations are more than %d", maxRecorded)
	}
	return err
}

// Remove removes region/ID, a job and its prechecks, or operations/NAME, and
// reports whether there was one.
func (a *Account) Remove(name string) bool {
	region, id, _ := strings.Cut(name, "/")
	if _, found := a.operations[id]; region == operationsDirectory {
		delete(a.operations, id)
		return found
	}
	found := a.removeJob(region, id)
	maps.DeleteFunc(a.prechecks, func(s Subtask, _ *Precheck) bool {
		isOfJob := s.Region == region && s.DtsJobID == id
		found = found || isOfJob
		return isOfJob
	})
	return found
}

func (a *Account) removeJob(region, id string) bool {
	for key, jobs := range a.jobs {
		at := slices.IndexFunc(jobs, func(j *Job) bool { return key.region == region && j.ID == id && id != "" })
		if at >= 0 {
			a.jobs[key] = slices.Delete(slices.Clone(jobs), at, at+1)
			return true
		}
	}
	return false
}

// read adds the contents of one file. It calls admit before it adds a job.
func (a *Account) read(name string, data []byte, admit func(region string, j *Job) error) error {
	directories := strings.Split(path.Dir(name), "/")
	switch {
	case len(directories) == 1 && directories[0] == operationsDirectory:
		responses, err := readResponses(data)
		a.operations[path.Base(name)] = responses
		return err
	case len(directories) != 2:
		return errors.New("not in a directory <region>/<JOBTYPE>")
	}
	region, directory := directories[0], directories[1]
	if !slices.Contains(a.Regions, region) {
		a.Regions = append(a.Regions, region)
	}
	switch {
	case slices.Contains(JobTypes, directory):
		return a.readJobs(listKey{region, directory}, data, admit)
	case directory == precheckDirectory:
		return a.readPrecheck(region, data)
	}
	return fmt.Errorf("the directory %s is not one of %s, %s", directory, strings.Join(JobTypes, ", "), precheckDirectory)
}

// readJobs adds the jobs of a response of DescribeDtsJobs.
func (a *Account) readJobs(key listKey, data []byte, admit func(string, *Job) error) error {
	var response struct{ DtsJobList, EtlDemoList []json.RawMessage }
	if err := wire.Unmarshal(data, &response); err != nil {
		return err
	}
	if response.DtsJobList == nil && response.EtlDemoList == nil {
		return errors.New("neither DtsJobList nor EtlDemoList in it")
	}
	var added []*Job
	for i, raw := range response.DtsJobList {
		j, err := NewJob(raw)
		if err == nil {
			err = admit(key.region, j)
		}
		if err != nil {
			return fmt.Errorf("DtsJobList: job %d: %w", i+1, err)
		}
		added = append(added, j)
	}
	a.jobs[key] = slices.SortedFunc(slices.Values(slices.Concat(a.jobs[key], added)), ByCreation)
	for i, raw := range response.EtlDemoList {
		j, err := NewJob(raw)
		if err != nil {
			return fmt.Errorf("EtlDemoList: job %d: %w", i+1, err)
		}
		// The pages of a list repeat its ETL demo jobs.
		if !slices.ContainsFunc(a.demos[key], func(other *Job) bool { return bytes.Equal(other.Raw, j.Raw) }) {
			a.demos[key] = append(slices.Clip(a.demos[key]), j)
		}
	}
	return nil
}

// readPrecheck adds a response of DescribePreCheckStatus. The response does not
// repeat the parameters of the request, so its hidden member does.
func (a *Account) readPrecheck(region string, data []byte) error {
	page, err := NewPrecheck(data)
	if err != nil {
		return err
	}
	requested := subtaskOf(region, page)
	if requested.DtsJobID == "" || !slices.Contains(JobCodes, requested.JobCode) || !slices.Contains(StructTypes, requested.StructType) {
		return fmt.Errorf("%s does not have the DtsJobId, JobCode and StructType that were requested", HiddenMember)
	}
	first, isRecorded := a.prechecks[requested]
	if !isRecorded {
		a.prechecks[requested] = page
		return nil
	}
	// A further page adds its items, all else is the first page's. Files are read in the
	// order of their names, so names must sort in the order of pages.
	if slices.Contains(first.pages, page.pages[0]) {
		return fmt.Errorf("page %s of %s is recorded twice", page.pages[0], requested.DtsJobID)
	}
	first.pages = append(first.pages, page.pages...)
	first.Items = append(first.Items, page.Items...)
	return nil
}

func subtaskOf(region string, p *Precheck) Subtask {
	return Subtask{region, p.Hidden("DtsJobId"), p.Hidden("JobCode"), p.Hidden("StructType")}
}

// Jobs returns the jobs of one list, in the order of creation, and its ETL demo
// jobs. The slices must not be changed.
func (a *Account) Jobs(region, jobType string) (jobs, demos []*Job) {
	key := listKey{region, jobType}
	return a.jobs[key], a.demos[key]
}

// Job returns the job of a region with an ID, which may be an ETL demo job, and its
// type; nil if the region has no such job.
func (a *Account) Job(region, id string) (job *Job, jobType string) {
	for _, lists := range []map[listKey][]*Job{a.jobs, a.demos} {
		for _, jobType := range JobTypes {
			list := lists[listKey{region, jobType}]
			if i := slices.IndexFunc(list, func(j *Job) bool { return j.ID == id }); i >= 0 {
				return list[i], jobType
			}
		}
	}
	return nil, ""
}

// Precheck returns the response for a subtask: the recorded one, or else the one that
// agrees with the job. A subtask of a job of which only other subtasks are recorded
// has not started. It is nil if the region does not have the job.
func (a *Account) Precheck(requested Subtask) (*Precheck, error) {
	if recorded, found := a.prechecks[requested]; found {
		return recorded, nil
	}
	if job, _ := a.Job(requested.Region, requested.DtsJobID); job != nil {
		return job.Precheck(requested.JobCode)
	}
	for other := range a.prechecks {
		if other.Region == requested.Region && other.DtsJobID == requested.DtsJobID {
			return (&Job{ID: requested.DtsJobID}).Precheck(requested.JobCode)
		}
	}
	return nil, nil
}

// Counts returns the numbers of jobs and prechecks.
func (a *Account) Counts() (jobs, prechecks int) {
	for _, list := range a.jobs {
		jobs += len(list)
	}
	return jobs, len(a.prechecks)
}
