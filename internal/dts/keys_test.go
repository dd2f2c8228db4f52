package dts

import (
	"runtime"
	"strings"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// TestLongKeys has rows whose fields are long and consist of characters that an
// escape makes longer. Their keys are kept for as long as the list is read.
func TestLongKeys(t *testing.T) {
	const length = 4 << 20
	long := strings.Repeat("<\x7f", length/2)
	for name, rows := range map[string]func() int{
		"job without an ID": func() int {
			return len(jobRows([]api.Job{{JobCommon: api.JobCommon{DtsJobName: &long}}})[0].Key)
		},
		"item":          func() int { return len(itemRows("", []api.ProgressItem{{Item: &long}})[0].Key) },
		"sub-job":       func() int { return len(subjobKey(&api.Subjob{JobID: &long})) },
		"network check": func() int { return len(netCheckKey(&api.FullNetCheckJob{SrcRegion: &long})) },
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		key := rows()
		runtime.ReadMemStats(&after)
		if allocated := after.TotalAlloc - before.TotalAlloc; key > 200 || allocated > 6*length {
			t.Errorf("%s: the key has %d bytes, and took %d MiB", name, key, allocated>>20)
		}
	}
}
