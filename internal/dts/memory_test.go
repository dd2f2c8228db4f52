package dts

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"runtime/metrics"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// hostile is a server that sends large responses, made of parts so that they
// take no memory of this process before they are read.
type hostile func(page int) []any

func (h hostile) RoundTrip(r *http.Request) (*http.Response, error) {
	var parts []io.Reader
	for _, part := range h(number(r.URL.Query(), "PageNumber")) {
		switch part := part.(type) {
		case string:
			parts = append(parts, strings.NewReader(part))
		case repeated:
			part.text = strings.Repeat(part.text, 1+4096/len(part.text))
			parts = append(parts, &part)
		}
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, ContentLength: -1, Body: io.NopCloser(io.MultiReader(parts...))}, nil
}

// repeated is a text that is repeated up to a length.
type repeated struct {
	text   string
	length int
	at     int
}

func (r *repeated) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) && r.length > 0 {
		c := copy(p[n:min(len(p), n+r.length)], r.text[r.at:])
		r.at = (r.at + c) % len(r.text)
		r.length -= c
		n += c
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func TestMemory(t *testing.T) {
	const mib = 1 << 20
	for name, server := range map[string]hostile{
		"long pages": func(page int) []any {
			return []any{`{"TotalRecordCount":100000,"DtsJobList":[` + fmt.Sprintf(`{"DtsJobId":"%d"},`, page), repeated{text: `{"DtsJobId":"a"},`, length: 17 * 98}, `{"DtsJobId":"b","DbObject":"`, repeated{text: "x", length: 64*mib - 4000}, `"}]}`}
		},
		"empty rows": func(int) []any {
			return []any{`{"TotalRecordCount":1000000,"DtsJobList":[`, repeated{text: "{},", length: mib / 3 * 3}, `{}]}`}
		},
		"as many empty rows as allowed": func(int) []any {
			return []any{`{"TotalRecordCount":1000000,"DtsJobList":[`, repeated{text: "{},", length: 3 * 9_999}, `{}]}`}
		},
		"as many elements as allowed": func(page int) []any {
			return []any{fmt.Sprintf(`{"TotalRecordCount":1000000,"DtsJobList":[{"DtsJobId":"%d","TagList":[]},`, page), repeated{text: `{"DtsJobId":"a"},`, length: 17 * 98}, `{"DtsJobId":"b","ErrorDetails":[`, repeated{text: "{},", length: 3 * 199_000}, `{}]}]}`}
		},
		"placeholders": func(int) []any {
			return []any{`{"Success":false,"ErrCode":"X","ErrMessage":"`, repeated{text: "%s", length: 31 * mib}, `","DynamicMessage":"`, repeated{text: "x", length: 31 * mib}, `"}`}
		},
	} {
		t.Run(name, func(t *testing.T) {
			runtime.GC()
			ctx, stop := context.WithCancel(t.Context())
			var peak uint64
			var group sync.WaitGroup
			group.Go(func() {
				sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
				for ctx.Err() == nil {
					metrics.Read(sample)
					peak = max(peak, sample[0].Value.Uint64())
					time.Sleep(time.Millisecond)
				}
			})
			c := NewClient(rpc.Config{Credentials: rpc.StaticCredential{}, RequestRate: -1, Transport: server})
			start := time.Now()
			var reads sync.WaitGroup
			var err error
			for n := range 1 {
				reads.Go(func() {
					_, e := c.Jobs(t.Context(), fmt.Sprint("r", n), api.JobsRequest{})
					if n == 0 {
						err = e
					}
				})
			}
			reads.Wait()
			stop()
			group.Wait()
			t.Logf("%d MiB, %s, %.100v", peak/mib, time.Since(start), err)
		})
	}
}
