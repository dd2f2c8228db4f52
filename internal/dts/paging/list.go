// Package paging reads complete lists that a server pages by number and size.
//
// Documents of the API disagree on the largest page size, and lists change while
// they are read. [Reader.List] therefore reads a pass of all pages with one size;
// chooses another size if the pass shows that the size is wrong; and reads again
// if the pass shows a change, until a pass shows none or two passes are equal.
package paging

import (
	"cmp"
	"context"
	"errors"
	"sync/atomic"
)

// Errors of a fetch that blame a parameter of paging.
var (
	ErrPageSize   = errors.New("the page size is refused")
	ErrPageNumber = errors.New("the page number is refused")
)

// Page sizes, in rows.
const (
	LargestSize = 100 // that a document names
	SafeSize    = 30  // that every document allows
)

// usualCaps are the page sizes that documents name below LargestSize. A server
// that caps pages without an error is likely to cap them at one of these.
var usualCaps = []int64{50, 30, 20, 10}

// maxPasses limits how often a list that changes is read.
const maxPasses = 5

// Page is one page of a list. The zero value is a page that is missing.
type Page[D any] struct {
	Rows   []Row  // in order
	Others []Row  // the rest of the page, which every page repeats
	Count  *int64 // number of rows of the list as the server counts them; nil if it does not
	Data   D      // the page itself, for the caller
}

// Row identifies a row of a list. Copies of one row with different states are a
// sign that the list changed.
type Row struct{ Key, State string }

// Reader reads one list.
type Reader[D any] struct {
	// Fetch requests a page. Its error wraps ErrPageSize or ErrPageNumber if the
	// server blames one of these.
	Fetch func(ctx context.Context, number, size int64) (Page[D], error)
	// Size is the number of rows per page that the user chose; 0 is the largest
	// that the server accepts.
	Size int64
	// Known is the size that the server accepts, shared by all reads of an
	// operation; 0 is not known.
	Known *atomic.Int64
	// Complete, if set, reports whether a first page has all rows there can be.
	Complete func(D) bool
	// CountsOthers is set if the server may count Others as rows.
	CountsOthers bool

	size    int64    // of the present pass; 0 before the first request
	reduced bool     // whether a smaller size was tried
	before  int64    // the size before it was reduced
	rows    int      // of the first page then
	first   *Page[D] // page 1, if it was read and not used yet
}

// First requests page 1, which List then does not request again.
func (r *Reader[D]) First(ctx context.Context) (D, error) {
	for {
		r.size = cmp.Or(r.size, r.Size, r.Known.Load(), LargestSize)
		page, err := r.Fetch(ctx, 1, r.size)
		if err != nil && r.resize(nil, err) {
			continue
		}
		if err == nil {
			r.first = &page
		}
		return page.Data, err
	}
}

// List reads all pages until a pass shows no sign of a change and has as many
// rows as its count, or until two passes in a row are equal. It returns the last
// pass; settled is false if the rows kept changing.
func (r *Reader[D]) List(ctx context.Context) (last *Pass[D], settled bool, err error) {
	for passes := 0; passes < maxPasses; passes++ {
		current, err := r.pass(ctx)
		if r.resize(current, err) {
			passes--
			continue
		}
		switch {
		case err != nil:
			return nil, false, err
		case !current.Changed() && !current.Short(), last != nil && current.equal(last):
			return current, true, nil
		}
		if last = current; passes < maxPasses-1 {
			last.Pages, last.first = nil, nil // Only the rows are compared.
		}
	}
	return last, false, nil
}

// resize chooses another page size if a pass, or the error that ended it, shows
// that the size is wrong. It reports whether it did.
func (r *Reader[D]) resize(current *Pass[D], err error) bool {
	refused := errors.Is(err, ErrPageSize)
	trying := r.reduced && r.size != r.before
	helped := trying && current != nil && len(current.Rows) > r.rows
	switch {
	case trying && !helped && (refused || err == nil && !current.Changed() && len(current.Rows) < r.rows):
		r.size = r.before // The smaller size does not help.
		return true
	case refused && !trying && r.Size == 0 && r.size != SafeSize:
		r.size, r.before = SafeSize, SafeSize
		r.Known.Store(SafeSize)
		return true
	case err != nil:
		return false
	case !r.reduced && current.mayBeCapped():
		r.reduced, r.before, r.rows = true, r.size, len(current.first.Rows)
		r.size = usualCap(int64(r.rows))
		if int64(r.rows) == r.size {
			r.first = current.first // It is the first page of either size.
		}
		return true
	case helped && r.Size == 0:
		r.Known.Store(r.size)
	}
	return false
}

// usualCap returns the largest usual cap that is not above a number of rows, or
// the smallest one.
func usualCap(rows int64) int64 {
	for _, size := range usualCaps {
		if size <= rows {
			return size
		}
	}
	return usualCaps[len(usualCaps)-1]
}

// pass reads all pages once, or only the first if it may be capped. With an error
// it returns the pages before.
func (r *Reader[D]) pass(ctx context.Context) (*Pass[D], error) {
	if r.first == nil {
		if _, err := r.First(ctx); err != nil {
			return nil, err
		}
	}
	p := &Pass[D]{first: r.first, size: r.size, Rows: map[string]string{}, others: map[string]string{}}
	p.countsOthers = r.CountsOthers
	p.complete = r.Complete != nil && r.Complete(r.first.Data)
	more := p.add(*r.first)
	r.first = nil
	if p.complete || !r.reduced && p.mayBeCapped() {
		return p, nil
	}
	nextPage, stop := prefetch(ctx, func(ctx context.Context, number int64) (Page[D], error) {
		return r.Fetch(ctx, number, p.size)
	})
	defer stop()
	for number := int64(2); more; number++ {
		next, err := nextPage(p.expected())
		if errors.Is(err, ErrPageNumber) { // Some servers return it past the end.
			p.signs = p.signs || number <= p.promised()
			next, err = Page[D]{}, nil
		}
		if err != nil {
			return p, err
		}
		more = p.add(next)
	}
	return p, nil
}
