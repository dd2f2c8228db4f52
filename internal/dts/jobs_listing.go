package dts

import (
	"slices"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// JobListing is a complete list of jobs, or the one page that was requested.
type JobListing struct {
	api.JobList

	// MissingJobIDs and MissingInstanceIDs are the requested IDs without a job
	// in the list. They are not determined for a single page.
	MissingJobIDs, MissingInstanceIDs []api.ID

	// CountMismatch tells that the list changed while it was being read, and
	// that the count of the API does not confirm the number of jobs although two
	// passes in a row returned the same ones.
	CountMismatch bool

	// RequestID is that of a response which the list is from: with IDs, one
	// that was requested with the last of them.
	RequestID string
}

// isCompleteOn reports whether a page has a job for each requested job ID;
// there can be no more.
func isCompleteOn(r api.JobsRequest, page *jobsPage) bool {
	return r.JobIDs != nil && len(without(r.JobIDs, page.Jobs, (*api.JobCommon).ID)) == 0
}

// listingOf makes of a list what the request wants.
func listingOf(r api.JobsRequest, list api.JobList) *JobListing {
	listing := &JobListing{JobList: list}
	if r.JobIDs != nil && r.InstanceIDs != nil {
		listing.JobList = pick(api.JobsRequest{InstanceIDs: r.InstanceIDs}, list)
	}
	if byID(r) && r.PageNumber == 0 {
		listing.TotalRecordCount = new(int64(len(listing.Jobs)))
		listing.MissingJobIDs = without(r.JobIDs, listing.Jobs, (*api.JobCommon).ID)
		listing.MissingInstanceIDs = without(r.InstanceIDs, listing.Jobs, (*api.JobCommon).InstanceID)
	}
	if !ordered(r) {
		sortByID(listing.Jobs)
		sortByID(listing.EtlDemoJobs)
	}
	return listing
}

func sortByID[J any, P listedJob[J]](jobs []J) {
	slices.SortStableFunc(jobs, func(a, b J) int { return strings.Compare(P(&a).ID(), P(&b).ID()) })
}
