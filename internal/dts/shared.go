package dts

import (
	"context"
	"sync"
)

// shared lets reads with the same key that are in progress at the same time
// share one. A read goes on until the last of its callers has left.
type shared[T any] struct {
	mu    sync.Mutex
	reads map[string]*sharedRead[T]
}

type sharedRead[T any] struct {
	cancel  context.CancelFunc
	callers int           // guarded by shared.mu
	done    chan struct{} // closed when the result is there
	result  T
	err     error
}

// do joins the read with a key, or starts one.
func (s *shared[T]) do(ctx context.Context, key string, read func(context.Context) (T, error)) (T, error) {
	s.mu.Lock()
	r := s.reads[key]
	if r == nil {
		ctx, cancel := context.WithCancel(context.WithoutCancel(ctx)) // The first caller may leave before others.
		r = &sharedRead[T]{cancel: cancel, done: make(chan struct{})}
		if s.reads == nil {
			s.reads = map[string]*sharedRead[T]{}
		}
		s.reads[key] = r
		go func() {
			defer cancel()
			r.result, r.err = read(ctx)
			s.mu.Lock()
			s.forget(key, r)
			s.mu.Unlock()
			close(r.done)
		}()
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
		s.forget(key, r)
		r.cancel()
	}
	return *new(T), context.Cause(ctx)
}

// forget keeps others from joining a read. The mutex is locked.
func (s *shared[T]) forget(key string, r *sharedRead[T]) {
	if s.reads[key] == r {
		delete(s.reads, key)
	}
}
