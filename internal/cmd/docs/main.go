// Command docs prints the tables of the documentation that are declared in Go,
// as definitions for the templates of the pages. make generate runs it.
package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

// table is a table in Markdown, as a template of that name.
type table struct {
	name   string
	header []string
	rows   [][]string
}

func main() {
	for _, t := range []table{authenticationVariables(), precheckItems()} {
		fmt.Print(t.definition())
	}
}

// authenticationVariables lists the environment variables of every argument
// that authenticates.
func authenticationVariables() table {
	t := table{name: "authentication-variables", header: []string{"Argument", "Environment variables, in order of precedence"}}
	for _, s := range credentials.List() {
		if !slices.Contains(otherArguments, s.Path[0]) {
			t.rows = append(t.rows, []string{code(s.Name()), code(s.Variables...)})
		}
	}
	return t
}

// otherArguments are the arguments of the provider block that do not
// authenticate.
var otherArguments = []string{
	"region", "protocol", "client_connect_timeout", "client_read_timeout", "max_retry_timeout",
	"max_requests_per_second", "configuration_source", "endpoints",
}

// precheckItems explains the items that the provider knows.
func precheckItems() table {
	t := table{name: "precheck-items", header: []string{"Item", "What is checked", "Possible causes", "What to do"}}
	for _, e := range verdict.Explanations() {
		title := e.Title
		if e.HelpURL != "" {
			title = "[" + e.Title + "](" + e.HelpURL + ")"
		}
		t.rows = append(t.rows, []string{code(e.Key) + "<br>" + title, e.Checks, e.Causes, e.Fix})
	}
	return t
}

// code marks up names, of which there may be none.
func code(names ...string) string {
	if len(names) == 0 {
		return "none"
	}
	return "`" + strings.Join(names, "`, `") + "`"
}

// definition defines the template, which ends with a line break and trims what
// surrounds the definition.
func (t table) definition() string {
	var b strings.Builder
	fmt.Fprintf(&b, "{{- define %q }}", t.name)
	writeRow(&b, t.header)
	writeRow(&b, slices.Repeat([]string{"---"}, len(t.header)))
	for _, cells := range t.rows {
		writeRow(&b, cells)
	}
	b.WriteString("{{ end -}}\n")
	return b.String()
}

func writeRow(b *strings.Builder, cells []string) {
	b.WriteString("|")
	for _, cell := range cells {
		b.WriteString(" " + strings.ReplaceAll(cell, "|", `\|`) + " |")
	}
	b.WriteString("\n")
}
