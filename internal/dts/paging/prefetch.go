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

// prefetch returns a function that returns page 2 and those after it in order,
// and requests pages before they are needed; promised is the last page that is
// worth requesting early. Page 1 is read alone, because the count is on it. The
// caller must call stop, which ends the requests that are still on the way.
func prefetch[P any](ctx context.Context, fetch func(ctx context.Context, number int64) (P, error)) (
	next func(promised int64) (P, error), stop func(),
) {
	type fetched struct {
		page P
		err  error
	}
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	var requested []chan fetched // from the next page on
	number := int64(1)
	next = func(promised int64) (P, error) {
		number++
		for last := max(number, min(promised, number+pagesAhead(number)-1)); number+int64(len(requested)) <= last; {
			ahead, result := number+int64(len(requested)), make(chan fetched, 1)
			requested = append(requested, result)
			group.Go(func() {
				page, err := fetch(ctx, ahead)
				result <- fetched{page, err}
			})
		}
		got := <-requested[0]
		requested = requested[1:]
		return got.page, got.err
	}
	return next, func() {
		cancel()
		group.Wait()
	}
}
