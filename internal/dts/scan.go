package dts

import (
	"cmp"
	"context"
)

// maxPasses bounds how often a list that changes is read again.
const maxPasses = 5

// scanner reads the pages of one list. The rules are those of the contract,
// "complete lists", which DESIGN.md explains.
type scanner[T any, P interface {
	*T
	page
}] struct {
	fetch func(ctx context.Context, number, size int64) (P, error)
	// complete reports that a page has all rows there can be; nil: it is not
	// known before the list was read.
	complete  func(P) bool
	sizes     *pageSizes
	requested int64 // rows per page that the user chose; 0: the most that the API accepts
	start     P     // page 1, if it was read already; nil: it was not

	size     int64 // rows to request per page; 0: not known yet
	reduced  bool  // whether a smaller size was tried, which happens once
	accepted int64 // the size before it was reduced
}

// outcome is how a scan ended.
type outcome int

const (
	stable   outcome = iota // the last pass showed no sign of a change
	repeated                // two passes with signs had the same rows
	unstable                // the rows kept changing
)

// scan reads the list until a pass shows no sign that it changed, or two
// passes in a row had the same rows.
func (s *scanner[T, P]) scan(ctx context.Context) (*pass[P], outcome, error) {
	var previous *pass[P]
	for range maxPasses {
		current, err := s.pass(ctx)
		if err != nil {
			return nil, unstable, err
		}
		if err := s.confirm(ctx, current); err != nil {
			return nil, unstable, err
		}
		switch {
		case !current.changed:
			return current, stable, nil
		case previous != nil && current.equal(previous):
			return current, repeated, nil
		}
		previous = current
	}
	return previous, unstable, nil
}

// pass reads all pages once. If the first page shows that the server may cap
// pages, a smaller size is requested from then on.
func (s *scanner[T, P]) pass(ctx context.Context) (*pass[P], error) {
	first, err := s.first(ctx)
	if err != nil {
		return nil, err
	}
	rows := int64(len(first.rows()))
	size, restart := reducedSize(rows, s.size, first.count())
	switch {
	case size == 0 || s.reduced || s.isComplete(first) || restart && s.sizes.vain.Load():
		return s.rest(ctx, first)
	case restart:
		return s.restart(ctx, size, rows)
	}
	s.reduce(size)
	p, err := s.rest(ctx, first)
	if err == nil && s.size == size && int64(len(p.seen)) > rows {
		s.sizes.size.Store(size)
	}
	return p, err
}

// first reads page 1.
func (s *scanner[T, P]) first(ctx context.Context) (first P, err error) {
	if first, s.start = s.start, nil; first != nil {
		return first, nil
	}
	if s.size = cmp.Or(s.size, s.requested); s.size != 0 {
		return s.fetch(ctx, 1, s.size)
	}
	s.size, err = s.sizes.request(ctx, func(size int64) error {
		first, err = s.fetch(ctx, 1, size)
		return err
	})
	return first, err
}

// restart reads the list again with a smaller page size, because the first
// page had a number of rows at which pages are not usually capped. The smaller
// size does not help if it is refused or brings fewer rows than that page had:
// without a count, a page with hidden rows then looks like the last one.
func (s *scanner[T, P]) restart(ctx context.Context, size, rows int64) (*pass[P], error) {
	s.reduce(size)
	p, err := s.pass(ctx)
	switch {
	case refusesPageSize(err), err == nil && !p.changed && int64(len(p.seen)) < rows:
		s.size = s.accepted
		return s.pass(ctx)
	case err != nil:
		return nil, err
	case s.size == size && int64(len(p.seen)) > rows:
		s.sizes.size.Store(size)
	default:
		s.sizes.vain.Store(true)
	}
	return p, nil
}

func (s *scanner[T, P]) reduce(size int64) {
	s.reduced, s.accepted, s.size = true, s.size, size
}

// rest reads the pages after the first, those that are promised at the same
// time.
func (s *scanner[T, P]) rest(ctx context.Context, first P) (*pass[P], error) {
	p := newPass[P](s.size)
	p.complete = s.isComplete(first)
	more := p.add(first) && !p.complete
	pages := prefetch(ctx, func(ctx context.Context, number int64) (P, error) { return s.fetch(ctx, number, p.size) })
	defer pages.stop()
	for number := int64(2); more; number++ {
		next, err := pages.page(number, p.expected())
		if err == nil && next.blank() && number <= p.promised() {
			next, err = s.fetch(ctx, number, s.size) // It may have been blank once.
		}
		if refusesPageNumber(err) {
			p.changed = p.changed || number <= p.promised() // Nothing else may tell that rows are lost.
			next, err = new(T), nil
		}
		if s.fallsBack(err) {
			pages.stop()
			return s.pass(ctx)
		}
		if err != nil {
			return nil, err
		}
		more = p.add(next)
	}
	return p, nil
}

// page reads a page after the first. An error that blames the page number is
// what some servers return past the end.
func (s *scanner[T, P]) page(ctx context.Context, number int64) (P, error) {
	p, err := s.fetch(ctx, number, s.size)
	if refusesPageNumber(err) {
		return new(T), nil
	}
	return p, err
}

// fallsBack chooses another page size if the one that the API accepted for the
// first page was refused for a later one, and reports whether there is one.
func (s *scanner[T, P]) fallsBack(err error) bool {
	switch {
	case s.reduced && s.size != s.accepted && refusesPageSize(err):
		s.size = s.accepted
	case s.requested == 0 && s.sizes.refused(s.size, err):
		s.size = safePageSize
	default:
		return false
	}
	return true
}

// confirm requests pages of a list once more that is shorter than its count
// though it showed no sign of a change. The count may simply be another one;
// but the first page, the last, or the one after it may have come short once
// without any other sign.
func (s *scanner[T, P]) confirm(ctx context.Context, p *pass[P]) error {
	if p.changed || p.complete || !p.short() {
		return nil
	}
	for number := range p.ends() {
		again, err := s.page(ctx, number)
		if err != nil {
			return err
		}
		if !sameRows(again, p.pages[number-1]) {
			p.changed = true
			return nil
		}
	}
	return nil
}

func (s *scanner[T, P]) isComplete(first P) bool { return s.complete != nil && s.complete(first) }
