package emulator

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// requestFilters are the parameters of the control path for requests, except
// last.
var requestFilters = map[string]func(r Request, value string) bool{
	"action":     func(r Request, value string) bool { return r.Action == value },
	"path":       func(r Request, value string) bool { return r.Path == value },
	"status":     func(r Request, value string) bool { return strconv.Itoa(r.Status) == value },
	"code":       func(r Request, value string) bool { return r.Code == value },
	"access_key": func(r Request, value string) bool { return r.AccessKey == value },
	"request_id": func(r Request, value string) bool { return r.RequestID == value },
	"fault":      func(r Request, value string) bool { return slices.Contains(r.Faults, FaultKind(value)) },
	// parameter is NAME=VALUE of a parameter of the request.
	"parameter": func(r Request, value string) bool {
		name, value, _ := strings.Cut(value, "=")
		return r.Parameters.Get(name) == value
	},
}

// lastFilter is the number of requests to return, counted from the end.
const lastFilter = "last"

func requestFilterNames() []string {
	return append(slices.Sorted(maps.Keys(requestFilters)), lastFilter)
}

// filterRequests returns the requests that match all filters. A filter that does
// not exist is an error: it would show more than was meant.
func filterRequests(requests []Request, filters url.Values) ([]Request, error) {
	for name, values := range filters {
		matches, known := requestFilters[name]
		if !known && name != lastFilter {
			return nil, fmt.Errorf("unknown filter %q; the filters are %s", name, strings.Join(requestFilterNames(), ", "))
		}
		if !known {
			continue
		}
		for _, value := range values {
			requests = choose(requests, func(r Request) bool { return matches(r, value) })
		}
	}
	return lastRequests(requests, filters.Get(lastFilter))
}

func lastRequests(requests []Request, text string) ([]Request, error) {
	if requests == nil {
		requests = []Request{} // an empty list, not null
	}
	if text == "" {
		return requests, nil
	}
	last, err := strconv.Atoi(text)
	if err != nil || last < 0 {
		return nil, fmt.Errorf("last %q is not a number from 0", text)
	}
	return requests[max(0, len(requests)-last):], nil
}
