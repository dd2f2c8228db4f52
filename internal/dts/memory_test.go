package dts

import (
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// readers is a server whose responses take no memory before they are read.
type readers func(page int) []io.Reader

func (f readers) RoundTrip(r *http.Request) (*http.Response, error) {
	body := io.MultiReader(f(number(r.URL.Query(), "PageNumber"))...)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, ContentLength: -1, Body: io.NopCloser(body)}, nil
}

// repeat returns a text many times.
func repeat(text string, times int) io.Reader {
	const block = 1000
	var parts []io.Reader
	thousand := strings.Repeat(text, block)
	for ; times >= block; times -= block {
		parts = append(parts, strings.NewReader(thousand))
	}
	return io.MultiReader(append(parts, strings.NewReader(strings.Repeat(text, times)))...)
}

// TestMemory has servers that send as much as they can, which takes much more
// memory than it is long.
func TestMemory(t *testing.T) {
	const mib = 1 << 20
	text := func(text string) io.Reader { return strings.NewReader(text) }
	for name, test := range map[string]struct {
		server readers
		err    error // nil: one of the API
	}{
		"empty rows": {func(int) []io.Reader {
			return []io.Reader{text(`{"TotalRecordCount":1000000,"DtsJobList":[`), repeat("{},", mib/2), text(`{}]}`)}
		}, api.ErrTooManyRows},
		"placeholders": {func(int) []io.Reader {
			return []io.Reader{text(`{"Success":false,"ErrCode":"X","ErrMessage":"`), repeat("%s", mib), text(`","DynamicMessage":"`), repeat("x", 4*mib), text(`"}`)}
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			defer debug.SetGCPercent(debug.SetGCPercent(20)) // Little of the peak is garbage.
			runtime.GC()
			ctx, stop := context.WithCancel(t.Context())
			var peak uint64
			var group sync.WaitGroup
			group.Go(func() {
				heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
				for ctx.Err() == nil {
					metrics.Read(heap)
					peak = max(peak, heap[0].Value.Uint64())
					time.Sleep(time.Millisecond)
				}
			})
			_, err := NewClient(rpc.Config{Credentials: rpc.StaticCredential{}, RequestRate: -1, Transport: test.server}).Jobs(t.Context(), "r", api.JobsRequest{})
			stop()
			group.Wait()
			if failure := new(rpc.Error); !errors.As(err, &failure) || !errors.Is(err, test.err) && failure.Code == "" {
				t.Errorf("got %.200v", err)
			}
			if peak > 100*mib {
				t.Errorf("the heap grew to %d MiB", peak/mib)
			}
		})
	}
}
