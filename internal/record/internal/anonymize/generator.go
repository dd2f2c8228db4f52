package anonymize

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	mathrand "math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// kind is what an original looks like, and so what its replacement looks like.
type kind int

const (
	ids kind = iota
	numerals
	uuids
	ipv4
	ipv6
	hosts
	names
	texts
	kindCount
)

// generator makes up replacements.
type generator struct {
	random  *mathrand.Rand
	numbers map[kind]*numbering
}

// numbering numbers the replacements of one kind.
type numbering struct{ last, width int }

// newGenerator returns a generator. Those with the same seed make up the same; an
// empty seed is a random one.
func newGenerator(seed string) *generator {
	key := sha256.Sum256([]byte(seed))
	if seed == "" {
		_, _ = rand.Read(key[:]) // It never fails.
	}
	return &generator{random: mathrand.New(mathrand.NewChaCha8(key)), numbers: map[kind]*numbering{}}
}

func (g *generator) shuffle(texts []string) {
	g.random.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
}

// generate returns a replacement that is free; many is how many of its kind are
// needed now.
func (g *generator) generate(k kind, original string, many int, isFree func(string) bool) string {
	for attempt := 0; ; attempt++ {
		if candidate := g.candidate(k, original, many, attempt); isFree(candidate) {
			return candidate
		}
	}
}

func (g *generator) candidate(k kind, original string, many, attempt int) string {
	switch k {
	case ipv4:
		return fmt.Sprintf("10.%d.%d.%d", g.random.IntN(256), g.random.IntN(256), 1+g.random.IntN(254))
	case ipv6:
		return fmt.Sprintf("fd00::%x:%x", g.random.IntN(1<<16), 1+g.random.IntN(1<<15))
	case hosts:
		return g.numbered(k, "host-%0*d.example.com", many)
	case names:
		return g.numbered(k, "name-%0*d", many)
	case texts:
		return g.numbered(k, "text-%0*d", many)
	}
	return g.scramble(k, original) + g.longer(attempt)
}

// numbered makes numbers equally wide, so that a search for one name does not
// find those that begin with it.
func (g *generator) numbered(k kind, format string, many int) string {
	if g.numbers[k] == nil {
		g.numbers[k] = &numbering{width: len(fmt.Sprint(many))}
	}
	n := g.numbers[k]
	n.last++
	return fmt.Sprintf(format, n.width, n.last)
}

const (
	lower   = "abcdefghijklmnopqrstuvwxyz"
	upper   = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	decimal = "0123456789"
)

// scramble replaces each letter and digit by another of its sort. A UUID stays
// one, and so does a number: its first digit is not 0.
func (g *generator) scramble(k kind, original string) string {
	letters, capitals := lower, upper
	if k == uuids {
		letters, capitals = lower[:6], upper[:6]
	}
	digit := decimal[1:]
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			picked := g.pick(digit)
			digit = decimal
			return picked
		case r >= 'a' && r <= 'z':
			return g.pick(letters)
		case r >= 'A' && r <= 'Z':
			return g.pick(capitals)
		}
		return r
	}, original)
}

// attemptsPerLength is how often a length is tried before there seem to be too
// few replacements of it.
const attemptsPerLength = 100

func (g *generator) longer(attempt int) string {
	var more strings.Builder
	for range attempt / attemptsPerLength {
		more.WriteRune(g.pick(decimal))
	}
	return more.String()
}

// headLength is how many characters decide about the order of IDs: enough that
// there are always heads that are free.
const headLength = 8

// sortable matches IDs whose replacements can keep the order.
var sortable = regexp.MustCompile(`^[a-z0-9]{8}[a-z0-9*_-]*$`)

// heads returns the beginnings of IDs, in order, none of them taken.
func (g *generator) heads(many int, taken map[string]bool) []string {
	heads := make([]string, 0, many)
	for len(heads) < many {
		head := string(g.pick(lower)) + g.alphanumeric(headLength-1)
		if !taken[head] {
			taken[head] = true
			heads = append(heads, head)
		}
	}
	slices.Sort(heads)
	return heads
}

func (g *generator) alphanumeric(length int) string {
	text := make([]rune, length)
	for i := range text {
		text[i] = g.pick(lower + decimal)
	}
	return string(text)
}

// tail keeps the characters that are not letters or digits.
func (g *generator) tail(original string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return g.pick(lower + decimal)
		}
		return r
	}, original)
}

func (g *generator) pick(from string) rune { return rune(from[g.random.IntN(len(from))]) }
