// Package paging cuts pages out of lists, the same way for both operations.
package paging

import "encoding/json"

// DefaultSize is the size of a page whose request names none.
const DefaultSize = 20

// MaxSize is the largest page that is accepted. Documents of different years end
// at 30, 50 or 100, and clients of the service send 50 and 100. How the service treats
// a size that it does not accept is not on record: faults have the possible ways.
const MaxSize = 100

// List is a list of which one page was requested. Faults change it before the
// page is cut.
type List struct {
	Number, Size int // of the page
	Offset       int // of the page's first row

	Rows    []json.RawMessage // every row that matches
	Total   int               // TotalRecordCount
	Missing int               // rows that are left out at the end of the page
	Refusal error             // in place of the page
}

// Page returns the rows of the page. A page past the end has none.
func (l *List) Page() []json.RawMessage {
	start := min(l.Offset, len(l.Rows))
	end := min(start+l.Size, len(l.Rows))
	return l.Rows[start:max(start, end-l.Missing)]
}
