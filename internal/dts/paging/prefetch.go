package paging

import (
	"context"
	"sync"
)

// pagesAhead is how many pages are requested before a page is needed, that one
// included. The rate decides how many of them are on the way at a time; slow
// responses need more on the way. At first there are fewer, because the count
// may promise far too many.
func pagesAhead(number int64) int64 { return min(10*number, 64) }

// prefetcher reads pages before they are needed and returns them in order.
type prefetcher[P any] struct {
	context context.Context //nolint:containedctx // It is that of one pass.
	cancel  context.CancelFunc
	fetch   func(ctx context.Context, number int64) (P, error)
	group   sync.WaitGroup
	pages   map[int64]chan fetched[P]
	next    int64 // the first page that was not requested yet
}

type fetched[P any] struct {
	page P
	err  error
}

// prefetch reads from page 2 on; the first is read alone, because the
// count is on it. The caller must call stop.
func prefetch[P any](ctx context.Context, fetch func(ctx context.Context, number int64) (P, error)) *prefetcher[P] {
	ctx, cancel := context.WithCancel(ctx)
	return &prefetcher[P]{context: ctx, cancel: cancel, fetch: fetch, pages: map[int64]chan fetched[P]{}, next: 2}
}

// page returns a page; promised is the last one that is worth requesting before
// it is needed.
func (f *prefetcher[P]) page(number, promised int64) (P, error) {
	for ; f.next <= max(number, min(promised, number+pagesAhead(number)-1)); f.next++ {
		f.start(f.next)
	}
	got := <-f.pages[number]
	delete(f.pages, number)
	return got.page, got.err
}

func (f *prefetcher[P]) start(number int64) {
	got := make(chan fetched[P], 1)
	f.pages[number] = got
	f.group.Go(func() {
		page, err := f.fetch(f.context, number)
		got <- fetched[P]{page, err}
	})
}

// stop ends what is still being read.
func (f *prefetcher[P]) stop() {
	f.cancel()
	f.group.Wait()
}
