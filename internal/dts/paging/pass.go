package paging

import (
	"crypto/sha256"
	"maps"
	"slices"
)

// Pass is one read of all pages of a list.
type Pass[D any] struct {
	Pages []D               // page n is at n-1
	Rows  map[string]string // states by key

	Counted *int64 // by the last page with rows; nil if the server does not count
	Largest int64  // of the counts
	Repeats bool   // whether a row was seen twice

	first        *Page[D]
	others       map[string]string // states by key, of the rest that pages repeat
	size         int64             // rows requested per page
	countsOthers bool
	complete     bool // there can be no more rows, even if the count is higher

	recounts bool // counts differ
	signs    bool // another sign of a change
	ended    bool // the last page was not full
	empty    int  // empty pages at the end
}

// add adds the next page and reports whether there may be another one.
func (p *Pass[D]) add(next Page[D]) bool {
	p.Pages = append(p.Pages, next.Data)
	p.note(p.others, next.Others)
	rows, number := next.Rows, int64(len(p.Pages))
	// A page after the last one with rows has no say on the count.
	if count := next.Count; count != nil && (len(rows) > 0 || number == 1) {
		p.recounts = p.recounts || p.Counted != nil && *count != *p.Counted
		p.Counted, p.Largest = count, max(p.Largest, *count)
	}
	if len(rows) == 0 {
		p.empty++
		p.ended = true
		p.signs = p.signs || number == 1 && p.Largest > 0
		return p.empty < 2 && number < p.promised()
	}
	p.signs = p.signs || p.ended // The page before was not the last, though it was short or empty.
	known := len(p.Rows)
	p.Repeats = p.note(p.Rows, rows) || p.Repeats
	p.ended, p.empty = int64(len(rows)) < p.size, 0
	return len(p.Rows) > known && (!p.ended || number < p.promised())
}

// note notes the states of rows and reports whether one of them was known. A
// known row in another state is a sign of a change.
func (p *Pass[D]) note(states map[string]string, rows []Row) (repeats bool) {
	for _, r := range rows {
		r.Key, r.State = shorten(r.Key), shorten(r.State)
		state, known := states[r.Key]
		p.signs = p.signs || known && state != r.State
		repeats = repeats || known
		states[r.Key] = r.State
	}
	return repeats
}

// shorten returns a hash of a long text. Passes are kept for comparison, and IDs
// and states can be as long as a response.
func shorten(text string) string {
	if len(text) <= 128 {
		return text
	}
	hash := sha256.Sum256([]byte(text))
	return string(hash[:])
}

// Changed reports whether the list showed a sign that it changed during the
// pass. Counts below the number of rows are none, so they do not differ.
func (p *Pass[D]) Changed() bool {
	return p.signs || p.Repeats || p.recounts && p.Largest >= int64(len(p.Rows))
}

// Short reports whether the pass has fewer rows than the server counts.
func (p *Pass[D]) Short() bool {
	rows := len(p.Rows)
	return !p.complete && int64(rows) < p.Largest && (!p.countsOthers || int64(rows+len(p.others)) != p.Largest)
}

// mayBeCapped reports whether the server may have capped the first page at a size
// below the requested one: it has as many rows as a usual cap, or any other
// number while there is no count that says it has all of them.
func (p *Pass[D]) mayBeCapped() bool {
	rows, count := int64(len(p.first.Rows)), p.first.Count
	if p.complete || rows == 0 || rows >= p.size || usualCap(rows) >= p.size {
		return false
	}
	return slices.Contains(usualCaps, rows) || count == nil || *count > rows
}

// promised returns the number of the last page that the largest count promises.
func (p *Pass[D]) promised() int64 { return (p.Largest + p.size - 1) / p.size }

// expected returns the number of the last page that is worth requesting ahead.
func (p *Pass[D]) expected() int64 {
	if p.ended {
		return int64(len(p.Pages))
	}
	return p.promised()
}

// equal reports whether two passes have the same rows in the same states.
func (p *Pass[D]) equal(other *Pass[D]) bool {
	return maps.Equal(p.Rows, other.Rows) && maps.Equal(p.others, other.others)
}

// LooksCut reports whether a number of rows is one at which a server may have
// cut a page of the requested size.
func LooksCut(rows, requested int64) bool {
	return slices.Contains(usualCaps, rows) || rows == LargestSize || rows == requested
}
