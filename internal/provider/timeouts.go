package provider

import (
	"context"
	"time"
)

// defaultTimeout limits a read that sets no timeout.
const defaultTimeout = 20 * time.Minute

// readTimeouts is the block timeouts of a data source.
type readTimeouts struct {
	Read duration `doc:"Time limit for the complete read, as a duration such as '5m' or '90s'. Defaults to '20m'."`
}

// limit returns a context that ends with the timeout. Without the block, t is
// nil.
func (t *readTimeouts) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if t == nil {
		t = &readTimeouts{}
	}
	return limit(ctx, "timeouts.read", t.Read)
}

// openTimeouts is the block timeouts of an ephemeral resource.
type openTimeouts struct {
	Open duration `doc:"Time limit for opening the ephemeral resource, as a duration such as '5m' or '90s'. Defaults to '20m'."`
}

func (t *openTimeouts) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if t == nil {
		t = &openTimeouts{}
	}
	return limit(ctx, "timeouts.open", t.Open)
}

func limit(ctx context.Context, argument string, timeout duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, timeout.or(defaultTimeout), &timeoutError{argument})
}

// timeoutError is the cause of a context that the named argument ended.
type timeoutError struct{ argument string }

func (e *timeoutError) Error() string { return e.argument + " has passed" }
