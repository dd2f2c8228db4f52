package fault

import (
	"fmt"
	"strings"
)

// Names returns the names of all kinds, in the order of the table.
func Names() []Kind {
	var names []Kind
	for _, k := range kinds {
		names = append(names, k.name)
	}
	return names
}

// Document writes the table of kinds as Markdown, one table for each way in
// which kinds act.
func Document() string {
	var b strings.Builder
	for _, section := range []struct {
		title string
		has   func(kind) bool
	}{
		{"In place of the operation's response", func(k kind) bool { return k.replace != nil }},
		{"The response is delivered badly", func(k kind) bool { return k.deliver != nil }},
		{"The page or its count is wrong", func(k kind) bool { return len(k.operations) > 0 && k.replace == nil }},
		{"Every field is affected", func(k kind) bool { return k.rewrite != nil }},
	} {
		fmt.Fprintf(&b, "### %s\n\n| kind | what happens | settings |\n|---|---|---|\n", section.title)
		for _, k := range kinds {
			if section.has(k) {
				fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.name, k.doc, k.documentSettings())
			}
		}
		b.WriteString("\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// documentSettings lists the settings with their defaults.
func (k kind) documentSettings() string {
	defaults := k.defaults.settings()
	var all []string
	for _, name := range k.settings {
		setting := "`" + name + "`"
		if value, hasDefault := defaults[name]; hasDefault && name != "message" {
			setting = fmt.Sprintf("`%s` (%v)", name, value)
		}
		all = append(all, setting)
	}
	return strings.Join(all, ", ")
}
