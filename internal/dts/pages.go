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
		var refusal *Error
		if !errors.As(err, &refusal) || !refusal.About("PageSize") {
			return err
		}
		c.smallPages.Store(key, true)
	}
	return ask(smallPage)
}

// jobPages are the pages of one list.
type jobPages struct {
	client     *Client
	key        callKey
	parameters map[string]string
	size       int64 // asked for; 0 until the first page was granted
}

// get reads one page and settles the page size.
func (p *jobPages) get(ctx context.Context, number int64) (*jobPage, error) {
	var page *jobPage
	err := p.client.withPageSize(p.key, p.size, func(size int64) (err error) {
		parameters := with(p.parameters, map[string]string{"PageNumber": formatInt(number), "PageSize": formatInt(size)})
		if page, err = call[jobPage](ctx, p.client, p.key, parameters); err == nil {
			p.size = size
		}
		return err
	})
	return page, err
}

// pass is one reading of all pages.
type pass struct {
	jobs distinct[Job]
	etl  distinct[EtlJob]

	total *int64 // as the API counts
	full  int    // rows of a full page, as granted
	rows  int    // rows of the last page read
	empty int    // empty pages in a row
	moved bool   // whether the list showed a sign of moving
}

// pass reads all pages. A short page does not end it while the count says that
// there are more, since a page may come short while the list moves.
func (p *jobPages) pass(ctx context.Context) (*pass, error) {
	first, err := p.get(ctx, 1)
	if err != nil {
		return nil, err
	}
	reading := &pass{}
	for number, page := int64(1), first; ; number++ {
		if !reading.add(page, number, p.size) {
			return reading, nil
		}
		if page, err = p.get(ctx, number+1); err != nil {
			return nil, err
		}
	}
}

// add takes in a page and reports whether there may be another.
func (r *pass) add(page *jobPage, number, asked int64) bool {
	rows := len(page.Jobs)
	if number == 1 {
		r.total = page.TotalRecordCount
		r.full = fullPage(rows, asked, r.total)
		r.moved = rows == 0 && r.total != nil && *r.total > 0
	} else {
		r.watch(page, rows)
	}
	news := r.take(page)
	r.rows = rows
	if rows == 0 {
		r.empty++
	} else {
		r.empty = 0
	}
	switch {
	case r.empty > 1, rows > 0 && news == 0, number == 1 && (rows == 0 || rows < r.full):
		return false
	case rows >= r.full:
		return true
	}
	return r.total != nil && number*int64(r.full) < *r.total
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
	if (page.TotalRecordCount == nil) != (r.total == nil) || r.total != nil && *page.TotalRecordCount != *r.total {
		r.moved = true
	}
	if rows > 0 && r.rows < r.full || rows > r.full {
		r.moved = true
	}
	r.total = page.TotalRecordCount
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

func (p *jobPages) logFields(r *pass) map[string]any {
	return map[string]any{"region": p.key.region, "jobs": len(r.jobs.list), "page_size": p.size}
}
