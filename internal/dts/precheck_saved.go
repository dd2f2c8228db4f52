package dts

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
)

// ParsePrecheckPages reads saved responses of DescribePreCheckStatus, the pages
// of one subtask in any order. ItemsMissing is set if they are not known to be
// all of its pages, or not of one and the same read.
func ParsePrecheckPages(responses ...[]byte) (*PrecheckReport, error) {
	pages := make([]*precheckPage, len(responses))
	for i, response := range responses {
		pages[i] = new(precheckPage)
		if err := parseSaved(response, pages[i]); err != nil {
			return nil, &PageError{Index: i, Err: err}
		}
	}
	slices.SortStableFunc(pages, func(a, b *precheckPage) int { return int(numberOf(a) - numberOf(b)) })
	report := mergePrecheck(pages)
	if report.IsBlank() {
		return nil, &PageError{Err: ErrNoSubtask}
	}
	report.ItemsMissing = !arePages(pages) || !arePagesOfOneRead(pages) || isShort(pages, len(report.JobProgress))
	return report, nil
}

// PageError is a saved response that cannot be read.
type PageError struct {
	Index int // of the response, from 0
	Err   error
}

func (e *PageError) Error() string { return fmt.Sprintf("response %d: %s", e.Index+1, e.Err) }

func (e *PageError) Unwrap() error { return e.Err }

// parseSaved reads one response.
func parseSaved(response []byte, page *precheckPage) error {
	_, err := api.Parse(http.StatusOK, response, page)
	if api := new(api.Refusal); errors.As(err, &api) {
		return fmt.Errorf("the API returned an error: %w", err)
	}
	return err
}

// numberOf is the number of a page; a page without one is the first.
func numberOf(p *precheckPage) int64 {
	if p.PageNumber == nil {
		return 1
	}
	return *p.PageNumber
}

// arePages reports whether each page from the first to the last occurs once.
func arePages(pages []*precheckPage) bool {
	for i, page := range pages {
		if numberOf(page) != int64(i+1) || len(pages) > 1 && page.PageNumber == nil {
			return false
		}
	}
	return true
}

// arePagesOfOneRead reports whether the pages agree on what they have in
// common.
func arePagesOfOneRead(pages []*precheckPage) bool {
	first := pages[0]
	return !slices.ContainsFunc(pages, func(p *precheckPage) bool {
		return !same(p.JobID, first.JobID) || !same(p.Code, first.Code) ||
			!strings.EqualFold(api.Value(p.State), api.Value(first.State)) || !same(p.TotalRecordCount, first.TotalRecordCount)
	})
}

func same[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// isShort reports whether there are, or may be, more items than the pages have.
func isShort(pages []*precheckPage, items int) bool {
	last := pages[len(pages)-1]
	if last.TotalRecordCount == nil {
		return looksCut(len(last.JobProgress), api.MaxPageSize)
	}
	return int64(items) < *last.TotalRecordCount
}
