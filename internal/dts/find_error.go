package dts

import (
	"fmt"
	"strings"
)

// FindError reports that a query did not find exactly one job.
type FindError struct {
	Region    string
	Query     JobQuery
	Matches   []FoundJob // none, or more than one
	ReverseOf *FoundJob  // the job whose reverse job was found instead; nil if none
}

// Error tells what was searched and what was found.
func (e *FindError) Error() string {
	switch {
	case len(e.Matches) > 0:
		return fmt.Sprintf("%d jobs with the %s were found in region %s. Job types searched: %s.\n%s",
			len(e.Matches), e.Query, e.Region, e.jobTypes(), e.list())
	case e.ReverseOf != nil:
		return fmt.Sprintf("the %s is that of the reverse job of job %s (%s) in region %s",
			e.Query, e.ReverseOf.Job.id(), text(e.ReverseOf.Job.DtsJobName), e.Region)
	}
	return fmt.Sprintf("no job with the %s was found in region %s. Job types searched: %s", e.Query, e.Region, e.jobTypes())
}

func (e *FindError) jobTypes() string {
	var names []string
	for _, jobType := range e.Query.searchOrder() {
		names = append(names, string(jobType))
	}
	return strings.Join(names, ", ")
}

// list shows the first matches, one a line.
func (e *FindError) list() string {
	const shown = 10
	var b strings.Builder
	for _, match := range e.Matches[:min(shown, len(e.Matches))] {
		job := match.Job
		fmt.Fprintf(&b, "\n  %s  %s  %s  %s", job.id(), match.Type, text(job.Status), text(job.DtsJobName))
	}
	if more := len(e.Matches) - shown; more > 0 {
		fmt.Fprintf(&b, "\n  and %d more", more)
	}
	return b.String()
}

// String describes the query for an error.
func (q JobQuery) String() string {
	switch {
	case q.Name != "":
		return fmt.Sprintf("name %q", q.Name)
	case q.JobID != "":
		return fmt.Sprintf("ID %q", q.JobID)
	}
	return fmt.Sprintf("instance ID %q", q.InstanceID)
}
