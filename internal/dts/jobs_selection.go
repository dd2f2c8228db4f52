package dts

import "slices"

// ids are the IDs to request: of jobs if there are any, else of instances.
func (r JobsRequest) ids() []ID {
	if r.JobIDs != nil {
		return r.JobIDs
	}
	return r.InstanceIDs
}

// withIDs returns the request for other IDs of the same kind.
func (r JobsRequest) withIDs(ids []ID) JobsRequest {
	if r.JobIDs != nil {
		r.JobIDs, r.InstanceIDs = ids, nil
	} else {
		r.InstanceIDs = ids
	}
	return r
}

// pick returns the distinct jobs of a list that have one of the requested IDs.
func (r JobsRequest) pick(list JobList) JobList {
	hasID := func(j identified) bool {
		if r.JobIDs != nil {
			return slices.ContainsFunc(r.JobIDs, j.HasID)
		}
		return slices.ContainsFunc(r.InstanceIDs, j.HasInstanceID)
	}
	return JobList{Jobs: distinct(list.Jobs, hasID), EtlDemoJobs: distinct(list.EtlDemoJobs, hasID)}
}

// distinct returns the jobs to keep, each of them once.
func distinct[J identified](jobs []J, keep func(identified) bool) []J {
	jobs = appendNew(nil, map[string]bool{}, jobs)
	return slices.DeleteFunc(jobs, func(job J) bool { return !keep(job) })
}

// matchesNothing reports a request that an empty list of IDs limits to no job.
func (r JobsRequest) matchesNothing() bool {
	return r.JobIDs != nil && len(r.JobIDs) == 0 || r.InstanceIDs != nil && len(r.InstanceIDs) == 0
}

func (r JobsRequest) byID() bool { return r.JobIDs != nil || r.InstanceIDs != nil }

// isWindow reports a request whose result depends on all of its IDs being in
// one request.
func (r JobsRequest) isWindow() bool { return r.PageNumber != 0 || r.ordered() }

func (r JobsRequest) ordered() bool { return r.OrderColumn != "" || r.OrderDirection != "" }
