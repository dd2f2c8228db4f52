package api

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// Parameters returns the parameters of a request by API name. Zero fields are
// not sent. An empty map is no filter; an empty list of IDs is sent, because it
// matches no job.
func Parameters(request any) map[string]string {
	parameters := map[string]string{}
	v := reflect.ValueOf(request)
	for _, field := range reflect.VisibleFields(v.Type()) {
		name, value := field.Tag.Get("param"), v.FieldByIndex(field.Index)
		if name == "" || value.IsZero() {
			continue
		}
		switch value := reflect.Indirect(value).Interface().(type) {
		case map[string]string:
			if len(value) > 0 {
				parameters[name] = tagList(value)
			}
		case []ID:
			texts := make([]string, len(value))
			for i, id := range value {
				texts[i] = string(id)
			}
			parameters[name] = strings.Join(texts, ",")
		default:
			parameters[name] = fmt.Sprint(value)
		}
	}
	return parameters
}

// tagList is the documented form of the parameter Tags.
func tagList(tags map[string]string) string {
	type filter struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	}
	list := make([]filter, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, filter{key, tags[key]})
	}
	text, _ := json.Marshal(list) // Strings from Terraform always marshal.
	return string(text)
}

// The types below know which values are valid. IsValid is called for values
// that are set, and Constraint completes the sentence "… must be".

// ID is the ID of a job or an instance. IDs are joined with commas in a
// request.
type ID string

// IsValid accepts IDs that can be joined with commas.
func (id ID) IsValid() bool { return id != "" && !strings.Contains(string(id), ",") }

// Constraint describes the valid IDs.
func (ID) Constraint() string { return "a non-empty ID without a comma" }

// maxPageSize is the largest page size that any document names. Documents
// disagree, so the service decides.
const maxPageSize = 100

// PageSize is a number of rows to request per page; 0 is the largest that the
// API accepts.
type PageSize int64

// IsValid accepts the sizes that any document allows.
func (s PageSize) IsValid() bool { return 1 <= s && s <= maxPageSize }

// Constraint describes the valid sizes.
func (PageSize) Constraint() string { return fmt.Sprintf("between 1 and %d", maxPageSize) }

// PageNumber is the number of a page, starting at 1; 0 is all pages.
type PageNumber int64

// IsValid accepts the numbers that a page can have.
func (n PageNumber) IsValid() bool { return n >= 1 }

// Constraint describes the valid numbers.
func (PageNumber) Constraint() string { return "at least 1" }
