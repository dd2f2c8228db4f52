package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

const (
	describeJobs     = "DescribeDtsJobs"
	describePrecheck = "DescribePreCheckStatus"
)

// Recorder reads an account and makes a recording of it.
type Recorder struct {
	Client    dts.Config // OnResponse is the recorder's own
	Regions   []string
	JobTypes  []string // such as MIGRATION; none: all
	Prechecks int      // jobs of a region and type whose prechecks are read; negative: all
	Seed      string   // of the anonymiser; empty: a random one

	// Progress is told what was read; nil: nobody is.
	Progress func(line string)

	client    *dts.Client
	collector collector
	listings  []listing
	subtasks  []subtask
}

// listing is a list of jobs that was read.
type listing struct {
	about subject
	jobs  map[string]bool // ids in it
}

// subtask is a precheck, or a later subtask of a job, that was asked for.
type subtask struct {
	about   subject
	items   int   // of all pages
	refusal error // of the service; nil: it answered
}

// asked are the subtasks of a job: a code, and the kind of schema definitions
// where it makes a difference.
var asked = []struct {
	code       dts.JobCode
	structType dts.StructType
}{
	{dts.JobCodePrecheck, dts.StructTypeBefore},
	{dts.JobCodeSchema, dts.StructTypeBefore},
	{dts.JobCodeSchema, dts.StructTypeAfter},
	{dts.JobCodeFullData, dts.StructTypeBefore},
	{dts.JobCodeIncremental, dts.StructTypeBefore},
	{dts.JobCodeIncremental, dts.StructTypeAfter},
}

// regionName keeps what becomes the name of a folder from being a path.
var regionName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Record reads the account. A list of jobs that can't be read whole is an
// error, for a part of it would look like the truth; a subtask that the service
// refuses is noted in the recording.
func (r *Recorder) Record(ctx context.Context) (*Recording, error) {
	types := r.JobTypes
	if len(types) == 0 {
		types = dts.JobTypeFilter("").Known()
	}
	if err := r.check(types); err != nil {
		return nil, err
	}
	config := r.Client
	config.OnResponse = r.collector.add
	r.client = dts.NewClient(config)
	for _, region := range slices.Compact(slices.Sorted(slices.Values(r.Regions))) {
		for _, jobType := range types {
			if err := r.read(ctx, region, jobType); err != nil {
				return nil, err
			}
		}
	}
	return r.recording()
}

func (r *Recorder) check(types []string) error {
	if len(r.Regions) == 0 {
		return errors.New("no region to record")
	}
	for _, region := range r.Regions {
		if !regionName.MatchString(region) {
			return fmt.Errorf("%q is no region", region)
		}
	}
	for _, jobType := range types {
		if !slices.Contains(dts.JobTypeFilter("").Known(), jobType) {
			return fmt.Errorf("%q is none of the job types %v", jobType, dts.JobTypeFilter("").Known())
		}
	}
	return nil
}

// read reads the jobs of one type and their subtasks.
func (r *Recorder) read(ctx context.Context, region, jobType string) error {
	list, err := r.client.Jobs(ctx, dts.JobsQuery{Region: region, Parameters: map[string]string{"JobType": jobType}})
	if err != nil {
		return err
	}
	l := listing{subject{operation: describeJobs, region: region, jobType: jobType}, map[string]bool{}}
	var withSubtasks []string
	for _, job := range list.Jobs {
		if job.DtsJobID != nil {
			l.jobs[*job.DtsJobID] = true
			withSubtasks = append(withSubtasks, *job.DtsJobID)
		}
	}
	r.listings = append(r.listings, l)
	if r.Prechecks >= 0 {
		withSubtasks = withSubtasks[:min(r.Prechecks, len(withSubtasks))]
	}
	for _, id := range withSubtasks {
		if err := r.readSubtasks(ctx, region, id); err != nil {
			return err
		}
	}
	r.progress(fmt.Sprintf("%s %s: %d jobs, prechecks of %d", region, jobType, len(list.Jobs), len(withSubtasks)))
	return nil
}

func (r *Recorder) progress(line string) {
	if r.Progress != nil {
		r.Progress(line)
	}
}

func (r *Recorder) readSubtasks(ctx context.Context, region, id string) error {
	for _, one := range asked {
		about := subject{describePrecheck, region, "", id, string(one.code), string(one.structType)}
		reading, err := r.client.Precheck(ctx, dts.PrecheckQuery{Region: region, Parameters: map[string]string{
			"DtsJobId": about.jobID, "JobCode": about.jobCode, "StructType": about.structType,
		}})
		if err != nil && !refusal(err) {
			return err
		}
		r.subtasks = append(r.subtasks, subtask{about, len(reading.JobProgress), err})
	}
	return nil
}

// refusal reports whether the service answered, though not with a subtask.
func refusal(err error) bool {
	var refused *dts.Error
	return errors.As(err, &refused) && !refused.Throttled() && (refused.Code != "" || errors.Is(err, dts.ErrNoSubtask))
}

// recording makes the files. Everything is learned before anything is written.
func (r *Recorder) recording() (*Recording, error) {
	a := NewAnonymiser(r.Seed)
	w := &writer{recording: &Recording{files: map[string][]byte{}, anonymiser: a}, anonymiser: a}
	for _, l := range r.listings {
		w.addListing(l, r.collector.of(l.about))
	}
	job, last := 0, ""
	for _, s := range r.subtasks {
		if s.about.jobID != last {
			job, last = job+1, s.about.jobID
		}
		w.addSubtask(job, s, r.collector.of(s.about))
	}
	return w.finish()
}

// codeOf returns what a refusal may be told by: its code says nothing of the job.
func codeOf(refusal error) json.RawMessage {
	var refused *dts.Error
	switch {
	case refusal == nil:
		return nil
	case errors.As(refusal, &refused) && code(refused.Code):
		return quote(refused.Code)
	}
	return quote("no subtask in the answer")
}
