// Package scenario plays scripts: the state of a job, of its precheck or of both,
// that changes while a client reads it.
package scenario

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// Scenario is a script for one job ID.
type Scenario struct {
	Description string
	// JobType is the list that has the job; empty if the scenario has no job.
	JobType string

	job   wire.Object // unless the account has the job
	steps []step
}

// step is a part of a script. It lasts for a number of reads or for a time; the
// last one does not end.
type step struct {
	reads     int
	operation string // whose reads count; empty is both
	lasts     time.Duration
	job       wire.Object       // members of the job
	response  *account.Precheck // of DescribePreCheckStatus; nil agrees with the job
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
	if err == nil {
		var s *Scenario
		if s, err = Parse(data); err == nil {
			return s, nil
		}
	}
	return nil, fmt.Errorf("scenario %s: %w", name, err)
}

// Parse reads the contents of a file.
func Parse(data []byte) (*Scenario, error) {
	var script struct {
		Description string
		JobType     string `json:"job_type"`
		Job         json.RawMessage
		Steps       []struct {
			Reads     int
			Operation string
			Lasts     string
			Job       json.RawMessage
			Response  json.RawMessage
		}
	}
	if err := wire.Unmarshal(data, &script); err != nil {
		return nil, err
	}
	s := &Scenario{Description: script.Description, JobType: script.JobType}
	var err error
	switch {
	case script.Description == "":
		return nil, errors.New("no description")
	case len(script.Steps) == 0:
		return nil, errors.New("no steps")
	case s.JobType != "" && !slices.Contains(account.JobTypes, s.JobType):
		return nil, fmt.Errorf("job_type %q is not one of %s", s.JobType, strings.Join(account.JobTypes, ", "))
	case script.Job != nil:
		if s.job, err = wire.ParseObject(script.Job); err != nil {
			return nil, fmt.Errorf("job: %w", err)
		}
	}
	if err := checkDates(data); err != nil {
		return nil, err
	}
	for i, written := range script.Steps {
		next := step{reads: written.Reads, operation: written.Operation}
		if written.Lasts != "" {
			next.lasts, err = time.ParseDuration(written.Lasts)
		}
		if err == nil && written.Job != nil {
			next.job, err = wire.ParseObject(written.Job)
		}
		if err == nil && written.Response != nil {
			if next.response, err = account.NewPrecheck(written.Response); err != nil {
				err = fmt.Errorf("response: %w", err)
			}
		}
		if err == nil {
			err = next.check(i == len(script.Steps)-1, s.JobType != "")
		}
		if err != nil {
			return nil, fmt.Errorf("step %d: %w", i+1, err)
		}
		s.steps = append(s.steps, next)
	}
	return s, nil
}

func (s step) check(isLast, hasJob bool) error {
	byReads, byTime := s.reads > 0, s.lasts > 0
	switch {
	case !slices.Contains([]string{"", "DescribeDtsJobs", "DescribePreCheckStatus"}, s.operation):
		return fmt.Errorf("operation %q is not DescribeDtsJobs or DescribePreCheckStatus", s.operation)
	case s.reads < 0 || s.lasts < 0:
		return errors.New("reads and lasts must not be negative")
	case isLast && (byReads || byTime):
		return errors.New("the last step stays, so it has neither reads nor lasts")
	case !isLast && byReads == byTime:
		return errors.New("every step but the last has either reads or lasts")
	case !hasJob && s.job != nil:
		return errors.New("a scenario with a job requires job_type")
	case !hasJob && s.response == nil:
		return errors.New("no response")
	}
	return nil
}

// Job returns the job of a scenario with a job, in the state of a moment: that of
// the account, or else the scenario's own, with the members of the step.
func (s *Scenario) Job(id string, recorded *account.Job, at Moment) (*account.Job, error) {
	step := s.steps[at.step]
	if recorded == nil {
		own := wire.Object{wire.Text("DtsJobId", id)}.With(s.job...)
		var err error
		if recorded, err = account.NewJob(at.withDates(own.Bytes())); err != nil {
			return nil, err
		}
	}
	members, err := wire.ParseObject(at.withDates(step.job.Bytes()))
	if err != nil {
		return nil, err
	}
	if step.response != nil {
		status := wire.Object{wire.Text("Status", step.response.Text("State"))}
		members = members.With(wire.Member{Name: "PrecheckStatus", Value: status.Bytes()})
	}
	return recorded.With(members)
}

// Precheck returns the response of DescribePreCheckStatus of a moment, nil if it is
// the one that agrees with the job. The response of a scenario with a job is that of
// its precheck, any other response is that of every subtask.
func (s *Scenario) Precheck(jobCode string, at Moment) *account.Precheck {
	response := s.steps[at.step].response
	if response == nil || s.JobType != "" && jobCode != "01" {
		return nil
	}
	dated := *response
	dated.Members = slices.Clone(response.Members)
	for i, m := range dated.Members {
		dated.Members[i].Value = at.withDates(m.Value)
	}
	dated.Items = slices.Clone(response.Items)
	for i, item := range dated.Items {
		dated.Items[i].Raw = at.withDates(item.Raw)
	}
	return &dated
}
