package dts

import (
	"iter"
	"maps"
	"slices"
)

// page is one page of a list. A missing page is a zero value.
type page interface {
	// rows identifies the rows of the page, in order.
	rows() []row
	// others are what the response has beside its rows, on every page alike.
	others() []row
	// count is the number of rows of the list as the API counts them; nil if it
	// does not.
	count() *int64
	// blank reports a page that does not even tell of which list it is.
	blank() bool
}

// row identifies a row of a list. A state that differs between two copies of a
// row is a sign that the list changed.
type row struct{ key, state string }

// pass is one reading of all pages of a list, from the first.
type pass[P page] struct {
	size    int64 // rows requested per page
	pages   []P   // page n is at n-1
	changed bool  // whether the list showed a sign of a change
	// complete tells that there can be no more rows, whatever the count is.
	complete bool

	seen   map[string]string // states of the rows by key
	beside map[string]string // states of what pages have beside their rows

	counted *int64 // the API's count of rows, as the last page with rows has it
	largest int64  // the largest of the counts
	waiting []*int64
	last    int64 // number of the last page with rows
	full    bool  // whether that page was full
	empty   int   // number of empty pages after it
}

func newPass[P page](size int64) *pass[P] {
	return &pass[P]{size: size, seen: map[string]string{}, beside: map[string]string{}}
}

// add takes in the next page and reports whether there may be another one.
func (p *pass[P]) add(next P) bool {
	p.pages = append(p.pages, next)
	rows := next.rows()
	p.take(p.beside, next.others())
	if len(rows) == 0 {
		return p.addEmpty(next)
	}
	if p.last > 0 && !p.full || p.empty > 0 {
		p.changed = true // The page before was not the last, though it was short or empty.
	}
	for _, count := range append(p.waiting, next.count()) {
		p.takeCount(count)
	}
	known := len(p.seen)
	if repeats := p.take(p.seen, rows); repeats {
		p.changed = true
	}
	p.waiting, p.empty, p.last = nil, 0, int64(len(p.pages))
	p.full = int64(len(rows)) >= p.size
	return len(p.seen) > known && (p.full || p.last < p.promised())
}

// addEmpty takes in a page without rows. Its count does not matter unless a
// page with rows follows, or it is the first.
func (p *pass[P]) addEmpty(next P) bool {
	number := int64(len(p.pages))
	p.empty++
	p.waiting = append(p.waiting, next.count())
	if number == 1 {
		p.takeCount(next.count())
		p.changed = p.largest > 0
	}
	return p.empty < 2 && number < p.promised()
}

// take remembers the states of rows and reports whether any row was known. A
// known row in another state is a sign of a change.
func (p *pass[P]) take(states map[string]string, rows []row) (repeats bool) {
	for _, r := range rows {
		state, known := states[r.key]
		p.changed = p.changed || known && state != r.state
		repeats = repeats || known
		states[r.key] = r.state
	}
	return repeats
}

func (p *pass[P]) takeCount(count *int64) {
	if count == nil {
		return
	}
	p.changed = p.changed || p.counted != nil && *count != *p.counted
	p.counted, p.largest = count, max(p.largest, *count)
}

// promised is the number of the last page that the largest count promises.
func (p *pass[P]) promised() int64 { return (p.largest + p.size - 1) / p.size }

// expected is the number of the last page that is likely to have rows.
func (p *pass[P]) expected() int64 {
	if p.full && p.empty == 0 {
		return p.promised()
	}
	return p.last
}

// miscounted reports whether the count does not confirm the number of rows.
func (p *pass[P]) miscounted() bool { return p.counted == nil || *p.counted != int64(len(p.seen)) }

// short reports whether there are fewer rows than counted.
func (p *pass[P]) short() bool { return int64(len(p.seen)) < p.largest }

// ends lists the numbers of the pages that decide where the list ends: the
// first, the last with rows, and the one after it if it was read.
func (p *pass[P]) ends() iter.Seq[int64] {
	numbers := slices.Compact([]int64{1, max(p.last, 1), min(p.last+1, int64(len(p.pages)))})
	return slices.Values(slices.Compact(numbers))
}

// equal reports whether two passes read the same.
func (p *pass[P]) equal(other *pass[P]) bool {
	return maps.Equal(p.seen, other.seen) && maps.Equal(p.beside, other.beside)
}

// sameRows reports whether two responses have the same rows in the same order.
func sameRows[P page](a, b P) bool { return slices.Equal(a.rows(), b.rows()) }
