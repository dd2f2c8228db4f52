package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// subtask is what DescribePreCheckStatus is asked about.
type subtask struct{ region, dtsJobID, jobCode, structType string }

// precheck is a recorded answer of DescribePreCheckStatus: the precheck of a job
// or, by its code, a later subtask of it.
type precheck struct {
	rawObject
	items []rawObject // of JobProgress, all pages together
	pages []string    // the PageNumbers that were recorded
}

// newPrecheck takes a recorded answer apart.
func newPrecheck(recorded json.RawMessage) (*precheck, error) {
	object, err := newRawObject(recorded)
	if err != nil {
		return nil, err
	}
	var answer struct {
		State       json.RawMessage
		JobProgress []json.RawMessage
	}
	if err := json.Unmarshal(recorded, &answer); err != nil {
		return nil, err
	}
	if answer.State == nil && answer.JobProgress == nil {
		return nil, errors.New("neither State nor JobProgress in it")
	}
	p := &precheck{rawObject: object, pages: []string{object.text("PageNumber")}}
	for i, raw := range answer.JobProgress {
		items, err := newItems(raw)
		if err != nil {
			return nil, fmt.Errorf("JobProgress: item %d: %w", i+1, err)
		}
		p.items = append(p.items, items...)
	}
	return p, nil
}

// newItems returns an item, or as many of it as its hidden member Repeat says.
func newItems(recorded json.RawMessage) ([]rawObject, error) {
	item, err := newRawObject(recorded)
	if err != nil {
		return nil, err
	}
	repeat := item.known("Repeat")
	if repeat == "" {
		return []rawObject{item}, nil
	}
	count, err := strconv.Atoi(repeat)
	if err != nil || count < 1 {
		return nil, fmt.Errorf("member Repeat is %s, not a number above 0", repeat)
	}
	var items []rawObject
	for n := 1; n <= count; n++ {
		if item, err = newRawObject(numbered(recorded, n)); err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// numbered writes an item's number where it says {n}. A string that says nothing
// else becomes a number.
func numbered(item json.RawMessage, n int) json.RawMessage {
	digits := []byte(strconv.Itoa(n))
	item = bytes.ReplaceAll(item, []byte(`"{n}"`), digits)
	return bytes.ReplaceAll(item, []byte(`{n}`), digits)
}

// readPrecheck adds a recorded answer. The answer does not tell what was asked,
// so its hidden member does.
func (a *account) readPrecheck(region string, data []byte) error {
	if !json.Valid(data) {
		return errors.New("not JSON")
	}
	page, err := newPrecheck(data)
	if err != nil {
		return err
	}
	asked := subtask{region, page.known("DtsJobId"), page.known("JobCode"), page.known("StructType")}
	if asked.dtsJobID == "" || !slices.Contains(jobCodes, asked.jobCode) || !slices.Contains(structTypes, asked.structType) {
		return fmt.Errorf("%s does not tell the DtsJobId, JobCode and StructType that were asked for", hiddenMember)
	}
	if first, found := a.prechecks[asked]; found {
		return first.add(page)
	}
	a.prechecks[asked] = page
	return nil
}

// add appends the items of a further page. All else is the first page's. Files
// are read in the order of their names, and so must the pages be.
func (p *precheck) add(page *precheck) error {
	number := page.text("PageNumber")
	if slices.Contains(p.pages, number) {
		return fmt.Errorf("page %s of %s is recorded twice", number, page.known("DtsJobId"))
	}
	p.pages = append(p.pages, number)
	p.items = append(p.items, page.items...)
	return nil
}

// has reports whether a job is known in a region, be it by its subtasks only.
func (a *account) has(region, dtsJobID string) bool {
	for asked := range a.prechecks {
		if asked.region == region && asked.dtsJobID == dtsJobID {
			return true
		}
	}
	return slices.ContainsFunc(a.jobs, func(j *job) bool {
		return j.region == region && j.text("DtsJobId") == dtsJobID
	})
}
