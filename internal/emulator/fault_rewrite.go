package emulator

import "regexp"

// Both look at strings too, only to leave them as they are.
var (
	stringOrNumber = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*`)
	stringOrObject = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\{\s*\}?`)
)

// unknownMember is what the service may add one day.
const unknownMember = `"AddedByTheService" : { "Since" : 2027, "Values" : [ 1, "a", true, null, {} ] }`

// addUnknownFields adds a member to every object of an answer.
func addUnknownFields(answer []byte) []byte {
	return stringOrObject.ReplaceAllFunc(answer, func(found []byte) []byte {
		switch {
		case found[0] == '"':
			return found
		case found[len(found)-1] == '}':
			return []byte("{ " + unknownMember + " }")
		}
		return []byte("{ " + unknownMember + ", ")
	})
}

// quoteNumbers makes every number of an answer a string.
func quoteNumbers(answer []byte) []byte {
	return stringOrNumber.ReplaceAllFunc(answer, func(found []byte) []byte {
		if found[0] == '"' {
			return found
		}
		return quote(string(found))
	})
}
