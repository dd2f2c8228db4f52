package record

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// Recorder reads an account and makes a recording of it.
type Recorder struct {
	Client    rpc.Config // OnResponse is set by the recorder.
	Regions   []string
	JobTypes  []string // such as MIGRATION; all if empty
	Prechecks int      // jobs per region and type whose prechecks are read; all if negative
	Seed      string   // of the replacements; random if empty

	// Progress, if set, is called with a line about each list that was read.
	Progress func(line string)
}

// Record reads the account. A list of jobs that cannot be read completely is an
// error, because a part of it would look like all of it. A subtask that the
// service refuses is noted in the recording.
func (r *Recorder) Record(ctx context.Context) (*Recording, error) {
	jobTypes := r.JobTypes
	if len(jobTypes) == 0 {
		jobTypes = knownJobTypes()
	}
	if err := check(r.Regions, jobTypes); err != nil {
		return nil, err
	}
	reader := newReader(r.Client, r.Prechecks)
	for _, region := range slices.Compact(slices.Sorted(slices.Values(r.Regions))) {
		for _, jobType := range jobTypes {
			list, err := reader.readJobs(ctx, region, jobType)
			if err != nil {
				return nil, err
			}
			r.progress("%s %s: %d jobs, prechecks of %d", region, jobType, len(list.jobIDs), len(list.recorded))
		}
	}
	return newBuilder(r.Seed).build(reader)
}

func (r *Recorder) progress(format string, values ...any) {
	if r.Progress != nil {
		r.Progress(fmt.Sprintf(format, values...))
	}
}

// regionName keeps what becomes the name of a directory from being a path.
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
		if !slices.Contains(knownJobTypes(), jobType) {
			return fmt.Errorf("%q is not one of the job types %v", jobType, knownJobTypes())
		}
	}
	return nil
}

func knownJobTypes() []string { return api.JobTypeFilter("").Known() }
