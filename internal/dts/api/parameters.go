package api

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// parametersOf returns the parameters of a request by API name. Zero fields
// are not sent.
func Parameters(request any) map[string]string {
	parameters := map[string]string{}
	v := reflect.ValueOf(request)
	for _, field := range reflect.VisibleFields(v.Type()) {
		name := field.Tag.Get("param")
		if value := v.FieldByIndex(field.Index); name != "" && isSet(value) {
			parameters[name] = parameterValue(value)
		}
	}
	return parameters
}

// isSet is false for an empty map: no tags are no filter. An empty list of IDs
// is set, since it matches no job.
func isSet(v reflect.Value) bool { return !v.IsZero() && (v.Kind() != reflect.Map || v.Len() > 0) }

// parameterValue writes a value as the API takes it.
func parameterValue(v reflect.Value) string {
	switch v.Kind() {
	case reflect.Pointer:
		return parameterValue(v.Elem())
	case reflect.Map:
		return tagList(v.Interface().(map[string]string)) //nolint:forcetypeassert // The only maps are tags.
	case reflect.Slice:
		return joinIDs(v.Interface().([]ID)) //nolint:forcetypeassert // The only slices are IDs.
	default:
		return fmt.Sprint(v.Interface())
	}
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

func joinIDs(ids []ID) string {
	var b strings.Builder
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(string(id))
	}
	return b.String()
}

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
