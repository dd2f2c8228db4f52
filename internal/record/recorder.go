package record

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// Source reads an account. Each response that it receives must be passed to
// [Recorder.OnResponse] before the method returns.
type Source interface {
	// Jobs reads the complete list of the jobs of one type and returns their IDs.
	Jobs(ctx context.Context, region, jobType string) (jobIDs []string, err error)
	// Subtask reads all pages of a subtask and returns the number of its items.
	// The error is a [Refusal] if the service has no such subtask.
	Subtask(ctx context.Context, region string, s Subtask) (items int, err error)
}

// Subtask is a precheck or a later subtask of a job, as it is requested.
type Subtask struct {
	DtsJobID   string
	JobCode    string // such as 01
	StructType string // before or after
}

// subtasks are the subtasks of a job that are read. Schema definitions have two
// types where a job can change the schema later.
var subtasks = []Subtask{
	{JobCode: "01", StructType: "before"},
	{JobCode: "02", StructType: "before"},
	{JobCode: "02", StructType: "after"},
	{JobCode: "03", StructType: "before"},
	{JobCode: "04", StructType: "before"},
	{JobCode: "04", StructType: "after"},
}

// Refusal is a response that is not about the requested subtask.
type Refusal struct {
	Code string // of the API; empty if the response is not an error
}

func (r *Refusal) Error() string { return "the service has no such subtask: " + r.Code }

// Recorder reads an account and makes a recording of it.
type Recorder struct {
	Regions   []string
	JobTypes  []string // such as MIGRATION; all if empty
	Prechecks int      // jobs per region and type whose subtasks are read; all if negative

	// Progress, if set, is called with a line about each list that was read.
	Progress func(line string)

	responses responses
}

// OnResponse receives a response that the source read, and the parameters of the
// request. The body may be reused after the call.
func (r *Recorder) OnResponse(parameters map[string]string, body []byte) {
	r.responses.add(parameters, body)
}

// Record reads the account. A list of jobs that can't be read completely causes
// an error, because a part of a list looks like a complete one. A subtask that
// the service refuses is noted in the recording.
func (r *Recorder) Record(ctx context.Context, source Source) (*Recording, error) {
	jobTypes := r.JobTypes
	if len(jobTypes) == 0 {
		jobTypes = JobTypes()
	}
	if err := check(r.Regions, jobTypes); err != nil {
		return nil, err
	}
	recording := newRecording(r.Regions)
	for _, region := range slices.Compact(slices.Sorted(slices.Values(r.Regions))) {
		for _, jobType := range jobTypes {
			listed, err := source.Jobs(ctx, region, jobType)
			pages, err := r.responses.take(err)
			if err != nil {
				return nil, err
			}
			jobIDs, err := recording.addJobs(region, jobType, listed, pages)
			if err != nil {
				return nil, err
			}
			read := len(jobIDs)
			if r.Prechecks >= 0 {
				read = min(read, r.Prechecks)
			}
			for _, jobID := range jobIDs[:read] {
				if err := r.recordSubtasks(ctx, source, recording, region, jobID); err != nil {
					return nil, err
				}
			}
			if r.Progress != nil {
				r.Progress(fmt.Sprintf("%s %s: %d jobs, prechecks of %d", region, jobType, len(jobIDs), read))
			}
		}
	}
	return recording, nil
}

func (r *Recorder) recordSubtasks(ctx context.Context, source Source, recording *Recording, region, jobID string) error {
	for _, s := range subtasks {
		s.DtsJobID = jobID
		items, err := source.Subtask(ctx, region, s)
		pages, err := r.responses.take(err)
		if refusal := new(Refusal); errors.As(err, &refusal) {
			err = recording.addRefusal(region, s, refusal.Code)
		} else if err == nil {
			err = recording.addSubtask(region, s, items, pages)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// regionName matches what can be the name of a directory and of a host.
var regionName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func check(regions, jobTypes []string) error {
	if len(regions) == 0 {
		return errors.New("no region to record")
	}
	for _, region := range regions {
		if !regionName.MatchString(region) {
			return fmt.Errorf("%q is not a region", region)
		}
	}
	for _, jobType := range jobTypes {
		if !slices.Contains(JobTypes(), jobType) {
			return fmt.Errorf("%q is not one of the job types %v", jobType, JobTypes())
		}
	}
	return nil
}
