package api

import (
	"errors"
	"fmt"
	"strings"
)

// The types below check their own form. Check is called for values that are
// set, and completes the sentence "… must be".

// ID is the ID of a job or an instance. IDs are joined with commas in a
// request.
type ID string

// Check accepts what can be joined with commas.
func (id ID) Check() error {
	if id == "" || strings.Contains(string(id), ",") {
		return errors.New("a non-empty ID without a comma")
	}
	return nil
}

// MaxPageSize is the largest page size that any document names. Documents
// disagree, so the service decides.
const MaxPageSize = 100

// PageSize is a number of rows to request per page; 0 is the largest that the
// API accepts.
type PageSize int64

// Check accepts the sizes that any document allows.
func (s PageSize) Check() error {
	if s < 1 || s > MaxPageSize {
		return fmt.Errorf("between 1 and %d", MaxPageSize)
	}
	return nil
}

// PageNumber is the number of a page, starting at 1; 0 is all pages.
type PageNumber int64

// Check accepts the numbers that a page can have.
func (n PageNumber) Check() error {
	if n < 1 {
		return errors.New("at least 1")
	}
	return nil
}
