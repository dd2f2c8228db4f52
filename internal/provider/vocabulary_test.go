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
// for ask, complete for whole.
var unusualWords = regexp.MustCompile(`(?i)` + strings.Join([]string{
	`\banswer(s|ed|ing)?\b`, `\bask(s|ed|ing)?\b`, `\bgranted\b`, `\bwhole\b`, `\bstands? (in|on)\b`,
	`\bsays\b`, `\bsaid\b`, `\bsign(s|ed|ing)? in\b`, `\bsign-in\b`, `\bby RFC 3339\b`, `\bfolders?\b`, `\btyping error\b`,
	`\bsubscription jobs?\b`, `\bdraws? a verdict\b`, `\btemporary keys?\b`, `\bseveral\b`, `\bof its own\b`, `\bas it is\b`,
	`\bAPI calls?\b`, `\bcalls the API\b`, `\bcalls a second\b`, `\bin short\b`, `\b(one|two|second|another) readings?\b`, `\blist moves?\b`,
	`\blicence\b`, `\banonymis`, `\bbehaviour\b`, `\brecognis`, `\btime-outs?\b`, `\bcut-over\b`, `\bswitch-over\b`,
}, "|"))

// TestUsualWords looks for unusual words in the pages and in all texts of the
// programs: descriptions, diagnostics, log lines and help.
func TestUsualWords(t *testing.T) {
	t.Parallel()
	for file, texts := range textsOfUsers(t) {
		for _, text := range texts {
			if found := unusualWords.FindString(text); found != "" {
				t.Errorf("%s: %q in: %s", file, found, text)
			}
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
