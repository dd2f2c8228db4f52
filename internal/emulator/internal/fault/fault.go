// Package fault makes things go wrong on request, so that a client can be shown
// to cope. All kinds of faults are in one table, kinds; a Plan decides which
// faults match a request, and Active faults act on its response.
package fault

import (
	"cmp"
	"maps"
	"time"
)

// Kind names what goes wrong.
type Kind string

// Fault is something that goes wrong with some requests.
type Fault struct {
	Kind Kind `json:"kind"`

	// Operation is the action whose requests are meant; empty is all.
	Operation string `json:"operation,omitempty"`
	// When narrows these to requests whose parameters have the values; "" is a
	// parameter that is absent.
	When map[string]string `json:"when,omitempty"`
	// Calls are the numbers of these requests that the fault matches: "1", "1-3",
	// "4-", "every 5", or multiple of these with commas between. Empty is all.
	Calls string `json:"calls,omitempty"`
	// Probability, above 0 and up to 1, is that of matching each of these; 0 is
	// always.
	Probability float64 `json:"probability,omitempty"`

	// The settings of the kinds. Each kind has some of them; one that is not set
	// has the kind's default.

	Delay   time.Duration `json:"-"` // in JSON a text such as "1m30s", see faultJSON
	Count   int           `json:"count,omitempty"`
	Size    int           `json:"size,omitempty"`
	Total   int           `json:"total,omitempty"`
	Status  int           `json:"status,omitempty"`
	Code    string        `json:"code,omitempty"`
	Message string        `json:"message,omitempty"`
	State   string        `json:"state,omitempty"`
	IDs     string        `json:"ids,omitempty"`
	Offsets string        `json:"offsets,omitempty"`
}

// settings returns the settings that are set, by name.
func (f Fault) settings() map[string]any {
	all := map[string]any{
		"delay": f.Delay, "count": f.Count, "size": f.Size, "total": f.Total,
		"status": f.Status, "code": f.Code, "message": f.Message, "state": f.State, "ids": f.IDs, "offsets": f.Offsets,
	}
	maps.DeleteFunc(all, func(_ string, value any) bool {
		return value == "" || value == 0 || value == time.Duration(0)
	})
	return all
}

// withDefaults sets what is not set.
func (f Fault) withDefaults(d Fault) Fault {
	f.Delay = cmp.Or(f.Delay, d.Delay)
	f.Count = cmp.Or(f.Count, d.Count)
	f.Size = cmp.Or(f.Size, d.Size)
	f.Total = cmp.Or(f.Total, d.Total)
	f.Status = cmp.Or(f.Status, d.Status)
	f.Code = cmp.Or(f.Code, d.Code)
	f.Message = cmp.Or(f.Message, d.Message)
	f.State = cmp.Or(f.State, d.State)
	f.IDs = cmp.Or(f.IDs, d.IDs)
	f.Offsets = cmp.Or(f.Offsets, d.Offsets)
	return f
}
