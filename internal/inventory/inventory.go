// Package inventory lists the parameters of the API's requests and the fields
// of its responses, as its documents have them. The tests of the client hold its
// requests against it, those of the provider the schemas, those of the emulator
// its fixtures, so that no package checks its spelling against itself.
package inventory

import (
	"embed"
	"iter"
	"strings"
)

//go:embed *.tsv
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
	var fields []Field
	for columns := range rows(operation + ".fields.tsv") {
		fields = append(fields, Field{Path: columns[0], Type: columns[1], Terraform: columns[2]})
	}
	return fields
}

// Parameter is one parameter of a request.
type Parameter struct {
	Name     string
	Type     string // string, integer or boolean
	Required bool
}

// Parameters returns the parameters of an operation, none for an operation that
// has no inventory.
func Parameters(operation string) []Parameter {
	var parameters []Parameter
	for columns := range rows(operation + ".parameters.tsv") {
		parameters = append(parameters, Parameter{Name: columns[0], Type: columns[1], Required: columns[2] == "yes"})
	}
	return parameters
}

// rows returns the columns of each row of a table but the first, which names
// them.
func rows(file string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		table, err := files.ReadFile(file)
		if err != nil {
			return
		}
		_, rows, _ := strings.Cut(string(table), "\n")
		for row := range strings.Lines(rows) {
			if !yield(strings.Split(strings.TrimSuffix(row, "\n"), "\t")) {
				return
			}
		}
	}
}
