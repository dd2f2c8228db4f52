package emulator

import (
	"sync"
	"time"
)

// plays remembers how far scenarios are, for each subtask that is asked about:
// two readers of different jobs, or of different codes of one, do not push each
// other on.
type plays struct {
	mu sync.Mutex
	of map[subtask]*play
}

// play is how far one of them is.
type play struct {
	start time.Time
	step  int
	began time.Time // the step
	reads int       // of the step
}

// next returns what a scenario answers now.
func (p *plays) next(s *scenario, asked subtask, isRead bool, now time.Time) *precheck {
	p.mu.Lock()
	defer p.mu.Unlock()
	current, started := p.of[asked]
	if !started {
		current = &play{start: now, began: now}
		if p.of == nil {
			p.of = map[subtask]*play{}
		}
		p.of[asked] = current
	}
	current.advance(s.steps, isRead, now)
	return s.steps[current.step].answer.at(current.start, current.began)
}

// advance goes to the step that is due. Only a read uses up reads, so that a read
// of many pages sees one step; a time that is up ends a step between two pages.
func (p *play) advance(steps []step, isRead bool, now time.Time) {
	for p.step < len(steps)-1 {
		began, over := p.over(steps[p.step], isRead, now)
		if !over {
			break
		}
		*p = play{start: p.start, step: p.step + 1, began: began}
	}
	if isRead {
		p.reads++
	}
}

// over reports whether a step has ended, and when the next one began. Time passes
// even if nobody reads.
func (p *play) over(s step, isRead bool, now time.Time) (time.Time, bool) {
	if s.lasts > 0 {
		end := p.began.Add(s.lasts)
		return end, !now.Before(end)
	}
	return now, isRead && p.reads >= s.reads
}

func (p *plays) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.of = nil
}
