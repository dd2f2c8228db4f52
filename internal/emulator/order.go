package emulator

import (
	"cmp"
	"maps"
	"slices"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
)

// order sorts jobs by a column.
type order struct {
	compare    func(a, b *account.Job) int
	descending bool
}

// columns are the values of OrderColumn. A job without a value comes before
// those that have one, as null does in MySQL.
var columns = map[string]func(a, b *account.Job) int{
	"CreateTime": account.ByCreation,
	"FinishTime": func(a, b *account.Job) int { return a.Finished.Compare(b.Finished) },
	"duLimit":    func(a, b *account.Job) int { return cmp.Compare(a.DuLimit, b.DuLimit) },
}

// readOrder reads OrderColumn and OrderDirection. Which order a list has
// without a column is not documented; here it is that of creation.
func readOrder(r *request) (order, error) {
	column, err := r.oneOf("OrderColumn", "CreateTime", slices.Collect(maps.Keys(columns))...)
	if err != nil {
		return order{}, err
	}
	direction, err := r.oneOf("OrderDirection", "ASC", "ASC", "DESC")
	if err != nil {
		return order{}, err
	}
	return order{compare: columns[column], descending: direction == "DESC"}, nil
}

// apply sorts jobs in place. Equal ones go by ID, so that paging neither skips
// nor repeats a job.
func (o order) apply(jobs []*account.Job) []*account.Job {
	slices.SortFunc(jobs, func(a, b *account.Job) int {
		if o.descending {
			a, b = b, a
		}
		if order := o.compare(a, b); order != 0 {
			return order
		}
		return cmp.Compare(a.ID, b.ID)
	})
	return jobs
}
