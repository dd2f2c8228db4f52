package emulator

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed account
var embedded embed.FS

// builtInAccount is what an Emulator without fixtures serves. Nothing changes an
// account once it is read, so all of them share this one.
var builtInAccount = sync.OnceValues(func() (*account, error) { return readAccount(builtIn()) })

func builtIn() fs.FS {
	sub, err := fs.Sub(embedded, "account")
	if err != nil {
		panic(err) // only if the name above were no valid path
	}
	return sub
}

// jobTypes are the values of the parameter JobType, and the names of folders.
var jobTypes = []string{"MIGRATION", "SYNC", "SUBSCRIBE"}

// precheckFolder stands beside the job types' and holds what
// DescribePreCheckStatus answered.
const precheckFolder = "PRECHECK"

// account is everything the emulator knows.
type account struct {
	regions   []string
	jobs      []*job
	etlDemos  []*job
	prechecks map[subtask]*precheck
}

// readAccount reads <region>/<JOBTYPE>/*.json and <region>/PRECHECK/*.json. Files
// of other kinds are left alone, so that a folder may hold a README.
func readAccount(fixtures fs.FS) (*account, error) {
	a := &account{regions: slices.Clone(knownRegions), prechecks: map[subtask]*precheck{}}
	files := 0
	err := fs.WalkDir(fixtures, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".json" {
			return err
		}
		files++
		if err := a.read(fixtures, name); err != nil {
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
	return a, nil
}

// read adds what one file holds.
func (a *account) read(fixtures fs.FS, name string) error {
	folders := strings.Split(name, "/")
	if len(folders) != 3 {
		return errors.New("not in a folder <region>/<JOBTYPE>")
	}
	data, err := fs.ReadFile(fixtures, name)
	if err != nil {
		return err
	}
	region, folder := folders[0], folders[1]
	a.regions = append(a.regions, region)
	switch {
	case slices.Contains(jobTypes, folder):
		return a.readJobs(region, folder, data)
	case folder == precheckFolder:
		return a.readPrecheck(region, data)
	}
	return fmt.Errorf("folder %s is none of %s, %s", folder, strings.Join(jobTypes, ", "), precheckFolder)
}

// readJobs adds the jobs of an answer of DescribeDtsJobs.
func (a *account) readJobs(region, jobType string, data []byte) error {
	var answer struct{ DtsJobList, EtlDemoList []json.RawMessage }
	if err := json.Unmarshal(data, &answer); err != nil {
		return err
	}
	if answer.DtsJobList == nil && answer.EtlDemoList == nil {
		return errors.New("neither DtsJobList nor EtlDemoList in it")
	}
	jobs, err := newJobs(region, jobType, answer.DtsJobList)
	if err != nil {
		return fmt.Errorf("DtsJobList: %w", err)
	}
	demos, err := newJobs(region, jobType, answer.EtlDemoList)
	if err != nil {
		return fmt.Errorf("EtlDemoList: %w", err)
	}
	a.jobs = append(a.jobs, jobs...)
	a.etlDemos = append(a.etlDemos, demos...)
	return nil
}

func newJobs(region, jobType string, recorded []json.RawMessage) ([]*job, error) {
	var jobs []*job
	for i, raw := range recorded {
		j, err := newJob(region, jobType, raw)
		if err != nil {
			return nil, fmt.Errorf("job %d: %w", i+1, err)
		}
		jobs = append(jobs, j)
	}
	return jobs, nil
}
