package paging

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestStaticList lists from servers whose list does not change, of many lengths,
// behind all caps, with either way to compute offsets, twice each.
func TestStaticList(t *testing.T) {
	// Above two pages of any cap only the ends of pages differ.
	lengths := []int{108, 119, 120, 121, 125, 135, 147, 149, 150, 151, 160, 198, 199, 200, 201, 202, 249, 250, 251, 259}
	for length := range 102 {
		lengths = append(lengths, length)
	}
	for name, counts := range map[string]func(*server, int) *int64{"counted": exact, "not counted": noCount} {
		for _, offsets := range []bool{false, true} {
			for _, limit := range []int{0, 10, 20, 25, 27, 30, 40, 49, 50, 99, 100} {
				for _, length := range lengths {
					s := &server{length: length, limit: limit, offsets: offsets, counts: counts}
					known := new(atomic.Int64)
					for range 2 {
						s.requests, s.sizes = 0, nil
						p, outcome, err := s.list(known, 0)
						if err != nil || outcome != stable || p.Short() || len(p.Rows) != length {
							t.Fatalf("%s, limit %d, offsets by requested size %t: %d of %d rows, outcome %d, %v; page sizes %v",
								name, limit, offsets, len(p.Rows), length, outcome, err, s.sizes)
						}
						least := max(1, (length+LargestSize-1)/LargestSize)
						if isCapped := limit != 0 && limit != LargestSize; name == "counted" && !isCapped && s.requests > least+1 {
							t.Fatalf("%d rows: %d requests of page sizes %v, at least %d are needed", length, s.requests, s.sizes, least)
						}
					}
				}
			}
		}
	}
}

// TestList lists from servers that cap pages, refuse sizes, change their list
// once or always, or contradict themselves.
func TestList(t *testing.T) {
	bySize := func(refused func(size int64) bool) change {
		return refuse(ErrPageSize, func(_ *server, _, size int64, _ *numbers) bool { return refused(size) })
	}
	past := refuse(ErrPageNumber, func(_ *server, number, _ int64, p *numbers) bool { return number > 1 && len(p.list) == 0 })
	empty := func(p *numbers) { p.list = nil }
	shift := func(p *numbers) { p.list = p.list[1:] }
	for _, test := range []struct {
		name    string
		server  *server
		size    int64 // that the user chose
		rows    int
		outcome outcome
		short   bool
		repeats bool
		most    int // requests
	}{
		{"no rows", &server{}, 0, 0, stable, false, false, 1},
		{"no rows, no count", &server{counts: noCount}, 0, 0, stable, false, false, 1},
		{"one short page", &server{length: 7}, 0, 7, stable, false, false, 1},
		{"one full page", &server{length: 100}, 0, 100, stable, false, false, 2},
		{"a page of a usual cap may go on", &server{length: 10}, 0, 10, stable, false, false, 2},
		{"cap, last page short", &server{length: 95, limit: 30}, 0, 95, stable, false, false, 4},
		{"cap, last page full", &server{length: 60, limit: 30}, 0, 60, stable, false, false, 3},
		{"cap, offsets by requested size", &server{length: 250, limit: 30, offsets: true}, 0, 250, stable, false, false, 9},
		{"odd cap", &server{length: 95, limit: 25}, 0, 95, stable, false, false, 6},
		{"odd cap, no count", &server{length: 95, limit: 25, counts: noCount}, 0, 95, stable, false, false, 6},
		{"user's size above the cap", &server{length: 95, limit: 30, offsets: true}, 50, 95, stable, false, false, 4},
		{"user's size within the cap", &server{length: 95, limit: 30}, 20, 95, stable, false, false, 5},
		{"user's size below the smallest cap", &server{length: 12}, 7, 12, stable, false, false, 2},
		{"user's size below the smallest cap, first page short once", &server{length: 12, change: once(1, shift)}, 7, 12, stable, false, false, 4},

		{"count too low", &server{length: 95, limit: 30, counts: count(31)}, 0, 95, stable, false, false, 4},
		{"count of the page", &server{length: 95, limit: 30, counts: countOfPage}, 0, 95, stable, false, false, 4},
		{"rows hidden by permissions", &server{length: 45, counts: count(60)}, 0, 45, stable, true, false, 7},
		{"rows hidden behind a usual cap", &server{length: 30, counts: count(60)}, 0, 30, stable, true, false, 6},
		{"few rows hidden, small size", &server{length: 5, counts: count(20)}, 10, 5, stable, true, false, 4},
		{"count far too high", &server{length: 45, counts: count(2000)}, 0, 45, stable, true, false, 43},
		{"empty under a count", &server{counts: count(60)}, 0, 0, repeated, true, false, 2},

		{"page number ignored", &server{length: 60, counts: count(60), change: sameFor(30)}, 0, 30, repeated, true, true, 4},
		{"page number ignored, odd cap", &server{length: 60, counts: count(60), change: sameFor(25)}, 0, 20, repeated, true, true, 7},
		{"page number ignored, no count", &server{length: 60, counts: noCount, change: sameFor(30)}, 0, 30, repeated, false, true, 4},

		{"short page once", &server{length: 95, limit: 30, change: once(2, shift)}, 0, 95, stable, false, false, 8},
		{"first page short once", &server{length: 95, limit: 30, change: once(1, shift)}, 0, 95, stable, false, false, 7},
		{"last page short once", &server{length: 95, limit: 30, change: once(4, shift)}, 0, 95, stable, false, false, 10},
		{"last page empty once", &server{length: 95, limit: 30, change: once(4, empty)}, 0, 95, stable, false, false, 8},
		{"first page empty once", &server{length: 95, limit: 30, change: once(1, empty)}, 0, 95, stable, false, false, 6},
		{"first page empty always", &server{length: 95, limit: 30, change: onPage(1, func(_ *server, p *numbers) { p.list = nil })}, 30, 65, repeated, true, false, 8},
		{"a page that is always empty", &server{length: 95, limit: 30, change: onPage(2, func(_ *server, p *numbers) { p.list = nil })}, 0, 65, repeated, true, false, 8},
		{"row seen twice once", &server{length: 95, limit: 30, change: once(2, func(p *numbers) { p.list[0] = 29 })}, 0, 95, stable, false, false, 8},
		{"row seen twice always", &server{length: 95, limit: 30, change: onPage(2, func(_ *server, p *numbers) { p.list[0] = 29 })}, 0, 94, repeated, true, true, 8},
		{"count changes once", &server{length: 95, limit: 30, change: once(3, func(p *numbers) { *p.total = 94 })}, 0, 95, stable, false, false, 8},
		{"count higher once", &server{length: 95, limit: 30, change: once(3, func(p *numbers) { *p.total = 96 })}, 0, 95, stable, false, false, 8},
		{"state changes once", &server{length: 95, limit: 30, change: func(s *server, number, _ int64, p *numbers) (*numbers, error) {
			p.state = "b"
			if s.passes == 1 && number == 2 {
				p.state = "a"
			}
			return p, nil
		}}, 0, 95, stable, false, false, 8},
		{"state changes always", &server{length: 95, limit: 30, change: func(_ *server, number, _ int64, p *numbers) (*numbers, error) {
			p.state = fmt.Sprint(number)
			return p, nil
		}}, 0, 95, repeated, false, false, 8},
		{"state changes always, and in every pass", &server{length: 95, limit: 30, change: func(s *server, number, _ int64, p *numbers) (*numbers, error) {
			p.state = fmt.Sprint(s.passes, number)
			return p, nil
		}}, 0, 95, unstable, false, false, 20},
		{"rows change always", &server{length: 95, limit: 30, change: onPage(2, func(s *server, p *numbers) {
			p.list[0], p.list[1] = 1000+s.passes, 0
		})}, 0, 94, unstable, true, true, 20},
		{"rows change always, without a sign", &server{length: 40, counts: count(41), change: onPage(1, func(s *server, p *numbers) {
			p.list[0] = 1000 + s.passes
		})}, 30, 40, unstable, true, false, 15},

		{"number refused past the end", &server{length: 60, limit: 30, change: past}, 0, 60, stable, false, false, 3},
		{"number refused past the end, no count", &server{length: 60, limit: 30, counts: noCount, change: past}, 0, 60, stable, false, false, 3},
		{"number of the last page refused", &server{length: 95, limit: 30, change: refuse(ErrPageNumber, func(_ *server, number, _ int64, _ *numbers) bool {
			return number == 4
		})}, 0, 90, repeated, true, false, 8},
		{"number refused before the end", &server{length: 95, limit: 30, change: refuse(ErrPageNumber, func(_ *server, number, _ int64, _ *numbers) bool {
			return number > 2
		})}, 0, 60, repeated, true, false, 8},
		{"another count past the end", &server{length: 60, limit: 30, change: func(_ *server, number, _ int64, p *numbers) (*numbers, error) {
			if number > 2 {
				return &numbers{total: new(int64(0))}, nil
			}
			return p, nil
		}}, 0, 60, stable, false, false, 3},

		{"100 refused", &server{length: 95, change: bySize(func(size int64) bool { return size > 30 })}, 0, 95, stable, false, false, 5},
		{"100 refused, smaller cap", &server{length: 95, limit: 20, change: bySize(func(size int64) bool { return size > 30 })}, 0, 95, stable, false, false, 6},
		{"100 refused on page 2", &server{length: 250, change: refuse(ErrPageSize, func(_ *server, number, size int64, _ *numbers) bool {
			return number > 1 && size > 30
		})}, 0, 250, stable, false, false, 13},
		{"reduced size refused", &server{length: 20, change: bySize(func(size int64) bool { return size == 20 })}, 0, 20, stable, false, false, 3},
		{"every reduced size refused", &server{length: 27, counts: count(30), change: bySize(func(size int64) bool { return size < 100 })}, 0, 27, stable, true, false, 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := test.server
			p, outcome, err := s.list(new(atomic.Int64), test.size)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Rows) != test.rows || outcome != test.outcome || p.Short() != test.short || p.Repeats != test.repeats || s.requests > test.most {
				t.Errorf("%d rows, outcome %d, short %t, repeats %t, %d requests; want %d, %d, %t, %t, at most %d; page sizes %v",
					len(p.Rows), outcome, p.Short(), p.Repeats, s.requests, test.rows, test.outcome, test.short, test.repeats, test.most, s.sizes)
			}
		})
	}
}

// TestSigns adds pages of ten rows to a pass.
func TestSigns(t *testing.T) {
	in := func(state string, p *numbers) *numbers {
		p.state = state
		return p
	}
	for _, test := range []struct {
		name    string
		pages   []*numbers
		changed bool
		counted int64
		largest int64
	}{
		{"none", []*numbers{pageOf(1, 10, 15), pageOf(11, 15, 15)}, false, 15, 15},
		{"the count falls", []*numbers{pageOf(1, 10, 15), pageOf(11, 15, 14)}, true, 14, 15},
		{"the count rises", []*numbers{pageOf(1, 10, 15), pageOf(11, 15, 16)}, true, 16, 16},
		{"counts below the rows", []*numbers{pageOf(1, 10, 10), pageOf(11, 15, 5)}, false, 5, 10},
		{"no rows under a count", []*numbers{pageOf(1, 0, 15)}, true, 15, 15},
		{"a short page before another", []*numbers{pageOf(1, 9, 15), pageOf(10, 15, 15)}, true, 15, 15},
		{"an empty page before another", []*numbers{pageOf(1, 10, 25), pageOf(1, 0, 25), pageOf(11, 20, 25)}, true, 25, 25},
		{"an empty page at the end, with another count", []*numbers{pageOf(1, 10, 10), pageOf(1, 0, 0)}, false, 10, 10},
		{"a row again", []*numbers{pageOf(1, 10, 15), pageOf(10, 14, 15)}, true, 15, 15},
		{"the state changes and changes back", []*numbers{in("a", pageOf(1, 10, 25)), in("b", pageOf(11, 20, 25)), in("b", pageOf(21, 25, 25))}, true, 25, 25},
	} {
		p := &Pass[numbers]{size: 10, Rows: map[string]string{}, others: map[string]string{}}
		for _, page := range test.pages {
			p.add(page.page())
		}
		if p.Changed() != test.changed || *p.Counted != test.counted || p.Largest != test.largest {
			t.Errorf("%s: changed %t, counted %d, at most %d; want %t, %d, %d",
				test.name, p.Changed(), *p.Counted, p.Largest, test.changed, test.counted, test.largest)
		}
	}
}

// TestSizeIsRemembered reads twice. The second read must not learn what the
// first has learned, nor keep a size that did not help.
func TestSizeIsRemembered(t *testing.T) {
	for _, test := range []struct {
		name   string
		server *server
		known  int64 // before
		rows   int
		second int   // requests of the second read
		size   int64 // of its first page
	}{
		{"usual cap", &server{length: 95, limit: 30}, 0, 95, 4, 30},
		{"odd cap", &server{length: 95, limit: 27}, 0, 95, 5, 20},
		{"100 refused", &server{length: 95, change: refuse(ErrPageSize, func(_ *server, _, size int64, _ *numbers) bool { return size > 30 })}, 0, 95, 4, 30},
		{"nothing behind the cap", &server{length: 30}, 0, 30, 2, 100},
		{"nothing behind an odd cap", &server{length: 45, counts: count(60)}, 0, 45, 6, 100},
		{"remembered size refused", &server{length: 95, change: refuse(ErrPageSize, func(_ *server, _, size int64, _ *numbers) bool { return size == 20 })}, 20, 95, 4, 30},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, known := test.server, new(atomic.Int64)
			known.Store(test.known)
			for range 2 {
				s.requests, s.sizes = 0, nil
				if p, _, err := s.list(known, 0); err != nil || len(p.Rows) != test.rows {
					t.Fatalf("%v, %v", p, err)
				}
			}
			if s.requests > test.second || s.sizes[0] != test.size {
				t.Errorf("%d requests of page sizes %v, want %d from %d", s.requests, s.sizes, test.second, test.size)
			}
		})
	}
}

// TestRefused ends with the error of the server, after a number of requests that
// is small.
func TestRefused(t *testing.T) {
	other := errors.New("another error")
	all := func(*server, int64, int64, *numbers) bool { return true }
	later := func(_ *server, number, _ int64, _ *numbers) bool { return number > 1 }
	for _, test := range []struct {
		name   string
		server *server
		size   int64 // that the user chose
		err    error
		sizes  []int64
	}{
		{"every size", &server{length: 250, change: refuse(ErrPageSize, all)}, 0, ErrPageSize, []int64{100, 30}},
		{"the user's size", &server{length: 250, change: refuse(ErrPageSize, all)}, 100, ErrPageSize, []int64{100}},
		{"every size on page 2", &server{length: 250, counts: noCount, change: refuse(ErrPageSize, later)}, 0, ErrPageSize, []int64{100, 100, 30, 30}},
		{"the user's size on page 2", &server{length: 250, counts: noCount, change: refuse(ErrPageSize, later)}, 100, ErrPageSize, []int64{100, 100}},
		{"every size on page 2, behind a cap", &server{length: 120, limit: 50, change: refuse(ErrPageSize, later)}, 0, ErrPageSize, nil},
		{"a reduced size that helps", &server{length: 95, limit: 25, counts: exact, change: refuse(ErrPageSize, func(_ *server, number, size int64, _ *numbers) bool {
			return size == 20 && number == 5
		})}, 0, ErrPageSize, nil},
		{"the number of page 1", &server{length: 250, change: refuse(ErrPageNumber, all)}, 0, ErrPageNumber, []int64{100}},
		{"another error", &server{length: 250, change: refuse(other, all)}, 0, other, []int64{100}},
		{"another error on page 2", &server{length: 250, counts: noCount, change: refuse(other, later)}, 0, other, []int64{100, 100}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := test.server
			inner := s.change
			s.change = func(s *server, number, size int64, p *numbers) (*numbers, error) {
				if s.requests > 100 {
					return nil, errors.New("requested again and again")
				}
				return inner(s, number, size, p)
			}
			known := new(atomic.Int64)
			if _, _, err := s.list(known, test.size); !errors.Is(err, test.err) || test.sizes != nil && !slices.Equal(s.sizes, test.sizes) || known.Load()%SafeSize != 0 {
				t.Errorf("%v after requests of %v, want %v; %d is remembered", err, s.sizes, test.sizes, known.Load())
			}
		})
	}
}

// TestUsersSizeIsNotRemembered reads with sizes that a user chose, one of which
// is capped.
func TestUsersSizeIsNotRemembered(t *testing.T) {
	for _, size := range []int64{10, 50} {
		s, known := &server{length: 95, limit: 30}, new(atomic.Int64)
		if p, _, err := s.list(known, size); err != nil || len(p.Rows) != 95 || known.Load() != 0 {
			t.Errorf("%v, %v, %d is remembered", p, err, known.Load())
		}
	}
}

// TestComplete needs no page after a first one that has all rows there can be,
// even if the count is another.
func TestComplete(t *testing.T) {
	for _, length := range []int{10, 45, 100} {
		for _, total := range []int64{3, 10, 200} {
			s := &server{length: length, counts: count(total)}
			reader := Reader[numbers]{Fetch: paged(s.fetch), Known: new(atomic.Int64), Complete: func(p numbers) bool { return len(p.list) == length }}
			if p, outcome, err := list(t.Context(), &reader); err != nil || outcome != stable || p.Short() || len(p.Rows) != length || s.requests != 1 {
				t.Errorf("%d rows, count %d: outcome %d, %v after %d requests", length, total, outcome, err, s.requests)
			}
		}
	}
}

// TestCountsOthers has a count of rows and others, of which there is one.
func TestCountsOthers(t *testing.T) {
	for total, want := range map[int64]bool{44: false, 45: false, 46: false, 47: true} {
		s := &server{length: 45, counts: count(total), change: func(_ *server, _, _ int64, p *numbers) (*numbers, error) {
			p.state = "one"
			return p, nil
		}}
		reader := Reader[numbers]{Fetch: paged(s.fetch), Known: new(atomic.Int64), CountsOthers: true}
		if p, outcome, err := list(t.Context(), &reader); err != nil || outcome != stable || p.Short() != want {
			t.Errorf("count %d: short %t, outcome %d, %v", total, p.Short(), outcome, err)
		}
	}
}

// TestFirstIsRequestedOnce polls a page and reads the others later.
func TestFirstIsRequestedOnce(t *testing.T) {
	for limit, want := range map[int][]int64{0: {100}, 30: {100, 30, 30, 30}, 25: {100, 20, 20, 20, 20, 20}} {
		s := &server{length: 95, limit: limit}
		reader := Reader[numbers]{Fetch: paged(s.fetch), Known: new(atomic.Int64)}
		if _, err := reader.First(t.Context()); err != nil || s.requests != 1 {
			t.Fatalf("%d requests, %v", s.requests, err)
		}
		if p, _, err := reader.List(t.Context()); err != nil || len(p.Rows) != 95 || !slices.Equal(s.sizes, want) {
			t.Errorf("limit %d: %v after requests of %v, want %v", limit, err, s.sizes, want)
		}
	}
}

// TestPassesAreCompared has a first page with other rows the first time, as many
// as it should have, under a count that is too high.
func TestPassesAreCompared(t *testing.T) {
	s := &server{length: 95, limit: 30, counts: count(96), change: once(1, func(p *numbers) {
		for i := range p.list {
			p.list[i] += 1000
		}
	})}
	p, outcome, err := s.list(new(atomic.Int64), 0)
	if err != nil || outcome != stable || len(p.Rows) != 95 {
		t.Fatalf("%d rows, outcome %d, %v", len(p.Rows), outcome, err)
	}
	if _, found := p.Rows["1000"]; found {
		t.Error("the rows of the first response for page 1 are in the list")
	}
}

// TestPagesOfTheLastPass are those of a list that keeps changing: they are its
// best known state.
func TestPagesOfTheLastPass(t *testing.T) {
	s := &server{length: 60, change: onPage(1, func(s *server, p *numbers) { p.state = fmt.Sprint(s.passes) })}
	s.counts = func(s *server, _ int) *int64 { return new(int64(61 + s.requests)) }
	p, outcome, err := s.list(new(atomic.Int64), 30)
	if err != nil || outcome != unstable || len(p.Pages) < 2 || p.Pages[0].state != fmt.Sprint(s.passes) || s.passes != 5 {
		t.Errorf("%+v, outcome %d, %v after %d passes", p, outcome, err, s.passes)
	}
}

// TestRandomServer lists from servers that return and refuse anything. Each read
// ends, and one that is stable has each row of each page of its last pass.
func TestRandomServer(t *testing.T) {
	for seed := range uint64(5000) {
		random := rand.New(rand.NewPCG(seed, 0))
		chaos := random.IntN(40) // in 100
		s := &server{length: random.IntN(150), limit: []int{0, 7, 20, 25, 50}[random.IntN(5)], offsets: random.IntN(2) == 0}
		s.counts = []func(*server, int) *int64{exact, noCount, countOfPage, count(random.Int64N(200))}[random.IntN(4)]
		s.change = func(_ *server, _, _ int64, p *numbers) (*numbers, error) {
			switch fault := random.IntN(5); {
			case random.IntN(100) >= chaos:
			case fault == 0:
				return nil, ErrPageSize
			case fault == 1:
				return nil, ErrPageNumber
			case fault == 2:
				p.list = nil
			case fault == 3 && len(p.list) > 0:
				p.list = p.list[random.IntN(len(p.list)):]
			default:
				p.total = new(random.Int64N(200))
			}
			return p, nil
		}
		p, outcome, err := s.list(new(atomic.Int64), []int64{0, 10, 100}[random.IntN(3)])
		if s.requests > 200 {
			t.Fatalf("seed %d: %d requests of %v", seed, s.requests, s.sizes)
		}
		if err != nil || outcome == unstable {
			continue
		}
		rows := map[int]bool{}
		for _, page := range p.Pages {
			for _, n := range page.list {
				rows[n] = true
			}
		}
		if len(rows) != len(p.Rows) {
			t.Errorf("seed %d: %d rows on the pages of %d", seed, len(rows), len(p.Rows))
		}
	}
}

// TestErrorOfAPageEndsTheOthers fails page 2 while the pages after it hang.
func TestErrorOfAPageEndsTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failure := errors.New("page 2")
		var started, hanging atomic.Int32
		reader := Reader[numbers]{Known: new(atomic.Int64), Fetch: paged(func(ctx context.Context, number, _ int64) (*numbers, error) {
			switch number {
			case 1:
				return pageOf(1, 100, 1000), nil
			case 2:
				synctest.Wait() // Until the others are on the way.
				return nil, failure
			}
			started.Add(1)
			hanging.Add(1)
			defer hanging.Add(-1)
			<-ctx.Done()
			return nil, context.Cause(ctx)
		})}
		start := time.Now()
		if _, _, err := reader.List(t.Context()); !errors.Is(err, failure) || time.Since(start) != 0 {
			t.Errorf("%v after %s", err, time.Since(start))
		}
		if started.Load() != 8 || hanging.Load() != 0 {
			t.Errorf("%d other pages were requested ahead, %d are still being read", started.Load(), hanging.Load())
		}
	})
}

// TestPagesAreReadAhead lists 600 pages of a slow server in little more than
// 600/64 times the time of one page.
func TestPagesAreReadAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{length: 60_000}
		var now, most atomic.Int32
		reader := Reader[numbers]{Known: new(atomic.Int64), Fetch: paged(func(ctx context.Context, number, size int64) (*numbers, error) {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			defer now.Add(-1)
			time.Sleep(time.Second)
			return s.fetch(ctx, number, size)
		})}
		start := time.Now()
		p, outcome, err := list(t.Context(), &reader)
		if took := time.Since(start); err != nil || outcome != stable || len(p.Rows) != s.length || took > 16*time.Second || most.Load() > 64 || s.requests > 601 {
			t.Errorf("%d rows in %s, %d requests, at most %d at once, outcome %d, %v", len(p.Rows), took, s.requests, most.Load(), outcome, err)
		}
	})
}
