package emulator

import "slices"

// pageSizes are the page sizes of DescribeDtsJobs' document. Others are refused,
// although the service is said to have granted 50 and 100 at times: a client must
// cope with the least.
var pageSizes = []int{10, 20, 30}

// maxItemPageSize bounds a page of DescribePreCheckStatus. Its document has the
// size 30 for an example and no maximum.
const maxItemPageSize = 30

const defaultPageSize = 20

// page is the part of a list that is answered.
type page struct{ number, size int }

// readPage reads the page of DescribeDtsJobs.
func readPage(c *call) (page, error) {
	return readPageAs(c, "PageNumber", func(size int) bool { return slices.Contains(pageSizes, size) })
}

// readItemPage reads the page of DescribePreCheckStatus.
func readItemPage(c *call) (page, error) {
	return readPageAs(c, "PageNo", func(size int) bool { return size <= maxItemPageSize })
}

func readPageAs(c *call, numberName string, allowed func(size int) bool) (page, error) {
	number, err := positive(c.parameters, numberName, 1)
	if err != nil {
		return page{}, err
	}
	size, err := positive(c.parameters, "PageSize", defaultPageSize)
	if err != nil {
		return page{}, err
	}
	granted, err := c.grant(size, allowed)
	return page{number, granted}, err
}

// rowsOn returns the rows on a page, none if it lies past the end.
func rowsOn[T any](p page, rows []T) []T {
	start := min((p.number-1)*p.size, len(rows))
	return rows[start:min(start+p.size, len(rows))]
}
