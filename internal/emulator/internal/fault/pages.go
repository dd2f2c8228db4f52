package fault

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/paging"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
	"github.com/dts-community/terraform-provider-dts/internal/rawjson"
)

// rejectPageSize refuses a page size. No refusal is on record, so both forms are
// offered.
func rejectPageSize(l *paging.List, f Fault) error {
	switch {
	case l.Size <= f.Size:
		return nil
	case f.Code != "":
		return wire.Error{Status: http.StatusBadRequest, Code: f.Code, Message: "The specified parameter PageSize is not valid."}
	}
	return wire.ErrInvalidParameter("PageSize")
}

// rejectPageSizeDynamically does the same in the form of an error whose message
// the client must complete.
func rejectPageSizeDynamically(l *paging.List, f Fault) error {
	if l.Size <= f.Size {
		return nil
	}
	refusal := wire.ErrInvalidParameter("PageSize")
	refusal.Status, refusal.ByService = http.StatusBadRequest, false
	return refusal
}

// requireDocumentedSize accepts the sizes of the document of DescribeDtsJobs only.
func requireDocumentedSize(l *paging.List, _ Fault) error {
	if slices.Contains([]int{10, 20, 30}, l.Size) {
		return nil
	}
	return wire.ErrInvalidParameter("PageSize")
}

// What a server that caps pages can compute offsets from.
const (
	byCapped    = "capped"
	byRequested = "requested"
)

// capPage cuts a larger page without an error.
func capPage(l *paging.List, f Fault) error {
	l.Size = min(l.Size, f.Size)
	if f.Offsets == byCapped {
		l.Offset = (l.Number - 1) * l.Size
	}
	return nil
}

func removeRows(l *paging.List, f Fault) error {
	n := min(f.Count, len(l.Rows))
	l.Rows, l.Total = l.Rows[n:], l.Total-n
	return nil
}

func moveRows(l *paging.List, f Fault) error {
	n := min(f.Count, len(l.Rows))
	l.Rows = slices.Concat(l.Rows[n:], l.Rows[:n])
	return nil
}

// addRows puts copies of the first row in front of it.
func addRows(l *paging.List, f Fault) error {
	if len(l.Rows) == 0 {
		return nil
	}
	var added []json.RawMessage
	for n := range f.Count {
		row, err := withOtherIDs(l.Rows[0], n+1)
		if err != nil {
			return err
		}
		added = append(added, row)
	}
	l.Rows, l.Total = slices.Concat(added, l.Rows), l.Total+f.Count
	return nil
}

// withOtherIDs returns a copy of a job or a precheck item that is another one.
func withOtherIDs(row json.RawMessage, n int) (json.RawMessage, error) {
	for name, format := range map[string]string{"DtsJobId": "drift%010d", "DtsInstanceID": "dtsdrift%07d", "Id": "drift%010d"} {
		present, err := rawjson.Get(row, name)
		if err == nil && present != nil {
			row, err = rawjson.Set(row, name, wire.Quote(fmt.Sprintf(format, n)))
		}
		if err != nil {
			return nil, err
		}
	}
	return row, nil
}

func hideRows(l *paging.List, f Fault) error {
	l.Rows = l.Rows[min(f.Count, len(l.Rows)):]
	return nil
}

// repeatItem shifts the list by one between two pages, in which time an item gets
// another state.
func repeatItem(l *paging.List, f Fault) error {
	if l.Offset == 0 || l.Offset > len(l.Rows) {
		return nil
	}
	item, err := rawjson.Set(l.Rows[l.Offset-1], "State", wire.Quote(f.State))
	if err != nil {
		return err
	}
	l.Rows = slices.Concat(l.Rows[:l.Offset], []json.RawMessage{item}, l.Rows[l.Offset:])
	return nil
}

func repeatPage(l *paging.List, _ Fault) error {
	l.Offset = max(0, l.Offset-l.Size)
	return nil
}

func returnFirstPage(l *paging.List, _ Fault) error {
	l.Offset = 0
	return nil
}

func emptyPage(p *paging.Page, _ Fault) error {
	p.Rows = nil
	return nil
}

func shortenPage(p *paging.Page, f Fault) error {
	p.Rows = p.Rows[:max(0, len(p.Rows)-f.Count)]
	return nil
}

func replaceTotal(p *paging.Page, f Fault) error {
	p.Total = &f.Total
	return nil
}

func removeTotal(p *paging.Page, _ Fault) error {
	p.Total = nil
	return nil
}

func countPage(p *paging.Page, _ Fault) error {
	count := len(p.Rows)
	p.Total = &count
	return nil
}

func refusePastEnd(p *paging.Page, _ Fault) error {
	if p.IsPastEnd {
		return wire.ErrInvalidParameter(p.NumberName)
	}
	return nil
}

func barePastEnd(p *paging.Page, _ Fault) error {
	p.IsBare = p.IsPastEnd
	return nil
}
