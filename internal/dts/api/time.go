package api

import "time"

// timeLayouts are the formats with a time zone that the API uses.
var timeLayouts = []string{
	time.RFC3339,
	"2006-01-02T15:04:05Z0700",
	"2006-01-02 15:04:05Z07:00",
	"2006-01-02 15:04:05Z0700",
	"2006-01-02 15:04:05 Z0700",
}

// ParseTime returns the time of a field, and whether it is known. A time without
// a zone is not known, because read as UTC it could let an older run pass, and
// neither is a time in the year 1, which stands for none.
func ParseTime(text string) (t time.Time, known bool) {
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, text); err == nil && t.Year() > 1 {
			return t, true
		}
	}
	return time.Time{}, false
}
