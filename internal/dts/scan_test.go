package dts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// listPage is a page of a list of numbers.
type listPage struct {
	numbers []int
	total   *int64
	state   string
	empty   bool // says nothing at all
}

func (p *listPage) rows() []row {
	rows := make([]row, len(p.numbers))
	for i, n := range p.numbers {
		rows[i].key = fmt.Sprint(n)
	}
	return rows
}

func (p *listPage) others() []row {
	if p.state == "" {
		return nil
	}
	return []row{{"state", p.state}}
}

func (p *listPage) count() *int64 { return p.total }

func (p *listPage) blank() bool { return p.empty }

// listServer is a server with a list of numbers from 0, as documents allow it
// to be.
type listServer struct {
	length   int  // of the list
	limit    int  // largest page, whatever was requested; 0: none
	offsets  bool // whether offsets follow from the requested size, not the limit
	refuses  func(size int64) bool
	counts   func(s *listServer, rows int) *int64
	answer   func(s *listServer, number, size int64, p *listPage) (*listPage, error) // changes a page
	requests int
	sizes    []int64
	passes   int // requests for page 1
}

func exact(s *listServer, _ int) *int64     { return new(int64(s.length)) }
func noCount(*listServer, int) *int64       { return nil }
func pageCount(_ *listServer, r int) *int64 { return new(int64(r)) }

func counted(n int64) func(*listServer, int) *int64 {
	return func(*listServer, int) *int64 { return &n }
}

func refused(parameter string) error {
	return &rpc.Error{Code: "InvalidParameter", Message: "The parameter " + parameter + " is not valid."}
}

func (s *listServer) fetch(_ context.Context, number, size int64) (*listPage, error) {
	s.requests++
	s.sizes = append(s.sizes, size)
	if number == 1 {
		s.passes++
	}
	if s.refuses != nil && s.refuses(size) {
		return nil, refused("PageSize")
	}
	rows := int(size)
	if s.limit > 0 {
		rows = min(rows, s.limit)
	}
	offset := (int(number) - 1) * rows
	if s.offsets {
		offset = (int(number) - 1) * int(size)
	}
	p := &listPage{}
	for n := offset; n < min(offset+rows, s.length); n++ {
		p.numbers = append(p.numbers, n)
	}
	counts := s.counts
	if counts == nil {
		counts = exact
	}
	p.total = counts(s, len(p.numbers))
	if s.answer != nil {
		return s.answer(s, number, size, p)
	}
	return p, nil
}

// list scans a server one page at a time, so that it needs no lock.
func (s *listServer) list(sizes *pageSizes, requested int64) (*pass[*listPage], outcome, error) {
	scan := scanner[listPage, *listPage]{fetch: s.serially(), sizes: sizes, requested: requested}
	return scan.scan(context.Background())
}

func (s *listServer) serially() func(context.Context, int64, int64) (*listPage, error) {
	turn := make(chan struct{}, 1)
	return func(ctx context.Context, number, size int64) (*listPage, error) {
		turn <- struct{}{}
		defer func() { <-turn }()
		return s.fetch(ctx, number, size)
	}
}

// TestStaticList lists from servers whose list does not change, of many
// lengths, behind all caps, with either way to compute offsets. A second read
// profits from what the first has learned.
func TestStaticList(t *testing.T) {
	for name, counts := range map[string]func(*listServer, int) *int64{"counted": exact, "not counted": noCount} {
		for _, offsets := range []bool{false, true} {
			for _, limit := range []int{0, 10, 20, 25, 27, 30, 40, 49, 50, 99, 100} {
				for length := range 260 {
					s := &listServer{length: length, limit: limit, offsets: offsets, counts: counts}
					sizes := newPageSizes()
					for range 2 {
						p, how, err := s.list(sizes, 0)
						if err != nil || how != stable || len(p.seen) != length {
							t.Fatalf("%s, limit %d, offsets by requested size %t: %d of %d rows, outcome %d, %v; page sizes %v",
								name, limit, offsets, len(p.seen), length, how, err, s.sizes)
						}
					}
				}
			}
		}
	}
}

// TestChangingList lists from servers whose list changes once, or always, while
// it is read, and from servers that contradict themselves.
func TestChangingList(t *testing.T) {
	onPage := func(number int64, change func(s *listServer, p *listPage)) func(*listServer, int64, int64, *listPage) (*listPage, error) {
		return func(s *listServer, n, _ int64, p *listPage) (*listPage, error) {
			if n == number {
				change(s, p)
			}
			return p, nil
		}
	}
	once := func(number int64, change func(p *listPage)) func(*listServer, int64, int64, *listPage) (*listPage, error) {
		changed := false
		return onPage(number, func(_ *listServer, p *listPage) {
			if !changed {
				changed = true
				change(p)
			}
		})
	}
	past := func(response *listPage, err error) func(*listServer, int64, int64, *listPage) (*listPage, error) {
		return func(_ *listServer, number, _ int64, p *listPage) (*listPage, error) {
			if number > 1 && len(p.numbers) == 0 {
				return response, err
			}
			return p, nil
		}
	}
	hide := func(_ *listServer, _, _ int64, p *listPage) (*listPage, error) {
		p.numbers = slices.DeleteFunc(p.numbers, func(n int) bool { return n%13 == 0 })
		return p, nil
	}
	shift := func(p *listPage) { p.numbers = p.numbers[1:] }
	for _, test := range []struct {
		name    string
		server  listServer
		size    int64 // requested by the user
		rows    int
		outcome outcome
		passes  int
		most    int // requests
	}{
		{"no rows", listServer{}, 0, 0, stable, 1, 1},
		{"no rows, no count", listServer{counts: noCount}, 0, 0, stable, 1, 1},
		{"one short page", listServer{length: 7}, 0, 7, stable, 1, 1},
		{"one full page", listServer{length: 100}, 0, 100, stable, 1, 2},
		{"a page of a usual cap may go on", listServer{length: 10}, 0, 10, stable, 1, 2},
		{"cap, last page short", listServer{length: 95, limit: 30}, 0, 95, stable, 1, 4},
		{"cap, last page full", listServer{length: 60, limit: 30}, 0, 60, stable, 1, 3},
		{"cap by requested size, as found", listServer{length: 250, limit: 30, offsets: true}, 0, 250, stable, 1, 9},
		{"odd cap", listServer{length: 95, limit: 25}, 0, 95, stable, 2, 6},
		{"user's size above the cap", listServer{length: 95, limit: 30, offsets: true}, 50, 95, stable, 1, 4},
		{"user's size within the cap", listServer{length: 95, limit: 30}, 20, 95, stable, 1, 5},
		{"count too low", listServer{length: 95, limit: 30, counts: counted(31)}, 0, 95, stable, 1, 4},
		{"count of the page", listServer{length: 95, limit: 30, counts: pageCount}, 0, 95, repeated, 2, 8},
		{"rows hidden by permissions", listServer{length: 45, counts: counted(60)}, 0, 45, stable, 2, 7},
		{"rows hidden behind a usual cap", listServer{length: 30, counts: counted(60)}, 0, 30, stable, 2, 6},
		{"rows hidden, no count", listServer{length: 45, counts: noCount, answer: hide}, 0, 41, stable, 3, 3},
		{"count far too high", listServer{length: 45, counts: counted(2000)}, 0, 45, stable, 2, 30},
		{"page number ignored", listServer{length: 60, counts: counted(60), answer: func(_ *listServer, _, size int64, p *listPage) (*listPage, error) {
			p.numbers = nil
			for n := range min(int(size), 30) {
				p.numbers = append(p.numbers, n)
			}
			return p, nil
		}}, 0, 30, repeated, 2, 4},
		{"page number ignored, odd cap", listServer{length: 60, counts: counted(60), answer: func(_ *listServer, _, size int64, p *listPage) (*listPage, error) {
			p.numbers = nil
			for n := range min(int(size), 25) {
				p.numbers = append(p.numbers, n)
			}
			return p, nil
		}}, 0, 20, repeated, 3, 7},
		{"short page once", listServer{length: 95, limit: 30, answer: once(2, shift)}, 0, 95, stable, 2, 8},
		{"first page short once", listServer{length: 95, limit: 30, answer: once(1, shift)}, 0, 95, stable, 2, 7},
		{"last page short once", listServer{length: 95, limit: 30, answer: once(4, shift)}, 0, 95, stable, 2, 10},
		{"last page empty once", listServer{length: 95, limit: 30, answer: once(4, func(p *listPage) { p.numbers = nil })}, 0, 95, stable, 2, 12},
		{"first page empty once", listServer{length: 95, limit: 30, answer: once(1, func(p *listPage) { p.numbers = nil })}, 0, 95, stable, 2, 6},
		{"blank page once", listServer{length: 95, limit: 30, answer: once(3, func(p *listPage) { *p = listPage{empty: true} })}, 0, 95, stable, 1, 5},
		{"last page blank once", listServer{length: 95, limit: 30, answer: once(4, func(p *listPage) { *p = listPage{empty: true} })}, 0, 95, stable, 1, 5},
		{"a page that is always empty", listServer{length: 95, limit: 30, answer: onPage(2, func(_ *listServer, p *listPage) { p.numbers = nil })}, 0, 65, repeated, 2, 8},
		{"row seen twice once", listServer{length: 95, limit: 30, answer: once(2, func(p *listPage) { p.numbers[0] = 29 })}, 0, 95, stable, 2, 8},
		{"count changes once", listServer{length: 95, limit: 30, answer: once(3, func(p *listPage) { p.total = new(int64(94)) })}, 0, 95, stable, 2, 8},
		{"state changes once", listServer{length: 95, limit: 30, answer: func(s *listServer, number, _ int64, p *listPage) (*listPage, error) {
			p.state = "b"
			if s.passes == 1 && number == 2 {
				p.state = "a"
			}
			return p, nil
		}}, 0, 95, stable, 2, 8},
		{"state changes always", listServer{length: 95, limit: 30, answer: func(_ *listServer, number, _ int64, p *listPage) (*listPage, error) {
			p.state = fmt.Sprint(number)
			return p, nil
		}}, 0, 95, repeated, 2, 8},
		{"state changes always, and in every pass", listServer{length: 95, limit: 30, answer: func(s *listServer, number, _ int64, p *listPage) (*listPage, error) {
			p.state = fmt.Sprint(s.passes, number)
			return p, nil
		}}, 0, 95, unstable, 5, 20},
		{"rows change always", listServer{length: 95, limit: 30, answer: onPage(2, func(s *listServer, p *listPage) { p.numbers[0] = 1000 + s.passes; p.numbers[1] = 0 })}, 0, 94, unstable, 5, 20},
		{"empty under a count", listServer{counts: counted(60)}, 0, 0, repeated, 2, 4},
		{"error past the end", listServer{length: 60, limit: 30, answer: past(nil, refused("PageNumber"))}, 0, 60, stable, 1, 3},
		{"error past the end, other name", listServer{length: 60, limit: 30, answer: past(nil, refused("PageNo"))}, 0, 60, stable, 1, 3},
		{"error before the end", listServer{length: 95, limit: 30, answer: func(_ *listServer, number, _ int64, p *listPage) (*listPage, error) {
			if number > 2 {
				return nil, refused("PageNumber")
			}
			return p, nil
		}}, 0, 60, repeated, 2, 8},
		{"blank past the end", listServer{length: 60, limit: 30, answer: past(&listPage{empty: true}, nil)}, 0, 60, stable, 1, 3},
		{"another count past the end", listServer{length: 60, limit: 30, answer: past(&listPage{total: new(int64(0))}, nil)}, 0, 60, stable, 1, 3},
		{"100 refused", listServer{length: 95, refuses: func(size int64) bool { return size > 30 }}, 0, 95, stable, 2, 5},
		{"100 refused on page 2", listServer{length: 250, answer: func(_ *listServer, number, size int64, p *listPage) (*listPage, error) {
			if number > 1 && size > 30 {
				return nil, refused("PageSize")
			}
			return p, nil
		}}, 0, 250, stable, 2, 13},
		{"reduced size refused", listServer{length: 20, refuses: func(size int64) bool { return size == 20 }}, 0, 20, stable, 2, 3},
		{"every reduced size refused", listServer{length: 27, counts: noCount, refuses: func(size int64) bool { return size < 100 }}, 0, 27, stable, 3, 3},
		{"reduced size of a restart refused", listServer{length: 27, counts: noCount, refuses: func(size int64) bool { return size == 20 }}, 0, 27, stable, 3, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := test.server
			p, how, err := s.list(newPageSizes(), test.size)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.seen) != test.rows || how != test.outcome || s.passes > test.passes+1 || s.requests > test.most {
				t.Errorf("%d rows, outcome %d, %d times page 1, %d requests; want %d, %d, %d, at most %d; page sizes %v",
					len(p.seen), how, s.passes, s.requests, test.rows, test.outcome, test.passes, test.most, s.sizes)
			}
		})
	}
}

// TestPageSizesAreRemembered reads twice and counts the requests of the second
// read, which must not learn again what the first learned.
func TestPageSizesAreRemembered(t *testing.T) {
	for _, test := range []struct {
		name   string
		server listServer
		second int   // requests of the second read
		size   int64 // of its first page
	}{
		{"usual cap", listServer{length: 95, limit: 30}, 4, 30},
		{"odd cap", listServer{length: 95, limit: 27}, 5, 20},
		{"refused", listServer{length: 95, refuses: func(size int64) bool { return size > 30 }}, 4, 30},
		{"nothing behind the cap", listServer{length: 30}, 2, 100},
		{"vain restart", listServer{length: 45, counts: counted(60)}, 2, 100},
	} {
		s := test.server
		sizes := newPageSizes()
		for range 2 {
			s.requests, s.sizes = 0, nil
			if p, _, err := s.list(sizes, 0); err != nil || len(p.seen) != s.length {
				t.Fatalf("%s: %v", test.name, err)
			}
		}
		if s.requests != test.second || s.sizes[0] != test.size {
			t.Errorf("%s: %d requests of page sizes %v, want %d from %d", test.name, s.requests, s.sizes, test.second, test.size)
		}
	}
}

// TestPagesAreComparedWhenTheCountIsHigher has a first page with other rows the
// first time, as many as it should have.
func TestPagesAreComparedWhenTheCountIsHigher(t *testing.T) {
	wrong := true
	s := &listServer{length: 95, limit: 30, counts: counted(96), answer: func(_ *listServer, number, _ int64, p *listPage) (*listPage, error) {
		if number == 1 && wrong {
			wrong = false
			for i := range p.numbers {
				p.numbers[i] += 1000
			}
		}
		return p, nil
	}}
	p, how, err := s.list(newPageSizes(), 0)
	if err != nil || how != stable || len(p.seen) != 95 {
		t.Fatalf("%d rows, outcome %d, %v", len(p.seen), how, err)
	}
	if _, found := p.seen["1000"]; found {
		t.Error("the rows of the first response for page 1 are in the list")
	}
}

// TestPageSizeRefusedForALaterPage refuses what there is no smaller size for.
func TestPageSizeRefusedForALaterPage(t *testing.T) {
	for requested, want := range map[int64][]int64{
		0:   {100, 100, 30, 30}, // Every document allows 30.
		100: {100, 100},         // The user chose it.
	} {
		s := &listServer{length: 250, answer: func(s *listServer, number, _ int64, p *listPage) (*listPage, error) {
			switch {
			case s.requests > 100:
				return nil, errors.New("the server is requested again and again")
			case number > 1:
				return nil, refused("PageSize")
			}
			return p, nil
		}}
		// One page ahead only: of the others it is not known which are requested.
		s.counts = noCount
		if _, _, err := s.list(newPageSizes(), requested); !refusesPageSize(err) || !slices.Equal(s.sizes, want) {
			t.Errorf("page size %d: %v after requests of %v, want %v", requested, err, s.sizes, want)
		}
	}
}

// TestErrorOfAPageEndsTheOthers fails page 2 while the pages after it hang.
func TestErrorOfAPageEndsTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failure := errors.New("page 2")
		var hanging atomic.Int32
		s := scanner[listPage, *listPage]{sizes: newPageSizes(), fetch: func(ctx context.Context, number, _ int64) (*listPage, error) {
			switch number {
			case 1:
				return pageOf(1, 100, 1000), nil
			case 2:
				synctest.Wait() // Until the others are on the way.
				return nil, failure
			}
			hanging.Add(1)
			defer hanging.Add(-1)
			<-ctx.Done()
			return nil, context.Cause(ctx)
		}}
		start := time.Now()
		if _, _, err := s.scan(t.Context()); !errors.Is(err, failure) || time.Since(start) != 0 {
			t.Errorf("%v after %s", err, time.Since(start))
		}
		if hanging.Load() != 0 {
			t.Errorf("%d pages are still being read", hanging.Load())
		}
	})
}

// TestReducedSizeIsSmaller restarts no read with the page size that it has.
func TestReducedSizeIsSmaller(t *testing.T) {
	for _, requested := range []int64{1, 10, 20, 30, 50, 100} {
		for rows := range requested {
			if size, _ := reducedSize(rows, requested, nil); size >= requested {
				t.Errorf("%d rows of %d requested: %d", rows, requested, size)
			}
		}
	}
}

// TestPageSizeKnownLetsReadsGoOn has three first reads at once: when one has
// learned that 100 is refused, all of them read page 1 at the same time.
func TestPageSizeKnownLetsReadsGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sizes := newPageSizes()
		var tries atomic.Int32
		var reading, group sync.WaitGroup
		reading.Add(3)
		start := time.Now()
		for range 3 {
			group.Go(func() {
				size, err := sizes.request(t.Context(), func(size int64) error {
					if size > safePageSize {
						tries.Add(1)
						synctest.Wait() // Until the others wait for what comes of it.
						return refused("PageSize")
					}
					reading.Done()
					reading.Wait()
					return nil
				})
				if size != safePageSize || err != nil {
					t.Errorf("page size %d, %v", size, err)
				}
			})
		}
		group.Wait()
		if tries.Load() != 1 || time.Since(start) != 0 {
			t.Errorf("%d reads tried a page size of 100, within %s", tries.Load(), time.Since(start))
		}
	})
}
