package record

import (
	"encoding/json"
	"slices"
	"strconv"
	"sync"
	"time"
)

// subject is what a call is about, whichever page of it.
type subject struct {
	operation, region          string
	jobType                    string // of DescribeDtsJobs
	jobID, jobCode, structType string // of DescribePreCheckStatus
}

// answer is one page as the service gave it.
type answer struct {
	time     time.Time
	number   int // of the page, as asked for
	pageSize string
	body     []byte
}

// collector keeps the answers that a client reads. A page that is read again
// takes the place of the earlier one, for only the last reading is consistent.
type collector struct {
	mu    sync.Mutex
	pages map[subject]map[int]answer
}

// add is the client's OnResponse.
func (c *collector) add(operation, region string, parameters map[string]string, body []byte) {
	about := subject{operation, region, parameters["JobType"], parameters["DtsJobId"], parameters["JobCode"], parameters["StructType"]}
	got := answer{time: time.Now().UTC(), pageSize: parameters["PageSize"], body: slices.Clone(body)}
	got.number, _ = strconv.Atoi(parameters["PageNumber"] + parameters["PageNo"]) // One of them, and always a number.
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pages == nil {
		c.pages = map[subject]map[int]answer{}
	}
	if c.pages[about] == nil {
		c.pages[about] = map[int]answer{}
	}
	c.pages[about][got.number] = got
}

// of returns the pages of a subject in their order.
func (c *collector) of(about subject) []answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	var pages []answer
	for _, page := range c.pages[about] {
		pages = append(pages, page)
	}
	slices.SortFunc(pages, func(a, b answer) int { return a.number - b.number })
	return pages
}

// rows returns the elements of a list in an answer.
func rows(body []byte, list string) []json.RawMessage {
	var members map[string]json.RawMessage
	var elements []json.RawMessage
	if json.Unmarshal(body, &members) == nil {
		_ = json.Unmarshal(members[list], &elements) // The client has read it; without the member there are none.
	}
	return elements
}
