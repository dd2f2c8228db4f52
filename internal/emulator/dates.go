package emulator

import (
	"encoding/json"
	"fmt"
	"regexp"
	"time"
)

// relativeDate is how a scenario writes a date: "{start}" is when it was first
// called, "{now}" when its present step began, and "{start-2m}" and "{now+1h30m}"
// are before and after. Neither moves from one read of a step to the next: a
// finished precheck finished at one time.
var relativeDate = regexp.MustCompile(`"\{(start|now)([^"]*)\}"`)

// answerDate is the form of dates in answers of DescribePreCheckStatus.
const answerDate = "2006-01-02T15:04:05.000-07:00"

// checkDates finds a relative date that cannot be read.
func checkDates(answer json.RawMessage) error {
	for _, match := range relativeDate.FindAllSubmatch(answer, -1) {
		if _, err := offset(match[2]); err != nil {
			return fmt.Errorf("date %s: %w", match[0], err)
		}
	}
	return nil
}

// withDates writes relative dates out. That they can be read was checked when the
// scenario was.
func withDates(answer json.RawMessage, start, now time.Time) json.RawMessage {
	return relativeDate.ReplaceAllFunc(answer, func(written []byte) []byte {
		match := relativeDate.FindSubmatch(written)
		date := now
		if string(match[1]) == "start" {
			date = start
		}
		d, _ := offset(match[2])
		return quote(date.Add(d).UTC().Format(answerDate))
	})
}

func offset(written []byte) (time.Duration, error) {
	if len(written) == 0 {
		return 0, nil
	}
	return time.ParseDuration(string(written))
}

// at returns an answer with its dates written out.
func (p *precheck) at(start, now time.Time) *precheck {
	dated := *p
	dated.raw = withDates(p.raw, start, now)
	dated.items = make([]rawObject, len(p.items))
	for i, item := range p.items {
		item.raw = withDates(item.raw, start, now)
		dated.items[i] = item
	}
	return &dated
}
