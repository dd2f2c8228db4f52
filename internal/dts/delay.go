package dts

import (
	"cmp"
	"encoding/json"
	"math/big"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// notStartedDelay is the delay that the API reports before the incremental
// stage starts.
const notStartedDelay = -1

// delaysPerSecond are the units of Delay by job type in lower case, of the
// response and of the request. Documents give milliseconds for a migration and
// seconds for a synchronization.
var delaysPerSecond = map[string]int64{
	"online":          1000,
	"migration":       1000,
	"sync":            1,
	"synchronization": 1,
}

// setDelays sets the delays of jobs in seconds. The unit follows the job's own
// type, or else the requested one; a reverse job is always a synchronization.
func setDelays(list api.JobList, requested api.JobTypeFilter) {
	for i := range list.Jobs {
		setDelay(&list.Jobs[i], list.Jobs[i].JobType, requested)
	}
	for i := range list.EtlDemoJobs {
		setDelay(&list.EtlDemoJobs[i], list.EtlDemoJobs[i].JobType, requested)
	}
}

func setDelay(job listed, own *api.JobType, requested api.JobTypeFilter) {
	directions := job.Directions()
	setDelayOf(directions[0], cmp.Or(api.Value(own), string(requested)))
	if reverse := directions[1]; reverse != nil {
		setDelayOf(reverse, string(api.JobTypeSync))
	}
}

func setDelayOf(j *api.JobCommon, jobType string) {
	perSecond := delaysPerSecond[strings.ToLower(jobType)]
	if j.Delay == nil || *j.Delay == notStartedDelay || perSecond == 0 {
		return
	}
	exact := big.NewRat(*j.Delay, perSecond).FloatString(3)
	seconds := json.Number(strings.TrimSuffix(strings.TrimRight(exact, "0"), "."))
	j.DelaySeconds = &seconds
}
