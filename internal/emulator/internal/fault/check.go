package fault

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Check finds the first fault that is wrong. The operations are those that a
// fault can name. A fault that silently did nothing would let a test pass that
// proves nothing.
func Check(faults []Fault, operations []string) error {
	for i, f := range faults {
		if err := check(f, operations); err != nil {
			return fmt.Errorf("fault %d: %w", i+1, err)
		}
	}
	return nil
}

func check(f Fault, operations []string) error {
	rank := rankOf(f.Kind)
	if rank < 0 {
		return fmt.Errorf("unknown kind %q; the kinds are %s", f.Kind, strings.Join(kindNames(), ", "))
	}
	k := kinds[rank]
	for _, setting := range slices.Sorted(maps.Keys(f.settings())) {
		if !slices.Contains(k.settings, setting) {
			return fmt.Errorf("%s has no setting %q; it has %s", f.Kind, setting, cmp.Or(strings.Join(k.settings, ", "), "none"))
		}
	}
	if _, err := parseCalls(f.Calls); err != nil {
		return err
	}
	switch {
	case f.Operation != "" && !slices.Contains(operations, f.Operation):
		return fmt.Errorf("unknown operation %q; the operations are %s", f.Operation, strings.Join(operations, ", "))
	case f.Operation != "" && !k.isFor(f.Operation):
		return fmt.Errorf("%s is not a fault of %s, but of %s", f.Kind, f.Operation, strings.Join(k.operations, ", "))
	case f.Probability < 0 || f.Probability > 1:
		return fmt.Errorf("probability %v is not above 0 and up to 1", f.Probability)
	case !slices.Contains([]string{"", byCapped, byRequested}, f.Offsets):
		return fmt.Errorf("offsets %q is not %s or %s", f.Offsets, byCapped, byRequested)
	}
	return checkNumbers(f, k)
}

func checkNumbers(f Fault, k kind) error {
	isPossible := f.Status == 0 || f.Status >= 400 && f.Status <= 599 || k.canBeOK && f.Status == 200
	switch {
	case f.Delay < 0 || f.Count < 0 || f.Size < 0:
		return errors.New("delay, count and size must not be negative")
	case !isPossible:
		return fmt.Errorf("status %d is not that of an error, 400 to 599", f.Status)
	}
	return nil
}
