package provider_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// unusualWords are not used in what users read, because Terraform, the API
// reference and Go have other words for the same: response for answer, request
// for ask, complete for whole. Each starts at the start of a word and is in lower
// case, so that package regexp finds it fast.
var unusualWords = compileAll(
	`answer(s|ed|ing)?\b`, `ask(s|ed|ing)?\b`, `granted\b`, `whole\b`, `stands? (in|on)\b`,
	`says\b`, `said\b`, `sign(s|ed|ing)? in\b`, `sign-in\b`, `by rfc 3339\b`, `folders?\b`, `typing error\b`,
	`subscription jobs?\b`, `draws? a verdict\b`, `temporary keys?\b`, `several\b`, `of its own\b`, `as it is\b`,
	`api calls?\b`, `calls the api\b`, `calls a second\b`, `in short\b`, `list moves?\b`,
	`one readings?\b`, `two readings?\b`, `second readings?\b`, `another readings?\b`,
	`licence\b`, `anonymis`, `behaviour\b`, `recognis`, `time-outs?\b`, `cut-over\b`, `switch-over\b`,
)

func compileAll(patterns ...string) (compiled []*regexp.Regexp) {
	for _, pattern := range patterns {
		compiled = append(compiled, regexp.MustCompile(pattern))
	}
	return compiled
}

// unusualIn returns the unusual words in a text, each with the text around it.
func unusualIn(text string) (found []string) {
	text = strings.ToLower(text)
	for _, word := range unusualWords {
		for _, at := range word.FindAllStringIndex(text, -1) {
			if at[0] == 0 || !regexp.MustCompile(`\w`).MatchString(text[at[0]-1:at[0]]) {
				found = append(found, text[max(0, at[0]-40):min(len(text), at[1]+40)])
			}
		}
	}
	return found
}

// TestUsualWords looks for unusual words in the pages and in all texts of the
// programs: descriptions, diagnostics, log lines and help.
func TestUsualWords(t *testing.T) {
	t.Parallel()
	if found := unusualIn("Ask several, several tasks"); len(found) != 3 {
		t.Errorf("found %q", found)
	}
	for file, texts := range textsOfUsers(t) {
		for _, found := range unusualIn(strings.Join(texts, "\n")) {
			t.Errorf("%s: unusual: %q", file, found)
		}
	}
}

// textsOfUsers returns what users read, by file: the lines of pages and
// examples, and the string literals of the programs.
func textsOfUsers(t *testing.T) map[string][]string {
	t.Helper()
	texts := map[string][]string{}
	walk(t, "../..", func(file string) {
		switch extension := filepath.Ext(file); {
		case extension == ".md", strings.Contains(file, "/examples/"):
			texts[file] = strings.Split(readFile(t, file), "\n")
		case extension == ".go" && !strings.HasSuffix(file, "_test.go"):
			texts[file] = literals(t, file)
		}
	})
	return texts
}

// walk visits the files that are part of the repository.
func walk(t *testing.T, directory string, visit func(file string)) {
	t.Helper()
	err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := entry.Name(); entry.IsDir() && (name == "dist" || name == "node_modules" || strings.HasPrefix(name, ".") && name != "..") {
			return fs.SkipDir
		}
		if !entry.IsDir() {
			visit(filepath.ToSlash(path))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// literals returns the string literals of a file, tags of structs included.
func literals(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			found = append(found, literal.Value)
		}
		return true
	})
	return found
}
