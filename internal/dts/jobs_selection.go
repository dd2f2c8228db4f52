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

// pick returns the distinct jobs of a list that have one of the requested IDs,
// themselves or as their reverse job.
func (r JobsRequest) pick(list JobList) JobList {
	wanted := setOf(r.ids())
	id := (*JobCommon).instanceID
	if r.JobIDs != nil {
		id = (*JobCommon).id
	}
	return JobList{Jobs: withAny(list.Jobs, wanted, id), EtlDemoJobs: withAny(list.EtlDemoJobs, wanted, id)}
}

// withAny returns the distinct jobs that have one of the IDs.
func withAny[J any, P listedJob[J]](jobs []J, ids map[ID]bool, id func(*JobCommon) string) []J {
	jobs = appendNew[J, P](nil, map[string]bool{}, jobs)
	return slices.DeleteFunc(jobs, func(job J) bool {
		return !slices.ContainsFunc(idsOf(P(&job), id), func(id ID) bool { return ids[id] })
	})
}

// without returns the IDs that no job has, itself or as its reverse job.
func without(ids []ID, jobs []Job, id func(*JobCommon) string) []ID {
	present := map[ID]bool{}
	for i := range jobs {
		for _, id := range idsOf(&jobs[i], id) {
			present[id] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id ID) bool { return present[id] })
}

// idsOf returns the IDs of a job and of its reverse job.
func idsOf(job listed, id func(*JobCommon) string) []ID {
	var ids []ID
	for _, direction := range job.directions() {
		if direction != nil {
			ids = append(ids, ID(id(direction)))
		}
	}
	return ids
}

func setOf(ids []ID) map[ID]bool {
	set := make(map[ID]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
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
