package dts

import (
	"cmp"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// PrecheckReport is a subtask with the items of all pages.
type PrecheckReport struct {
	api.Precheck
	RequestID string // of the last response with a state

	// ItemsMissing tells that there are more items than were returned.
	ItemsMissing bool
}

// mergePrecheck merges the pages of a subtask. The fields outside of lists are
// those of the last page with a state.
func mergePrecheck(pages []*precheckPage) *PrecheckReport {
	merged := new(PrecheckReport)
	var items, assessment merger[api.ProgressItem]
	var subjobs merger[api.DistributedJob]
	var checks merger[api.FullNetCheckJob]
	for _, page := range pages {
		if api.Value(page.State) != "" || api.Value(merged.State) == "" {
			merged.Precheck, merged.RequestID = page.Precheck, api.Value(page.RequestID)
		}
		items.add(page.JobProgress, itemKey, worseItem)
		assessment.add(page.AnalysisJobProgress, itemKey, worseItem)
		subjobs.add(page.SubDistributedJobStatus, distributedKey, worseDistributed)
		checks.add(page.FullNetCheckJobStatus, netCheckKey, worseNetCheck)
	}
	merged.JobProgress, merged.AnalysisJobProgress = items.merged, assessment.merged
	merged.SubDistributedJobStatus, merged.FullNetCheckJobStatus = subjobs.merged, checks.merged
	return merged
}

// merger merges lists in which the same element may occur more than once.
// Elements of one list that are alike are different elements.
type merger[E any] struct {
	merged []E
	at     map[string]int
}

// add appends what is new; of two copies it keeps what worse makes of them.
func (m *merger[E]) add(list []E, key func(*E) string, worse func(a, b E) E) {
	if m.at == nil {
		m.at = map[string]int{}
	}
	var alike occurrences
	for i := range list {
		key := alike.next(key(&list[i]))
		at, known := m.at[key]
		if known {
			m.merged[at] = worse(m.merged[at], list[i])
			continue
		}
		m.at[key] = len(m.merged)
		m.merged = append(m.merged, list[i])
	}
}

// severity orders states from good to bad. What is not known to be good is
// worse than that, and only a failure is worse still.
func severity[S ~string](state *S) int {
	switch strings.ToLower(api.Value(state)) {
	case "success", "finished":
		return 0
	case "warning":
		return 1
	case "failed":
		return 3
	}
	return 2
}

// severity of an item that was skipped or ignored is that of a warning.
func itemSeverity(i *api.ProgressItem) int {
	if i.Excused() {
		return min(severity(i.State), severity(new(api.ItemState("Warning"))))
	}
	return severity(i.State)
}

// worseItem returns the worse of two copies, with the earlier start: an older
// run must not count as a newer one.
func worseItem(a, b api.ProgressItem) api.ProgressItem {
	worse := a
	if itemSeverity(&b) > itemSeverity(&a) {
		worse = b
	}
	if start := api.Value(b.BootTime); api.Value(a.BootTime) == "" || start != "" && start < api.Value(a.BootTime) {
		worse.BootTime = b.BootTime
	} else {
		worse.BootTime = a.BootTime
	}
	return worse
}

func distributedKey(j *api.DistributedJob) string { return subjobKey(&j.Subjob) }

func worseDistributed(a, b api.DistributedJob) api.DistributedJob {
	return api.DistributedJob{worseSubjob(a.Subjob, b.Subjob)}
}

func worseNetCheck(a, b api.FullNetCheckJob) api.FullNetCheckJob {
	a.Subjob = worseSubjob(a.Subjob, b.Subjob)
	return a
}

// worseSubjob returns the worse of two copies, with the items of both.
func worseSubjob(a, b api.Subjob) api.Subjob {
	worse := a
	if severity(b.State) > severity(a.State) {
		worse = b
	}
	worse.ErrorItem = larger(a.ErrorItem, b.ErrorItem)
	var items merger[api.ProgressItem]
	items.add(a.JobProgress, itemKey, worseItem)
	items.add(b.JobProgress, itemKey, worseItem)
	worse.JobProgress = items.merged
	return worse
}

// larger returns the larger of two counts, either of which may be missing.
func larger(a, b *int64) *int64 {
	if a == nil || b == nil {
		return cmp.Or(a, b)
	}
	return new(max(*a, *b))
}
