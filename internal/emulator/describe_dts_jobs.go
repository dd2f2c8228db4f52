package emulator

import (
	"encoding/json"
	"slices"
)

// describeDtsJobs answers DescribeDtsJobs: the jobs of one region and one type
// that match all filters, ordered, one page of them.
func describeDtsJobs(e *Emulator, c *call) ([]byte, error) {
	a := e.account
	matches, err := compileFilters(a, c.parameters)
	if err != nil {
		return nil, err
	}
	order, err := readOrder(c.parameters)
	if err != nil {
		return nil, err
	}
	page, err := readPage(c)
	if err != nil {
		return nil, err
	}
	withoutDbList, err := boolean(c.parameters, "WithoutDbList")
	if err != nil {
		return nil, err
	}

	found, err := c.drifted(order.apply(choose(a.jobs, matches)))
	if err != nil {
		return nil, err
	}
	rows := rowsFor(c, page, found)
	// The document calls PageRecordCount the maximum of a page, its samples show
	// the number of rows in this one. The samples win.
	members := []member{
		{"TotalRecordCount", c.total(number(len(found)))},
		{"PageRecordCount", number(len(rows))},
		{"DtsJobList", array(render(rows, withoutDbList))},
	}
	// How ETL demo jobs are chosen and paged is not documented. Here they pass
	// the same filters, are not counted, and come whole with every page; the
	// list is left out when empty, as in the samples.
	if demos := order.apply(choose(a.etlDemos, matches)); len(demos) > 0 {
		members = append(members, member{"EtlDemoList", array(render(demos, withoutDbList))})
	}
	return object(append(members,
		member{"RequestId", quote(c.requestID)},
		member{"PageNumber", number(page.number)},
		member{"HttpStatusCode", number(200)},
		member{"Success", []byte("true")},
	)...), nil
}

// choose returns the rows that match, in a new slice.
func choose[T any](rows []T, matches func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(rows), func(row T) bool { return !matches(row) })
}

// render returns the bytes of jobs.
func render(jobs []*job, withoutDbList bool) []json.RawMessage {
	raw := make([]json.RawMessage, len(jobs))
	for i, j := range jobs {
		raw[i] = j.raw
		if withoutDbList {
			raw[i] = j.withoutDbObject
		}
	}
	return raw
}
