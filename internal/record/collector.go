package record

import (
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"slices"
	"strconv"
	"sync"
	"time"
)

const (
	describeJobs     = "DescribeDtsJobs"
	describePrecheck = "DescribePreCheckStatus"
)

// request is what the pages of one list or subtask have in common.
type request struct {
	operation, region          string
	jobType                    string // of DescribeDtsJobs
	jobID, jobCode, structType string // of DescribePreCheckStatus
}

func (r request) parameters() map[string]string {
	if r.operation == describeJobs {
		return map[string]string{"JobType": r.jobType}
	}
	return map[string]string{"DtsJobId": r.jobID, "JobCode": r.jobCode, "StructType": r.structType}
}

// page is one page as the service returned it.
type page struct {
	time     time.Time
	number   int // as requested
	pageSize string
	body     []byte
}

// collector keeps the responses that a client reads. A page that is read again
// replaces the earlier one, because only the last scan is consistent.
type collector struct {
	mu    sync.Mutex
	pages map[request]map[int]page
}

// add is the client's OnResponse.
func (c *collector) add(r rpc.Request, body []byte) {
	parameters := r.Parameters
	from := request{r.Operation, r.Region, parameters["JobType"], parameters["DtsJobId"], parameters["JobCode"], parameters["StructType"]}
	p := page{time: time.Now().UTC(), pageSize: parameters["PageSize"], body: slices.Clone(body)}
	p.number, _ = strconv.Atoi(parameters["PageNumber"] + parameters["PageNo"]) // The client sets one of them, to a number.
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pages == nil {
		c.pages = map[request]map[int]page{}
	}
	if c.pages[from] == nil {
		c.pages[from] = map[int]page{}
	}
	c.pages[from][p.number] = p
}

// of returns the pages of a request in order.
func (c *collector) of(r request) []page {
	c.mu.Lock()
	defer c.mu.Unlock()
	var pages []page
	for _, p := range c.pages[r] {
		pages = append(pages, p)
	}
	slices.SortFunc(pages, func(a, b page) int { return a.number - b.number })
	return pages
}
