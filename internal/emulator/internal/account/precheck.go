package account

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
	"github.com/dts-community/terraform-provider-dts/internal/rawjson"
)

// The values of the parameters JobCode and StructType. 07 is not in the document,
// but known from clients of the service.
var (
	JobCodes    = []string{"01", "02", "03", "04", "07"}
	StructTypes = []string{"before", "after"}
)

// Subtask is what a request of DescribePreCheckStatus is about.
type Subtask struct{ Region, DtsJobID, JobCode, StructType string }

// Precheck is a response of DescribePreCheckStatus: the precheck of a job or, by
// its code, a later subtask of it. Its JobProgress is empty in Raw.
type Precheck struct {
	Object
	Items []Object // of JobProgress, all pages together
	// Total, if set, is the count that is returned in place of the real one.
	Total *int

	pages []string // the PageNumbers that were recorded
}

// NewPrecheck takes a recorded response apart.
func NewPrecheck(recorded json.RawMessage) (*Precheck, error) {
	var response struct {
		State       json.RawMessage
		JobProgress []json.RawMessage
	}
	if err := wire.Unmarshal(recorded, &response); err != nil {
		return nil, err
	}
	if response.State == nil && response.JobProgress == nil {
		return nil, errors.New("neither State nor JobProgress in it")
	}
	object, err := newObject(recorded)
	if err != nil {
		return nil, err
	}
	p := &Precheck{Object: object, pages: []string{object.Text("PageNumber")}}
	if total, err := strconv.Atoi(object.Hidden("TotalRecordCount")); err == nil {
		p.Total = &total
	}
	for i, raw := range response.JobProgress {
		items, err := newItems(raw)
		if err != nil {
			return nil, fmt.Errorf("JobProgress: item %d: %w", i+1, err)
		}
		p.Items = append(p.Items, items...)
	}
	p.Raw, err = rawjson.Set(p.Raw, "JobProgress", []byte("[]"))
	return p, err
}

// NotStarted is the response for a subtask of a known job that is not recorded.
func NotStarted(dtsJobID string) (*Precheck, error) {
	return NewPrecheck(fmt.Appendf(nil, `{
  "State" : "NotStarted",
  "Total" : 0,
  "JobId" : %q,
  "ErrorItem" : 0,
  "ErrorAnalysisItem" : 0
}
`, dtsJobID))
}

// newItems returns an item, or as many of it as its hidden member Repeat tells.
func newItems(recorded json.RawMessage) ([]Object, error) {
	item, err := newObject(recorded)
	if err != nil {
		return nil, err
	}
	repeat := item.Hidden("Repeat")
	if repeat == "" {
		return []Object{item}, nil
	}
	count, err := strconv.Atoi(repeat)
	if err != nil || count < 1 {
		return nil, fmt.Errorf("member Repeat is %s, not a number above 0", repeat)
	}
	var items []Object
	for n := 1; n <= count; n++ {
		if item, err = newObject(numbered(recorded, n)); err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// numbered writes an item's number in place of {n}. A string that has nothing
// else becomes a number.
func numbered(item json.RawMessage, n int) json.RawMessage {
	digits := []byte(strconv.Itoa(n))
	item = bytes.ReplaceAll(item, []byte(`"{n}"`), digits)
	return bytes.ReplaceAll(item, []byte(`{n}`), digits)
}

// add appends the items of a further page. All else is the first page's. Files
// are read in the order of their names, and so must the pages be.
func (p *Precheck) add(page *Precheck) error {
	number := page.Text("PageNumber")
	if slices.Contains(p.pages, number) {
		return fmt.Errorf("page %s of %s is recorded twice", number, page.Hidden("DtsJobId"))
	}
	p.pages = append(p.pages, number)
	p.Items = append(p.Items, page.Items...)
	return nil
}
