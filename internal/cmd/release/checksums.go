package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// writeChecksums writes the checksums of files as sha256sum does, and signs them
// if there is a key.
func (r release) writeChecksums(p product, files []string) error {
	var lines strings.Builder
	for _, file := range files {
		sum, err := checksum(filepath.Join(r.out, file))
		if err != nil {
			return err
		}
		fmt.Fprintf(&lines, "%x  %s\n", sum, file)
	}
	path := filepath.Join(r.out, fmt.Sprintf("%s_%s_SHA256SUMS", p.name, r.version))
	if err := os.WriteFile(path, []byte(lines.String()), 0o644); err != nil {
		return err
	}
	if r.signingKey == "" {
		return nil
	}
	return sign(path, r.signingKey, os.Getenv("GPG_PASSPHRASE"))
}

func checksum(path string) (sum []byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	hash := sha256.New()
	_, err = io.Copy(hash, f)
	return hash.Sum(nil), err
}

// sign writes a detached signature to path.sig, in the binary form that the
// registries require.
func sign(path, key, passphrase string) error {
	command := exec.Command("gpg", "--batch", "--yes", "--pinentry-mode", "loopback", "--passphrase-fd", "0",
		"--local-user", key, "--output", path+".sig", "--detach-sign", path)
	command.Stdin = strings.NewReader(passphrase)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("signing %s: %w: %s", filepath.Base(path), err, output)
	}
	return nil
}
