package signature

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// canonicalQuery writes parameters the one way that both signature methods
// agree on: sorted by name, names and values percent-encoded, "name=" for an
// empty value.
func canonicalQuery(values url.Values) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			pairs = append(pairs, wire.PercentEncode(name)+"="+wire.PercentEncode(value))
		}
	}
	return strings.Join(pairs, "&")
}
