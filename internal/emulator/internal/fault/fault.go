// Package fault makes things go wrong on request, so that a client can be shown
// to cope. All kinds of faults are in one table, kinds; a Plan decides which
// faults a request meets, and Active faults act on its response.
package fault

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Fault is something that goes wrong with some requests.
type Fault struct {
	// Kind is the name of a row in the table of kinds.
	Kind string `json:"kind"`
	// Operation is the action whose requests are meant; empty is all.
	Operation string `json:"operation,omitzero"`
	// When narrows these to requests whose parameters have the values; "" is a
	// parameter that is absent.
	When map[string]string `json:"when,omitzero"`
	// Calls are the numbers of these requests that the fault matches: "1", "1-3",
	// "4-", "every 5", or multiple of these with commas between. Empty is all.
	Calls string `json:"calls,omitzero"`

	// The settings of the kinds. Each kind has some; a setting that is zero has
	// the kind's default.

	Delay   time.Duration `json:"delay,omitzero"`
	Count   int           `json:"count,omitzero"`
	Size    int           `json:"size,omitzero"`
	Total   int           `json:"total,omitzero"`
	Status  int           `json:"status,omitzero"`
	Code    string        `json:"code,omitzero"`
	Message string        `json:"message,omitzero"`
	Body    string        `json:"body,omitzero"`
	Offsets string        `json:"offsets,omitzero"`
}

// firstSetting is the index of the first field of Fault that is a setting.
const firstSetting = 4

// settings yields the names of the settings with their values in the fault.
func (f *Fault) settings() func(yield func(string, reflect.Value) bool) {
	return func(yield func(string, reflect.Value) bool) {
		value := reflect.ValueOf(f).Elem()
		for i := firstSetting; i < value.NumField(); i++ {
			if !yield(strings.ToLower(value.Type().Field(i).Name), value.Field(i)) {
				return
			}
		}
	}
}

// withDefaults returns the fault with defaults for the settings that are zero.
func (f Fault) withDefaults(defaults Fault) Fault {
	from, to := reflect.ValueOf(defaults), reflect.ValueOf(&f).Elem()
	for i := firstSetting; i < to.NumField(); i++ {
		if to.Field(i).IsZero() {
			to.Field(i).Set(from.Field(i))
		}
	}
	return f
}

// Limits of faults, which clients can set.
const (
	maxFaults = 1000
	maxRows   = 10_000 // that a fault adds, or leaves out
	maxDelay  = time.Hour
)

// In JSON a duration is a text such as "1m30s".
var (
	readsDurations = json.WithUnmarshalers(json.UnmarshalFunc(func(data []byte, d *time.Duration) error {
		var text string
		err := json.Unmarshal(data, &text)
		if err == nil {
			*d, err = time.ParseDuration(text)
		}
		return err
	}))
	writesDurations = json.WithMarshalers(json.MarshalFunc(func(d time.Duration) ([]byte, error) { return json.Marshal(d.String()) }))
)

// Parse reads a JSON list of faults, or one fault. A member that no fault has is
// an error. Check finds out whether the faults make sense.
func Parse(data []byte) ([]Fault, error) {
	text := strings.TrimSpace(string(data))
	if strings.HasPrefix(text, "{") {
		text = "[" + text + "]"
	}
	var faults []Fault
	if err := json.Unmarshal([]byte(text), &faults, readsDurations, json.RejectUnknownMembers(true)); err != nil {
		return nil, err
	}
	if faults == nil {
		return nil, errors.New("null is not a list; no faults are []")
	}
	return faults, nil
}

// Format writes faults the way that Parse reads them.
func Format(faults []Fault) ([]byte, error) {
	return json.Marshal(faults, writesDurations, jsontext.WithIndent("  "), json.FormatNilSliceAsNull(false))
}

// Check finds the first fault that is wrong. The operations are those that a
// fault can name. A fault that silently did nothing would let a test pass that
// proves nothing.
func Check(faults []Fault, operations []string) error {
	if len(faults) > maxFaults {
		return fmt.Errorf("%d faults are more than %d", len(faults), maxFaults)
	}
	for i, f := range faults {
		if err := f.check(operations); err != nil {
			return fmt.Errorf("fault %d: %w", i+1, err)
		}
	}
	return nil
}

func (f Fault) check(operations []string) error {
	rank := rankOf(f.Kind)
	if rank < 0 {
		var names []string
		for _, k := range kinds {
			names = append(names, k.name)
		}
		return fmt.Errorf("unknown kind %q; the kinds are %s", f.Kind, strings.Join(names, ", "))
	}
	k := kinds[rank]
	known := k.settingNames()
	for name, value := range f.settings() {
		if !value.IsZero() && !slices.Contains(known, name) {
			return fmt.Errorf("%s has no setting %q; it has %s", f.Kind, name, cmp.Or(strings.Join(known, ", "), "none"))
		}
	}
	if _, err := parseCalls(f.Calls); err != nil {
		return err
	}
	isStatus := f.Status == 0 || f.Status >= 400 && f.Status <= 599 || k.canBeOK && f.Status == 200
	switch {
	case f.Operation != "" && !slices.Contains(operations, f.Operation):
		return fmt.Errorf("unknown operation %q; the operations are %s", f.Operation, strings.Join(operations, ", "))
	case f.Operation != "" && !k.isFor(f.Operation):
		return fmt.Errorf("%s is not a fault of %s, but of %s", f.Kind, f.Operation, strings.Join(lists, ", "))
	case f.Offsets != "" && f.Offsets != byCapped && f.Offsets != byRequested:
		return fmt.Errorf("offsets %q is not %s or %s", f.Offsets, byCapped, byRequested)
	case f.Delay < 0 || f.Count < 0 || f.Size < 0:
		return errors.New("delay, count and size must not be negative")
	case f.Delay > maxDelay || f.Count > maxRows:
		return fmt.Errorf("delay is at most %v, count at most %d", maxDelay, maxRows)
	case !isStatus:
		return fmt.Errorf("status %d is not that of an error, 400 to 599", f.Status)
	}
	return nil
}
