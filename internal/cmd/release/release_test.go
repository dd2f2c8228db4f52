package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
)

// A release of this platform has what the registries and its users need, and is
// the same to the byte when it is built again.
func TestRelease(t *testing.T) {
	if testing.Short() {
		t.Skip("builds all programs")
	}
	t.Chdir("../../..")
	platform := runtime.GOOS + "_" + runtime.GOARCH
	first, second := t.TempDir(), t.TempDir()
	for _, out := range []string{first, second} {
		if err := (release{version: "1.2.3", platforms: []string{platform}, out: out, progress: io.Discard}).make(); err != nil {
			t.Fatal(err)
		}
	}
	providerZip, toolsZip := "terraform-provider-dts_1.2.3_"+platform+".zip", "dts-tools_1.2.3_"+platform+".zip"
	want := []string{
		"dts-tools_1.2.3_SHA256SUMS", toolsZip, "dts-tools_1.2.3_sbom.cdx.json",
		"terraform-provider-dts_1.2.3_SHA256SUMS", providerZip,
		"terraform-provider-dts_1.2.3_manifest.json", "terraform-provider-dts_1.2.3_sbom.cdx.json",
	}
	slices.Sort(want)
	checkSame(t, first, second, want)
	checkZip(t, filepath.Join(first, providerZip), []string{"LICENSE", "terraform-provider-dts_v1.2.3"})
	checkZip(t, filepath.Join(first, toolsZip), []string{"LICENSE", "dts-emulator", "dts-record"})
	checkModule(t, filepath.Join(first, "terraform-provider-dts_1.2.3_sbom.cdx.json"), "github.com/hashicorp/terraform-plugin-framework", true)
	checkModule(t, filepath.Join(first, "dts-tools_1.2.3_sbom.cdx.json"), "github.com/hashicorp/terraform-plugin-framework", false)
	checkChecksums(t, first, provider, []string{providerZip, "terraform-provider-dts_1.2.3_manifest.json"})
	checkChecksums(t, first, tools, []string{toolsZip, "dts-tools_1.2.3_sbom.cdx.json", "terraform-provider-dts_1.2.3_sbom.cdx.json"})
}

func checkSame(t *testing.T, first, second string, want []string) {
	t.Helper()
	entries, err := os.ReadDir(first)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
		one, _ := os.ReadFile(filepath.Join(first, entry.Name()))
		two, _ := os.ReadFile(filepath.Join(second, entry.Name()))
		if len(one) == 0 || !bytes.Equal(one, two) {
			t.Errorf("%s is empty, or differs when it is built again", entry.Name())
		}
	}
	if !slices.Equal(names, want) {
		t.Errorf("got files %q, want %q", names, want)
	}
}

// checkZip runs each program in a zip: it must tell its version.
func checkZip(t *testing.T, path string, want []string) {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = z.Close() }()
	var names []string
	for _, file := range z.File {
		names = append(names, file.Name)
		isProgram := file.Name != "LICENSE"
		if isProgram != (file.Mode()&0o111 != 0) {
			t.Errorf("%s has mode %s", file.Name, file.Mode())
		}
		if isProgram {
			checkVersion(t, z, file.Name)
		}
	}
	if !slices.Equal(names, want) {
		t.Errorf("%s has %q, want %q", path, names, want)
	}
}

func checkVersion(t *testing.T, files fs.FS, name string) {
	t.Helper()
	content, err := fs.ReadFile(files, name)
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(program, content, 0o700); err != nil {
		t.Fatal(err)
	}
	output, err := exec.CommandContext(t.Context(), program, "--version").Output()
	if wanted := strings.TrimSuffix(name, "_v1.2.3") + " 1.2.3\n"; err != nil || string(output) != wanted {
		t.Errorf("%s --version printed %q, error %v, want %q", name, output, err, wanted)
	}
}

func checkChecksums(t *testing.T, directory string, p product, want []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(directory, p.name+"_1.2.3_SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for line := range strings.Lines(string(text)) {
		names = append(names, strings.Fields(line)[1])
	}
	if !slices.Equal(names, want) {
		t.Errorf("%s has checksums of %q, want %q", p.name, names, want)
	}
	command := exec.CommandContext(t.Context(), "sha256sum", "--check", "--strict", p.name+"_1.2.3_SHA256SUMS")
	command.Dir = directory
	if output, err := command.CombinedOutput(); err != nil {
		t.Errorf("%s: %s", err, output)
	}
}

func checkModule(t *testing.T, sbom, module string, isLinked bool) {
	t.Helper()
	text, err := os.ReadFile(sbom)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "pkg:golang/"+module+"@v") != isLinked {
		t.Errorf("%s has %s: %t, want %t", sbom, module, !isLinked, isLinked)
	}
}

func TestVersions(t *testing.T) {
	for version, want := range map[string]bool{
		"1.2.3": true, "0.1.0-beta.1": true, "10.20.30-rc1": true,
		"": false, "v1.2.3": false, "1.2": false, "1.2.3-": false, "../1.2.3": false, "1.2.3 ": false, "dev": false,
	} {
		if got := validVersion.MatchString(version); got != want {
			t.Errorf("%q is valid: %t, want %t", version, got, want)
		}
	}
	if err := (release{version: "dev", out: filepath.Join(t.TempDir(), "x")}).make(); err == nil || !strings.Contains(err.Error(), "-version") {
		t.Errorf("got %v", err)
	}
}

// gpg runs gpg with keys of the test's own.
func gpg(t *testing.T, arguments ...string) ([]byte, error) {
	t.Helper()
	return exec.CommandContext(t.Context(), "gpg", append([]string{"--batch"}, arguments...)...).CombinedOutput()
}

// A signature verifies with the key it was made for, in the form that the
// registries require, and no longer once a checksum changes.
func TestSign(t *testing.T) {
	if _, err := exec.LookPath("gpg"); err != nil {
		t.Skip("gpg is not installed")
	}
	home := t.TempDir()
	t.Setenv("GNUPGHOME", home)
	t.Cleanup(func() { _ = exec.Command("gpgconf", "--homedir", home, "--kill", "all").Run() })
	const key, passphrase = "release@example.com", "a passphrase"
	if output, err := gpg(t, "--pinentry-mode", "loopback", "--passphrase", passphrase, "--quick-generate-key", key, "rsa2048", "sign", "1d"); err != nil {
		t.Fatalf("%s: %s", err, output)
	}
	sums := filepath.Join(t.TempDir(), "SHA256SUMS")
	if err := os.WriteFile(sums, []byte("0123  a.zip\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	if err := sign(sums, key, "another one"); err == nil || !strings.Contains(err.Error(), "signing SHA256SUMS") {
		t.Errorf("signed without the passphrase: %v", err)
	}
	if err := sign(sums, "nobody@example.com", passphrase); err == nil {
		t.Error("signed with a key that does not exist")
	}
	// The agent remembers the passphrase of a key that it has used.
	if err := sign(sums, key, passphrase); err != nil {
		t.Fatal(err)
	}
	if output, err := gpg(t, "--verify", sums+".sig", sums); err != nil {
		t.Errorf("%s: %s", err, output)
	}
	if signature, err := os.ReadFile(sums + ".sig"); err != nil || bytes.Contains(signature, []byte("BEGIN PGP")) {
		t.Errorf("the signature is not binary, error %v", err)
	}
	if err := os.WriteFile(sums, []byte("4567  a.zip\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if output, err := gpg(t, "--verify", sums+".sig", sums); err == nil {
		t.Errorf("changed checksums verify: %s", output)
	}
}

// The SBOM lists the modules that are linked, here into the test itself.
func TestSBOM(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "sbom.cdx.json")
	if err := writeSBOM(path, "dts-tools", "1.2.3", []string{program, program}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got bom
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if got.Format != "CycloneDX" || got.SpecVersion != "1.6" || got.Metadata.Component.Version != "1.2.3" {
		t.Errorf("got %+v", got)
	}
	version := strings.TrimPrefix(runtime.Version(), "go")
	std := component{"library", "pkg:golang/stdlib@" + version, "stdlib", version, "pkg:golang/stdlib@" + version}
	if !slices.Contains(got.Components, std) {
		t.Errorf("got components %v, want %v in them", got.Components, std)
	}
	refs := map[string]bool{}
	for _, c := range got.Components {
		if refs[c.Ref] || c.Version == "" {
			t.Errorf("%v is there twice, or has no version", c)
		}
		refs[c.Ref] = true
	}
}

// A module that replaces another is the one that is linked.
func TestLinked(t *testing.T) {
	replaced := &debug.Module{Path: "a", Version: "v1.0.0", Replace: &debug.Module{Path: "b", Version: "v2.0.0"}}
	if got := linked(replaced); got.Path != "b" || got.Version != "v2.0.0" {
		t.Errorf("got %v", got)
	}
	if got := linked(replaced.Replace); got.Path != "b" {
		t.Errorf("got %v", got)
	}
}

func TestNotes(t *testing.T) {
	const changelog = "# Changelog\n\n## Unreleased\n\n- later\n\n## 1.2.3 (November 22, 2026)\n\n- this\n\n### Fixes\n\n- that\n\n## 1.2.2\n\n- before\n\n## 1.2.30\n"
	for version, want := range map[string]string{
		"1.2.3": "- this\n\n### Fixes\n\n- that\n", "1.2.2": "- before\n", "1.2.30": "", "1.2": "", "1.2.4": "",
	} {
		if got := changesOf(changelog, version); got != want {
			t.Errorf("%s: got %q, want %q", version, got, want)
		}
	}
	directory := t.TempDir()
	t.Chdir(directory)
	if err := os.WriteFile("CHANGELOG.md", []byte(changelog), 0o600); err != nil {
		t.Fatal(err)
	}
	r := release{version: "1.2.4", notes: "notes.md", out: "dist", progress: io.Discard}
	if err := r.make(); err == nil || !strings.Contains(err.Error(), `"## 1.2.4"`) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat("dist"); err == nil {
		t.Error("a release without notes was built")
	}
}
