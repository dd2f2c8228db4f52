package main

import (
	"archive/zip"
	"errors"
	"io/fs"
	"os"
	"time"
)

// modified is the time of all files in a zip. That of the build would make each
// zip a different one.
var modified = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// archived is a file in a zip, and where its content is from.
type archived struct {
	name, source string
	mode         fs.FileMode
}

func writeZip(path string, files []archived) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	z := zip.NewWriter(f)
	for _, file := range files {
		if err := addFile(z, file); err != nil {
			return err
		}
	}
	return z.Close()
}

func addFile(z *zip.Writer, file archived) error {
	header := &zip.FileHeader{Name: file.name, Method: zip.Deflate, Modified: modified}
	header.SetMode(file.mode)
	w, err := z.CreateHeader(header)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(file.source)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return err
}
