package record

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// numbering numbers the replacements of one kind.
type numbering struct{ last, width int }

// settle gives a replacement to everything that waits for one. The order is
// secret, so that the numbers of two recordings can't be compared.
func (a *Anonymiser) settle() {
	waiting := map[kind][]string{}
	for original, k := range a.waiting {
		waiting[k] = append(waiting[k], original)
	}
	clear(a.waiting)
	for k := ids; k <= texts; k++ {
		list := waiting[k]
		slices.SortFunc(list, func(x, y string) int { return cmp.Compare(a.secretOrder(x), a.secretOrder(y)) })
		if k == ids {
			list = a.settleSortedIDs(list)
		}
		for _, original := range list {
			a.assign(original, a.draw(k, original, len(list)))
		}
	}
}

func (a *Anonymiser) assign(original, replacement string) {
	a.replacements[original] = replacement
	a.used[replacement] = true
}

// free reports whether a replacement is nobody's, so that nothing that is
// different becomes the same, or looks as if it had been left alone.
func (a *Anonymiser) free(candidate string) bool {
	return !a.used[candidate] && !a.originals[candidate]
}

// draw finds a replacement; many is how many of its kind are needed now.
func (a *Anonymiser) draw(k kind, original string, many int) string {
	switch k {
	case addresses4:
		return a.drawUntilFree(func() string {
			return fmt.Sprintf("10.%d.%d.%d", a.random.IntN(256), a.random.IntN(256), 1+a.random.IntN(254))
		})
	case addresses6:
		return a.drawUntilFree(func() string { return fmt.Sprintf("fd00::%x:%x", a.random.IntN(1<<16), 1+a.random.IntN(1<<15)) })
	case hosts:
		return a.next(k, many, "host-%0*d.example.com")
	case names:
		return a.next(k, many, "name-%0*d")
	case texts:
		return a.next(k, many, "text-%0*d")
	}
	return a.scrambled(k, original)
}

func (a *Anonymiser) drawUntilFree(draw func() string) string {
	for {
		if candidate := draw(); a.free(candidate) {
			return candidate
		}
	}
}

// next numbers a replacement. Numbers are equally wide, so that a search for one
// name does not find those that begin with it.
func (a *Anonymiser) next(k kind, many int, format string) string {
	if a.numbers[k] == nil {
		a.numbers[k] = &numbering{width: len(fmt.Sprint(many))}
	}
	n := a.numbers[k]
	return a.drawUntilFree(func() string {
		n.last++
		return fmt.Sprintf(format, n.width, n.last)
	})
}

const (
	lower    = "abcdefghijklmnopqrstuvwxyz"
	upper    = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	decimal  = "0123456789"
	attempts = 100
)

// scrambled replaces each letter and digit by another of its sort. Where there
// are too few of that length, it becomes longer.
func (a *Anonymiser) scrambled(k kind, original string) string {
	for try := 0; ; try++ {
		candidate := a.scramble(k, original)
		for range try / attempts {
			candidate += a.pick(decimal)
		}
		if a.free(candidate) {
			return candidate
		}
	}
}

// scramble leaves a UUID one, and a number: its first digit is not 0.
func (a *Anonymiser) scramble(k kind, original string) string {
	letters, capitals := lower, upper
	if k == uuids {
		letters, capitals = lower[:6], upper[:6]
	}
	first := true
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9' && first:
			first = false
			return rune(a.pick(decimal[1:])[0])
		case r >= '0' && r <= '9':
			return rune(a.pick(decimal)[0])
		case r >= 'a' && r <= 'z':
			return rune(a.pick(letters)[0])
		case r >= 'A' && r <= 'Z':
			return rune(a.pick(capitals)[0])
		}
		return r
	}, original)
}

func (a *Anonymiser) pick(from string) string {
	i := a.random.IntN(len(from))
	return from[i : i+1]
}
