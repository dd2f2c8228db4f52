package dts

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// LargestPage is the largest page size that any document names. They disagree,
// so the service decides.
const LargestPage = 100

// smallPage is the page size that every document allows.
const smallPage = 30

// PageSizes are those that a document names; a service that caps pages without
// a word caps them at one of these.
var PageSizes = []int64{10, 20, 30, 50, LargestPage}

// jobPage is the answer to one call.
type jobPage struct {
	Envelope
	JobList
}

// check wants a list or at least a count.
func (p *jobPage) check() error {
	if p.Jobs == nil && p.TotalRecordCount == nil {
		return fmt.Errorf("%w: it holds neither a list nor a count of jobs", ErrBroken)
	}
	return nil
}

// withPageSize asks for pages of the given size, or, for 0, of the largest
// size; an API that refuses that one is asked for small pages from then on.
func (c *Client) withPageSize(key callKey, size int64, ask func(size int64) error) error {
	if size != 0 {
		return ask(size)
	}
	if _, small := c.smallPages.Load(key); !small {
		err := ask(LargestPage)
		if !refusesPageSize(err) {
			return err
		}
		c.smallPages.Store(key, true)
	}
	return ask(smallPage)
}

func refusesPageSize(err error) bool {
	var refusal *Error
	return errors.As(err, &refusal) && refusal.RefusesPageSize()
}

// jobPages are the pages of one list.
type jobPages struct {
	client     *Client
	key        callKey
	parameters map[string]string
	size       int64 // asked for by the user; 0: the largest that is granted
}

// first reads a page and returns the size that it was asked for with.
func (p *jobPages) first(ctx context.Context, number int64) (page *jobPage, asked int64, err error) {
	err = p.client.withPageSize(p.key, p.size, func(size int64) (err error) {
		page, err = p.get(ctx, number, size)
		asked = size
		return err
	})
	return page, asked, err
}

func (p *jobPages) get(ctx context.Context, number, size int64) (*jobPage, error) {
	return call[jobPage](ctx, p.client, p.key,
		with(p.parameters, map[string]string{"PageNumber": formatInt(number), "PageSize": formatInt(size)}))
}

// pass is one reading of all pages.
type pass struct {
	jobs distinct[Job]
	etl  distinct[EtlJob]

	asked int64  // rows of a page, as asked for
	total *int64 // as the API counts
	full  int    // rows of a full page, as granted
	rows  int    // rows of the last page read
	empty int    // empty pages in a row
	moved bool   // whether the list showed a sign of moving

	first, last *jobPage // the first page, and the last one that brought jobs
	lastNumber  int64
}

// pass reads all pages, those that the count promises at the same time. A
// short page does not end it while the count says that there are more, since a
// page may come short while the list moves.
func (p *jobPages) pass(ctx context.Context) (*pass, error) {
	first, asked, err := p.first(ctx, 1)
	if err != nil {
		return nil, err
	}
	reading := &pass{asked: asked}
	more := reading.add(first, 1)
	pages := readAhead(ctx, func(ctx context.Context, number int64) (*jobPage, error) { return p.get(ctx, number, asked) })
	defer pages.stop()
	for number := int64(2); more; number++ {
		page, err := pages.page(number, reading.worthReadingAhead())
		if err != nil {
			return nil, err
		}
		more = reading.add(page, number)
	}
	pages.stop()
	return reading, p.confirm(ctx, reading)
}

// confirm asks again for the first and the last page of a quiet list that is
// shorter than its count. The count may simply be another one, but the first
// page tells what a full one is and the last may be short, so either of them
// may have come short for once without another sign.
func (p *jobPages) confirm(ctx context.Context, r *pass) error {
	if r.moved || r.last == nil || r.total == nil || int64(len(r.jobs.list)) >= *r.total {
		return nil
	}
	for _, before := range []struct {
		number int64
		page   *jobPage
	}{{1, r.first}, {r.lastNumber, r.last}} {
		again, err := p.get(ctx, before.number, r.asked)
		if err != nil {
			return err
		}
		if !sameJobs(again.Jobs, before.page.Jobs) {
			r.moved = true
			return nil
		}
		if r.first == r.last {
			return nil
		}
	}
	return nil
}

func sameJobs(a, b []Job) bool {
	return slices.EqualFunc(a, b, func(a, b Job) bool { return a.id() == b.id() })
}

// lastPage is the last page that the count promises.
func (r *pass) lastPage() int64 {
	if r.total == nil || r.full == 0 {
		return 1
	}
	return (*r.total + int64(r.full) - 1) / int64(r.full)
}

// worthReadingAhead is the last page that may be read before the ones in front
// of it: all that the count promises if pages have the size that was asked for
// or that a document names, none if the first page was so odd that it may have
// been a short one.
func (r *pass) worthReadingAhead() int64 {
	if full := int64(r.full); full == r.asked || slices.Contains(PageSizes, full) {
		return r.lastPage()
	}
	return 0
}

// add takes in a page and reports whether there may be another.
func (r *pass) add(page *jobPage, number int64) bool {
	rows := len(page.Jobs)
	if number == 1 {
		r.first, r.total = page, page.TotalRecordCount
		r.full = fullPage(rows, r.asked, r.total)
		r.moved = rows == 0 && r.total != nil && *r.total > 0
	} else {
		r.watch(page, rows)
	}
	news := r.take(page)
	r.rows = rows
	if rows == 0 {
		r.empty++
	} else {
		r.empty, r.last, r.lastNumber = 0, page, number
	}
	switch {
	case r.empty > 1, rows > 0 && news == 0, number == 1 && (rows == 0 || rows < r.full):
		return false
	case rows >= r.full:
		return true
	}
	return number < r.lastPage()
}

// fullPage returns how many rows a full page has, told from the first: as many
// as asked for, or as many as it brought if that looks like a cap.
func fullPage(rows int, asked int64, total *int64) int {
	capped := slices.Contains(PageSizes, int64(rows)) || total != nil && int64(rows) < *total
	if rows > 0 && capped {
		return rows
	}
	return int(asked)
}

// watch looks for signs that the list moved since the page before.
func (r *pass) watch(page *jobPage, rows int) {
	if total := page.TotalRecordCount; total != nil {
		r.moved = r.moved || r.total == nil || *total != *r.total
		r.total = total
	}
	if rows > 0 && r.rows < r.full || rows > r.full {
		r.moved = true
	}
	r.full = max(r.full, rows)
}

// take adds the page's jobs and returns how many of them are new.
func (r *pass) take(page *jobPage) int {
	r.etl.add(page.EtlDemoJobs)
	news := r.jobs.add(page.Jobs)
	if news < len(page.Jobs) {
		r.moved = true
	}
	return news
}

// counted reports whether the API counts as many jobs as came.
func (r *pass) counted() bool { return r.total == nil || *r.total == int64(len(r.jobs.list)) }

// listing returns what the pass read.
func (r *pass) listing(ctx context.Context, c *Client) Listing {
	if !r.moved && !r.counted() {
		c.config.Log(ctx, "the API counts another number of jobs than it lists",
			map[string]any{"total_record_count": *r.total, "jobs": len(r.jobs.list)})
	}
	return Listing{
		JobList:  JobList{Jobs: r.jobs.list, EtlDemoJobs: r.etl.list, TotalRecordCount: r.total},
		Disputed: r.moved && !r.counted(),
	}
}
