package provider

import "github.com/dts-community/terraform-provider-dts/internal/dts/api"

import (
	"testing"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

func TestFairInterval(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		waits int64
		rate  int
		want  time.Duration
	}{
		{1, 20, 100 * time.Millisecond},
		{20, 20, 2 * time.Second}, // Ten of twenty requests per second.
		{20, 1, 40 * time.Second},
		{1, 1, 2 * time.Second},
	} {
		if got := fairInterval(test.waits, test.rate); got != test.want {
			t.Errorf("%d waits at %d requests per second: %s, want %s", test.waits, test.rate, got, test.want)
		}
	}
}

// TestStalledWithoutABreak starts the grace period anew once the subtask has
// been seen running.
func TestStalledWithoutABreak(t *testing.T) {
	t.Parallel()
	stalled := &dts.PrecheckReport{Precheck: api.Precheck{State: new(api.SubtaskState("NotStarted"))}}
	running := &dts.PrecheckReport{Precheck: api.Precheck{State: new(api.SubtaskState("Checking"))}}
	for name, test := range map[string]struct {
		polls []*dts.PrecheckReport
		over  bool
	}{
		"stalled":                   {[]*dts.PrecheckReport{stalled}, true},
		"running":                   {[]*dts.PrecheckReport{running}, false},
		"stalled, running, stalled": {[]*dts.PrecheckReport{running, stalled}, false},
	} {
		w := &precheckWait{grace: time.Hour, stalledSince: time.Now().Add(-2 * time.Hour)}
		over := false
		for _, report := range test.polls {
			over = w.update(report)
		}
		if over != test.over {
			t.Errorf("%s: the wait is over: %t", name, over)
		}
	}
}
