// Package paging cuts pages out of lists, the same way for both operations.
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

// List is a list of which one page was requested. Faults change it before the
// page is cut.
type List struct {
	Number, Size int    // of the page
	NumberName   string // the parameter that Number comes from
	Offset       int    // of the page's first row

	Rows  []json.RawMessage // every row that matches
	Total int               // TotalRecordCount
	// Missing is how many rows are left out at the end of the page.
	Missing int
}

// NewList returns a list, still without rows, of which a page is requested.
func NewList(numberName string, number, size int) (*List, error) {
	if size > maxSize {
		return nil, wire.ErrInvalidParameter("PageSize")
	}
	return &List{Number: number, Size: size, NumberName: numberName, Offset: (number - 1) * size}, nil
}

// Page returns the rows of the page. A page past the end has none.
func (l *List) Page() []json.RawMessage {
	start := min(l.Offset, len(l.Rows))
	end := min(start+l.Size, len(l.Rows))
	return l.Rows[start:max(start, end-l.Missing)]
}
