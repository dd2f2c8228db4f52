package record

import (
	"regexp"
	"slices"
)

// headLength is how many characters decide about the order of ids. There are
// 36 to its power of them.
const headLength = 8

// sortable is an id whose replacement can keep its place among the others.
var sortable = regexp.MustCompile(`^[a-z0-9]{8}[a-z0-9*_-]*$`)

// settleSortedIDs replaces ids by others in the same order, for the service
// and the provider sort by them, and returns those that have no order to keep.
// All that can be learned from random ids in their order is that order.
func (a *Anonymiser) settleSortedIDs(ids []string) (rest []string) {
	var sorted []string
	for _, id := range ids {
		if sortable.MatchString(id) {
			sorted = append(sorted, id)
		} else {
			rest = append(rest, id)
		}
	}
	slices.Sort(sorted)
	for i, head := range a.heads(len(sorted)) {
		a.assign(sorted[i], head+a.tail(sorted[i][headLength:]))
	}
	return rest
}

// heads returns so many beginnings of ids that nothing has, sorted.
func (a *Anonymiser) heads(many int) []string {
	taken := map[string]bool{}
	for _, texts := range []map[string]bool{a.originals, a.used} {
		for text := range texts {
			taken[text[:min(headLength, len(text))]] = true
		}
	}
	heads := make([]string, 0, many)
	for len(heads) < many {
		head := a.pick(lower)
		for len(head) < headLength {
			head += a.pick(lower + decimal)
		}
		if !taken[head] {
			taken[head] = true
			heads = append(heads, head)
		}
	}
	slices.Sort(heads)
	return heads
}

// tail keeps the characters that are no letters and digits.
func (a *Anonymiser) tail(original string) string {
	tail := []byte(original)
	for i, c := range tail {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			tail[i] = a.pick(lower + decimal)[0]
		}
	}
	return string(tail)
}
