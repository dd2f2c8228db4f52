package emulator

import (
	"fmt"
	"slices"
)

// drifted returns a list of jobs as one sees it that changes while it is read:
// on the pages that a fault meets, jobs stand elsewhere than on those that it
// does not. All of it happens at the list's beginning, so that every later page
// begins with another job.
func (c *call) drifted(jobs []*job) ([]*job, error) {
	if f, on := c.fault(FaultDriftRemoved); on {
		jobs = jobs[min(f.Count, len(jobs)):]
	}
	if f, on := c.fault(FaultDriftMoved); on {
		n := min(f.Count, len(jobs))
		jobs = slices.Concat(jobs[n:], jobs[:n])
	}
	if f, on := c.fault(FaultDriftAdded); on && len(jobs) > 0 {
		added, err := copies(jobs[0], f.Count)
		if err != nil {
			return nil, err
		}
		jobs = slices.Concat(added, jobs)
	}
	return jobs, nil
}

// copies makes jobs that are like another but for their ids.
func copies(of *job, count int) ([]*job, error) {
	var made []*job
	for n := range count {
		raw, err := set(of.raw,
			member{"DtsJobId", quote(fmt.Sprintf("drift%010d", n+1))},
			member{"DtsInstanceID", quote(fmt.Sprintf("dtsdrift%07d", n+1))})
		if err != nil {
			return nil, err
		}
		one, err := newJob(of.region, of.jobType, raw)
		if err != nil {
			return nil, err
		}
		made = append(made, one)
	}
	return made, nil
}

// rowsFor returns the rows on the page that a call gets.
func rowsFor[T any](c *call, p page, rows []T) []T {
	if _, on := c.fault(FaultDuplicatePage); on {
		p.number = max(1, p.number-1)
	}
	shown := rowsOn(p, rows)
	if f, on := c.fault(FaultShortPage); on {
		shown = shown[:max(0, len(shown)-f.Count)]
	}
	return shown
}

// total returns the count of rows that a call gets.
func (c *call) total(count []byte) []byte {
	if f, on := c.fault(FaultWrongTotal); on {
		return number(f.Total)
	}
	return count
}

// grant returns the page size that a call gets. Both faults on page sizes stand
// in for what the document allows.
func (c *call) grant(size int, allowed func(int) bool) (int, error) {
	rejection, rejects := c.fault(FaultPageSizeRejection)
	ceiling, caps := c.fault(FaultPageCap)
	switch {
	case rejects && size > rejection.Size && rejection.Code != "":
		return 0, gatewayError{400, rejection.Code, "The specified parameter PageSize is not valid."}
	case rejects && size > rejection.Size, !rejects && !caps && !allowed(size):
		return 0, invalidParameter("PageSize")
	case caps:
		return min(size, ceiling.Size), nil
	}
	return size, nil
}

// fault returns the fault of a kind that a call meets.
func (c *call) fault(kind FaultKind) (f Fault, on bool) {
	i := slices.IndexFunc(c.faults, func(f plannedFault) bool { return f.Kind == kind })
	if i < 0 {
		return Fault{}, false
	}
	return c.faults[i].Fault, true
}
