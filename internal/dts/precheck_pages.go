package dts

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/paging"
)

// precheckPage returns a response as a page. The items of the subtask are paged;
// every page repeats the fields of the subtask, its assessment, sub-jobs and
// network checks.
func precheckPage(p *api.PrecheckPage) paging.Page[api.PrecheckPage] {
	others := runFields(p)
	others = append(others, itemRows("assessment ", p.AnalysisJobProgress)...)
	ordinals := ordinals{}
	for i := range p.SubDistributedJobStatus {
		job := &p.SubDistributedJobStatus[i].Subjob
		others = append(others, subjobRows(job, ordinals.key("sub-job "+subjobKey(job)))...)
	}
	for i := range p.FullNetCheckJobStatus {
		check := &p.FullNetCheckJobStatus[i]
		others = append(others, subjobRows(&check.Subjob, ordinals.key("network check "+netCheckKey(check)))...)
	}
	rows := itemRows("", p.JobProgress)
	return paging.Page[api.PrecheckPage]{Rows: rows, Others: others, Count: p.TotalRecordCount, Data: *p}
}

// runFields returns the fields in which the pages of one run of a subtask agree. A page
// may lack them.
func runFields(p *api.PrecheckPage) []paging.Row {
	fields := []paging.Row{
		{Key: "state", State: strings.ToLower(api.Value(p.State))},
		{Key: "job ID", State: api.Value(p.JobID)},
		{Key: "code", State: string(api.Value(p.Code))},
	}
	if p.ErrorItem != nil {
		fields = append(fields, paging.Row{Key: "error items", State: fmt.Sprint(*p.ErrorItem)})
	}
	return slices.DeleteFunc(fields, func(r paging.Row) bool { return r.State == "" })
}

// consistent reports whether pages are about the same run of a subtask.
func consistent(pages []api.PrecheckPage) bool {
	fields := map[string]string{}
	for i := range pages {
		for _, field := range runFields(&pages[i]) {
			if value, known := fields[field.Key]; known && value != field.State {
				return false
			}
			fields[field.Key] = field.State
		}
	}
	return true
}

// subjobRows returns the states of a sub-job and of its items.
func subjobRows(s *api.Subjob, key string) []paging.Row {
	return append(itemRows(key+" ", s.JobProgress), paging.Row{Key: key, State: strings.ToLower(api.Value(s.State))})
}

// itemRows identifies items by their keys and their ordinals among items of one
// page with the same key.
func itemRows(prefix string, items []api.ProgressItem) []paging.Row {
	rows := make([]paging.Row, len(items))
	ordinals := ordinals{}
	for i := range items {
		rows[i] = paging.Row{Key: ordinals.key(prefix + itemKey(&items[i])), State: strings.ToLower(api.Value(items[i].State))}
	}
	return rows
}

func itemKey(i *api.ProgressItem) string {
	return keyOf(
		api.Value(i.JobID), api.Value(i.ID), api.Value(i.Item), api.Value(i.Names), fmt.Sprint(api.Value(i.OrderNum)),
		api.Value(i.TargetNames), api.Value(i.SourceSchema), api.Value(i.DestSchema), api.Value(i.ParentObj),
	)
}

func subjobKey(s *api.Subjob) string {
	return keyOf(api.Value(s.JobID), string(api.Value(s.Code)))
}

func netCheckKey(j *api.FullNetCheckJob) string {
	return keyOf(subjobKey(&j.Subjob),
		api.Value(j.HostRegion), api.Value(j.SrcRegion), api.Value(j.SrcRegionCidr), api.Value(j.DestRegion), api.Value(j.DestRegionCidr),
		string(api.Value(j.SourceEndpointType)), string(api.Value(j.DestinationEndpointType)),
	)
}

// keyOf returns a text that differs for different fields. It is a hash, because
// keys are kept, and fields can be as long as a response.
func keyOf(fields ...string) string {
	hash := sha256.New()
	for _, field := range fields {
		fmt.Fprintf(hash, "%d:%s", len(field), field) //nolint:errcheck // A hash takes everything.
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// mergePrecheck merges the pages of a subtask. The fields outside of lists are
// those of the last page with a state, or of the first page if none has one.
func mergePrecheck(pages []api.PrecheckPage) *Precheck {
	merged := &Precheck{Inconsistent: !consistent(pages)}
	var items, assessments [][]api.ProgressItem
	var subjobs [][]api.DistributedJob
	var checks [][]api.FullNetCheckJob
	for i, page := range pages {
		if i == 0 || api.Value(page.State) != "" {
			merged.Precheck, merged.RequestID = page.Precheck, api.Value(page.RequestID)
		}
		items, assessments = append(items, page.JobProgress), append(assessments, page.AnalysisJobProgress)
		subjobs, checks = append(subjobs, page.SubDistributedJobStatus), append(checks, page.FullNetCheckJobStatus)
	}
	merged.JobProgress = merge(items, itemKey, worseItem)
	merged.AnalysisJobProgress = merge(assessments, itemKey, worseItem)
	merged.SubDistributedJobStatus = merge(subjobs, func(j *api.DistributedJob) string { return subjobKey(&j.Subjob) },
		func(a, b api.DistributedJob) api.DistributedJob {
			a.Subjob = worseSubjob(a.Subjob, b.Subjob)
			return a
		})
	merged.FullNetCheckJobStatus = merge(checks, netCheckKey, func(a, b api.FullNetCheckJob) api.FullNetCheckJob {
		a.Subjob = worseSubjob(a.Subjob, b.Subjob)
		return a
	})
	return merged
}

// merge merges lists in which the same element may occur more than once, and
// keeps the worse of two copies. Elements of one list with the same key are
// different elements.
func merge[E any](lists [][]E, keyOf func(*E) string, worse func(a, b E) E) []E {
	var merged []E
	index := map[string]int{}
	for _, list := range lists {
		ordinals := ordinals{}
		for i := range list {
			key := ordinals.key(keyOf(&list[i]))
			if at, known := index[key]; known {
				merged[at] = worse(merged[at], list[i])
				continue
			}
			index[key] = len(merged)
			merged = append(merged, list[i])
		}
	}
	return merged
}

// severity orders states from good to bad. A state that is not known to be good
// is worse than a warning, and only a failure is worse still.
func severity(state string) int {
	switch strings.ToLower(state) {
	case "success", "finished":
		return 0
	case "warning":
		return 1
	case "failed":
		return 3
	}
	return 2
}

// itemSeverity returns the severity of an item. That of an item that was skipped
// or ignored is at most a warning's.
func itemSeverity(i *api.ProgressItem) int {
	s := severity(api.Value(i.State))
	if i.Excused() {
		return min(s, severity("warning"))
	}
	return s
}

// worseItem returns the worse of two copies, with the earlier start: an older
// run must not count as a newer one. A start that cannot be read comes first.
func worseItem(a, b api.ProgressItem) api.ProgressItem {
	worse, start := a, a.BootTime
	if itemSeverity(&b) > itemSeverity(&a) {
		worse = b
	}
	startA, knownA := api.ParseTime(api.Value(a.BootTime))
	startB, knownB := api.ParseTime(api.Value(b.BootTime))
	if api.Value(b.BootTime) != "" && (api.Value(a.BootTime) == "" || knownA && (!knownB || startB.Before(startA))) {
		start = b.BootTime
	}
	worse.BootTime = start
	return worse
}

// worseSubjob returns the worse of two copies, with the items of both.
func worseSubjob(a, b api.Subjob) api.Subjob {
	worse := a
	if severity(api.Value(b.State)) > severity(api.Value(a.State)) {
		worse = b
	}
	if worse.ErrorItem = cmp.Or(a.ErrorItem, b.ErrorItem); a.ErrorItem != nil && b.ErrorItem != nil {
		worse.ErrorItem = new(max(*a.ErrorItem, *b.ErrorItem))
	}
	worse.JobProgress = merge([][]api.ProgressItem{a.JobProgress, b.JobProgress}, itemKey, worseItem)
	return worse
}

// ParsePrecheckPages reads saved responses of DescribePreCheckStatus, the pages
// of one subtask in any order.
func ParsePrecheckPages(responses ...[]byte) (*Precheck, error) {
	pages := make([]api.PrecheckPage, len(responses))
	for i, response := range responses {
		_, err := api.Parse(http.StatusOK, bytes.TrimPrefix(response, []byte("\uFEFF")), &pages[i])
		switch {
		case errors.As(err, new(*api.Refusal)):
			err = fmt.Errorf("the API returned an error: %w", err)
		case err == nil && pages[i].IsBlank():
			err = ErrNoSubtask
		}
		if err != nil {
			return nil, &PageError{Index: i, Err: err}
		}
	}
	slices.SortStableFunc(pages, func(a, b api.PrecheckPage) int { return cmp.Compare(pageNumber(a), pageNumber(b)) })
	p := mergePrecheck(pages)
	last := pages[len(pages)-1]
	items, largest := int64(len(p.JobProgress)), int64(0)
	for i, page := range pages {
		// A page is missing, is there twice, or does not say which one it is.
		p.ItemsMissing = p.ItemsMissing || pageNumber(page) != int64(i+1) || len(pages) > 1 && page.PageNumber == nil
		largest = max(largest, api.Value(page.TotalRecordCount))
		p.Inconsistent = p.Inconsistent || api.Value(page.TotalRecordCount) != api.Value(last.TotalRecordCount) ||
			api.Value(page.JobID) != api.Value(last.JobID) || api.Value(page.Code) != api.Value(last.Code)
	}
	// Without a count, or with one that is too low, the last page may not be the last.
	isCut := items > largest && paging.LooksCut(int64(len(last.JobProgress)), paging.LargestSize)
	p.ItemsMissing = p.ItemsMissing || items < largest || isCut
	return p, nil
}

// pageNumber returns the number of a page. A page without a number is the first.
func pageNumber(p api.PrecheckPage) int64 {
	if p.PageNumber == nil {
		return 1
	}
	return *p.PageNumber
}

// PageError is the error of a saved response that cannot be read.
type PageError struct {
	Index int // of the response, from 0
	Err   error
}

func (e *PageError) Error() string { return fmt.Sprintf("response %d: %s", e.Index+1, e.Err) }

// Unwrap returns the cause.
func (e *PageError) Unwrap() error { return e.Err }
