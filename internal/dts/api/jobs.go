package api

import (
	"encoding/json"
	"fmt"
)

// JobsRequest is the request of DescribeDtsJobs, one line per parameter. The
// param tag names the parameter as the API does, doc describes it for schema
// and documentation, and tf overrides the Terraform name where snake_case of
// the parameter is not it. The known and valid tags list the values of a
// string. A zero field is not sent; an empty list of IDs matches no job.
type JobsRequest struct {
	JobType            JobTypeFilter     `param:"JobType" arg:"computed" doc:"Type of the jobs to list. Defaults to 'MIGRATION', as in the API, unless 'job_types' is set."`
	Type               string            `param:"Type" known:"instance,name,srcRds,rds" doc:"Field to match 'params' against. Required with 'params'. 'name' matches any part of the job name; the other values match exactly."`
	Params             string            `param:"Params" doc:"Value to search for, as specified by 'type': a DTS instance ID, all or part of a job name, or the ID of the source or destination RDS instance. Required with 'type'."`
	Status             JobStatus         `param:"Status" doc:"Filters by job status."`
	OrderColumn        string            `param:"OrderColumn" known:"CreateTime,FinishTime,duLimit" doc:"Field to sort by. 'duLimit' applies to dedicated clusters only. If neither 'order_column' nor 'order_direction' is set, jobs are sorted by 'dts_job_id'. Cannot be set with 'dts_job_ids', 'dts_instance_ids' or 'job_types'."`
	OrderDirection     string            `param:"OrderDirection" valid:"ASC,DESC" doc:"Sort direction. Defaults to 'ASC' if 'order_column' is set. Cannot be set with 'dts_job_ids', 'dts_instance_ids' or 'job_types'."`
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
	JobIDs             []ID              `param:"DtsJobId" tf:"dts_job_ids" doc:"Filters by job ID. Accepts any number of IDs; an empty set returns no jobs. Only jobs of the types set in 'job_type' or 'job_types' are found. Cannot be set with 'dts_instance_ids'."`
	InstanceIDs        []ID              `param:"DtsInstanceId" tf:"dts_instance_ids" doc:"Filters by DTS instance ID. Accepts any number of IDs; an empty set returns no jobs. Only jobs of the types set in 'job_type' or 'job_types' are found. Cannot be set with 'dts_job_ids'."`
	PageSize           PageSize          `param:"PageSize" doc:"Number of jobs to request per page, from 1 to 100. Defaults to the largest size the API accepts."`
	PageNumber         PageNumber        `param:"PageNumber" doc:"Reads only this page, starting at 1. By default all pages are read. Without 'page_size', a page has 30 jobs. Cannot be set with 'dts_job_ids', 'dts_instance_ids' or 'job_types'."`
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

// JobList is the response of DescribeDtsJobs without its envelope.
type JobList struct {
	Jobs             []Job    `json:"DtsJobList" tf:"jobs" doc:"Jobs that match, sorted by 'dts_job_id' unless 'order_column' or 'order_direction' is set."`
	EtlDemoJobs      []EtlJob `json:"EtlDemoList" tf:"etl_demo_jobs" doc:"ETL jobs, which the API lists separately, sorted in the same way."`
	TotalRecordCount *int64   `json:"TotalRecordCount" doc:"Number of matching jobs reported by the API, before 'name_regex' is applied; with 'job_types', the sum for all types. With 'dts_job_ids' or 'dts_instance_ids', the number of jobs found."`
}

// The API describes jobs in four places, with different fields:
//
//	DtsJobList[]              JobCommon  TopLevel  Full
//	DtsJobList[].ReverseJob   JobCommon            Full
//	EtlDemoList[]             JobCommon  TopLevel
//	EtlDemoList[].ReverseJob  JobCommon

// Job is a migration, synchronization or change tracking job.
type Job struct {
	JobCommon
	TopLevel
	Full
	MigrationError

	DataCloudStatus *SyncStage  `json:"DataCloudStatus" doc:"Status of physical migration."`
	DtsBisLabel     *BisLabel   `json:"DtsBisLabel" doc:"Environment label of the instance."`
	DuRealUsage     *string     `json:"DuRealUsage" doc:"DU usage of a job on a dedicated cluster, in percent, with a percent sign."`
	InsightModule   *bool       `json:"InsightModule" doc:"Whether the insight feature is enabled for the job. Not described in the API reference."`
	RetryState      *RetryState `json:"RetryState" doc:"Retry status. Null if the job is not retrying."`
	ReverseJob      *ReverseJob `json:"ReverseJob" doc:"Job of the opposite direction in a two-way synchronization. Null for other jobs."`
}

// ReverseJob is the opposite direction of a two-way synchronization.
type ReverseJob struct {
	JobCommon
	Full
}

// EtlJob is a job of the list of ETL jobs, for which the API returns fewer
// fields.
type EtlJob struct {
	JobCommon
	TopLevel

	MigrationMode *InitialMode   `json:"MigrationMode" doc:"Stages included in the job."`
	RetryState    *Retry         `json:"RetryState" doc:"Retry status. Null if the job is not retrying."`
	ReverseJob    *EtlReverseJob `json:"ReverseJob" doc:"Job of the opposite direction in a two-way synchronization. Null for other jobs."`
}

// EtlReverseJob is the opposite direction of an [EtlJob].
type EtlReverseJob struct {
	JobCommon

	MigrationMode *InitialMode `json:"MigrationMode" doc:"Stages included in the job."`
}

// JobCommon has the fields of every job, of any type and direction.
type JobCommon struct {
	Checkpoint                    *string      `json:"Checkpoint" doc:"Position reached in incremental migration or synchronization, as a Unix timestamp in seconds."`
	CreateTime                    *string      `json:"CreateTime" doc:"Creation time, in the format yyyy-MM-ddTHH:mm:ssZ (UTC)."`
	DataInitializationStatus      *Stage       `json:"DataInitializationStatus" doc:"Status of full data migration or initial full data synchronization."`
	DataSynchronizationStatus     *SyncStage   `json:"DataSynchronizationStatus" doc:"Status of incremental migration or synchronization."`
	DbObject                      *string      `json:"DbObject" doc:"Objects that the job migrates, synchronizes or tracks, as a JSON string. Null if 'without_db_list' is true."`
	Delay                         *int64       `json:"Delay" doc:"Latency of incremental migration, in milliseconds, or of incremental synchronization, in seconds. -1 before the stage starts."`
	DelaySeconds                  *json.Number `json:"-" tf:"delay_seconds" doc:"Latency of incremental migration or synchronization, in seconds, converted from 'delay' using the units in the API reference. Null if 'delay' is missing or negative, if 'data_synchronization_status.status' is 'NotStarted', and for jobs of other types, such as change tracking jobs."`
	DestinationEndpoint           *Endpoint    `json:"DestinationEndpoint" doc:"Connection settings of the destination database."`
	DtsInstanceID                 *string      `json:"DtsInstanceID" doc:"ID of the DTS instance."`
	DtsJobClass                   *string      `json:"DtsJobClass" doc:"Instance class, such as large."`
	DtsJobDirection               *string      `json:"DtsJobDirection" known:"Forward,Reverse" doc:"Direction of the job in a two-way synchronization."`
	DtsJobID                      *string      `json:"DtsJobId" doc:"ID of the job."`
	DtsJobName                    *string      `json:"DtsJobName" doc:"Name of the job. Names are not unique."`
	ErrorMessage                  *string      `json:"ErrorMessage" doc:"Error message of the job."`
	EtlSafeCheckpoint             *string      `json:"EtlSafeCheckpoint" doc:"Position from which the ETL stage can be resumed, as a Unix timestamp in seconds."`
	ExpireTime                    *string      `json:"ExpireTime" doc:"Expiration time of a subscription (prepaid) instance, in the format yyyy-MM-ddTHH:mm:ssZ (UTC)."`
	PayType                       *string      `json:"PayType" known:"PrePaid,PostPaid" doc:"Billing method."`
	Performance                   *Performance `json:"Performance" doc:"Current throughput."`
	PrecheckStatus                *JobPrecheck `json:"PrecheckStatus" doc:"Summary of the precheck. Use 'dts_precheck_status' for the full result."`
	Reserved                      *string      `json:"Reserved" doc:"Additional settings of the job, as a JSON string."`
	SourceEndpoint                *Endpoint    `json:"SourceEndpoint" doc:"Connection settings of the source database."`
	Status                        *JobStatus   `json:"Status" doc:"Status of the job, as returned by the API. Its case varies."`
	StructureInitializationStatus *Stage       `json:"StructureInitializationStatus" doc:"Status of schema migration or initial schema synchronization."`
}

// TopLevel has the fields of a job in a list that the reverse job within it lacks.
type TopLevel struct {
	AppName                  *string `json:"AppName" doc:"Change tracking version. 'new' means the new version."`
	BeginTimestamp           *string `json:"BeginTimestamp" doc:"Start of the data range of a change tracking job, in the format yyyy-MM-ddTHH:mm:ssZ (UTC)."`
	ConsumptionCheckpoint    *string `json:"ConsumptionCheckpoint" doc:"Consumption checkpoint of a change tracking job, in the format yyyy-MM-ddTHH:mm:ssZ (UTC)."`
	ConsumptionClient        *string `json:"ConsumptionClient" doc:"Downstream client of a change tracking job: its IP address and a random number."`
	DataEtlStatus            *Stage  `json:"DataEtlStatus" doc:"Status of the ETL stage. Null if the job has none."`
	EndTimestamp             *string `json:"EndTimestamp" doc:"End of the data range of a change tracking job, in the format yyyy-MM-ddTHH:mm:ssZ (UTC)."`
	JobType                  *string `json:"JobType" known:"online,sync,subscribe" doc:"Type of the job, as returned by the API. Its values differ from those of the argument 'job_type'."`
	OriginType               *string `json:"OriginType" doc:"Service in which the job was created, such as DTS or DMS."`
	ResourceGroupDisplayName *string `json:"ResourceGroupDisplayName" doc:"Display name of the resource group."`
	ResourceGroupID          *string `json:"ResourceGroupId" doc:"ID of the resource group."`
	Tags                     Tags    `json:"TagList" tf:"tags" doc:"Tags of the job. A tag without a value is an empty string."`
}

// Full has the fields of a job that an ETL job lacks: usage, limits, verification and
// errors.
type Full struct {
	Capacity

	CPUUsage                 *string         `json:"CpuUsage" doc:"CPU usage of the instance, in percent."`
	DedicatedClusterID       *string         `json:"DedicatedClusterId" doc:"ID of the DTS dedicated cluster that runs the job."`
	DuUsage                  *int64          `json:"DuUsage" doc:"Resources used in a dedicated cluster, in DU."`
	ErrorDetails             []ErrorDetail   `json:"ErrorDetails" doc:"Errors of the job, with links to help pages."`
	FullDataCheckStatus      *FullCheckStage `json:"FullDataCheckStatus" doc:"Status of full data verification."`
	IncDataCheckStatus       *CheckStage     `json:"IncDataCheckStatus" doc:"Status of incremental data verification."`
	MemUsage                 *string         `json:"MemUsage" doc:"Memory used by the instance, in MB."`
	MigrationMode            *MigrationMode  `json:"MigrationMode" doc:"Stages included in the job."`
	StructureDataCheckStatus *CheckStage     `json:"StructureDataCheckStatus" doc:"Status of schema verification."`
}

// ID returns the ID of the job, or "".
func (j *JobCommon) ID() string { return Value(j.DtsJobID) }

// InstanceID returns the ID of the DTS instance of the job, or "".
func (j *JobCommon) InstanceID() string { return Value(j.DtsInstanceID) }

// Type returns the type of the job as returned by the API, or "".
func (t *TopLevel) Type() string { return Value(t.JobType) }

// Directions returns the job and its reverse job, if it has one.
func (j *Job) Directions() []*JobCommon {
	if j.ReverseJob == nil {
		return []*JobCommon{&j.JobCommon}
	}
	return []*JobCommon{&j.JobCommon, &j.ReverseJob.JobCommon}
}

// Directions returns the job and its reverse job, if it has one.
func (j *EtlJob) Directions() []*JobCommon {
	if j.ReverseJob == nil {
		return []*JobCommon{&j.JobCommon}
	}
	return []*JobCommon{&j.JobCommon, &j.ReverseJob.JobCommon}
}

// JobsPage is a response of DescribeDtsJobs.
type JobsPage struct {
	Envelope
	JobList
}

// Check requires a list, or at least a count.
func (p *JobsPage) Check() error {
	if p.Jobs == nil && p.TotalRecordCount == nil {
		return fmt.Errorf("%w: neither DtsJobList nor TotalRecordCount", ErrBroken)
	}
	return nil
}
