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

// capPage grants a smaller page without telling, and computes the offset from it.
func capPage(l *paging.List, f Fault) error {
	l.Size = min(l.Size, f.Size)
	l.Offset = (l.Number - 1) * l.Size
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

func repeatPage(l *paging.List, _ Fault) error {
	l.Offset = max(0, l.Offset-l.Size)
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
