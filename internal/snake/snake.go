// Package snake turns names of the API and of Go into names of Terraform. It
// imports nothing, so that a program can name an argument without linking
// Terraform's libraries.
package snake

import (
	"strings"
	"unicode"
)

// Case returns the snake_case of a CamelCase name. A run of capitals is one
// word: DtsInstanceID is dts_instance_id, OracleSID is oracle_sid.
func Case(camel string) string {
	var b strings.Builder
	runes := []rune(camel)
	for i, r := range runes {
		if unicode.IsUpper(r) && i > 0 {
			endsRun := i+1 < len(runes) && unicode.IsLower(runes[i+1])
			if !unicode.IsUpper(runes[i-1]) || endsRun {
				b.WriteByte('_')
			}
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
