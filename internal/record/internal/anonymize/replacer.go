package anonymize

import (
	"net/netip"
	"regexp"
	"strings"
	"unicode/utf8"
)

var (
	ip4        = regexp.MustCompile(`^[0-9*Xx]{1,3}(\.[0-9*Xx]{1,3}){3}$`) // * and X are the API document's masks
	prefixBits = regexp.MustCompile(`^[0-9]{1,2}$`)
	uuid       = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f*]{4}){3}-[0-9A-Fa-f*]{12}$`)
	digits     = regexp.MustCompile(`^[0-9]+$`)
	hostLike   = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$`)
	idLike     = regexp.MustCompile(`^\s*[A-Za-z0-9_.*-]+\s*$`)
	idCore     = regexp.MustCompile(`^[a-z0-9*]*[0-9*][a-z0-9*]*$`)
	webURL     = regexp.MustCompile(`^(https?)://([^/?#\s]+)(\S*)$`)
	oneName    = regexp.MustCompile("^[^\\s,;(){}<>\\[\\]\"'`]+$") // a name, not a sentence
	domain     = regexp.MustCompile(`\.(com|net|org|cn|io|local|internal|intra|lan|svc)$`)
	// product matches the prefixes of IDs of cloud resources.
	product = regexp.MustCompile(`^(rm|rr|pc|pe|pi|pxc|i|eni|vpc|vsw|sg|vbr|cen|cc|amv|am|gp|gpdb|rg|r|dds|ld|hb|ob|es|drds|mc|alikafka_pre|alikafka_post|alikafka)[-_]|^dtscluster_`)
)

// longestName is how many characters a name may have before it counts as text.
const longestName = 40

// replacer replaces texts by what they look like. What has parts is replaced
// part by part, so that a part has the same replacement elsewhere.
type replacer struct {
	ids          map[string]bool // originals that a field declares to be IDs
	replacements *replacements
}

func newReplacer(seed string) *replacer {
	return &replacer{ids: map[string]bool{}, replacements: newReplacements(seed)}
}

func (r *replacer) noteID(text string) { r.ids[text] = true }

// replace returns the replacement of a text.
func (r *replacer) replace(text string) string {
	r.replacements.noteOriginal(text)
	switch {
	case strings.TrimSpace(text) == "":
		return text
	case r.ids[text]:
		return r.replaceID(text)
	case ip4.MatchString(text):
		return r.replaceAtom(ipv4, text)
	case uuid.MatchString(text):
		return r.replaceAtom(uuids, text)
	case digits.MatchString(text):
		return r.replaceAtom(numerals, text)
	case webURL.MatchString(text):
		return r.replaceURL(webURL.FindStringSubmatch(text))
	case isIPv6(text):
		return r.replaceAtom(ipv6, text)
	case looksLikeID(text):
		return r.replaceID(text)
	case !oneName.MatchString(text):
		return r.replaceList(text)
	}
	return r.replaceParts(text)
}

// replaceNumber returns the replacement of a JSON number: as many digits. While
// it is pending the number stays, because its digits may not be one.
func (r *replacer) replaceNumber(number string) string {
	original := onlyDigits(number)
	if replacement := r.replaceAtom(numerals, original); replacement != original {
		return replacement
	}
	return number
}

func onlyDigits(number string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
}

// replaceID keeps the prefix of an ID, and spaces around it, which the API has
// sometimes.
func (r *replacer) replaceID(text string) string {
	id := strings.TrimSpace(text)
	r.replacements.noteOriginal(id)
	before, after, _ := strings.Cut(text, id)
	prefix, core := splitID(id)
	switch {
	case uuid.MatchString(id):
		return before + r.replaceAtom(uuids, id) + after
	case digits.MatchString(core):
		return before + prefix + r.replaceAtom(numerals, core) + after
	case core == "":
		return before + r.replaceAtom(ids, id) + after
	}
	return before + prefix + r.replaceAtom(ids, core) + after
}

func (r *replacer) replaceURL(parts []string) string {
	url := parts[1] + "://" + r.replace(parts[2])
	if path := strings.Trim(parts[3], "/"); path != "" {
		url += "/" + r.replace(path)
	}
	return url
}

// replaceList replaces the names of a list, or else the text as one.
func (r *replacer) replaceList(text string) string {
	list := strings.Split(text, ",")
	for i, name := range list {
		trimmed := strings.TrimPrefix(name, " ")
		if len(list) == 1 || !oneName.MatchString(trimmed) {
			return r.replaceAtom(texts, text)
		}
		list[i] = strings.Repeat(" ", len(name)-len(trimmed)) + r.replace(trimmed)
	}
	return strings.Join(list, ",")
}

// replaceParts replaces a host, an address with a port or a prefix length, a
// name with its schema, or a plain name.
func (r *replacer) replaceParts(text string) string {
	if host, rest, found := strings.Cut(text, ":"); found && (ip4.MatchString(host) || hostLike.MatchString(host)) {
		if isPort(rest) {
			return r.replace(host) + ":" + rest
		}
		return r.replace(host) + ":" + r.replace(rest)
	}
	if network, rest, found := strings.Cut(text, "/"); found && ip4.MatchString(network) {
		if prefixBits.MatchString(rest) {
			return r.replace(network) + "/" + rest
		}
		return r.replace(network) + "/" + r.replace(rest)
	}
	return r.replaceName(text)
}

func (r *replacer) replaceName(text string) string {
	labels := strings.Split(text, ".")
	switch {
	case hostLike.MatchString(text) && len(labels) == 2 && !domain.MatchString(text):
		return r.replace(labels[0]) + "." + r.replace(labels[1])
	case hostLike.MatchString(text):
		return r.replaceAtom(hosts, text)
	case utf8.RuneCountInString(text) > longestName:
		return r.replaceAtom(texts, text)
	}
	return r.replaceAtom(names, text)
}

func (r *replacer) replaceAtom(k kind, original string) string {
	return r.replacements.replace(k, original)
}

func isIPv6(text string) bool {
	address, err := netip.ParseAddr(text)
	return err == nil && address.Is6()
}

// looksLikeID recognizes an ID in a field that is not declared to hold one.
func looksLikeID(text string) bool {
	prefix, core := splitID(text)
	shortest, longest := 8, 40
	switch prefix {
	case "":
		shortest, longest = 12, 24
	case "dts":
		shortest = 10
	}
	return idCore.MatchString(core) && len(core) >= shortest && len(core) <= longest
}

// splitID splits off the prefix of a product. The ID of a DTS instance is often
// that of its job after "dts", and so is its replacement.
func splitID(id string) (prefix, core string) {
	if prefix = product.FindString(id); prefix == "" && strings.HasPrefix(id, "dts") && len(id) > len("dts") {
		prefix = "dts"
	}
	return prefix, id[len(prefix):]
}
