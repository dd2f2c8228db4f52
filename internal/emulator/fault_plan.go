package emulator

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"net/url"
	"slices"
	"sync"
)

// faultPlan holds the faults there are, and numbers the calls.
type faultPlan struct {
	mu     sync.Mutex
	faults []plannedFault
	counts map[countedBy]int
}

// plannedFault is a fault that was checked, with its defaults filled in.
type plannedFault struct {
	Fault
	kind  faultKind
	calls []callRange
}

// countedBy says what a call's number counts: calls of one operation that could
// meet one fault, by its place in the plan. Clients of different operations thus
// don't push each other on.
type countedBy struct {
	fault     int
	operation string
}

// planFaults checks faults.
func planFaults(faults []Fault) ([]plannedFault, error) {
	var planned []plannedFault
	for i, f := range faults {
		calls, err := parseCalls(f.Calls)
		if err == nil {
			err = f.check()
		}
		if err != nil {
			return nil, fmt.Errorf("fault %d: %w", i+1, err)
		}
		kind := faultKinds[f.Kind]
		planned = append(planned, plannedFault{f.withDefaults(kind.defaults), kind, calls})
	}
	return planned, nil
}

// replace sets the faults and begins to count anew.
func (p *faultPlan) replace(faults []plannedFault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults, p.counts = faults, nil
}

// all returns the faults as they are played.
func (p *faultPlan) all() []Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	faults := make([]Fault, len(p.faults))
	for i, f := range p.faults {
		faults[i] = f.Fault
	}
	return faults
}

// reset begins to count anew.
func (p *faultPlan) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counts = nil
}

// meet counts a call and returns the faults that it meets.
func (p *faultPlan) meet(operation string, parameters url.Values, seed uint64) []plannedFault {
	p.mu.Lock()
	defer p.mu.Unlock()
	var met []plannedFault
	for i, f := range p.faults {
		if !f.couldMeet(operation, parameters) {
			continue
		}
		by := countedBy{i, operation}
		if p.counts == nil {
			p.counts = map[countedBy]int{}
		}
		p.counts[by]++
		if f.meets(p.counts[by]) && f.happens(seed, by, p.counts[by]) {
			met = append(met, f)
		}
	}
	return played(met)
}

// played leaves out what cannot be played along: of the exclusive faults all but
// the first, of one kind all but the first, and whatever changes an answer that
// the operation does not get to make.
func played(met []plannedFault) []plannedFault {
	var kept []plannedFault
	hasExclusive := false
	for _, f := range met {
		isRepeated := slices.ContainsFunc(kept, func(k plannedFault) bool { return k.Kind == f.Kind })
		switch {
		case isRepeated, hasExclusive && f.kind.isExclusive():
			continue
		case f.kind.instead != nil:
			return []plannedFault{f}
		}
		hasExclusive = hasExclusive || f.kind.isExclusive()
		kept = append(kept, f)
	}
	return kept
}

// couldMeet reports whether a fault counts a call.
func (f plannedFault) couldMeet(operation string, parameters url.Values) bool {
	if f.Operation != "" && f.Operation != operation || !f.kind.isFor(operation) {
		return false
	}
	for name, value := range f.When {
		if parameters.Get(name) != value {
			return false
		}
	}
	return true
}

func (f plannedFault) meets(number int) bool {
	return len(f.calls) == 0 || slices.ContainsFunc(f.calls, func(r callRange) bool { return r.has(number) })
}

// happens leaves it to chance, but to one that is repeatable: it depends on the
// seed and on which call it is, not on who was faster in between.
func (f plannedFault) happens(seed uint64, by countedBy, number int) bool {
	if f.Probability == 0 {
		return true
	}
	drawn := sha256.Sum256(fmt.Appendf(nil, "%d %d %s %d", seed, by.fault, by.operation, number))
	return float64(binary.BigEndian.Uint64(drawn[:]))/(1<<64) < f.Probability
}
