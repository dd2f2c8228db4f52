package dts

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// shared lets reads with the same key that are in progress at the same time
// share one, which may be a read of the IDs of all callers. A read goes on until
// the last of its callers has left.
type shared[T any] struct {
	// window is how long a read gathers IDs before it starts, and can be joined.
	// Zero: the read starts at once, and can be joined until it ends.
	window time.Duration

	mu    sync.Mutex
	reads map[string]*sharedRead[T] // those that can be joined
}

type sharedRead[T any] struct {
	cancel  context.CancelFunc
	callers int             // guarded by shared.mu
	ids     map[api.ID]bool // guarded by shared.mu while the read can be joined
	closed  chan struct{}   // closed when the read can no longer be joined
	done    chan struct{}   // closed when the result is there
	result  T
	err     error
}

// do joins the read with a key, or starts one. Read gets the IDs of all callers.
// If the context ends before the read, the result is zero.
func (s *shared[T]) do(ctx context.Context, key string, ids []api.ID, read func(context.Context, []api.ID) (T, error)) (T, error) {
	s.mu.Lock()
	r := s.reads[key]
	if r != nil && len(r.ids)+len(ids) > idsPerRequest {
		s.close(key, r)
		r = nil
	}
	if r == nil {
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // The first caller may leave before others.
		r = &sharedRead[T]{cancel: cancel, ids: map[api.ID]bool{}, closed: make(chan struct{}), done: make(chan struct{})}
		if s.reads == nil {
			s.reads = map[string]*sharedRead[T]{}
		}
		s.reads[key] = r
		go func() {
			defer cancel()
			if s.window > 0 {
				select {
				case <-time.After(s.window):
				case <-r.closed:
				case <-ctx.Done():
				}
				s.mu.Lock()
				s.close(key, r)
				s.mu.Unlock()
			}
			r.result, r.err = read(ctx, slices.Sorted(maps.Keys(r.ids)))
			s.mu.Lock()
			s.close(key, r)
			s.mu.Unlock()
			close(r.done)
		}()
	}
	for _, id := range ids {
		r.ids[id] = true
	}
	r.callers++
	s.mu.Unlock()
	select {
	case <-r.done:
		return r.result, r.err
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.callers--; r.callers == 0 {
		s.close(key, r)
		r.cancel()
	}
	return *new(T), context.Cause(ctx)
}

// close keeps others from joining a read. The mutex is locked.
func (s *shared[T]) close(key string, r *sharedRead[T]) {
	if s.reads[key] == r {
		delete(s.reads, key)
		close(r.closed)
	}
}
