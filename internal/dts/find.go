package dts

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/printable"
)

// JobQuery describes the job to find: by its ID, the ID of its instance or its
// exact name, one of the three. It is declared like [api.JobsRequest].
type JobQuery struct {
	JobID      api.ID              `param:"DtsJobId" tf:"dts_job_id" arg:"computed" doc:"ID of the job. Exactly one of 'dts_job_id', 'dts_instance_id' and 'dts_job_name' must be set."`
	InstanceID api.ID              `param:"DtsInstanceId" tf:"dts_instance_id" arg:"computed" doc:"ID of the DTS instance of the job. Exactly one of 'dts_job_id', 'dts_instance_id' and 'dts_job_name' must be set."`
	Name       string              `param:"Params" tf:"dts_job_name" arg:"computed" doc:"Name of the job, which must match exactly. Exactly one of 'dts_job_id', 'dts_instance_id' and 'dts_job_name' must be set."`
	JobTypes   []api.JobTypeFilter `param:"JobType" tf:"job_types" doc:"Types of the jobs to search. Defaults to 'MIGRATION', 'SYNC' and 'SUBSCRIBE'."`
}

// FoundJob is a job with how it was found.
type FoundJob struct {
	Job       api.Job
	Type      api.JobTypeFilter // under which the job is listed
	RequestID string            // of the response that has the job
}

// FindJob returns the one job that a query describes. An ID is searched for in
// one job type after the other, a name in all of them. If there is not exactly
// one job, the error is a [FindError], and else an [rpc.Error].
func (c *Client) FindJob(ctx context.Context, region string, q JobQuery) (*FoundJob, error) {
	failure := &FindError{Region: region, Query: q}
	seen := map[string]bool{}
	for _, jobType := range q.searchOrder() {
		request := api.JobsRequest{JobType: jobType}
		switch {
		case q.Name != "":
			request.Type, request.Params = api.QueryName, q.Name // It matches any part of a name.
		case q.JobID != "":
			request.JobIDs = []api.ID{q.JobID}
		default:
			request.InstanceIDs = []api.ID{q.InstanceID}
		}
		list, err := c.Jobs(ctx, region, request)
		if err != nil {
			return nil, err
		}
		for _, job := range list.Jobs {
			found := FoundJob{Job: job, Type: jobType, RequestID: list.RequestID}
			switch id := job.ID(); {
			case q.matches(&job.JobCommon) && (id == "" || !seen[id]): // A job may be listed under two types.
				seen[id] = true
				failure.Matches = append(failure.Matches, found)
			case job.ReverseJob != nil && q.matches(&job.ReverseJob.JobCommon):
				failure.ReverseOf = &found
			}
		}
		for i := range list.EtlDemoJobs {
			failure.IsEtlJob = failure.IsEtlJob || q.matches(&list.EtlDemoJobs[i].JobCommon)
		}
		if q.Name == "" && len(failure.Matches) > 0 {
			break
		}
	}
	failure.Matches = withoutReverseJobs(failure.Matches)
	if q.Name != "" {
		failure.Matches = withoutFinished(failure.Matches)
	}
	if len(failure.Matches) == 1 {
		return &failure.Matches[0], nil
	}
	return nil, failure
}

// searchOrder returns the job types to search, in the order of the documents.
func (q JobQuery) searchOrder() []api.JobTypeFilter {
	if q.JobTypes == nil {
		return []api.JobTypeFilter{api.FilterMigration, api.FilterSync, api.FilterSubscribe}
	}
	return api.InDocumentOrder(q.JobTypes)
}

// matches reports whether a job, of either direction, is the one of the query.
// Terraform normalizes its strings, so names are compared in normalized form.
func (q JobQuery) matches(j *api.JobCommon) bool {
	switch {
	case q.Name != "":
		return norm.NFC.String(api.Value(j.DtsJobName)) == norm.NFC.String(q.Name)
	case q.JobID != "":
		return j.ID() == string(q.JobID)
	}
	return j.InstanceID() == string(q.InstanceID)
}

// withoutReverseJobs removes jobs that are the reverse job of another match. Both
// may be listed, and have an instance in common. Of two jobs that are each
// other's reverse job, neither is removed.
func withoutReverseJobs(matches []FoundJob) []FoundJob {
	reverseOf := map[string]string{} // ID of a job by the ID of its reverse job
	for _, match := range matches {
		if job := match.Job.ReverseJob; job != nil && job.ID() != "" {
			reverseOf[job.ID()] = match.Job.ID()
		}
	}
	return slices.DeleteFunc(matches, func(f FoundJob) bool {
		id, isReverse := reverseOf[f.Job.ID()]
		return isReverse && reverseOf[id] != f.Job.ID()
	})
}

// withoutFinished removes finished jobs if there are others: a deleted job can
// stay listed as Finished.
func withoutFinished(matches []FoundJob) []FoundJob {
	isFinished := func(f FoundJob) bool { return strings.EqualFold(string(api.Value(f.Job.Status)), "Finished") }
	if others := slices.DeleteFunc(slices.Clone(matches), isFinished); len(others) > 0 {
		return others
	}
	return matches
}

// FindError reports that a query did not find exactly one job.
type FindError struct {
	Region    string
	Query     JobQuery
	Matches   []FoundJob // none, or more than one
	ReverseOf *FoundJob  // the job whose reverse job matches; nil if none
	IsEtlJob  bool       // whether an ETL job matches
}

// Error returns the reason and the list of jobs.
func (e *FindError) Error() string { return e.Reason() + e.List() }

// Reason returns the error without the list of jobs.
func (e *FindError) Reason() string {
	if len(e.Matches) == 0 && e.ReverseOf != nil {
		return fmt.Sprintf("DTS job with the %s is the reverse job of %s (%s) in region %s",
			e.Query, line(e.ReverseOf.Job.DtsJobID), line(e.ReverseOf.Job.DtsJobName), e.Region)
	}
	if len(e.Matches) == 0 && e.IsEtlJob {
		return fmt.Sprintf("DTS job with the %s is an ETL job in region %s", e.Query, e.Region)
	}
	var types []string
	for _, jobType := range e.Query.searchOrder() {
		types = append(types, string(jobType))
	}
	searched := strings.Join(types, ", ")
	if len(e.Matches) > 0 {
		return fmt.Sprintf("%d DTS jobs with the %s found in region %s (job types searched: %s)", len(e.Matches), e.Query, e.Region, searched)
	}
	return fmt.Sprintf("DTS job with the %s not found in region %s (job types searched: %s)", e.Query, e.Region, searched)
}

// List returns the first matches, one per line, after an empty line.
func (e *FindError) List() string {
	const shown = 10
	var b strings.Builder
	for i, match := range e.Matches {
		if i == 0 {
			b.WriteString("\n")
		}
		if i == shown {
			fmt.Fprintf(&b, "\n  and %d more", len(e.Matches)-shown)
			break
		}
		job := match.Job
		fmt.Fprintf(&b, "\n  %s  %s  %s  %s", line(job.DtsJobID), match.Type, line(job.Status), line(job.DtsJobName))
	}
	return b.String()
}

// line returns a text of a response in one printable line, short enough to leave
// the rest of an error its space.
func line[S ~string](text *S) string { return printable.Line(string(api.Value(text)), 200) }

// MentionsParameter reports whether the named parameter, of those of
// [JobQuery], is at fault.
func (e *FindError) MentionsParameter(name string) bool { return name == e.Query.parameter() }

// parameter returns the parameter that selects the job.
func (q JobQuery) parameter() string {
	switch {
	case q.Name != "":
		return "Params"
	case q.JobID != "":
		return "DtsJobId"
	}
	return "DtsInstanceId"
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
