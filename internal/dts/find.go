package dts

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
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
	by, seen := q.selector(), map[string]bool{}
	for _, jobType := range q.searchOrder() {
		request := by.request
		request.JobType = jobType
		list, err := c.Jobs(ctx, region, request)
		if err != nil {
			return nil, err
		}
		for _, job := range list.Jobs {
			found := FoundJob{Job: job, Type: jobType, RequestID: list.RequestID}
			switch id := job.ID(); {
			case by.matches(&job.JobCommon) && (id == "" || !seen[id]): // A job may be listed under two types.
				seen[id] = true
				failure.Matches = append(failure.Matches, found)
			case job.ReverseJob != nil && by.matches(&job.ReverseJob.JobCommon):
				failure.ReverseOf = &found
			}
		}
		for i := range list.EtlDemoJobs {
			failure.IsEtlJob = failure.IsEtlJob || by.matches(&list.EtlDemoJobs[i].JobCommon)
		}
		if q.Name == "" && len(failure.Matches) > 0 {
			break
		}
	}
	failure.Matches = withoutReverseJobs(failure.Matches)
	isFinished := func(f FoundJob) bool { return strings.EqualFold(string(api.Value(f.Job.Status)), "Finished") }
	// A deleted job can stay listed as Finished, so by name others take precedence.
	if others := slices.DeleteFunc(slices.Clone(failure.Matches), isFinished); q.Name != "" && len(others) > 0 {
		failure.Matches = others
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

// selector is the one field of a query that selects the job.
type selector struct {
	parameter   string // of the API
	name, value string // for users
	field       func(*api.JobCommon) string
	request     api.JobsRequest
}

func (q JobQuery) selector() selector {
	switch {
	case q.Name != "": // The API matches any part of a name.
		return selector{"Params", "name", q.Name, func(j *api.JobCommon) string { return api.Value(j.DtsJobName) },
			api.JobsRequest{Type: api.QueryName, Params: q.Name}}
	case q.JobID != "":
		return selector{"DtsJobId", "ID", string(q.JobID), (*api.JobCommon).ID,
			api.JobsRequest{JobIDs: []api.ID{q.JobID}}}
	}
	return selector{"DtsInstanceId", "instance ID", string(q.InstanceID), (*api.JobCommon).InstanceID,
		api.JobsRequest{InstanceIDs: []api.ID{q.InstanceID}}}
}

// matches reports whether a job, of either direction, has the value.
// Terraform normalizes its strings, so values are compared in normalized form.
func (s selector) matches(j *api.JobCommon) bool {
	return norm.NFC.String(s.field(j)) == norm.NFC.String(s.value)
}

// String describes the query for an error.
func (q JobQuery) String() string { return fmt.Sprintf("%s %q", q.selector().name, q.selector().value) }

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
	var types []string
	for _, jobType := range e.Query.searchOrder() {
		types = append(types, string(jobType))
	}
	searched := strings.Join(types, ", ")
	switch {
	case len(e.Matches) > 0:
		return fmt.Sprintf("%d DTS jobs with the %s found in region %s (job types searched: %s)",
			len(e.Matches), e.Query, e.Region, searched)
	case e.ReverseOf != nil:
		job := &e.ReverseOf.Job
		return fmt.Sprintf("DTS job with the %s is the reverse job of %s (%s) in region %s",
			e.Query, job.ID(), api.Value(job.DtsJobName), e.Region)
	case e.IsEtlJob:
		return fmt.Sprintf("DTS job with the %s is an ETL job in region %s", e.Query, e.Region)
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
		fmt.Fprintf(&b, "\n  %s  %s  %s  %s", job.ID(), match.Type, api.Value(job.Status), api.Value(job.DtsJobName))
	}
	return b.String()
}

// MentionsParameter reports whether the named parameter, of those of
// [JobQuery], is at fault.
func (e *FindError) MentionsParameter(name string) bool { return name == e.Query.selector().parameter }
