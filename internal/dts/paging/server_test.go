package paging

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// numbers is a page of a list of numbers.
type numbers struct {
	list  []int
	total *int64
	state string
}

// pageOf returns a page of the numbers from one to another, under a count.
func pageOf(from, to int, total int64) *numbers {
	p := &numbers{total: &total}
	for n := from; n <= to; n++ {
		p.list = append(p.list, n)
	}
	return p
}

// page returns the numbers as a page.
func (p *numbers) page() Page[numbers] {
	page := Page[numbers]{Count: p.total, Data: *p}
	for _, n := range p.list {
		page.Rows = append(page.Rows, Row{Key: fmt.Sprint(n)})
	}
	if p.state != "" {
		page.Others = []Row{{"state", p.state}}
	}
	return page
}

// paged returns what a fetch returns as pages.
func paged(fetch func(context.Context, int64, int64) (*numbers, error)) func(context.Context, int64, int64) (Page[numbers], error) {
	return func(ctx context.Context, number, size int64) (Page[numbers], error) {
		p, err := fetch(ctx, number, size)
		if err != nil {
			return Page[numbers]{}, err
		}
		return p.page(), nil
	}
}

// server is a server with a list of numbers from 0, as documents allow it to be.
type server struct {
	length  int  // of the list
	limit   int  // largest page, whichever size was requested; 0: none
	offsets bool // whether offsets follow from the requested size, not the limit
	counts  func(s *server, rows int) *int64
	change  func(s *server, number, size int64, p *numbers) (*numbers, error)

	mu       sync.Mutex
	requests int
	sizes    []int64
	passes   int // requests of page 1
}

func exact(s *server, _ int) *int64           { return new(int64(s.length)) }
func noCount(*server, int) *int64             { return nil }
func countOfPage(_ *server, r int) *int64     { return new(int64(r)) }
func count(n int64) func(*server, int) *int64 { return func(*server, int) *int64 { return &n } }

func (s *server) fetch(_ context.Context, number, size int64) (*numbers, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	s.sizes = append(s.sizes, size)
	if number == 1 {
		s.passes++
	}
	rows := int(size)
	if s.limit > 0 {
		rows = min(rows, s.limit)
	}
	offset := (int(number) - 1) * rows
	if s.offsets {
		offset = (int(number) - 1) * int(size)
	}
	p := &numbers{}
	for n := offset; n < min(offset+rows, s.length); n++ {
		p.list = append(p.list, n)
	}
	if s.counts == nil {
		s.counts = exact
	}
	p.total = s.counts(s, len(p.list))
	if s.change != nil {
		return s.change(s, number, size, p)
	}
	return p, nil
}

func (s *server) list(known *atomic.Int64, size int64) (*Pass[numbers], outcome, error) {
	return list(context.Background(), &Reader[numbers]{Fetch: paged(s.fetch), Known: known, Size: size})
}

// outcome is how the read of a list ended.
type outcome int

const (
	stable   outcome = iota // the last pass showed no sign of a change
	repeated                // two passes in a row showed signs, and are equal
	unstable                // the rows kept changing
)

func list(ctx context.Context, r *Reader[numbers]) (*Pass[numbers], outcome, error) {
	p, settled, err := r.List(ctx)
	switch {
	case !settled:
		return p, unstable, err
	case p.Changed():
		return p, repeated, err
	}
	return p, stable, err
}

type change = func(s *server, number, size int64, p *numbers) (*numbers, error)

// onPage changes a page in every pass, once in the first one.
func onPage(number int64, change func(s *server, p *numbers)) change {
	return func(s *server, n, _ int64, p *numbers) (*numbers, error) {
		if n == number {
			change(s, p)
		}
		return p, nil
	}
}

func once(number int64, change func(p *numbers)) change {
	done := false
	return onPage(number, func(_ *server, p *numbers) {
		if !done {
			done = true
			change(p)
		}
	})
}

// refuse refuses the pages that a condition selects.
func refuse(err error, condition func(s *server, number, size int64, p *numbers) bool) change {
	return func(s *server, number, size int64, p *numbers) (*numbers, error) {
		if condition(s, number, size, p) {
			return nil, err
		}
		return p, nil
	}
}

// sameFor returns the first rows of the list for every page.
func sameFor(limit int) change {
	return func(_ *server, _, size int64, p *numbers) (*numbers, error) {
		return &numbers{list: pageOf(0, min(int(size), limit)-1, 0).list, total: p.total}, nil
	}
}
