package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// readme goes into each recording.
const readme = `# A recording of a DTS account

Answers of Alibaba Cloud DTS, made by dts-record. Ids, names, hosts, addresses,
accounts and texts are replaced; look through the files before you give them to
anybody. Serve them with

    dts-emulator --fixtures <this folder>

recording.jsonl has a line for each page that was read: when, what was asked for,
how many rows came, and what the service counted.
`

// Vacant returns an error unless a recording can be written to the folder: it
// must be empty, or not exist.
func Vacant(folder string) error {
	entries, err := os.ReadDir(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case len(entries) > 0:
		return fmt.Errorf("the folder %s is not empty", folder)
	}
	return nil
}

// Write writes the recording to a folder that must be vacant.
func (r *Recording) Write(folder string) error {
	if err := Vacant(folder); err != nil {
		return err
	}
	for name, data := range r.files {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
