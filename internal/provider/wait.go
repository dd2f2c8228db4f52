package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// waitError is a wait that ended before its condition held.
type waitError struct {
	elapsed  time.Duration
	cause    error  // why it ended
	progress string // what the last successful poll found
	failure  error  // of the last poll that failed; nil if none did
}

func (e *waitError) Error() string {
	return fmt.Sprintf("The wait ended after %s: %s", e.elapsed.Round(time.Second), e.cause)
}

func (e *waitError) Unwrap() error { return e.cause }

// waitUntil polls until the wait is over. A poll that fails for a reason that
// may pass counts as a missed one.
func (d *providerData) waitUntil(ctx context.Context, interval time.Duration, poll func(ctx context.Context, elapsed time.Duration) (over bool, err error)) error {
	d.waits.Add(1)
	defer d.waits.Add(-1)
	started := time.Now()
	var failure error
	for {
		over, err := poll(ctx, time.Since(started))
		switch {
		case ctx.Err() != nil:
			cause := context.Cause(ctx)
			if failedBefore(err, cause) {
				failure = err
			}
			return &waitError{elapsed: time.Since(started), cause: cause, failure: failure}
		case isMissed(err):
			failure = err
			d.log(ctx, "a poll failed and will be repeated", map[string]any{"error": err.Error()})
		case over, err != nil:
			return err
		}
		if err := rpc.Sleep(ctx, max(interval, fairInterval(d.waits.Load(), d.requestRate))); err != nil {
			return &waitError{elapsed: time.Since(started), cause: err, failure: failure}
		}
	}
}

// failedBefore reports whether a poll that the end of a context interrupted had
// already failed, and was about to be tried again.
func failedBefore(err, cause error) bool {
	failure := asError[*rpc.Error](err)
	return failure != nil && (failure.Status != 0 || !errors.Is(cause, failure.Err))
}

// fairInterval is the shortest interval at which all waits together leave half
// of the requests to other reads.
func fairInterval(waits int64, requestRate int) time.Duration {
	return time.Duration(2*waits) * time.Second / time.Duration(requestRate)
}

// missedPoll is the error of a poll that does not end a wait.
type missedPoll struct{ error }

func (e *missedPoll) Unwrap() error { return e.error }

// isMissed reports whether a later poll may succeed.
func isMissed(err error) bool {
	failure := asError[*rpc.Error](err)
	return asError[*missedPoll](err) != nil || errors.Is(err, dts.ErrListChanged) || failure != nil && failure.Temporary()
}
