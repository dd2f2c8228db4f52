package provider_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// ambiguousNames are attributes whose name means something else elsewhere: they
// may have more than one description.
var ambiguousNames = []string{
	"code", "delay_seconds", "err_msg", "error_item", "error_message", "help_url", "id", "item", "job_id",
	"job_name", "job_progress", "names", "percent", "repair_method", "result", "state", "status", "total",
	"total_record_count",
}

// TestSameNameSameSentence wants one description for each name of an attribute,
// wherever it occurs. Known values may differ, and arguments are described as
// filters, unlike the attributes of the same name.
func TestSameNameSameSentence(t *testing.T) {
	t.Parallel()
	sentences := map[string]map[string]bool{}
	for _, source := range dataSources(t) {
		s := schemaOf(t, source)
		for path, description := range describedPaths("", s.Attributes) {
			if argument, ok := s.Attributes[path]; ok && (argument.IsOptional() || argument.IsRequired()) {
				continue
			}
			name := lastName(path)
			if sentences[name] == nil {
				sentences[name] = map[string]bool{}
			}
			sentence, _, _ := strings.Cut(description, " Known values:")
			sentences[name][sentence] = true
		}
	}
	for name, found := range sentences {
		isAmbiguous := slices.Contains(ambiguousNames, name)
		if len(found) > 1 && !isAmbiguous {
			t.Errorf("%s has more than one description: %q", name, slices.Sorted(maps.Keys(found)))
		}
		if len(found) == 1 && isAmbiguous {
			t.Errorf("%s has one description and need not be among the ambiguous names", name)
		}
	}
}
