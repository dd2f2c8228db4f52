package provider

import (
	"context"
	"errors"
	"time"
)

// defaultReadTimeout limits a read that sets no timeout.
const defaultReadTimeout = 20 * time.Minute

// readTimeouts is the block timeouts of a data source.
type readTimeouts struct {
	Read duration `doc:"Time limit for the complete read, as a duration such as '5m' or '90s'. Defaults to '20m'."`
}

// errReadTimeout is the cause of a context that timeouts.read ended.
var errReadTimeout = errors.New("timeouts.read has passed")

// limit returns a context that ends with the timeout. Without the block, t is
// nil.
func (t *readTimeouts) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	timeout := defaultReadTimeout
	if t != nil {
		timeout = t.Read.or(timeout)
	}
	return context.WithTimeoutCause(ctx, timeout, errReadTimeout)
}
