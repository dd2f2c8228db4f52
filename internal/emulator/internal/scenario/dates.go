package scenario

import (
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// relativeDate is how a scenario writes a date: "{start}" is the first
// request, "{now}" when its present step began, and "{start-2m}" and "{now+1h30m}"
// are before and after. Neither moves from one read of a step to the next: a
// finished precheck finished at one time.
var relativeDate = regexp.MustCompile(`"\{(start|now)([^"]*)\}"`)

// responseDate is the form of dates in responses of DescribePreCheckStatus.
const responseDate = "2006-01-02T15:04:05.000-07:00"

// checkDates finds a relative date that cannot be read.
func checkDates(response json.RawMessage) error {
	for _, match := range relativeDate.FindAllSubmatch(response, -1) {
		if _, err := offset(match[2]); err != nil {
			return fmt.Errorf("date %s: %w", match[0], err)
		}
	}
	return nil
}

// withDates writes relative dates out. That they can be read was checked when the
// scenario was.
func withDates(response json.RawMessage, start, now time.Time) json.RawMessage {
	return relativeDate.ReplaceAllFunc(response, func(written []byte) []byte {
		match := relativeDate.FindSubmatch(written)
		date := now
		if string(match[1]) == "start" {
			date = start
		}
		d, _ := offset(match[2])
		return wire.Quote(date.Add(d).UTC().Format(responseDate))
	})
}

func offset(written []byte) (time.Duration, error) {
	if len(written) == 0 {
		return 0, nil
	}
	return time.ParseDuration(string(written))
}

// at returns a response with its dates written out.
func at(p *account.Precheck, start, now time.Time) *account.Precheck {
	dated := *p
	dated.Raw = withDates(p.Raw, start, now)
	dated.Items = make([]account.Object, len(p.Items))
	for i, item := range p.Items {
		item.Raw = withDates(item.Raw, start, now)
		dated.Items[i] = item
	}
	return &dated
}
