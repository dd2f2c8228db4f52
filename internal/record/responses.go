package record

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"
)

// page is one page of a list of jobs or of a subtask.
type page struct {
	number int // as requested
	size   string
	time   time.Time
	body   map[string]any // as the service returned it
}

// responses collects the pages of one read. A page that is read again replaces
// the earlier one, because only the last pass over a list is consistent.
type responses struct {
	mu    sync.Mutex
	pages map[int]page
	err   error
}

func (r *responses) add(parameters map[string]string, body []byte) {
	p := page{size: parameters["PageSize"], time: time.Now().UTC()}
	var err error
	if p.number, err = strconv.Atoi(cmp.Or(parameters["PageNumber"], parameters["PageNo"])); err == nil {
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber()
		err = decoder.Decode(&p.body)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.err = fmt.Errorf("a response can't be recorded: %w", err)
		return
	}
	if r.pages == nil {
		r.pages = map[int]page{}
	}
	r.pages[p.number] = p
}

// take returns the pages in order and forgets them. The error is err, that of the
// read, or that of a response.
func (r *responses) take(err error) ([]page, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	pages := slices.SortedFunc(maps.Values(r.pages), func(a, b page) int { return a.number - b.number })
	switch {
	case err != nil:
	case r.err != nil:
		err = r.err
	case len(pages) == 0:
		err = errors.New("the source did not pass on any response")
	}
	r.pages, r.err = nil, nil
	return pages, err
}

// rows returns the objects of a list on the page.
func (p page) rows(list string) []map[string]any {
	var rows []map[string]any
	elements, _ := p.body[list].([]any)
	for _, element := range elements {
		if row, isObject := element.(map[string]any); isObject {
			rows = append(rows, row)
		}
	}
	return rows
}

// textOf returns a string or a number of a response as text, and "" for all else.
func textOf(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	}
	return ""
}
