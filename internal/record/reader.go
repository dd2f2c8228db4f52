package record

import (
	"context"
	"errors"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
)

// reader reads lists of jobs and the subtasks of some of them. The responses are
// in its collector.
type reader struct {
	client    *dts.Client
	collector *collector
	prechecks int
	lists     []jobList
}

// jobList is a list of jobs that was read.
type jobList struct {
	request  request
	jobIDs   map[string]bool
	recorded []recordedJob
}

// recordedJob is a job whose subtasks were read.
type recordedJob struct{ subtasks []subtask }

// subtask is a precheck, or a later subtask of a job.
type subtask struct {
	request request
	items   int   // on all pages
	refusal error // nil if the service returned it
}

// subtaskKinds are the subtasks of a job: a code, and the kind of schema
// definitions where it makes a difference.
var subtaskKinds = []struct {
	code       api.JobCode
	structType api.StructType
}{
	{api.JobCodePrecheck, api.StructTypeBefore},
	{api.JobCodeSchema, api.StructTypeBefore},
	{api.JobCodeSchema, api.StructTypeAfter},
	{api.JobCodeFullData, api.StructTypeBefore},
	{api.JobCodeIncremental, api.StructTypeBefore},
	{api.JobCodeIncremental, api.StructTypeAfter},
}

func newReader(config rpc.Config, prechecks int) *reader {
	r := &reader{collector: &collector{}, prechecks: prechecks}
	config.OnResponse = r.collector.add
	r.client = dts.NewClient(config)
	return r
}

// readJobs reads the jobs of one type, and the subtasks of the first of them.
func (r *reader) readJobs(ctx context.Context, region, jobType string) (jobList, error) {
	response, err := r.client.Jobs(ctx, region, api.JobsRequest{JobType: api.JobTypeFilter(jobType)})
	if err != nil {
		return jobList{}, err
	}
	list := jobList{request: request{operation: describeJobs, region: region, jobType: jobType}, jobIDs: map[string]bool{}}
	for _, job := range response.Jobs {
		if job.DtsJobID == nil {
			continue
		}
		list.jobIDs[*job.DtsJobID] = true
		if r.prechecks >= 0 && len(list.recorded) == r.prechecks {
			continue
		}
		subtasks, err := r.readSubtasks(ctx, region, *job.DtsJobID)
		if err != nil {
			return jobList{}, err
		}
		list.recorded = append(list.recorded, recordedJob{subtasks})
	}
	r.lists = append(r.lists, list)
	return list, nil
}

func (r *reader) readSubtasks(ctx context.Context, region, jobID string) ([]subtask, error) {
	var subtasks []subtask
	for _, kind := range subtaskKinds {
		request := request{describePrecheck, region, "", jobID, string(kind.code), string(kind.structType)}
		response, err := r.client.Precheck(ctx, region, api.PrecheckRequest{PrecheckSelection: api.PrecheckSelection{
			DtsJobID: jobID, JobCode: kind.code, StructType: kind.structType,
		}})
		switch {
		case isRefusal(err):
			subtasks = append(subtasks, subtask{request: request, refusal: err})
		case err != nil:
			return nil, err
		default:
			subtasks = append(subtasks, subtask{request: request, items: len(response.JobProgress)})
		}
	}
	return subtasks, nil
}

// isRefusal reports whether the service responded, though not with a subtask.
func isRefusal(err error) bool {
	var failure *rpc.Error
	return errors.As(err, &failure) && !failure.Throttled() && (failure.Code != "" || errors.Is(err, dts.ErrNoSubtask))
}
