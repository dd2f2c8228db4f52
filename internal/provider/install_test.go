package provider_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A checkout is a repository with what make needs of this one, and a program
// that builds in no time.
type checkout struct {
	directory   string
	environment []string
}

func newCheckout(t *testing.T) *checkout {
	t.Helper()
	skipIfShort(t)
	c := &checkout{directory: t.TempDir()}
	for _, name := range []string{"GNUmakefile", "tools/install"} {
		content, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		c.write(t, name, string(content))
	}
	c.write(t, ".gitignore", "/.build/\n")
	c.write(t, "go.mod", "module example.com/terraform-provider-dts\n\ngo 1.26.0\n")
	c.write(t, "main.go", "package main\n\nvar version, commit string\n\nfunc main() { println(version, commit) }\n")

	goEnvironment, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	caches := strings.Fields(string(goEnvironment))
	// make test and the hooks of git set variables for this repository.
	inherited := func(entry string) bool {
		return strings.HasPrefix(entry, "VERSION=") || strings.HasPrefix(entry, "MAKE") || strings.HasPrefix(entry, "GIT_")
	}
	c.environment = append(slices.DeleteFunc(os.Environ(), inherited), "GOCACHE="+caches[0], "GOMODCACHE="+caches[1],
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a")
	c.mustRun(t, nil, "git", "init", "--quiet")
	c.commit(t, "GIT_COMMITTER_DATE=2026-01-02T03:04:05Z")
	return c
}

func (c *checkout) write(t *testing.T, name, content string) {
	t.Helper()
	path := filepath.Join(c.directory, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o700); err != nil {
		t.Fatal(err)
	}
}

func (c *checkout) commit(t *testing.T, environment ...string) {
	t.Helper()
	c.mustRun(t, nil, "git", "add", ".")
	c.mustRun(t, environment, "git", "commit", "--quiet", "--message=a")
}

func (c *checkout) run(t *testing.T, environment []string, name string, arguments ...string) (output string, err error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, arguments...)
	command.Dir = c.directory
	command.Env = append(c.environment[:len(c.environment):len(c.environment)], environment...)
	text, err := command.CombinedOutput()
	return string(text), err
}

func (c *checkout) mustRun(t *testing.T, environment []string, name string, arguments ...string) string {
	t.Helper()
	output, err := c.run(t, environment, name, arguments...)
	if err != nil {
		t.Fatalf("%s %q: %v: %s", name, arguments, err, output)
	}
	return output
}

var installed = regexp.MustCompile(`installed (.*terraform-provider-dts_v(0\.\d+\.\d+))\n`)

// install runs make install and returns one of the files, and its version.
func (c *checkout) install(t *testing.T, home string) (file, version string) {
	t.Helper()
	output := c.mustRun(t, []string{"HOME=" + home}, "make", "install")
	found := installed.FindStringSubmatch(output)
	if found == nil {
		t.Fatal(output)
	}
	return found[1], found[2]
}

// A committed lock file goes on working: on another machine, after changes, and
// until init -upgrade. No version is installed with other bytes.
func TestInstall(t *testing.T) {
	t.Parallel()
	source := newCheckout(t)
	const odd = `it's "a" $(touch made) home; touch made`
	home, otherHome := filepath.Join(t.TempDir(), odd), filepath.Join(t.TempDir(), odd)

	c := newCLIWith(t, "")
	initialized := func(home string, arguments ...string) (output string) {
		t.Helper()
		c.environment = append(c.environment, "TF_CLI_CONFIG_FILE=/dev/null", "TF_DATA_DIR="+t.TempDir(), "HOME="+home)
		return c.mustRun(t, append([]string{"init", "-no-color"}, arguments...)...)
	}
	check := func(output, want string) {
		t.Helper()
		if !strings.Contains(output, "dts-community/dts v"+want+"\n") && !strings.Contains(output, "dts-community/dts v"+want+" (") {
			t.Errorf("got %s, want version %s", output, want)
		}
	}

	_, first := source.install(t, home)
	if !strings.HasPrefix(first, "0.20260102030405.") {
		t.Errorf("version %s does not follow from the time of the commit", first)
	}
	check(initialized(home), first)
	clone := &checkout{t.TempDir(), source.environment}
	clone.mustRun(t, nil, "git", "clone", "--quiet", source.directory, ".")
	file, again := clone.install(t, otherHome)
	if again != first {
		t.Errorf("the same commit was installed as %s and %s", first, again)
	}
	check(initialized(otherHome, "-lockfile=readonly"), first)

	source.write(t, "new.go", "package main\n\nfunc init() { println() }\n")
	if _, changed := source.install(t, otherHome); changed == first || !strings.HasSuffix(changed, ".0") {
		t.Errorf("what is not committed was installed as %s, the commit as %s", changed, first)
	}
	check(initialized(otherHome, "-lockfile=readonly"), first)
	source.commit(t)
	_, second := source.install(t, otherHome)
	check(initialized(otherHome, "-upgrade"), second)

	source.mustRun(t, nil, "git", "checkout", "--quiet", "HEAD^")
	if err := os.WriteFile(file, []byte("another build"), 0o700); err != nil {
		t.Fatal(err)
	}
	if output, err := source.run(t, []string{"HOME=" + otherHome}, "make", "install"); err == nil || !strings.Contains(output, "is another build of this commit") {
		t.Errorf("replaced the bytes of an installed version: error %v, %s", err, output)
	}
	if _, err := os.Stat(filepath.Join(source.directory, "made")); err == nil {
		t.Error("a part of HOME was run as a command")
	}
}

// A version is refused, and nothing in it is run, unless it can be a part of the
// name of a file.
func TestVersionOfBuild(t *testing.T) {
	t.Parallel()
	source := newCheckout(t)
	made := filepath.Join(source.directory, "made")
	for _, version := range []string{
		"1.2.3-rc.1+build_5",
		"", "1 2", "../1", "1;touch made", "1'", `1"`, "`touch made`", "$(touch made)", "$$(touch made)", "$(shell touch made)", "1\ntouch made",
	} {
		for name, outcome := range map[string]func() (string, error){
			"argument":    func() (string, error) { return source.run(t, nil, "make", "valid-version", "VERSION="+version) },
			"environment": func() (string, error) { return source.run(t, []string{"VERSION=" + version}, "make", "valid-version") },
		} {
			output, err := outcome()
			if valid := version == "1.2.3-rc.1+build_5"; (err == nil) != valid || !valid && !strings.Contains(output, "VERSION may consist of") {
				t.Errorf("%s VERSION=%q: error %v, %s", name, version, err, output)
			}
			if err := os.Remove(made); err == nil {
				t.Errorf("%s VERSION=%q: a part was run as a command", name, version)
			}
		}
	}
	source.mustRun(t, nil, "git", "tag", "v1.2.3$(touch${IFS}made)")
	if output, err := source.run(t, nil, "make", "valid-version"); err == nil || !strings.Contains(output, "VERSION may consist of") {
		t.Errorf("a tag: error %v, %s", err, output)
	}
	if err := os.Remove(made); err == nil {
		t.Error("a part of a tag was run as a command")
	}
}
