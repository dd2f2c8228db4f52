package emulator

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
)

// order sorts jobs by a column.
type order struct {
	compare    func(a, b *job) int
	descending bool
}

// columns are the values of OrderColumn. A job without a value comes before
// those that have one, as null does in MySQL.
var columns = map[string]func(a, b *job) int{
	"CreateTime": func(a, b *job) int {
		return parseTime(a.text("CreateTime")).Compare(parseTime(b.text("CreateTime")))
	},
	"FinishTime": func(a, b *job) int {
		return parseTime(a.known("FinishTime")).Compare(parseTime(b.known("FinishTime")))
	},
	"duLimit": func(a, b *job) int { return cmp.Compare(duLimit(a), duLimit(b)) },
}

func duLimit(j *job) float64 {
	limit, err := strconv.ParseFloat(j.known("DuLimit"), 64)
	if err != nil {
		return -1
	}
	return limit
}

// readOrder reads OrderColumn and OrderDirection. Which order a list has
// without a column is not documented; here it is that of creation.
func readOrder(p url.Values) (order, error) {
	column, err := oneOf(p, "OrderColumn", "CreateTime", slices.Collect(maps.Keys(columns))...)
	if err != nil {
		return order{}, err
	}
	direction, err := oneOf(p, "OrderDirection", "ASC", "ASC", "DESC")
	if err != nil {
		return order{}, err
	}
	return order{compare: columns[column], descending: direction == "DESC"}, nil
}

// apply sorts jobs in place. Equal ones go by id, so that paging neither skips
// nor repeats a job.
func (o order) apply(jobs []*job) []*job {
	slices.SortStableFunc(jobs, func(a, b *job) int {
		if o.descending {
			a, b = b, a
		}
		return cmp.Or(o.compare(a, b), cmp.Compare(a.text("DtsJobId"), b.text("DtsJobId")))
	})
	return jobs
}
