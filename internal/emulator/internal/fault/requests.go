package fault

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// callRange is a part of a fault's Calls: from first to last, and of these every
// nth.
type callRange struct{ first, last, every int }

// parseCalls reads Calls. No text is no range, which is every call.
func parseCalls(text string) ([]callRange, error) {
	if text == "" {
		return nil, nil
	}
	var ranges []callRange
	for part := range strings.SplitSeq(text, ",") {
		one, valid := parseCallRange(strings.TrimSpace(part))
		if !valid {
			return nil, fmt.Errorf(`calls %q are not of the form "1", "1-3", "4-" or "every 5", with commas between`, text)
		}
		ranges = append(ranges, one)
	}
	return ranges, nil
}

func parseCallRange(text string) (one callRange, valid bool) {
	if nth, found := strings.CutPrefix(text, "every "); found {
		every, valid := callNumber(nth)
		return callRange{first: every, last: math.MaxInt, every: every}, valid
	}
	from, to, isRange := strings.Cut(text, "-")
	first, valid := callNumber(from)
	switch {
	case !valid:
		return callRange{}, false
	case !isRange:
		return callRange{first, first, 1}, true
	case to == "":
		return callRange{first, math.MaxInt, 1}, true
	}
	last, valid := callNumber(to)
	return callRange{first, last, 1}, valid && last >= first
}

func callNumber(text string) (number int, valid bool) {
	number, err := strconv.Atoi(text)
	return number, err == nil && number > 0
}

func (r callRange) has(number int) bool {
	return number >= r.first && number <= r.last && (number-r.first)%r.every == 0
}
