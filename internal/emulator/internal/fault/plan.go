package fault

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// Plan holds the faults and numbers the requests. Its zero value has none.
type Plan struct {
	// Seed decides which requests a fault with a probability matches.
	Seed uint64

	mu     sync.Mutex
	faults []planned
	counts map[countedBy]int
}

// planned is a fault with the defaults of its kind.
type planned struct {
	Fault
	kind  kind
	rank  int // of the kind in the table
	calls []callRange
}

// countedBy is what the number of a request counts: requests of one operation
// that one fault, by its place in the plan, is about. Clients of different
// operations thus do not change each other's numbers.
type countedBy struct {
	fault     int
	operation string
}

// Set replaces the faults and begins to count anew. They must have passed Check.
func (p *Plan) Set(faults []Fault) {
	var all []planned
	for _, f := range faults {
		rank := rankOf(f.Kind)
		calls, _ := parseCalls(f.Calls)
		all = append(all, planned{f.withDefaults(kinds[rank].defaults), kinds[rank], rank, calls})
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults, p.counts = all, nil
}

// Faults returns the faults, with their defaults.
func (p *Plan) Faults() []Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	faults := make([]Fault, len(p.faults))
	for i, f := range p.faults {
		faults[i] = f.Fault
	}
	return faults
}

// Reset begins to count anew.
func (p *Plan) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counts = nil
}

// Match counts a request and returns the faults that it meets.
func (p *Plan) Match(r *wire.Request) Active {
	p.mu.Lock()
	defer p.mu.Unlock()
	var matching []planned
	for i, f := range p.faults {
		if !f.isAbout(r) {
			continue
		}
		by := countedBy{i, r.Action}
		if p.counts == nil {
			p.counts = map[countedBy]int{}
		}
		p.counts[by]++
		if f.hasNumber(p.counts[by]) && f.happens(p.Seed, by, p.counts[by]) {
			matching = append(matching, f)
		}
	}
	return compatible(matching)
}

// isAbout reports whether a fault counts a request.
func (f planned) isAbout(r *wire.Request) bool {
	if f.Operation != "" && f.Operation != r.Action || !f.kind.isFor(r.Action) {
		return false
	}
	for name, value := range f.When {
		if r.Parameters.Get(name) != value {
			return false
		}
	}
	return f.kind.applies == nil || f.kind.applies(r, f.Fault)
}

func (f planned) hasNumber(number int) bool {
	return len(f.calls) == 0 || slices.ContainsFunc(f.calls, func(r callRange) bool { return r.has(number) })
}

// happens leaves it to chance, but to one that is repeatable: it depends on the
// seed and on which request it is, not on who was faster in between.
func (f planned) happens(seed uint64, by countedBy, number int) bool {
	if f.Probability == 0 {
		return true
	}
	drawn := sha256.Sum256(fmt.Appendf(nil, "%d %d %s %d", seed, by.fault, by.operation, number))
	return float64(binary.BigEndian.Uint64(drawn[:]))/(1<<64) < f.Probability
}

// compatible leaves out what cannot happen together: of the exclusive faults all
// but the first, of one kind all but the first, and whatever changes a response
// that the operation does not get to make.
func compatible(matching []planned) Active {
	var kept Active
	hasExclusive := false
	for _, f := range matching {
		isRepeated := slices.ContainsFunc(kept, func(k planned) bool { return k.Kind == f.Kind })
		switch {
		case isRepeated, hasExclusive && f.kind.isExclusive():
			continue
		case f.kind.replace != nil:
			return Active{f}
		}
		hasExclusive = hasExclusive || f.kind.isExclusive()
		kept = append(kept, f)
	}
	slices.SortStableFunc(kept, func(a, b planned) int { return a.rank - b.rank })
	return kept
}
