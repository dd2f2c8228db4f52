package anonymize

import "slices"

// replacements remembers what each original is replaced by.
type replacements struct {
	generator *generator

	assigned  map[string]string
	pending   map[string]kind // originals without a replacement yet
	originals map[string]bool // no replacement may look like one of them
	used      map[string]bool // replacements
}

func newReplacements(seed string) *replacements {
	return &replacements{
		generator: newGenerator(seed),
		assigned:  map[string]string{},
		pending:   map[string]kind{},
		originals: map[string]bool{},
		used:      map[string]bool{},
	}
}

// noteOriginal keeps a text from being chosen as a replacement.
func (r *replacements) noteOriginal(text string) { r.originals[text] = true }

// replace returns the replacement of an original, or the original itself, which
// is pending then.
func (r *replacements) replace(k kind, original string) string {
	r.noteOriginal(original)
	if replacement, isAssigned := r.assigned[original]; isAssigned {
		return replacement
	}
	r.pending[original] = k
	return original
}

// assign gives a replacement to everything that is pending. The order is random,
// so that the numbers of two recordings cannot be compared.
func (r *replacements) assign() {
	pending := map[kind][]string{}
	for original, k := range r.pending {
		pending[k] = append(pending[k], original)
	}
	clear(r.pending)
	for k := range kindCount {
		originals := pending[k]
		slices.Sort(originals)
		r.generator.shuffle(originals)
		if k == ids {
			originals = r.assignSortable(originals)
		}
		for _, original := range originals {
			r.set(original, r.generator.generate(k, original, len(originals), r.isFree))
		}
	}
}

// assignSortable replaces IDs by others in the same order, because the service
// and the provider sort by them, and returns those that have no order to keep.
// Nothing but that order can be learned from random IDs in order.
func (r *replacements) assignSortable(originals []string) (others []string) {
	var sorted []string
	for _, id := range originals {
		if sortable.MatchString(id) {
			sorted = append(sorted, id)
		} else {
			others = append(others, id)
		}
	}
	slices.Sort(sorted)
	heads := r.generator.heads(len(sorted), r.takenHeads())
	for i, id := range sorted {
		r.set(id, heads[i]+r.generator.tail(id[headLength:]))
	}
	return others
}

// takenHeads are how the originals and the replacements begin.
func (r *replacements) takenHeads() map[string]bool {
	taken := map[string]bool{}
	for _, texts := range []map[string]bool{r.originals, r.used} {
		for text := range texts {
			taken[text[:min(headLength, len(text))]] = true
		}
	}
	return taken
}

func (r *replacements) set(original, replacement string) {
	r.assigned[original] = replacement
	r.used[replacement] = true
}

// isFree reports whether nothing else has that replacement and nothing original
// looks like it.
func (r *replacements) isFree(candidate string) bool {
	return !r.used[candidate] && !r.originals[candidate]
}
