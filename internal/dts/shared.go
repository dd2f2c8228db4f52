package dts

import (
	"context"
	"fmt"
	"sync"
)

// shared lets identical reads that are under way at the same moment share one
// listing, as data sources of several modules often are.
type shared struct {
	mu      sync.Mutex
	flights map[string]*flight
}

// flight is a listing under way.
type flight struct {
	cancel  context.CancelFunc
	waiting int
	done    chan struct{}
	listing Listing
	err     error
}

// list reads for a query, or waits for a read of the same one. The read goes
// on as long as anybody waits for it.
func (s *shared) list(ctx context.Context, q JobsQuery, read func(context.Context) (Listing, error)) (Listing, error) {
	key := fmt.Sprintf("%#v", q)
	f := s.join(ctx, key, read)
	select {
	case <-f.done:
		return f.listing, f.err
	case <-ctx.Done():
		if s.leave(key, f) {
			<-f.done // It was cancelled, and says where it was.
			return f.listing, f.err
		}
		return Listing{}, context.Cause(ctx)
	}
}

// join takes part in a flight, the caller's own if there is none yet.
func (s *shared) join(ctx context.Context, key string, read func(context.Context) (Listing, error)) *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f, under := s.flights[key]; under {
		f.waiting++
		return f
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &flight{cancel: cancel, waiting: 1, done: make(chan struct{})}
	if s.flights == nil {
		s.flights = map[string]*flight{}
	}
	s.flights[key] = f
	go func() {
		defer close(f.done)
		defer cancel()
		f.listing, f.err = read(ctx)
		s.land(key, f)
	}()
	return f
}

// leave reports whether the caller was the last that waited.
func (s *shared) leave(key string, f *flight) bool {
	s.mu.Lock()
	f.waiting--
	last := f.waiting == 0
	s.mu.Unlock()
	if last {
		s.land(key, f)
		f.cancel()
	}
	return last
}

// land keeps others from joining.
func (s *shared) land(key string, f *flight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.flights[key] == f {
		delete(s.flights, key)
	}
}
