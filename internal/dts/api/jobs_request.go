package api

// JobsRequest is the request of DescribeDtsJobs, one line per parameter. The
// param tag names the parameter as the API does, doc describes it for schema
// and documentation, and tf overrides the Terraform name where snake_case of
// the parameter is not it. A zero field is not sent; an empty list of IDs
// matches no job.
type JobsRequest struct {
	JobType            JobTypeFilter     `param:"JobType" arg:"computed" doc:"Type of the jobs to list. Defaults to 'MIGRATION', as in the API."`
	Type               QueryType         `param:"Type" doc:"Field to match 'params' against. Required with 'params'. 'name' matches any part of the job name; the other values match exactly."`
	Params             string            `param:"Params" doc:"Value to search for, as specified by 'type': a DTS instance ID, all or part of a job name, or the ID of the source or destination RDS instance. Required with 'type'."`
	Status             JobStatus         `param:"Status" doc:"Filters by job status."`
	OrderColumn        OrderColumn       `param:"OrderColumn" doc:"Field to sort by. 'duLimit' applies to dedicated clusters only. If neither 'order_column' nor 'order_direction' is set, jobs are sorted by 'dts_job_id'."`
	OrderDirection     OrderDirection    `param:"OrderDirection" doc:"Sort direction. Defaults to 'ASC' if 'order_column' is set."`
	GroupID            string            `param:"GroupId" doc:"Filters by task ID ('GroupId')."`
	DedicatedClusterID string            `param:"DedicatedClusterId" doc:"Filters by the ID of the DTS dedicated cluster that the jobs run on."`
	ResourceGroupID    string            `param:"ResourceGroupId" doc:"Filters by resource group ID."`
	WithoutDbList      *bool             `param:"WithoutDbList" doc:"Whether to omit 'db_object', which can be large. Set to 'true' for faster, smaller reads."`
	DtsBisLabel        BisLabel          `param:"DtsBisLabel" doc:"Filters by the environment label of the instance."`
	ZeroEtlJob         *bool             `param:"ZeroEtlJob" doc:"Whether to list zero-ETL integration jobs."`
	InstanceType       string            `param:"InstanceType" doc:"Filters by the type of the source or destination instance, such as 'RDS'. Usually set with 'instance_id'."`
	InstanceID         string            `param:"InstanceId" doc:"Filters by the ID of the source or destination instance. Its type is set in 'instance_type'."`
	SrcProductType     string            `param:"SrcProductType" doc:"Filters by the type of the source instance, such as 'RDS'."`
	DestProductType    string            `param:"DestProductType" doc:"Filters by the type of the destination instance, such as 'PolarDB'."`
	Tags               map[string]string `param:"Tags" doc:"Filters by tags. Jobs must have all of these tags."`
	JobIDs             []ID              `param:"DtsJobId" tf:"dts_job_ids" doc:"Filters by job ID. Accepts any number of IDs; an empty set returns no jobs. Only jobs of the type set in 'job_type' are found."`
	InstanceIDs        []ID              `param:"DtsInstanceId" tf:"dts_instance_ids" doc:"Filters by DTS instance ID. Accepts any number of IDs; an empty set returns no jobs. Only jobs of the type set in 'job_type' are found."`
	PageSize           PageSize          `param:"PageSize" doc:"Number of jobs to request per page, from 1 to 100. Defaults to the largest size the API accepts."`
	PageNumber         PageNumber        `param:"PageNumber" doc:"Reads only this page, starting at 1. By default all pages are read."`
}

// IDs returns the requested IDs, of jobs or of instances. It is nil if the
// request is not by ID.
func (r JobsRequest) IDs() []ID {
	if r.JobIDs != nil {
		return r.JobIDs
	}
	return r.InstanceIDs
}

// WithIDs returns the request for other IDs of the same kind.
func (r JobsRequest) WithIDs(ids []ID) JobsRequest {
	if r.JobIDs != nil {
		r.JobIDs = ids
	} else {
		r.InstanceIDs = ids
	}
	return r
}
