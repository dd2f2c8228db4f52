package paging

import (
	"encoding/json"
	"fmt"
	"testing"
)

// Pages of a list of seven rows, by number and size.
func TestCut(t *testing.T) {
	rows := make([]json.RawMessage, 7)
	for i := range rows {
		rows[i] = fmt.Append(nil, i)
	}
	five := 5
	tests := map[string]struct {
		number, size int
		total        *int
		want         string // rows, count, and whether it is past the end
	}{
		"first":        {1, 3, nil, "[0 1 2] 7 false"},
		"last":         {3, 3, nil, "[6] 7 false"},
		"last, full":   {1, 7, nil, "[0 1 2 3 4 5 6] 7 false"},
		"past the end": {4, 3, nil, "[] 7 true"},
		"after full":   {2, 7, nil, "[] 7 true"},
		"far away":     {1 << 31, 100, nil, "[] 7 true"},
		"larger":       {1, 100, nil, "[0 1 2 3 4 5 6] 7 false"},
		"other count":  {1, 3, &five, "[0 1 2] 5 false"},
	}
	for name, test := range tests {
		list := NewList("PageNumber", test.number, test.size)
		list.SetRows(rows, test.total)
		page := list.Cut()
		if got := fmt.Sprintf("%s %d %t", page.Rows, *page.Total, page.IsPastEnd); got != test.want || page.Number != test.number {
			t.Errorf("%s: page %d is %s, want %s", name, page.Number, got, test.want)
		}
	}
	empty := NewList("PageNumber", 1, 10)
	empty.SetRows(nil, nil)
	if page := empty.Cut(); page.IsPastEnd || len(page.Rows) > 0 {
		t.Errorf("the first page of an empty list is %+v", page)
	}
}

func TestCheckSize(t *testing.T) {
	for size, isAccepted := range map[int]bool{1: true, 50: true, 100: true, 101: false} {
		if err := NewList("PageNumber", 1, size).CheckSize(); (err == nil) != isAccepted {
			t.Errorf("%d: error %v", size, err)
		}
	}
}
