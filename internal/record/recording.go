package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Recording is what was made of an account.
type Recording struct {
	Jobs, Prechecks int // how many of them there are
	Refused         int // subtasks that the service refused

	files map[string][]byte // by path
}

// readme is part of each recording.
const readme = `# A recording of a DTS account

Responses of Alibaba Cloud DTS, made by dts-record. IDs, names, hosts, addresses,
accounts and texts are replaced; look through the files before you share them.
Serve them with

    dts-emulator --fixtures <this directory>

recording.jsonl has a line for each page that was read: time, parameters of the
request, number of rows, and the service's own counts.
`

// CheckEmpty returns an error unless a recording can be written to the
// directory: it must be empty or not exist.
func CheckEmpty(directory string) error {
	entries, err := os.ReadDir(directory)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case len(entries) > 0:
		return fmt.Errorf("the directory %s is not empty", directory)
	}
	return nil
}

// Write writes the recording to a directory that is empty or does not exist.
func (r *Recording) Write(directory string) error {
	if err := CheckEmpty(directory); err != nil {
		return err
	}
	for name, data := range r.files {
		file := filepath.Join(directory, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
