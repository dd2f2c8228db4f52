package main

import (
	"fmt"
	"os"
	"strings"
)

// writeNotes writes the changes of the version, if a file for them was given.
func (r release) writeNotes() error {
	if r.notes == "" {
		return nil
	}
	changelog, err := os.ReadFile("CHANGELOG.md")
	if err != nil {
		return err
	}
	notes := changesOf(string(changelog), r.version)
	if notes == "" {
		return fmt.Errorf("CHANGELOG.md has no changes under the heading %q", "## "+r.version)
	}
	return os.WriteFile(r.notes, []byte(notes), 0o644)
}

// changesOf returns the section of a version, without its heading. A heading may
// have a date: ## 1.2.3 (November 22, 2026).
func changesOf(changelog, version string) string {
	var section strings.Builder
	isInside := false
	for line := range strings.Lines(changelog) {
		if heading, isHeading := strings.CutPrefix(line, "## "); isHeading {
			fields := strings.Fields(heading)
			isInside = len(fields) > 0 && fields[0] == version
		} else if isInside {
			section.WriteString(line)
		}
	}
	if changes := strings.TrimSpace(section.String()); changes != "" {
		return changes + "\n"
	}
	return ""
}
