package dts

import "testing"

// pageOf is a page of the numbers from one to another, under a count.
func pageOf(from, to int, total int64) *listPage {
	p := &listPage{total: &total}
	for n := from; n <= to; n++ {
		p.numbers = append(p.numbers, n)
	}
	return p
}

// TestSignsOfAChange adds pages of ten rows to a pass.
func TestSignsOfAChange(t *testing.T) {
	in := func(state string, p *listPage) *listPage {
		p.state = state
		return p
	}
	for _, test := range []struct {
		name    string
		pages   []*listPage
		changed bool
		counted int64
		largest int64
	}{
		{"none", []*listPage{pageOf(1, 10, 15), pageOf(11, 15, 15)}, false, 15, 15},
		{"the count falls", []*listPage{pageOf(1, 10, 15), pageOf(11, 15, 14)}, true, 14, 15},
		{"the count rises", []*listPage{pageOf(1, 10, 15), pageOf(11, 15, 16)}, true, 16, 16},
		{"no rows under a count", []*listPage{pageOf(1, 0, 15)}, true, 15, 15},
		{"a short page before another", []*listPage{pageOf(1, 9, 15), pageOf(10, 15, 15)}, true, 15, 15},
		{"an empty page before another", []*listPage{pageOf(1, 10, 25), pageOf(1, 0, 25), pageOf(11, 20, 25)}, true, 25, 25},
		{"an empty page with the largest count", []*listPage{pageOf(1, 10, 25), pageOf(1, 0, 40), pageOf(11, 20, 25)}, true, 25, 40},
		{"an empty page at the end, with another count", []*listPage{pageOf(1, 10, 10), pageOf(1, 0, 0)}, false, 10, 10},
		{"a row again", []*listPage{pageOf(1, 10, 15), pageOf(10, 14, 15)}, true, 15, 15},
		{"the state changes and changes back", []*listPage{in("a", pageOf(1, 10, 25)), in("b", pageOf(11, 20, 25)), in("b", pageOf(21, 25, 25))}, true, 25, 25},
	} {
		p := newPass[*listPage](10)
		for _, page := range test.pages {
			p.add(page)
		}
		if p.changed != test.changed || *p.counted != test.counted || p.largest != test.largest {
			t.Errorf("%s: changed %t, counted %d, at most %d; want %t, %d, %d",
				test.name, p.changed, *p.counted, p.largest, test.changed, test.counted, test.largest)
		}
	}
}
