package verdict_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

var update = flag.Bool("update", false, "write the summaries in testdata instead of comparing them")

// TestSummaries compares with testdata/summaries, which shows what users read:
// a file of criteria and response, and the summary beside it.
func TestSummaries(t *testing.T) {
	files, err := filepath.Glob("testdata/summaries/*.json")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(file, ".json")
		t.Run(filepath.Base(name), func(t *testing.T) {
			var test struct {
				Criteria verdict.Criteria
				Response json.RawMessage
			}
			if err := json.Unmarshal(read(t, file), &test); err != nil {
				t.Fatal(err)
			}
			got := judge(t, string(test.Response), test.Criteria).FailureSummary + "\n"
			if *update {
				if err := os.WriteFile(name+".txt", []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(read(t, name+".txt")), got); diff != "" {
				t.Error("-want +got:\n", diff)
			}
		})
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestPendingSummary(t *testing.T) {
	items := func(n int) string {
		return `{"State":"Checking","JobProgress":[` + strings.TrimSuffix(strings.Repeat(`{"Item":"X","State":"Checking"},`, n), ",") + `]}`
	}
	for n, want := range map[int]string{
		0:  "",
		1:  "- X [Checking]",
		10: strings.TrimSuffix(strings.Repeat("- X [Checking]\n", 10), "\n"),
		11: strings.Repeat("- X [Checking]\n", 10) + "and 1 more",
		30: strings.Repeat("- X [Checking]\n", 10) + "and 20 more",
	} {
		if got := judge(t, items(n), verdict.Criteria{}).PendingSummary(); got != want {
			t.Errorf("%d items: %q", n, got)
		}
	}
}
