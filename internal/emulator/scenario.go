package emulator

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
	"time"
)

//go:embed scenarios/*.json
var embeddedScenarios embed.FS

// builtInScenarios is what an Emulator without Scenarios plays.
var builtInScenarios = sync.OnceValues(func() (map[string]*scenario, error) {
	return readScenarios(builtInScenarioFiles())
})

func builtInScenarioFiles() fs.FS {
	sub, err := fs.Sub(embeddedScenarios, "scenarios")
	if err != nil {
		panic(err) // only if the name above were no valid path
	}
	return sub
}

// scenario is a script: what DescribePreCheckStatus answers, and until when.
type scenario struct {
	description string
	steps       []step
}

// step is a part of a script. It lasts for a number of reads or for a time; the
// last one lasts for ever.
type step struct {
	reads  int
	lasts  time.Duration
	answer *precheck
}

// readScenarios reads all <name>.json of a folder, by name. A folder may be empty:
// there is then nothing to play.
func readScenarios(folder fs.FS) (map[string]*scenario, error) {
	files, err := fs.Glob(folder, "*.json")
	if err != nil {
		return nil, err
	}
	all := map[string]*scenario{}
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".json")
		if all[name], err = readScenario(folder, name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// readScenario reads <name>.json.
func readScenario(folder fs.FS, name string) (*scenario, error) {
	data, err := fs.ReadFile(folder, name+".json")
	if err != nil {
		return nil, fmt.Errorf("scenario %s: %w", name, err)
	}
	s, err := newScenario(data)
	if err != nil {
		return nil, fmt.Errorf("scenario %s: %w", name, err)
	}
	return s, nil
}

func newScenario(data []byte) (*scenario, error) {
	var script struct {
		Description string
		Steps       []scriptStep
	}
	if err := json.Unmarshal(data, &script); err != nil {
		return nil, err
	}
	switch {
	case script.Description == "":
		return nil, errors.New("no description")
	case len(script.Steps) == 0:
		return nil, errors.New("no steps")
	}
	s := &scenario{description: script.Description}
	for i, written := range script.Steps {
		next, err := written.read(i == len(script.Steps)-1)
		if err != nil {
			return nil, fmt.Errorf("step %d: %w", i+1, err)
		}
		s.steps = append(s.steps, next)
	}
	return s, nil
}

// scriptStep is a step as it is written in a file.
type scriptStep struct {
	Reads  int
	Lasts  string
	Answer json.RawMessage
}

func (written scriptStep) read(isLast bool) (step, error) {
	next := step{reads: written.Reads}
	var err error
	if written.Lasts != "" {
		if next.lasts, err = time.ParseDuration(written.Lasts); err != nil {
			return step{}, err
		}
	}
	byReads, byTime := next.reads > 0, next.lasts > 0
	switch {
	case next.reads < 0 || next.lasts < 0:
		return step{}, errors.New("it lasts for less than nothing")
	case isLast && (byReads || byTime):
		return step{}, errors.New("the last step stays, so it has neither reads nor lasts")
	case !isLast && byReads == byTime:
		return step{}, errors.New("every step but the last has either reads or lasts")
	}
	if err := checkDates(written.Answer); err != nil {
		return step{}, err
	}
	if next.answer, err = newPrecheck(written.Answer); err != nil {
		return step{}, fmt.Errorf("answer: %w", err)
	}
	return next, nil
}
