package dts

import (
	"context"
	"sync"
)

// pagesAhead is how many pages are asked for before the one that is needed
// next. The rate decides how many of them are on the way at a time; slow
// answers need more on the way.
const pagesAhead = 64

// ahead reads pages before they are needed and gives them in order.
type ahead struct {
	context context.Context //nolint:containedctx // It is that of one reading.
	cancel  context.CancelFunc
	read    func(context.Context, int64) (*jobPage, error)
	group   sync.WaitGroup
	pages   map[int64]chan pageOrError
	next    int64 // the first page that was not asked for yet
}

type pageOrError struct {
	page *jobPage
	err  error
}

// readAhead reads from page 2 on; the first is read alone, since it tells how
// many there are. Whoever calls it must call stop.
func readAhead(ctx context.Context, read func(context.Context, int64) (*jobPage, error)) *ahead {
	ctx, cancel := context.WithCancel(ctx)
	return &ahead{context: ctx, cancel: cancel, read: read, pages: map[int64]chan pageOrError{}, next: 2}
}

// page returns a page, last being the last one worth reading ahead.
func (a *ahead) page(number, last int64) (*jobPage, error) {
	for ; a.next <= max(number, min(last, number+pagesAhead-1)); a.next++ {
		a.start(a.next)
	}
	answer := <-a.pages[number]
	delete(a.pages, number)
	return answer.page, answer.err
}

func (a *ahead) start(number int64) {
	answer := make(chan pageOrError, 1)
	a.pages[number] = answer
	a.group.Go(func() {
		page, err := a.read(a.context, number)
		answer <- pageOrError{page, err}
	})
}

// stop ends what is still being read.
func (a *ahead) stop() {
	a.cancel()
	a.group.Wait()
}
