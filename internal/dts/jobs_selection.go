package dts

import (
	"slices"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// ids are the IDs to request: of jobs if there are any, else of instances.
func ids(r api.JobsRequest) []api.ID {
	if r.JobIDs != nil {
		return r.JobIDs
	}
	return r.InstanceIDs
}

// withIDs returns the request for other IDs of the same kind.
func withIDs(r api.JobsRequest, ids []api.ID) api.JobsRequest {
	if r.JobIDs != nil {
		r.JobIDs, r.InstanceIDs = ids, nil
	} else {
		r.InstanceIDs = ids
	}
	return r
}

// pick returns the distinct jobs of a list that have one of the requested IDs,
// themselves or as their reverse job.
func pick(r api.JobsRequest, list api.JobList) api.JobList {
	wanted := setOf(ids(r))
	id := (*api.JobCommon).InstanceID
	if r.JobIDs != nil {
		id = (*api.JobCommon).ID
	}
	return api.JobList{Jobs: withAny(list.Jobs, wanted, id), EtlDemoJobs: withAny(list.EtlDemoJobs, wanted, id)}
}

// withAny returns the distinct jobs that have one of the IDs.
func withAny[J any, P listedJob[J]](jobs []J, ids map[api.ID]bool, id func(*api.JobCommon) string) []J {
	jobs = appendNew[J, P](nil, map[string]bool{}, jobs)
	return slices.DeleteFunc(jobs, func(job J) bool {
		return !slices.ContainsFunc(idsOf(P(&job), id), func(id api.ID) bool { return ids[id] })
	})
}

// without returns the IDs that no job has, itself or as its reverse job.
func without(ids []api.ID, jobs []api.Job, id func(*api.JobCommon) string) []api.ID {
	present := map[api.ID]bool{}
	for i := range jobs {
		for _, id := range idsOf(&jobs[i], id) {
			present[id] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id api.ID) bool { return present[id] })
}

// idsOf returns the IDs of a job and of its reverse job.
func idsOf(job listed, id func(*api.JobCommon) string) []api.ID {
	var ids []api.ID
	for _, direction := range job.Directions() {
		if direction != nil {
			ids = append(ids, api.ID(id(direction)))
		}
	}
	return ids
}

func setOf(ids []api.ID) map[api.ID]bool {
	set := make(map[api.ID]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// matchesNothing reports a request that an empty list of IDs limits to no job.
func matchesNothing(r api.JobsRequest) bool {
	return r.JobIDs != nil && len(r.JobIDs) == 0 || r.InstanceIDs != nil && len(r.InstanceIDs) == 0
}

func byID(r api.JobsRequest) bool { return r.JobIDs != nil || r.InstanceIDs != nil }

// isWindow reports a request whose result depends on all of its IDs being in
// one request.
func isWindow(r api.JobsRequest) bool { return r.PageNumber != 0 || ordered(r) }

func ordered(r api.JobsRequest) bool { return r.OrderColumn != "" || r.OrderDirection != "" }
