package dts

import (
	"encoding/json"
	"fmt"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// jobsPage is one response of DescribeDtsJobs.
type jobsPage struct {
	api.Envelope
	api.JobList
}

// check wants a list or at least a count.
func (p *jobsPage) check() error {
	if p.Jobs == nil && p.TotalRecordCount == nil {
		return fmt.Errorf("%w: neither DtsJobList nor TotalRecordCount", api.ErrBroken)
	}
	return nil
}

func (p *jobsPage) rows() []row   { return jobRows(p.Jobs) }
func (p *jobsPage) others() []row { return nil }
func (p *jobsPage) count() *int64 { return p.TotalRecordCount }
func (p *jobsPage) blank() bool   { return false }

// listed is a job of either list.
type listed interface {
	ID() string
	// directions are the job and its reverse job, nil if it has none.
	Directions() [2]*api.JobCommon
}

// listedJob is a pointer to a job of either list.
type listedJob[J any] interface {
	*J
	listed
}

// jobRows identifies jobs by their IDs. A job without one is told by all of its
// fields, and by how many before it on the page are alike.
func jobRows[J any, P listedJob[J]](jobs []J) []row {
	rows := make([]row, len(jobs))
	var alike occurrences
	for i := range jobs {
		rows[i].key = P(&jobs[i]).ID()
		if rows[i].key == "" {
			fields, _ := json.Marshal(jobs[i]) // What was decoded from JSON always marshals.
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
func mergeJobs(pages []*jobsPage) api.JobList {
	var list api.JobList
	jobs, etlJobs := map[string]bool{}, map[string]bool{}
	for _, page := range pages {
		list.Jobs = appendNew(list.Jobs, jobs, page.Jobs)
		list.EtlDemoJobs = appendNew(list.EtlDemoJobs, etlJobs, page.EtlDemoJobs)
	}
	return list
}

// appendNew appends the jobs that were not seen before.
func appendNew[J any, P listedJob[J]](list []J, seen map[string]bool, jobs []J) []J {
	for i, row := range jobRows[J, P](jobs) {
		if !seen[row.key] {
			seen[row.key] = true
			list = append(list, jobs[i])
		}
	}
	return list
}
