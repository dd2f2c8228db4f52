package dts

import (
	"fmt"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// FindError reports that a query did not find exactly one job.
type FindError struct {
	Region    string
	Query     JobQuery
	Matches   []FoundJob // none, or more than one
	ReverseOf *FoundJob  // the job whose reverse job was found instead; nil if none
}

// Error tells what was searched and what was found.
func (e *FindError) Error() string { return e.Reason() + e.List() }

// Reason is the error without the list of jobs.
func (e *FindError) Reason() string {
	switch {
	case len(e.Matches) > 0:
		return fmt.Sprintf("%d DTS jobs with the %s found in region %s (job types searched: %s)", len(e.Matches), e.Query, e.Region, e.jobTypes())
	case e.ReverseOf != nil:
		return fmt.Sprintf("DTS job with the %s is the reverse job of %s (%s) in region %s",
			e.Query, e.ReverseOf.Job.ID(), api.Value(e.ReverseOf.Job.DtsJobName), e.Region)
	}
	return fmt.Sprintf("DTS job with the %s not found in region %s (job types searched: %s)", e.Query, e.Region, e.jobTypes())
}

// MentionsParameter reports whether the named parameter, of those of
// [JobQuery], is at fault.
func (e *FindError) MentionsParameter(name string) bool {
	switch {
	case e.Query.Name != "":
		return name == "Params"
	case e.Query.JobID != "":
		return name == "DtsJobId"
	}
	return name == "DtsInstanceId"
}

func (e *FindError) jobTypes() string {
	var names []string
	for _, jobType := range e.Query.searchOrder() {
		names = append(names, string(jobType))
	}
	return strings.Join(names, ", ")
}

// List shows the first matches, one a line, after an empty line.
func (e *FindError) List() string {
	const shown = 10
	var b strings.Builder
	if len(e.Matches) > 0 {
		b.WriteString("\n")
	}
	for _, match := range e.Matches[:min(shown, len(e.Matches))] {
		job := match.Job
		fmt.Fprintf(&b, "\n  %s  %s  %s  %s", job.ID(), match.Type, api.Value(job.Status), api.Value(job.DtsJobName))
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
