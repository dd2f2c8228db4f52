package emulator

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// FaultKind names what goes wrong. FAULTS.md tells of each.
type FaultKind string

// The kinds of faults: those answered in place of the operation, those in which
// the answer travels badly, and those in which it is wrong.
const (
	FaultThrottling    FaultKind = "throttling"
	FaultInternalError FaultKind = "internal-error"
	FaultUnavailable   FaultKind = "unavailable"
	FaultHTML502       FaultKind = "html-502"
	FaultHTML200       FaultKind = "html-200"
	FaultEmpty200      FaultKind = "empty-200"
	FaultNull          FaultKind = "null"
	FaultFailure       FaultKind = "failure"
	FaultExpiredToken  FaultKind = "expired-token"

	FaultTruncatedBody FaultKind = "truncated-body"
	FaultReset         FaultKind = "reset"
	FaultRefused       FaultKind = "refused"
	FaultSlowHeader    FaultKind = "slow-header"
	FaultSlowBody      FaultKind = "slow-body"
	FaultHang          FaultKind = "hang"

	FaultDriftAdded        FaultKind = "drift-added"
	FaultDriftRemoved      FaultKind = "drift-removed"
	FaultDriftMoved        FaultKind = "drift-moved"
	FaultShortPage         FaultKind = "short-page"
	FaultDuplicatePage     FaultKind = "duplicate-page"
	FaultPageCap           FaultKind = "page-cap"
	FaultPageSizeRejection FaultKind = "page-size-rejection"
	FaultWrongTotal        FaultKind = "wrong-total"
	FaultUnknownFields     FaultKind = "unknown-fields"
	FaultNumbersAsStrings  FaultKind = "numbers-as-strings"
)

// Fault is something that goes wrong with some calls. It meets calls that the
// gateway lets through: one that is refused for its signature or by the rate
// limit is answered so.
type Fault struct {
	Kind FaultKind `json:"kind"`

	// Operation is the action whose calls are meant; empty is all.
	Operation string `json:"operation,omitempty"`
	// When narrows these to calls whose parameters have the values, "" standing
	// for a parameter that is absent.
	When map[string]string `json:"when,omitempty"`
	// Calls says which of them the fault meets, by number: "1", "1-3", "4-",
	// "every 5", or several of these with commas between. Empty is all.
	Calls string `json:"calls,omitempty"`
	// Probability, above 0 and up to 1, leaves it to chance whether one of these
	// is met; 0 is certainty.
	Probability float64 `json:"probability,omitempty"`

	// The settings of the kinds. Each kind takes some of them; one that is left
	// out has the kind's default.
	Delay   time.Duration `json:"-"` // in JSON a text such as "1m30s", see faultJSON
	Count   int           `json:"count,omitempty"`
	Size    int           `json:"size,omitempty"`
	Total   int           `json:"total,omitempty"`
	Status  int           `json:"status,omitempty"`
	Code    string        `json:"code,omitempty"`
	Message string        `json:"message,omitempty"`
}

// settings returns the names of the settings that are given.
func (f Fault) settings() []string {
	given := map[string]bool{
		"delay": f.Delay != 0, "count": f.Count != 0, "size": f.Size != 0, "total": f.Total != 0,
		"status": f.Status != 0, "code": f.Code != "", "message": f.Message != "",
	}
	maps.DeleteFunc(given, func(_ string, isGiven bool) bool { return !isGiven })
	return slices.Sorted(maps.Keys(given))
}

// withDefaults fills in what is not given.
func (f Fault) withDefaults(d Fault) Fault {
	f.Delay = cmp.Or(f.Delay, d.Delay)
	f.Count = cmp.Or(f.Count, d.Count)
	f.Size = cmp.Or(f.Size, d.Size)
	f.Total = cmp.Or(f.Total, d.Total)
	f.Status = cmp.Or(f.Status, d.Status)
	f.Code = cmp.Or(f.Code, d.Code)
	f.Message = cmp.Or(f.Message, d.Message)
	return f
}

// check finds what is wrong with a fault. A fault that silently did nothing
// would let a test pass that proves nothing.
func (f Fault) check() error {
	kind, known := faultKinds[f.Kind]
	if !known {
		return fmt.Errorf("unknown kind %q; the kinds are %s", f.Kind, namesOf(faultKinds))
	}
	for _, setting := range f.settings() {
		if !slices.Contains(kind.settings, setting) {
			return fmt.Errorf("%s takes no setting %q; it takes %s", f.Kind, setting, cmp.Or(strings.Join(kind.settings, ", "), "none"))
		}
	}
	if _, known := operations[f.Operation]; f.Operation != "" && !known {
		return fmt.Errorf("unknown operation %q; the operations are %s", f.Operation, namesOf(operations))
	}
	switch {
	case f.Operation != "" && !kind.isFor(f.Operation):
		return fmt.Errorf("%s is no fault of %s, but of %s", f.Kind, f.Operation, strings.Join(kind.operations, ", "))
	case f.Probability < 0 || f.Probability > 1:
		return fmt.Errorf("probability %v is not above 0 and up to 1", f.Probability)
	case f.Delay < 0 || f.Count < 0 || f.Size < 0:
		return errors.New("delay, count and size are not below 0")
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("status %d is not that of an error, 400 to 599", f.Status)
	}
	return nil
}

func namesOf[Name ~string, T any](table map[Name]T) string {
	var names []string
	for name := range table {
		names = append(names, string(name))
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}
