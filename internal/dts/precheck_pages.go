package dts

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
)

const describePrecheck = "DescribePreCheckStatus"

// maxRestarts bounds how often a precheck whose state changes is read again.
const maxRestarts = 5

// ErrNoSubtask is an answer that says nothing of any subtask, as for a job
// that does not exist.
var ErrNoSubtask = errors.New("the answer holds no state, no job and no items")

// PrecheckQuery selects a subtask of a job.
type PrecheckQuery struct {
	Region     string
	Parameters map[string]string // request parameters by API name
	PageSize   int64             // 0: the largest that the API grants
}

// PrecheckReading is a subtask with the items of all pages.
type PrecheckReading struct {
	Precheck
	RequestID string // of the last page
	// Incomplete is a reading that is known to lack items.
	Incomplete bool

	repeated bool // whether the last page had nothing new
}

// Precheck reads a subtask of a job: all pages of its items. The top-level
// fields are those of the last page; when the state changed between pages the
// reading starts over.
func (c *Client) Precheck(ctx context.Context, q PrecheckQuery) (PrecheckReading, error) {
	pages := precheckPages{client: c, key: callKey{describePrecheck, q.Region}, query: q, size: q.PageSize}
	for restarts := 0; ; restarts++ {
		reading, settled, err := pages.read(ctx, restarts < maxRestarts)
		if err != nil || settled {
			return reading, err
		}
	}
}

// ParsePrecheck reads a saved answer of DescribePreCheckStatus. Incomplete is a
// full page of an answer that counts more items than it has.
func ParsePrecheck(answer []byte) (PrecheckReading, error) {
	page := new(precheckPage)
	if _, err := parseResponse(http.StatusOK, answer, page); err != nil {
		return PrecheckReading{}, err
	}
	if page.empty() {
		return PrecheckReading{}, ErrNoSubtask
	}
	var reading PrecheckReading
	reading.start(page)
	rows := int64(len(page.JobProgress))
	reading.Incomplete = rows < reading.count() && (page.PageRecordCount == nil || rows >= *page.PageRecordCount)
	return reading, nil
}

// precheckPage is the answer to one call.
type precheckPage struct {
	Envelope
	Precheck

	PageRecordCount *int64 `json:"PageRecordCount"`
}

// empty reports whether the answer says nothing of any subtask.
func (p *precheckPage) empty() bool {
	return text(p.State) == "" && text(p.JobID) == "" && len(p.JobProgress) == 0 && len(p.AnalysisJobProgress) == 0 &&
		len(p.SubDistributedJobStatus) == 0 && len(p.FullNetCheckJobStatus) == 0
}

// check leaves it to the reader whether an empty answer is an error: it is on
// page 1 only.
func (p *precheckPage) check() error { return nil }

// precheckPages are the pages of one subtask.
type precheckPages struct {
	client *Client
	key    callKey
	query  PrecheckQuery
	size   int64 // asked for; 0 until the first page was granted
}

func (p *precheckPages) get(ctx context.Context, number int64) (*precheckPage, error) {
	var page *precheckPage
	err := p.client.withPageSize(p.key, p.size, func(size int64) (err error) {
		parameters := with(p.query.Parameters, map[string]string{
			"RegionId": p.query.Region, "PageNo": formatInt(number), "PageSize": formatInt(size),
		})
		if page, err = call[precheckPage](ctx, p.client, p.key, parameters); err == nil {
			p.size = size
		}
		return err
	})
	return page, err
}

// read reads all pages. It reports false when the subtask changed on the way
// and the reading may start over; when it may not, the reading is incomplete.
func (p *precheckPages) read(ctx context.Context, mayRestart bool) (reading PrecheckReading, settled bool, err error) {
	first, err := p.get(ctx, 1)
	if err != nil {
		return reading, false, err
	}
	if first.empty() {
		return reading, false, p.noSubtask(first)
	}
	reading.start(first)
	full := fullPage(len(first.JobProgress), p.size, first.TotalRecordCount)
	page, last, number := first, first, int64(1)
	for reading.wants(len(page.JobProgress), full) {
		last, number = page, number+1
		if page, err = p.get(ctx, number); err != nil {
			return reading, false, err
		}
		if !page.empty() && !reading.follow(page) && mayRestart {
			return reading, false, nil
		}
		full = max(full, len(page.JobProgress))
	}
	short := int64(len(reading.JobProgress)) < reading.count()
	if short && !reading.Incomplete && mayRestart {
		settled, err = p.confirm(ctx, first, 1)
		if settled && number > 2 {
			settled, err = p.confirm(ctx, last, number-1)
		}
		return reading, settled, err
	}
	return reading, true, nil
}

// noSubtask is the error of an answer that says nothing of any subtask.
func (p *precheckPages) noSubtask(page *precheckPage) error {
	return &Error{
		Operation: p.key.operation, Region: p.key.region, Endpoint: p.client.endpoint(p.key.region),
		Status: http.StatusOK, RequestID: text(page.RequestID), Attempts: 1, Err: ErrNoSubtask,
	}
}

// confirm asks again for a page of a subtask that shows fewer items than it
// counts, and reports whether it is the same. The count may simply be another
// one, but the first or the last page may have come short for once.
func (p *precheckPages) confirm(ctx context.Context, before *precheckPage, number int64) (bool, error) {
	again, err := p.get(ctx, number)
	if err != nil {
		return false, err
	}
	same := slices.EqualFunc(again.JobProgress, before.JobProgress, func(a, b ProgressItem) bool { return keyOf(a) == keyOf(b) })
	return same, nil
}

// wants reports whether there may be another page after one with some rows.
func (r *PrecheckReading) wants(rows, full int) bool {
	return !r.repeated && rows > 0 && (rows >= full || int64(len(r.JobProgress)) < r.count())
}

// follow takes in a later page and reports whether the state is still the same.
// Items are known to be missing when it is not, and when a page only repeats
// items though there should be more.
func (r *PrecheckReading) follow(page *precheckPage) bool {
	same := strings.EqualFold(text(page.State), text(r.State))
	news := r.add(page)
	r.repeated = news == 0 && len(page.JobProgress) > 0
	r.Incomplete = r.Incomplete || !same || r.repeated && int64(len(r.JobProgress)) < r.count()
	return same
}

// count is how many items there are by the API's count.
func (r *PrecheckReading) count() int64 { return *cmp.Or(r.TotalRecordCount, new(int64)) }

// start takes in the first page.
func (r *PrecheckReading) start(page *precheckPage) {
	r.Precheck, r.RequestID = page.Precheck, text(page.RequestID)
}

// add takes in a later page and returns how many of its items are new.
func (r *PrecheckReading) add(page *precheckPage) int {
	before := r.Precheck
	r.start(page)
	news := 0
	r.JobProgress, news = mergeItems(before.JobProgress, page.JobProgress)
	r.AnalysisJobProgress, _ = mergeItems(before.AnalysisJobProgress, page.AnalysisJobProgress)
	r.SubDistributedJobStatus = mergeSubjobs(before.SubDistributedJobStatus, page.SubDistributedJobStatus)
	r.FullNetCheckJobStatus = mergeSubjobs(before.FullNetCheckJobStatus, page.FullNetCheckJobStatus)
	return news
}

// itemKey tells items apart.
type itemKey struct {
	jobID, id, item, names, targetNames string
	orderNum                            int64
}

func keyOf(i ProgressItem) itemKey {
	return itemKey{text(i.JobID), text(i.ID), text(i.Item), text(i.Names), text(i.TargetNames), *cmp.Or(i.OrderNum, new(int64))}
}

// mergeItems appends the items of a page that no earlier page had, and returns
// how many they are. Items alike on one page are different items.
func mergeItems(earlier, page []ProgressItem) (items []ProgressItem, news int) {
	seen := make(map[itemKey]bool, len(earlier))
	for _, item := range earlier {
		seen[keyOf(item)] = true
	}
	items = earlier
	for _, item := range page {
		if !seen[keyOf(item)] {
			items = append(items, item)
			news++
		}
	}
	return items, news
}

// subjob is a sub-job of either kind.
type subjob[J any] interface {
	*J
	base() *Subjob
}

func (s *Subjob) base() *Subjob { return s }

// mergeSubjobs merges the sub-jobs of a page into the earlier ones by job id
// and code; of one that stands on both the page's fields count, and the items
// of both.
func mergeSubjobs[J any, P subjob[J]](earlier, page []J) []J {
	type key struct{ jobID, code string }
	keyOf := func(s *Subjob) key { return key{text(s.JobID), text(s.Code)} }
	merged := append([]J(nil), earlier...)
	at := map[key]int{}
	for i := range merged {
		at[keyOf(P(&merged[i]).base())] = i
	}
	for _, job := range page {
		later := P(&job).base()
		i, known := at[keyOf(later)]
		if !known {
			merged = append(merged, job)
			continue
		}
		later.JobProgress, _ = mergeItems(P(&merged[i]).base().JobProgress, later.JobProgress)
		merged[i] = job
	}
	return merged
}
