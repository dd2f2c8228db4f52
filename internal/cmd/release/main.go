// Command release builds what a release is made of: for each platform a zip of
// the provider, named as the registries want it, and one of the tools that come
// with it; checksums; the registry's manifest. Two builds of one commit are the
// same to the byte, so that anybody can check what was published.
package main

import (
	"archive/zip"
	"crypto/sha256"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// platforms are those that releases are built for.
var platforms = []string{
	"linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64", "windows_arm64", "freebsd_amd64",
}

const (
	provider = "terraform-provider-dts"
	tools    = "dts-tools"
)

// madeAt is the time that all files in a zip have; that of the build would
// make each zip another one.
var madeAt = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// file is a file of a release, with what stands in it.
type file struct{ name, source string }

func main() {
	version := flag.String("version", "", "version without the v, such as 1.2.3")
	out := flag.String("out", "dist", "folder to write to")
	only := flag.String("platforms", strings.Join(platforms, ","), "platforms to build for")
	flag.Parse()
	if *version == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := release(*version, *out, strings.Split(*only, ",")); err != nil {
		log.Fatal(err)
	}
}

func release(version, out string, platforms []string) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	var providers, others []string
	for _, platform := range platforms {
		fmt.Println("building for", platform)
		p, o, err := archives(version, out, platform)
		if err != nil {
			return fmt.Errorf("%s: %w", platform, err)
		}
		providers, others = append(providers, p), append(others, o)
	}
	manifest := fmt.Sprintf("%s_%s_manifest.json", provider, version)
	text, err := os.ReadFile("terraform-registry-manifest.json")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, manifest), text, 0o644); err != nil {
		return err
	}
	if err := sums(out, fmt.Sprintf("%s_%s_SHA256SUMS", provider, version), append(providers, manifest)); err != nil {
		return err
	}
	return sums(out, fmt.Sprintf("%s_%s_SHA256SUMS", tools, version), others)
}

// archives builds for a platform and returns the names of both zips.
func archives(version, out, platform string) (providerZip, toolsZip string, err error) {
	work, err := os.MkdirTemp("", "release-")
	if err != nil {
		return "", "", err
	}
	defer func() { _ = os.RemoveAll(work) }()
	suffix := ""
	if strings.HasPrefix(platform, "windows_") {
		suffix = ".exe"
	}
	licence := file{"LICENSE", "LICENSE"}
	binary := file{provider + "_v" + version + suffix, filepath.Join(work, provider)}
	contents := map[string][]file{provider: {licence, binary}, tools: {licence}}
	if err := build(version, platform, binary.source, "."); err != nil {
		return "", "", err
	}
	for _, tool := range []string{"dts-emulator", "dts-record"} {
		made := file{tool + suffix, filepath.Join(work, tool)}
		if err := build(version, platform, made.source, "./internal/cmd/"+tool); err != nil {
			return "", "", err
		}
		contents[tools] = append(contents[tools], made)
	}
	names := map[string]string{}
	for what, files := range contents {
		names[what] = fmt.Sprintf("%s_%s_%s.zip", what, version, platform)
		if err := archive(filepath.Join(out, names[what]), files); err != nil {
			return "", "", err
		}
	}
	return names[provider], names[tools], nil
}

// build compiles a package in a way that depends on the source alone.
func build(version, platform, to, from string) error {
	system, architecture, _ := strings.Cut(platform, "_")
	command := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid= -X main.version="+version, "-o", to, from)
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+architecture)
	command.Stderr = os.Stderr
	return command.Run()
}

func archive(to string, files []file) (err error) {
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	z := zip.NewWriter(f)
	for _, source := range files {
		if err := add(z, source); err != nil {
			return err
		}
	}
	return z.Close()
}

func add(z *zip.Writer, source file) error {
	header := &zip.FileHeader{Name: source.name, Method: zip.Deflate, Modified: madeAt}
	header.SetMode(0o755)
	w, err := z.CreateHeader(header)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(source.source)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// sums writes the checksums of files as sha256sum does.
func sums(out, name string, files []string) error {
	var b strings.Builder
	for _, file := range files {
		f, err := os.Open(filepath.Join(out, file))
		if err != nil {
			return err
		}
		sum := sha256.New()
		_, err = io.Copy(sum, f)
		if closed := f.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%x  %s\n", sum.Sum(nil), file)
	}
	return os.WriteFile(filepath.Join(out, name), []byte(b.String()), 0o644)
}
