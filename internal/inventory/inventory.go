// Package inventory lists the fields of the API's responses, as its documents
// have them. The tests of the provider hold the schemas against it, the tests of
// the emulator its fixtures, so that neither is the judge of its own spelling.
package inventory

import (
	"embed"
	"strings"
)

//go:embed *.fields.tsv
var files embed.FS

// Field is one field of a response. In paths, a list is marked by [].
type Field struct {
	Path      string // as in the response: DtsJobList[].DtsJobId
	Type      string // string, list, object and so on
	Terraform string // the attribute's path: jobs[].dts_job_id
}

// Fields returns the fields of an operation's response, none for an operation
// that has no inventory.
func Fields(operation string) []Field {
	table, err := files.ReadFile(operation + ".fields.tsv")
	if err != nil {
		return nil
	}
	_, rows, _ := strings.Cut(string(table), "\n") // the first line names the columns
	var fields []Field
	for row := range strings.Lines(rows) {
		columns := strings.Split(strings.TrimSuffix(row, "\n"), "\t")
		fields = append(fields, Field{Path: columns[0], Type: columns[1], Terraform: columns[2]})
	}
	return fields
}
