package fault

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// Plan holds the faults and numbers the requests. Its zero value has none.
type Plan struct {
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

// countedBy identifies a count of requests: those of one operation that one fault, by
// its place in the plan, is about. Clients of different operations thus do not change
// each other's numbers.
type countedBy struct {
	fault     int
	operation string
}

// Set replaces the faults and begins to count from 1. They must have passed Check.
func (p *Plan) Set(faults []Fault) {
	var all []planned
	for _, f := range faults {
		rank := rankOf(f.Kind)
		calls, _ := parseCalls(f.Calls)
		all = append(all, planned{f.withDefaults(kinds[rank].defaults), kinds[rank], rank, calls})
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults, p.counts = all, map[countedBy]int{}
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

// Reset begins to count from 1.
func (p *Plan) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.counts)
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
		p.counts[by]++
		n := p.counts[by]
		if len(f.calls) == 0 || slices.ContainsFunc(f.calls, func(r callRange) bool {
			return n >= r.first && n <= r.last && (n-r.first)%r.every == 0
		}) {
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
	return true
}

// compatible leaves out faults that cannot happen together: of the exclusive faults
// all but the first, of one kind all but the first, and all that change a response
// that the operation does not make.
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

// callRange is a part of a fault's Calls: from first to last, and of these every
// nth.
type callRange struct{ first, last, every int }

var callsPattern = regexp.MustCompile(`^(?:every (\d{1,9})|(\d{1,9})(-?)(\d{0,9}))$`)

// parseCalls reads Calls. No text is no range, which is every call.
func parseCalls(text string) ([]callRange, error) {
	var ranges []callRange
	for part := range strings.SplitSeq(text, ",") {
		match := callsPattern.FindStringSubmatch(strings.TrimSpace(part))
		if text == "" {
			return nil, nil
		}
		var one callRange
		if match != nil {
			nth, _ := strconv.Atoi(match[1])
			first, _ := strconv.Atoi(match[2])
			last, _ := strconv.Atoi(match[4])
			switch {
			case match[1] != "":
				one = callRange{nth, math.MaxInt, nth}
			case match[3] == "":
				one = callRange{first, first, 1}
			case match[4] == "":
				one = callRange{first, math.MaxInt, 1}
			default:
				one = callRange{first, last, 1}
			}
		}
		if one.first < 1 || one.last < one.first {
			return nil, fmt.Errorf(`calls %q are not of the form "1", "1-3", "4-" or "every 5", with commas between`, text)
		}
		ranges = append(ranges, one)
	}
	return ranges, nil
}
