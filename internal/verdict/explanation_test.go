package verdict_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

func TestExplanationsAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range verdict.Explanations() {
		if e.Key == "" || strings.HasSuffix(e.Key, "_DETAIL") || seen[e.Key] {
			t.Errorf("key %q is empty, repeated or not the short one", e.Key)
		}
		seen[e.Key] = true
		if e.Title == "" || strings.HasSuffix(e.Title, ".") {
			t.Errorf("%s: %q is not a title", e.Key, e.Title)
		}
		for _, sentence := range []string{e.Checks, e.Causes, e.Fix} {
			if !strings.HasSuffix(sentence, ".") || sentence[:1] != strings.ToUpper(sentence[:1]) && !strings.Contains(sentence[:12], "_") ||
				strings.Join(strings.Fields(sentence), " ") != sentence {
				t.Errorf("%s: %q is not a sentence", e.Key, sentence)
			}
		}
		if u, err := url.Parse(e.HelpURL); err != nil || u.Scheme != "https" || u.Host != "www.alibabacloud.com" || !strings.HasPrefix(u.Path, "/help/") {
			t.Errorf("%s: %q is not a help page", e.Key, e.HelpURL)
		}
		if e.Mapping != "documented" && e.Mapping != "by name" {
			t.Errorf("%s: mapping %q", e.Key, e.Mapping)
		}
	}
	if len(seen) < 15 {
		t.Errorf("only %d explanations", len(seen))
	}
}

// TestItemsAreExplained finds explanations by the short name of an item, else
// by its name, never by a message or repair key: these do not tell the side.
func TestItemsAreExplained(t *testing.T) {
	for _, test := range []struct{ item, title string }{
		{`{"Item":"CHECK_CONN_SRC"}`, "Source database connectivity"},
		{`{"Item":"CHECK_CONN_DEST","Names":"CHECK_CONN_SRC_DETAIL"}`, "Destination database connectivity"},
		{`{"Item":" CHECK_SAME_OBJ\n"}`, "Schema name conflict"},
		{`{"Item":"CHECK_SAME_OBJ_DETAIL"}`, "Schema name conflict"},
		{`{"Names":"CHECK_SAME_OBJ_DETAIL"}`, "Schema name conflict"},
		{`{"Names":"CHECK_SAME_OBJ"}`, "Schema name conflict"},
		{`{"Item":"orders","Names":"CHECK_SAME_OBJ_DETAIL"}`, "Schema name conflict"},
		{`{"Item":"CHECK_CONN_SRC","RepairMethod":"CHECK_ERROR_DEST_CONN_REPAIR2"}`, "Source database connectivity"},
		{`{"Item":"CHECK_NEW","ErrMsg":"CHECK__ERROR_SAME_OBJ","RepairMethod":"CHECK__ERROR_SAME_OBJ_REPAIR"}`, ""},
		{`{"Item":"CHECK_NEW","ErrMsg":"CHECK_SAME_OBJ","ErrDetail":"CHECK_SAME_OBJ_DETAIL","TargetNames":"CHECK_SAME_OBJ"}`, ""},
		{`{"Item":"check_conn_src"}`, ""},
		{`{"Item":"CHECK_CONN"}`, ""},
		{`{"Item":"_DETAIL"}`, ""},
		{`{}`, ""},
	} {
		f := judge(t, `{"State":"Checking","JobProgress":[`+test.item+`]}`, verdict.Criteria{}).PendingItems[0]
		if text(f.Title) != test.title {
			t.Errorf("%s is titled %q, want %q", test.item, text(f.Title), test.title)
		}
		for _, field := range []*string{f.Title, f.Explanation, f.HelpURL} {
			if (field == nil) != (test.title == "") {
				t.Errorf("%s: title %q, explanation %q, help page %q", test.item, text(f.Title), text(f.Explanation), text(f.HelpURL))
			}
		}
	}
}

// TestExplanationHasAllParts wants what is checked, why it fails and what to do.
func TestExplanationHasAllParts(t *testing.T) {
	for _, e := range verdict.Explanations() {
		f := judge(t, `{"JobProgress":[{"Item":"`+e.Key+`"}]}`, verdict.Criteria{}).PendingItems[0]
		if want := e.Checks + " Possible causes: " + e.Causes + " " + e.Fix; text(f.Explanation) != want || text(f.Title) != e.Title || text(f.HelpURL) != e.HelpURL {
			t.Errorf("%s: %q, %q, %q", e.Key, text(f.Title), text(f.Explanation), text(f.HelpURL))
		}
	}
}
