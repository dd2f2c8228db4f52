package provider_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOfflineTests runs the tests that come with the examples, as users run
// them, against the emulator.
func TestOfflineTests(t *testing.T) {
	t.Parallel()
	found := 0
	err := filepath.WalkDir("../../examples", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() || entry.Name() != "tests" {
			return err
		}
		found++
		example := filepath.Dir(path)
		t.Run(strings.TrimPrefix(filepath.ToSlash(example), "../../examples/"), func(t *testing.T) {
			t.Parallel()
			passesItsTests(t, example)
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 5 {
		t.Errorf("only %d examples have tests", found)
	}
}

func passesItsTests(t *testing.T, example string) {
	requireVersionOf(t, example)
	server, _ := newEmulator(t)
	address := hostOf(server.URL)
	c := newCLI(t, example)
	arguments := []string{"test", "-no-color"}
	files, err := filepath.Glob(filepath.Join(c.directory, "tests", "*.tftest.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		// Each sets the address of the emulator, except this one.
		if strings.Contains(string(text), "-var emulator=") {
			arguments = []string{"test", "-no-color", "-var", "emulator=" + address}
		}
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(text), "127.0.0.1:8899", address)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	output := c.mustRun(t, arguments...)
	if !strings.Contains(output, "Success!") || strings.Contains(output, "skip") {
		t.Error(output)
	}
}
