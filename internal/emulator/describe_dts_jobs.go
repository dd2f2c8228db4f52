package emulator

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// describeDtsJobs serves DescribeDtsJobs: the jobs of one region and one type
// that match all filters, ordered, one page of them. The document calls
// PageRecordCount the maximum of a page, its samples show the number of rows on the
// page. The samples win.
//
// How ETL demo jobs are chosen and paged is not documented. Here they pass the
// same filters, are not counted, and are repeated on every page; the list is left
// out when empty, as in the samples.
func describeDtsJobs(e *Emulator, r *request) (wire.Response, error) {
	r.checkRegion(e.library.contents().account.Regions)
	jobType := r.oneOf("JobType", "MIGRATION", account.JobTypes...)
	matches, compare := compileFilters(r), readOrder(r)
	withoutDbList, list := r.boolean("WithoutDbList"), r.list("PageNumber")
	if r.invalidParameter != nil {
		return wire.Response{}, r.invalidParameter
	}
	jobs, demos, err := e.library.jobs(r, jobType, list.Number == 1)
	if err != nil {
		return wire.Response{}, err
	}
	render := func(jobs []*account.Job) []json.RawMessage {
		rows := []json.RawMessage{}
		for _, j := range slices.SortedFunc(slices.Values(jobs), compare) {
			if matches(j) && withoutDbList {
				rows = append(rows, j.WithoutDbObject())
			} else if matches(j) {
				rows = append(rows, j.Raw)
			}
		}
		return rows
	}
	rows := render(jobs)
	page, err := r.faults.Page(list, rows, len(rows))
	if err != nil {
		return wire.Response{}, err
	}
	body := wire.Object{
		wire.Int("TotalRecordCount", list.Total), wire.Int("PageRecordCount", len(page)),
		{Name: "DtsJobList", Value: wire.Array(page)},
	}
	if shown := render(demos); len(shown) > 0 {
		body = append(body, wire.Member{Name: "EtlDemoList", Value: wire.Array(shown)})
	}
	return r.OK(append(body, wire.Text("RequestId", r.ID), wire.Int("PageNumber", list.Number))), nil
}

// columns are the values of OrderColumn. A job without a value comes before
// those that have one, as null does in MySQL.
var columns = map[string]func(a, b *account.Job) int{
	"CreateTime": account.ByCreation,
	"FinishTime": func(a, b *account.Job) int { return a.Finished.Compare(b.Finished) },
	"duLimit":    func(a, b *account.Job) int { return cmp.Compare(a.DuLimit, b.DuLimit) },
}

// readOrder reads OrderColumn and OrderDirection. Which order a list has
// without a column is not documented; here it is that of creation. Equal jobs go by
// ID, so that paging neither skips nor repeats a job.
func readOrder(r *request) func(a, b *account.Job) int {
	column := r.oneOf("OrderColumn", "CreateTime", slices.Collect(maps.Keys(columns))...)
	direction := r.oneOf("OrderDirection", "ASC", "ASC", "DESC")
	return func(a, b *account.Job) int {
		if direction == "DESC" {
			a, b = b, a
		}
		return cmp.Or(columns[column](a, b), cmp.Compare(a.ID, b.ID))
	}
}
