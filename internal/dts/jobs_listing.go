package dts

import (
	"slices"
	"strings"
)

// JobListing is a complete list of jobs, or the one page that was requested.
type JobListing struct {
	JobList

	// MissingJobIDs and MissingInstanceIDs are the requested IDs without a job
	// in the list. They are not determined for a single page.
	MissingJobIDs, MissingInstanceIDs []ID

	// CountMismatch tells that the list changed while it was being read, and
	// that the API still counts another number of jobs although two passes in a
	// row returned the same jobs.
	CountMismatch bool

	// RequestID is that of a response which the list is from: with IDs, one
	// that was requested with the last of them.
	RequestID string
}

// isCompleteOn reports whether a page has a job for each requested job ID;
// there can be no more.
func (r JobsRequest) isCompleteOn(page *jobsPage) bool {
	return r.JobIDs != nil && len(missing(r.JobIDs, page.Jobs, Job.HasID)) == 0
}

// listingOf makes of a list what the request wants.
func (r JobsRequest) listingOf(list JobList) *JobListing {
	listing := &JobListing{JobList: list}
	if r.JobIDs != nil && r.InstanceIDs != nil {
		listing.JobList = JobsRequest{InstanceIDs: r.InstanceIDs}.pick(list)
	}
	if r.byID() && r.PageNumber == 0 {
		listing.TotalRecordCount = new(int64(len(listing.Jobs)))
		listing.MissingJobIDs = missing(r.JobIDs, listing.Jobs, Job.HasID)
		listing.MissingInstanceIDs = missing(r.InstanceIDs, listing.Jobs, Job.HasInstanceID)
	}
	if !r.ordered() {
		sortByID(listing.Jobs)
		sortByID(listing.EtlDemoJobs)
	}
	return listing
}

// missing returns the IDs that no job has.
func missing(ids []ID, jobs []Job, has func(Job, ID) bool) []ID {
	var missing []ID
	for _, id := range ids {
		if !slices.ContainsFunc(jobs, func(job Job) bool { return has(job, id) }) {
			missing = append(missing, id)
		}
	}
	return missing
}

func sortByID[J identified](jobs []J) {
	slices.SortStableFunc(jobs, func(a, b J) int { return strings.Compare(a.id(), b.id()) })
}
