package emulator

import (
	"net/url"
	"slices"
)

// pageSizes are the page sizes of the document. Others are refused, although the
// service is said to have granted 50 and 100 at times: a client must cope with
// the least.
var pageSizes = []int{10, 20, 30}

const defaultPageSize = 20

// page is the part of a list that is answered.
type page struct{ number, size int }

func readPage(p url.Values) (page, error) {
	number, err := positive(p, "PageNumber", 1)
	if err != nil {
		return page{}, err
	}
	size, err := positive(p, "PageSize", defaultPageSize)
	if err != nil {
		return page{}, err
	}
	if !slices.Contains(pageSizes, size) {
		return page{}, invalidParameter("PageSize")
	}
	return page{number, size}, nil
}

// of returns the jobs on the page, none if it lies past the end.
func (p page) of(jobs []*job) []*job {
	start := min((p.number-1)*p.size, len(jobs))
	return jobs[start:min(start+p.size, len(jobs))]
}
