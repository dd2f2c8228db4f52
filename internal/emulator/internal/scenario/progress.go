package scenario

import (
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// Progress remembers how far scenarios are. A scenario with a job is played once for
// a job ID and region, so that the job and its precheck agree. Any other is played
// for each subtask: two clients that read different codes do not push each other on.
// Its zero value is at the beginning of all.
type Progress struct {
	mu sync.Mutex
	of map[account.Subtask]*position
}

// maxPositions bounds the memory of an emulator whose clients request ever new IDs.
const maxPositions = 100_000

// Access is a request that shows a scenario.
type Access struct {
	account.Subtask // of a job, only its ID and region
	Operation       string
	// Counts is set if the read uses up a step: a request for the first page, which
	// names the job and has no filters.
	Counts bool
	Now    time.Time
}

// Moment is a step, and the times that its dates are relative to.
type Moment struct {
	step              int
	start, began, now time.Time // of the scenario, of the step, and of the read
}

// position is how far one scenario is.
type position struct {
	Moment
	reads int // of the step
}

// Next returns the moment that a read shows. Only a read that counts uses up reads, so
// that a read of multiple pages sees one step; a time that is up ends a step between
// two pages, even if nobody reads.
func (p *Progress) Next(s *Scenario, r Access) Moment {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := r.Subtask
	if s.JobType != "" {
		key.JobCode, key.StructType = "", ""
	}
	current, isStarted := p.of[key]
	if !isStarted {
		current = &position{Moment: Moment{start: r.Now, began: r.Now}}
		if p.of == nil || len(p.of) >= maxPositions {
			p.of = map[account.Subtask]*position{}
		}
		p.of[key] = current
	}
	for current.step < len(s.steps)-1 {
		step, began := s.steps[current.step], r.Now
		isOver := r.Counts && step.counts(r.Operation) && current.reads >= step.reads
		if step.lasts > 0 {
			began = current.began.Add(step.lasts)
			isOver = !r.Now.Before(began)
		}
		if !isOver {
			break
		}
		*current = position{Moment: Moment{step: current.step + 1, start: current.start, began: began}}
	}
	current.step = min(current.step, len(s.steps)-1) // of a scenario that was replaced
	if r.Counts && s.steps[current.step].counts(r.Operation) {
		current.reads++
	}
	current.now = r.Now
	return current.Moment
}

func (s step) counts(operation string) bool { return s.operation == "" || s.operation == operation }

// Reset starts the scenario of a job ID over, and with "" all scenarios.
func (p *Progress) Reset(dtsJobID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.of, func(key account.Subtask, _ *position) bool { return dtsJobID == "" || key.DtsJobID == dtsJobID })
}

// relativeDate is how a scenario writes a date: "{start}" is the first request,
// "{now}" the beginning of the present step, and "{start-2m}" and "{now+1h30m}" are
// before and after. Neither moves from one read of a step to the next: a finished
// precheck finished at one time. "{unix}" is the request itself, in the seconds of a
// Checkpoint, which does move.
var relativeDate = regexp.MustCompile(`"\{(start|now|unix)([^"]*)\}"`)

// responseDate is the form of dates in responses of DescribePreCheckStatus.
const responseDate = "2006-01-02T15:04:05.000-07:00"

// checkDates finds a relative date that cannot be read.
func checkDates(script []byte) error {
	for _, match := range relativeDate.FindAllSubmatch(script, -1) {
		if _, err := offset(match[2]); err != nil {
			return fmt.Errorf("date %s: %w", match[0], err)
		}
	}
	return nil
}

// withDates writes relative dates out, which were checked when the scenario was read.
func (m Moment) withDates(response []byte) []byte {
	return relativeDate.ReplaceAllFunc(response, func(written []byte) []byte {
		match := relativeDate.FindSubmatch(written)
		d, _ := offset(match[2])
		switch string(match[1]) {
		case "unix":
			return wire.Quote(strconv.FormatInt(m.now.Add(d).Unix(), 10))
		case "start":
			return wire.Quote(m.start.Add(d).UTC().Format(responseDate))
		}
		return wire.Quote(m.began.Add(d).UTC().Format(responseDate))
	})
}

func offset(written []byte) (time.Duration, error) {
	if len(written) == 0 {
		return 0, nil
	}
	return time.ParseDuration(string(written))
}
