// Package scenario plays scripts: responses of DescribePreCheckStatus that change
// while a client reads them.
package scenario

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// Scenario is a script: what DescribePreCheckStatus returns, and until when.
type Scenario struct {
	Description string

	steps []step
}

// step is a part of a script. It lasts for a number of reads or for a time; the
// last one does not end.
type step struct {
	reads    int
	lasts    time.Duration
	response *account.Precheck
}

// ReadAll reads all <name>.json of a directory, by name. It may be empty: there is
// then nothing to play.
func ReadAll(directory fs.FS) (map[string]*Scenario, error) {
	files, err := fs.Glob(directory, "*.json")
	if err != nil {
		return nil, err
	}
	all := map[string]*Scenario{}
	for _, file := range files {
		name := strings.TrimSuffix(path.Base(file), ".json")
		if all[name], err = Read(directory, name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Read reads <name>.json.
func Read(directory fs.FS, name string) (*Scenario, error) {
	data, err := fs.ReadFile(directory, name+".json")
	if err != nil {
		return nil, fmt.Errorf("scenario %s: %w", name, err)
	}
	s, err := newScenario(data)
	if err != nil {
		return nil, fmt.Errorf("scenario %s: %w", name, err)
	}
	return s, nil
}

func newScenario(data []byte) (*Scenario, error) {
	var script struct {
		Description string
		Steps       []scriptStep
	}
	if err := wire.Unmarshal(data, &script); err != nil {
		return nil, err
	}
	switch {
	case script.Description == "":
		return nil, errors.New("no description")
	case len(script.Steps) == 0:
		return nil, errors.New("no steps")
	}
	s := &Scenario{Description: script.Description}
	for i, written := range script.Steps {
		next, err := written.read(i == len(script.Steps)-1)
		if err != nil {
			return nil, fmt.Errorf("step %d: %w", i+1, err)
		}
		s.steps = append(s.steps, next)
	}
	return s, nil
}

// scriptStep is a step in the form of a file.
type scriptStep struct {
	Reads    int
	Lasts    string
	Response json.RawMessage
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
		return step{}, errors.New("reads and lasts must not be negative")
	case isLast && (byReads || byTime):
		return step{}, errors.New("the last step stays, so it has neither reads nor lasts")
	case !isLast && byReads == byTime:
		return step{}, errors.New("every step but the last has either reads or lasts")
	}
	if written.Response == nil {
		return step{}, errors.New("no response")
	}
	if err := checkDates(written.Response); err != nil {
		return step{}, err
	}
	if next.response, err = account.NewPrecheck(written.Response); err != nil {
		return step{}, fmt.Errorf("response: %w", err)
	}
	return next, nil
}
