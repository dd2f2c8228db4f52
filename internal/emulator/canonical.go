package emulator

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// canonicalQuery writes parameters the one way that both signature methods
// agree on: sorted by name, names and values percent-encoded, "name=" for an
// empty value.
func canonicalQuery(values url.Values) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			pairs = append(pairs, percentEncode(name)+"="+percentEncode(value))
		}
	}
	return strings.Join(pairs, "&")
}

// percentEncode encodes all but the unreserved characters of RFC 3986.
// url.QueryEscape differs from that in the space only.
func percentEncode(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

func cloneValues(values url.Values) url.Values {
	clone := make(url.Values, len(values))
	for name, all := range values {
		clone[name] = slices.Clone(all)
	}
	return clone
}
