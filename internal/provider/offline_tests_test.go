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
	files, err := filepath.Glob(filepath.Join(c.directory, "tests", "*.tftest.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(text), "127.0.0.1:8899", address)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	output := c.mustRun(t, "test", "-no-color")
	if !strings.Contains(output, "Success!") || strings.Contains(output, "skip") {
		t.Error(output)
	}
}

// TestWhatCannotBeMocked runs the rows of the table in the guide.
func TestWhatCannotBeMocked(t *testing.T) {
	t.Parallel()
	requireEphemeralResources(t)
	const (
		job  = `data "dts_job" "test" { dts_job_id = "a" }`
		jobs = `data "dts_jobs" "test" {}`
	)
	for name, test := range map[string]struct {
		config, mock, terraform, openTofu string // what the message contains, "" without an error
	}{
		"list of nested objects": {jobs, `mock_data "dts_jobs" { defaults = { jobs = [{ dts_job_id = "a" }] } }`, "expected object type, found tuple", "are required"},
		"empty list":             {jobs, `mock_data "dts_jobs" {}`, "", ""},
		"null":                   {job, `mock_data "dts_job" { defaults = { reverse_job = null } }`, "expected object type, found dynamic", ""},
		"ephemeral resource":     {`ephemeral "dts_precheck_gate" "test" { dts_job_id = "a" }`, "", "No ephemeral resource types in mock providers", ""},
		"ephemeral resource that does not exist": {"ephemeral \"dts_precheck_gate\" \"test\" {\n  count = 0\n  dts_job_id = \"a\"\n}", "",
			"No ephemeral resource types in mock providers", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCLIWith(t, test.config)
			text := "mock_provider \"dts\" {\n" + test.mock + "\n}\nrun \"test\" {}\n"
			if err := os.WriteFile(filepath.Join(c.directory, "test.tftest.hcl"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			want := test.terraform
			if product, _ := cliVersion(t); product == "OpenTofu" {
				want = test.openTofu
			}
			output, code := c.run(t, "test", "-no-color")
			if (code == 0) != (want == "") || !wrapped(want).MatchString(output) {
				t.Errorf("exit code %d, want %q:\n%s", code, want, output)
			}
		})
	}
}
