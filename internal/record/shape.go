package record

import (
	"net/netip"
	"regexp"
	"strings"
	"unicode/utf8"
)

// kind is what an original looks like, and so what its replacement looks like.
type kind int

const (
	ids kind = iota
	numerals
	uuids
	addresses4
	addresses6
	hosts
	names
	texts
)

var (
	ip4      = regexp.MustCompile(`^[0-9*Xx]{1,3}(\.[0-9*Xx]{1,3}){3}$`) // * and X are the API document's masks
	uuid     = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f*]{4}){3}-[0-9A-Fa-f*]{12}$`)
	digits   = regexp.MustCompile(`^[0-9]+$`)
	hostLike = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$`)
	idLike   = regexp.MustCompile(`^\s*[A-Za-z0-9_.*-]+\s*$`)
	idCore   = regexp.MustCompile(`^[a-z0-9*]*[0-9*][a-z0-9*]*$`)
	web      = regexp.MustCompile(`^(https?)://([^/?#\s]+)(\S*)$`)
	simple   = regexp.MustCompile("^[^\\s,;(){}<>\\[\\]\"'`]+$") // a name, not a sentence
	domain   = regexp.MustCompile(`\.(com|net|org|cn|io|local|internal|intra|lan|svc)$`)
	// product is how ids of the cloud's resources begin.
	product = regexp.MustCompile(`^(rm|rr|pc|pe|pi|pxc|i|eni|vpc|vsw|sg|vbr|cen|cc|amv|am|gp|gpdb|rg|r|dds|ld|hb|ob|es|drds|mc|alikafka_pre|alikafka_post|alikafka)[-_]|^dtscluster_`)
)

// longestName is how many characters a name may have before it counts as text.
const longestName = 40

// replace returns the replacement of a text by what it looks like. What has
// parts is replaced part by part, so that a part is recognized elsewhere.
func (a *Anonymiser) replace(text string) string {
	a.originals[text] = true
	switch {
	case strings.TrimSpace(text) == "":
		return text
	case a.ids[text]:
		return a.identifier(text)
	case ip4.MatchString(text):
		return a.leaf(addresses4, text)
	case uuid.MatchString(text):
		return a.leaf(uuids, text)
	case digits.MatchString(text):
		return a.leaf(numerals, text)
	case web.MatchString(text):
		return a.replaceURL(web.FindStringSubmatch(text))
	case isAddress6(text):
		return a.leaf(addresses6, text)
	case looksLikeID(text):
		return a.identifier(text)
	case !simple.MatchString(text):
		return a.replaceList(text)
	}
	return a.replaceParts(text)
}

func isAddress6(text string) bool {
	address, err := netip.ParseAddr(text)
	return err == nil && address.Is6()
}

func (a *Anonymiser) replaceURL(parts []string) string {
	url := parts[1] + "://" + a.replace(parts[2])
	if path := strings.Trim(parts[3], "/"); path != "" {
		url += "/" + a.replace(path)
	}
	return url
}

// replaceList replaces the names of a list, or else a text as a whole.
func (a *Anonymiser) replaceList(text string) string {
	list := strings.Split(text, ",")
	for i, name := range list {
		trimmed := strings.TrimPrefix(name, " ")
		if len(list) == 1 || !simple.MatchString(trimmed) {
			return a.leaf(texts, text)
		}
		list[i] = strings.Repeat(" ", len(name)-len(trimmed)) + a.replace(trimmed)
	}
	return strings.Join(list, ",")
}

// replaceParts replaces a host, an address with a port or a mask, a name with
// its schema, or a plain name.
func (a *Anonymiser) replaceParts(text string) string {
	left, right, found := strings.Cut(text, ":")
	if found && (ip4.MatchString(left) || hostLike.MatchString(left)) {
		if port(right) {
			return a.replace(left) + ":" + right
		}
		return a.replace(left) + ":" + a.replace(right)
	}
	if network, bits, found := strings.Cut(text, "/"); found && ip4.MatchString(network) {
		if len(bits) <= 2 {
			return a.replace(network) + "/" + bits
		}
		return a.replace(network) + "/" + a.replace(bits)
	}
	if hostLike.MatchString(text) {
		labels := strings.Split(text, ".")
		if len(labels) > 2 || domain.MatchString(text) {
			return a.leaf(hosts, text)
		}
		return a.replace(labels[0]) + "." + a.replace(labels[1])
	}
	if utf8.RuneCountInString(text) > longestName {
		return a.leaf(texts, text)
	}
	return a.leaf(names, text)
}

// looksLikeID recognizes an id where no field says that it is one.
func looksLikeID(text string) bool {
	prefix, core := splitID(text)
	least, most := 8, 40
	switch prefix {
	case "":
		least, most = 12, 24
	case "dts":
		least = 10
	}
	return idCore.MatchString(core) && len(core) >= least && len(core) <= most
}

// splitID splits off what says which product an id belongs to. The id of a DTS
// instance is often that of its job behind "dts", and so is its replacement.
func splitID(id string) (prefix, core string) {
	if prefix = product.FindString(id); prefix == "" && strings.HasPrefix(id, "dts") && len(id) > len("dts") {
		prefix = "dts"
	}
	return prefix, id[len(prefix):]
}

// replaceNumber returns the replacement of a number that is not in a string: as
// many digits.
func (a *Anonymiser) replaceNumber(number string) string {
	return a.leaf(numerals, strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number))
}

// identifier returns the replacement of an id. Spaces around it, as the API has
// them at times, stay.
func (a *Anonymiser) identifier(text string) string {
	id := strings.TrimSpace(text)
	a.originals[id] = true
	if id == "" {
		return text
	}
	before, after, _ := strings.Cut(text, id)
	prefix, core := splitID(id)
	switch {
	case uuid.MatchString(id):
		return before + a.leaf(uuids, id) + after
	case digits.MatchString(core):
		return before + prefix + a.leaf(numerals, core) + after
	case core == "":
		return before + a.leaf(ids, id) + after
	}
	return before + prefix + a.leaf(ids, core) + after
}
