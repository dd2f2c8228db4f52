// Package paging cuts pages out of lists, the same way for both operations. A
// List is what a fault can change before its page is cut, a Page what it can
// change afterwards.
package paging

import (
	"encoding/json"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// DefaultSize is the size of a page whose request names none.
const DefaultSize = 20

// maxSize is the largest page that is accepted. Documents of different years end
// at 30, 50 or 100, and clients of the service send 50 and 100. What it does with
// a size that it does not accept is not on record: faults try what it may do.
const maxSize = 100

// List is a list of which a page was requested.
type List struct {
	Number, Size int    // of the page
	NumberName   string // the parameter that Number comes from
	Offset       int    // of the page's first row

	Rows  []json.RawMessage // every row that matches
	Total int               // TotalRecordCount
}

// NewList returns a list, still without rows, of which a page is requested.
func NewList(numberName string, number, size int) *List {
	return &List{Number: number, Size: size, NumberName: numberName, Offset: (number - 1) * size}
}

// CheckSize refuses a page size that is too large.
func (l *List) CheckSize() error {
	if l.Size > maxSize {
		return wire.ErrInvalidParameter("PageSize")
	}
	return nil
}

// SetRows sets the rows. The count is their number unless total is set.
func (l *List) SetRows(rows []json.RawMessage, total *int) {
	l.Rows, l.Total = rows, len(rows)
	if total != nil {
		l.Total = *total
	}
}

// Cut returns the page. A page past the end has no rows.
func (l *List) Cut() *Page {
	start := min(l.Offset, len(l.Rows))
	return &Page{
		Number:     l.Number,
		NumberName: l.NumberName,
		Rows:       l.Rows[start:min(start+l.Size, len(l.Rows))],
		Total:      &l.Total,
		IsPastEnd:  l.Number > 1 && start == len(l.Rows),
	}
}

// Page is one page of a list.
type Page struct {
	Number     int
	NumberName string
	Rows       []json.RawMessage
	Total      *int // TotalRecordCount; nil leaves it out

	IsPastEnd bool
	IsBare    bool // the response has nothing of the operation's own
}
