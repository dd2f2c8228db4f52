package emulator

import (
	"encoding/json"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/paging"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// describeDtsJobs serves DescribeDtsJobs: the jobs of one region and one type
// that match all filters, ordered, one page of them.
func describeDtsJobs(a *account.Account, r *request) (wire.Response, error) {
	if err := r.checkRegion(a.Regions); err != nil {
		return wire.Response{}, err
	}
	jobType, err := r.oneOf("JobType", "MIGRATION", account.JobTypes...)
	if err != nil {
		return wire.Response{}, err
	}
	matches, err := compileFilters(r)
	if err != nil {
		return wire.Response{}, err
	}
	order, err := readOrder(r)
	if err != nil {
		return wire.Response{}, err
	}
	withoutDbList, err := r.boolean("WithoutDbList")
	if err != nil {
		return wire.Response{}, err
	}
	list, err := r.readList("PageNumber")
	if err != nil {
		return wire.Response{}, err
	}
	jobs, demos := a.Jobs(r.region, jobType)
	list.SetRows(render(order.apply(choose(jobs, matches)), withoutDbList), nil)
	page, err := r.faults.Page(list)
	if err != nil {
		return wire.Response{}, err
	}
	return wire.OK(jobsBody(r, page, render(order.apply(choose(demos, matches)), withoutDbList))), nil
}

// jobsBody writes the response. The document calls PageRecordCount the maximum of
// a page, its samples show the number of rows in this one. The samples win.
//
// How ETL demo jobs are chosen and paged is not documented. Here they pass the
// same filters, are not counted, and are repeated on every page; the list is left
// out when empty, as in the samples.
func jobsBody(r *request, page *paging.Page, demos []json.RawMessage) []byte {
	if page.IsBare {
		return bareBody(r)
	}
	var members []wire.Member
	if page.Total != nil {
		members = append(members, wire.Member{Name: "TotalRecordCount", Value: wire.Number(*page.Total)})
	}
	members = append(members,
		wire.Member{Name: "PageRecordCount", Value: wire.Number(len(page.Rows))},
		wire.Member{Name: "DtsJobList", Value: wire.Array(page.Rows)})
	if len(demos) > 0 {
		members = append(members, wire.Member{Name: "EtlDemoList", Value: wire.Array(demos)})
	}
	return wire.Object(append(members,
		wire.Member{Name: "RequestId", Value: wire.Quote(r.ID)},
		wire.Member{Name: "PageNumber", Value: wire.Number(page.Number)},
		wire.Member{Name: "HttpStatusCode", Value: wire.Number(200)},
		wire.Member{Name: "Success", Value: []byte("true")},
	)...)
}

// choose returns the rows that match, in a new slice.
func choose[T any](rows []T, matches func(T) bool) []T {
	var chosen []T
	for _, row := range rows {
		if matches(row) {
			chosen = append(chosen, row)
		}
	}
	return chosen
}

// render returns the bytes of jobs.
func render(jobs []*account.Job, withoutDbList bool) []json.RawMessage {
	raw := make([]json.RawMessage, len(jobs))
	for i, j := range jobs {
		raw[i] = j.Raw
		if withoutDbList {
			raw[i] = j.WithoutDbObject
		}
	}
	return raw
}
