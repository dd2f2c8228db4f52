package dts

import (
	"context"
	"sync"
)

// readGroup lets identical reads that are in progress at the same time share
// one, as data sources of multiple modules often are.
type readGroup[T any] struct {
	mu       sync.Mutex
	inflight map[string]*inflight[T]
}

// share reads, or waits for a read with the same key that is in progress.
func (g *readGroup[T]) share(ctx context.Context, key string, read func(context.Context) (T, error)) (T, error) {
	f := g.join(ctx, key, read)
	return f.wait(ctx, &g.mu, func() { g.forget(key, f) })
}

func (g *readGroup[T]) join(ctx context.Context, key string, read func(context.Context) (T, error)) *inflight[T] {
	g.mu.Lock()
	defer g.mu.Unlock()
	f, found := g.inflight[key]
	if !found {
		f = startRead(ctx, func(ctx context.Context, f *inflight[T]) (T, error) {
			defer g.finish(key, f)
			return read(ctx)
		})
		if g.inflight == nil {
			g.inflight = map[string]*inflight[T]{}
		}
		g.inflight[key] = f
	}
	f.waiting++
	return f
}

func (g *readGroup[T]) finish(key string, f *inflight[T]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.forget(key, f)
}

// forget keeps others from joining a read; the mutex is locked.
func (g *readGroup[T]) forget(key string, f *inflight[T]) {
	if g.inflight[key] == f {
		delete(g.inflight, key)
	}
}

// inflight is a read in progress. It goes on as long as anybody waits for it.
type inflight[T any] struct {
	cancel  context.CancelFunc
	waiting int // callers; guarded by the mutex of those who join
	done    chan struct{}
	result  T
	err     error
}

// startRead starts a read that the end of the caller's context does not end.
func startRead[T any](ctx context.Context, read func(context.Context, *inflight[T]) (T, error)) *inflight[T] {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	f := &inflight[T]{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(f.done)
		defer cancel()
		f.result, f.err = read(ctx, f)
	}()
	return f
}

// wait returns the result, or why the caller's context ended. The last caller
// that leaves cancels the read, after abandon has kept others from joining it.
func (f *inflight[T]) wait(ctx context.Context, mu *sync.Mutex, abandon func()) (result T, err error) {
	select {
	case <-f.done:
		return f.result, f.err
	case <-ctx.Done():
	}
	f.leave(mu, abandon)
	return result, context.Cause(ctx)
}

func (f *inflight[T]) leave(mu *sync.Mutex, abandon func()) {
	mu.Lock()
	defer mu.Unlock()
	if f.waiting--; f.waiting == 0 {
		abandon()
		f.cancel()
	}
}
