package dts

import (
	"context"
	"slices"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// JobQuery tells which job to find: by its ID, the ID of its instance or its
// exact name, one of the three. It is declared like [JobsRequest].
type JobQuery struct {
	JobID      api.ID              `param:"DtsJobId" tf:"dts_job_id" arg:"computed" doc:"ID of the job. Exactly one of 'dts_job_id', 'dts_instance_id' and 'dts_job_name' must be set."`
	InstanceID api.ID              `param:"DtsInstanceId" tf:"dts_instance_id" arg:"computed" doc:"ID of the DTS instance of the job. Exactly one of 'dts_job_id', 'dts_instance_id' and 'dts_job_name' must be set."`
	Name       string              `param:"Params" tf:"dts_job_name" arg:"computed" doc:"Name of the job, which must match exactly. Exactly one of 'dts_job_id', 'dts_instance_id' and 'dts_job_name' must be set."`
	JobTypes   []api.JobTypeFilter `param:"JobType" tf:"job_types" doc:"Types of the jobs to search. Defaults to 'MIGRATION', 'SYNC' and 'SUBSCRIBE'."`
}

// FoundJob is a job with how it was found.
type FoundJob struct {
	Job       api.Job
	Type      api.JobTypeFilter // that it was listed under
	RequestID string            // of the response that it is from
}

// FindJob returns the one job that a query describes. If there is not exactly
// one, the error is a [FindError], and else an [Error].
func (c *Client) FindJob(ctx context.Context, region string, q JobQuery) (*FoundJob, error) {
	var s search
	for _, round := range q.rounds() {
		for _, r := range round {
			listing, err := c.Jobs(ctx, region, r)
			if err != nil {
				return nil, err
			}
			s.add(q, r.JobType, listing)
		}
		if len(s.matches) > 0 {
			break
		}
	}
	if matches := s.withoutReverseJobs(); len(matches) == 1 {
		return &matches[0], nil
	}
	return nil, &FindError{Region: region, Query: q, Matches: s.withoutReverseJobs(), ReverseOf: s.owner}
}

// rounds are the requests of a search, which ends after a round with a match:
// an ID is in one job type, but a name may be in more than one. The API matches
// any part of a name, so the complete lists only serve to make sure.
func (q JobQuery) rounds() [][]api.JobsRequest {
	byName, all := []api.JobsRequest{}, []api.JobsRequest{}
	var byID [][]api.JobsRequest
	for _, jobType := range q.searchOrder() {
		r := api.JobsRequest{JobType: jobType}
		all = append(all, r)
		r.Type, r.Params = api.QueryName, q.Name
		byName = append(byName, r)
		byID = append(byID, []api.JobsRequest{q.requestByID(jobType)})
	}
	if q.Name != "" {
		return [][]api.JobsRequest{byName, all}
	}
	return byID
}

func (q JobQuery) requestByID(jobType api.JobTypeFilter) api.JobsRequest {
	if q.JobID != "" {
		return api.JobsRequest{JobType: jobType, JobIDs: []api.ID{q.JobID}}
	}
	return api.JobsRequest{JobType: jobType, InstanceIDs: []api.ID{q.InstanceID}}
}

// searchOrder lists the job types to search, in the order of the documents.
func (q JobQuery) searchOrder() []api.JobTypeFilter {
	if q.JobTypes == nil {
		return []api.JobTypeFilter{api.FilterMigration, api.FilterSync, api.FilterSubscribe}
	}
	known := api.JobTypeFilter("").Known()
	position := func(t api.JobTypeFilter) int {
		if i := slices.Index(known, string(t)); i >= 0 {
			return i
		}
		return len(known)
	}
	return slices.SortedStableFunc(slices.Values(q.JobTypes), func(a, b api.JobTypeFilter) int { return position(a) - position(b) })
}

// matches reports whether a job, of either direction, is the one of the query.
func (q JobQuery) matches(j *api.JobCommon) bool {
	switch {
	case q.Name != "":
		return api.Value(j.DtsJobName) == q.Name
	case q.JobID != "":
		return j.ID() == string(q.JobID)
	}
	return j.InstanceID() == string(q.InstanceID)
}

// search is what was found so far.
type search struct {
	matches []FoundJob
	owner   *FoundJob // of a reverse job that matches
}

func (s *search) add(q JobQuery, jobType api.JobTypeFilter, listing *JobListing) {
	for _, job := range listing.Jobs {
		found := FoundJob{Job: job, Type: jobType, RequestID: listing.RequestID}
		switch {
		case q.matches(&job.JobCommon):
			s.matches = append(s.matches, found)
		case job.ReverseJob != nil && q.matches(&job.ReverseJob.JobCommon):
			s.owner = &found
		}
	}
}

// withoutReverseJobs returns the matches without those that are the reverse job
// of another one. Both may be listed, and have an instance in common.
func (s *search) withoutReverseJobs() []FoundJob {
	isReverse := func(f FoundJob) bool {
		return slices.ContainsFunc(s.matches, func(other FoundJob) bool {
			reverse := other.Job.ReverseJob
			return reverse != nil && f.Job.ID() != "" && reverse.ID() == f.Job.ID()
		})
	}
	return slices.DeleteFunc(slices.Clone(s.matches), isReverse)
}
