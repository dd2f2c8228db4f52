package fault

import (
	"regexp"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// Both match strings too, to leave them unchanged.
var (
	stringOrNumber = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*`)
	stringOrObject = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\{\s*\}?`)
)

// unknownMember is what the service may add one day.
const unknownMember = `"AddedByTheService" : { "Since" : 2027, "Values" : [ 1, "a", true, null, {} ] }`

// addUnknownFields adds a member to every object of a response.
func addUnknownFields(body []byte) []byte {
	return stringOrObject.ReplaceAllFunc(body, func(found []byte) []byte {
		switch {
		case found[0] == '"':
			return found
		case found[len(found)-1] == '}':
			return []byte("{ " + unknownMember + " }")
		}
		return []byte("{ " + unknownMember + ", ")
	})
}

// quoteNumbers makes every number of a response a string.
func quoteNumbers(body []byte) []byte {
	return stringOrNumber.ReplaceAllFunc(body, func(found []byte) []byte {
		if found[0] == '"' {
			return found
		}
		return wire.Quote(string(found))
	})
}
