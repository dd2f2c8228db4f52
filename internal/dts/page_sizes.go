package dts

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// safePageSize is the page size that every document allows.
const safePageSize = 30

// trialPatience is how long a read waits for what another one learns.
const trialPatience = time.Second

// usualCaps are the page sizes that a document names below [MaxPageSize]: a
// server that caps pages silently is likely to cap them at one of these.
var usualCaps = []int64{10, 20, 30, 50}

// reducedSize returns the page size to continue with after a first page of
// some rows, 0 if it does not look capped. A list of exactly as many rows as a
// usual cap may go on after them. With another number of rows the list has to
// be read again from the start.
func reducedSize(rows, requested int64, count *int64) (size int64, restart bool) {
	if rows == 0 || rows >= requested {
		return 0, false
	}
	if slices.Contains(usualCaps, rows) {
		return rows, false
	}
	if count != nil && *count <= rows {
		return 0, false
	}
	size = usualCaps[0]
	for _, usual := range usualCaps {
		if usual <= rows {
			size = usual
		}
	}
	if size >= requested {
		return 0, false
	}
	return size, true
}

// pageSizes remembers which page size an operation accepts in a region.
type pageSizes struct {
	trial chan struct{} // holds one token while the largest size is tried
	size  atomic.Int64  // 0: not known yet
	// vain tells that a restart with a smaller size brought nothing new.
	vain atomic.Bool
}

func newPageSizes() *pageSizes { return &pageSizes{trial: make(chan struct{}, 1)} }

// request requests a first page with the largest size that is accepted, and
// returns that size.
func (s *pageSizes) request(ctx context.Context, fetch func(size int64) error) (int64, error) {
	release, err := s.turn(ctx)
	if err != nil {
		return 0, err
	}
	defer release()
	size := cmp.Or(s.size.Load(), api.MaxPageSize)
	err = fetch(size)
	if s.refused(size, err) {
		release()
		return safePageSize, fetch(safePageSize)
	}
	if err == nil {
		s.size.CompareAndSwap(0, size)
	}
	return size, err
}

// turn lets one read at a time try the largest size while nothing is known, so
// that the others need not learn the same. They do not wait long: of an endpoint
// that is down, they would all have to learn it one after the other.
func (s *pageSizes) turn(ctx context.Context) (release func(), err error) {
	if s.size.Load() != 0 {
		return func() {}, nil
	}
	select {
	case s.trial <- struct{}{}:
	case <-time.After(trialPatience):
		return func() {}, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	release = sync.OnceFunc(func() { <-s.trial })
	if s.size.Load() != 0 {
		release()
	}
	return release, nil
}

// refused remembers that the largest size is not accepted, if that is what an
// error tells.
func (s *pageSizes) refused(size int64, err error) bool {
	refused := size == api.MaxPageSize && refusesPageSize(err)
	if refused {
		s.size.Store(safePageSize)
	}
	return refused
}
