// Command docs prints the tables of the documentation that are declared in Go,
// as definitions for the templates of the guides. make generate runs it.
package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/config"
	"github.com/dts-community/terraform-provider-dts/internal/verdict"
)

// tables are written as templates of these names.
var tables = []struct {
	name  string
	write func(io.Writer)
}{
	{"authentication-variables", authenticationVariables},
	{"precheck-items", precheckItems},
}

func main() {
	for _, table := range tables {
		fmt.Printf("{{- define %q }}", table.name)
		table.write(os.Stdout)
		fmt.Print("{{ end -}}\n")
	}
}

// settingArguments are the arguments of the provider block that do not
// authenticate.
var settingArguments = []string{
	"region", "protocol", "client_connect_timeout", "client_read_timeout", "max_retry_timeout",
	"max_requests_per_second", "configuration_source", "endpoints",
}

// authenticationVariables lists the environment variables of every argument
// that authenticates.
func authenticationVariables(w io.Writer) {
	row(w, "Argument", "Environment variables, in order of precedence")
	row(w, "---", "---")
	for _, s := range config.List() {
		if !isSetting(s) {
			row(w, code(s.Name()), code(s.Variables...))
		}
	}
}

func isSetting(s config.Setting) bool {
	for _, argument := range settingArguments {
		if s.Path[0] == argument {
			return true
		}
	}
	return false
}

// precheckItems explains the items that the provider knows.
func precheckItems(w io.Writer) {
	row(w, "Item", "What is checked", "Possible causes", "What to do")
	row(w, "---", "---", "---", "---")
	for _, e := range verdict.Explanations() {
		item := fmt.Sprintf("`%s`<br>%s", e.Key, e.Title)
		if e.HelpURL != "" {
			item = fmt.Sprintf("`%s`<br>[%s](%s)", e.Key, e.Title, e.HelpURL)
		}
		row(w, item, e.Checks, e.Causes, e.Fix)
	}
}

func row(w io.Writer, cells ...string) {
	for i, cell := range cells {
		cells[i] = strings.ReplaceAll(cell, "|", `\|`)
	}
	fmt.Fprintln(w, "| "+strings.Join(cells, " | ")+" |")
}

func code(names ...string) string {
	if len(names) == 0 {
		return "none"
	}
	return "`" + strings.Join(names, "`, `") + "`"
}
