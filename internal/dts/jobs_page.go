package dts

import (
	"encoding/json"
	"fmt"
)

// jobsPage is one response of DescribeDtsJobs.
type jobsPage struct {
	Envelope
	JobList
}

// check wants a list or at least a count.
func (p *jobsPage) check() error {
	if p.Jobs == nil && p.TotalRecordCount == nil {
		return fmt.Errorf("%w: neither DtsJobList nor TotalRecordCount", ErrBroken)
	}
	return nil
}

func (p *jobsPage) rows() []row   { return jobRows(p.Jobs) }
func (p *jobsPage) others() []row { return nil }
func (p *jobsPage) count() *int64 { return p.TotalRecordCount }
func (p *jobsPage) blank() bool   { return false }

// identified is a job of either list. IDs are those of the job or of its
// reverse job.
type identified interface {
	id() string
	HasID(id ID) bool
	HasInstanceID(id ID) bool
}

func (j JobCommon) id() string { return text(j.DtsJobID) }

func (j JobCommon) hasID(id ID) bool { return text(j.DtsJobID) == string(id) }

func (j JobCommon) hasInstanceID(id ID) bool { return text(j.DtsInstanceID) == string(id) }

// HasID reports whether the job or its reverse job has the ID.
func (j Job) HasID(id ID) bool { return j.hasID(id) || j.ReverseJob != nil && j.ReverseJob.hasID(id) }

// HasInstanceID reports whether the job or its reverse job has the instance ID.
func (j Job) HasInstanceID(id ID) bool {
	return j.hasInstanceID(id) || j.ReverseJob != nil && j.ReverseJob.hasInstanceID(id)
}

// HasID reports whether the job or its reverse job has the ID.
func (j EtlJob) HasID(id ID) bool {
	return j.hasID(id) || j.ReverseJob != nil && j.ReverseJob.hasID(id)
}

// HasInstanceID reports whether the job or its reverse job has the instance ID.
func (j EtlJob) HasInstanceID(id ID) bool {
	return j.hasInstanceID(id) || j.ReverseJob != nil && j.ReverseJob.hasInstanceID(id)
}

// jobRows identifies jobs by their IDs. A job without one is told by all of its
// fields, and by how many before it on the page are alike.
func jobRows[J identified](jobs []J) []row {
	rows := make([]row, len(jobs))
	var alike occurrences
	for i, job := range jobs {
		rows[i].key = job.id()
		if rows[i].key == "" {
			fields, _ := json.Marshal(job) // What was decoded from JSON always marshals.
			rows[i].key = alike.next(string(fields))
		}
	}
	return rows
}

// occurrences tells rows apart that are alike.
type occurrences map[string]int

// next returns the key with the number of its occurrences so far.
func (o *occurrences) next(key string) string {
	if *o == nil {
		*o = occurrences{}
	}
	(*o)[key]++
	return fmt.Sprintf("%s #%d", key, (*o)[key])
}

// mergeJobs returns the distinct jobs of all pages.
func mergeJobs(pages []*jobsPage) JobList {
	var list JobList
	jobs, etlJobs := map[string]bool{}, map[string]bool{}
	for _, page := range pages {
		list.Jobs = appendNew(list.Jobs, jobs, page.Jobs)
		list.EtlDemoJobs = appendNew(list.EtlDemoJobs, etlJobs, page.EtlDemoJobs)
	}
	return list
}

// appendNew appends the jobs that were not seen before.
func appendNew[J identified](list []J, seen map[string]bool, jobs []J) []J {
	for i, row := range jobRows(jobs) {
		if !seen[row.key] {
			seen[row.key] = true
			list = append(list, jobs[i])
		}
	}
	return list
}
