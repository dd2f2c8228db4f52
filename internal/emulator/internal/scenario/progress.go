package scenario

import (
	"sync"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
)

// Progress remembers how far scenarios are, for each subtask that is requested:
// two clients that read different jobs, or different codes of one, do not push
// each other on. Its zero value is at the beginning of all.
type Progress struct {
	mu sync.Mutex
	of map[account.Subtask]*position
}

// Next returns the response that is due. A read is the request for the first page
// of a response, without filters.
func (p *Progress) Next(s *Scenario, requested account.Subtask, isRead bool, now time.Time) *account.Precheck {
	p.mu.Lock()
	defer p.mu.Unlock()
	current, started := p.of[requested]
	if !started {
		current = &position{start: now, began: now}
		if p.of == nil {
			p.of = map[account.Subtask]*position{}
		}
		p.of[requested] = current
	}
	current.advance(s.steps, isRead, now)
	return at(s.steps[current.step].response, current.start, current.began)
}

// Reset starts all scenarios over.
func (p *Progress) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.of = nil
}

// position is how far one scenario is.
type position struct {
	start time.Time
	step  int
	began time.Time // the step
	reads int       // of the step
}

// advance goes to the step that is due. Only a read uses up reads, so that a read
// of many pages sees one step; a time that is up ends a step between two pages.
func (p *position) advance(steps []step, isRead bool, now time.Time) {
	for p.step < len(steps)-1 {
		began, isOver := p.isOver(steps[p.step], isRead, now)
		if !isOver {
			break
		}
		*p = position{start: p.start, step: p.step + 1, began: began}
	}
	if isRead {
		p.reads++
	}
}

// isOver reports whether a step has ended, and when the next one began. Time passes
// even if nobody reads.
func (p *position) isOver(s step, isRead bool, now time.Time) (time.Time, bool) {
	if s.lasts > 0 {
		end := p.began.Add(s.lasts)
		return end, !now.Before(end)
	}
	return now, isRead && p.reads >= s.reads
}
