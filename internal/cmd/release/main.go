// Command release builds the files of a release: for each platform a zip of the
// provider, named as the registries require it, and one of the tools that come
// with it; the registry's manifest; SBOMs; and checksums, which it can sign. Two
// builds of one commit are the same to the byte, so that anybody can check what
// was published.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// platforms are those that releases are built for.
var platforms = []string{
	"linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64", "windows_arm64", "freebsd_amd64",
}

// product is what is built into one zip per platform.
type product struct {
	name     string
	binaries []binary
}

// binary is a program and its package. In the provider's zip its name ends in
// the version, as Terraform requires it.
type binary struct {
	name, pkg   string
	isVersioned bool
}

var (
	provider = product{"terraform-provider-dts", []binary{{"terraform-provider-dts", ".", true}}}
	tools    = product{"dts-tools", []binary{{"dts-emulator", "./internal/cmd/dts-emulator", false}, {"dts-record", "./internal/cmd/dts-record", false}}}
)

// release is what is built, and where.
type release struct {
	version   string // without v
	platforms []string
	out       string
	signingKey,
	notes string // a file for the release notes
	progress io.Writer
}

func main() {
	r := release{progress: os.Stdout}
	flag.StringVar(&r.version, "version", "", "`version` without v, such as 1.2.3")
	flag.StringVar(&r.out, "out", "dist", "`directory` to write to")
	flag.StringVar(&r.signingKey, "sign", "", "`key` to sign the checksums with: an ID or address that gpg knows; a passphrase is read from GPG_PASSPHRASE")
	flag.StringVar(&r.notes, "notes", "", "`file` to write the changes of this version to, from CHANGELOG.md")
	only := flag.String("platforms", strings.Join(platforms, ","), "`platforms` to build for, separated by commas")
	flag.Parse()
	r.platforms = strings.Split(*only, ",")
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := r.make(); err != nil {
		log.Fatal(err)
	}
}

var validVersion = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z]+(\.[0-9A-Za-z]+)*)?$`)

// make makes the files of the release. What can be wrong with the version is
// found before anything is built.
func (r release) make() error {
	if !validVersion.MatchString(r.version) {
		return fmt.Errorf("-version must be a version without v, such as 1.2.3, not %q", r.version)
	}
	if err := r.writeNotes(); err != nil {
		return err
	}
	if err := os.MkdirAll(r.out, 0o755); err != nil {
		return err
	}
	providerZips, providerSBOM, err := r.build(provider)
	if err != nil {
		return err
	}
	toolZips, toolSBOM, err := r.build(tools)
	if err != nil {
		return err
	}
	manifest, err := r.copyManifest()
	if err != nil {
		return err
	}
	// The registries expect zips and the manifest in the provider's checksums, and
	// nothing else.
	return errors.Join(
		r.writeChecksums(provider, append(providerZips, manifest)),
		r.writeChecksums(tools, append(toolZips, toolSBOM, providerSBOM)),
	)
}

// build builds a product for all platforms, and returns the names of its files.
func (r release) build(p product) (zips []string, sbom string, err error) {
	work, err := os.MkdirTemp("", "release-")
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	var programs []string
	for _, platform := range r.platforms {
		_, _ = fmt.Fprintf(r.progress, "building %s for %s\n", p.name, platform)
		files := []archived{{name: "LICENSE", source: "LICENSE", mode: 0o644}}
		for _, b := range p.binaries {
			program := filepath.Join(work, platform, b.name)
			if err := r.compile(b, platform, program); err != nil {
				return nil, "", fmt.Errorf("%s for %s: %w", b.name, platform, err)
			}
			programs = append(programs, program)
			files = append(files, archived{name: r.fileName(b, platform), source: program, mode: 0o755})
		}
		name := fmt.Sprintf("%s_%s_%s.zip", p.name, r.version, platform)
		if err := writeZip(filepath.Join(r.out, name), files); err != nil {
			return nil, "", err
		}
		zips = append(zips, name)
	}
	sbom = fmt.Sprintf("%s_%s_sbom.cdx.json", p.name, r.version)
	return zips, sbom, writeSBOM(filepath.Join(r.out, sbom), p.name, r.version, programs)
}

// compile builds a program in a way that depends on the source alone.
func (r release) compile(b binary, platform, to string) error {
	system, architecture, _ := strings.Cut(platform, "_")
	command := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid= -X main.version="+r.version, "-o", to, b.pkg)
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+architecture)
	command.Stderr = os.Stderr
	return command.Run()
}

// fileName is the name of a program in its zip.
func (r release) fileName(b binary, platform string) string {
	name := b.name
	if b.isVersioned {
		name += "_v" + r.version
	}
	if strings.HasPrefix(platform, "windows_") {
		name += ".exe"
	}
	return name
}

// copyManifest adds the file that tells the registries the protocol.
func (r release) copyManifest() (name string, err error) {
	text, err := os.ReadFile("terraform-registry-manifest.json")
	if err != nil {
		return "", err
	}
	name = fmt.Sprintf("%s_%s_manifest.json", provider.name, r.version)
	return name, os.WriteFile(filepath.Join(r.out, name), text, 0o644)
}
