package api

import "cmp"

// PrecheckRequest is the request of DescribePreCheckStatus, declared like
// [JobsRequest]. PageNo is not part of it, because all pages are read.
type PrecheckRequest struct {
	PrecheckSelection
	PrecheckFilter

	PageSize PageSize `param:"PageSize" doc:"Number of items to request per page, from 1 to 100. Defaults to the largest size the API accepts. All pages are read."`
}

// PrecheckSelection selects a subtask of a job.
type PrecheckSelection struct {
	DtsJobID        string     `param:"DtsJobId" arg:"required" doc:"ID of the migration, synchronization or change tracking job."`
	JobCode         JobCode    `param:"JobCode" doc:"Code of the subtask: '01' precheck, '02' schema migration, '03' full data migration, '04' incremental migration. Defaults to '01'."`
	StructType      StructType `param:"StructType" doc:"Type of schema definition: 'before' for the initial schema, 'after' for DDL operations during incremental migration. Defaults to 'before'."`
	ResourceGroupID string     `param:"ResourceGroupId" doc:"ID of the resource group of the job."`
	ZeroEtlJob      *bool      `param:"ZeroEtlJob" doc:"Whether the job is a zero-ETL integration job."`
}

// PrecheckFilter leaves items out of a response. A result must not depend on
// it.
type PrecheckFilter struct {
	StructPhase string `param:"StructPhase" doc:"Returns only items of this phase of schema migration, such as 'View'. Does not affect 'result'."`
	Name        string `param:"Name" doc:"Returns only items for tables whose name contains this string. Does not affect 'result'."`
}

// WithDefaults returns the request with the defaults of the API, which are sent.
func (r PrecheckRequest) WithDefaults() PrecheckRequest {
	r.JobCode = cmp.Or(r.JobCode, DefaultJobCode)
	r.StructType = cmp.Or(r.StructType, StructTypeBefore)
	return r
}

// Precheck is the response of DescribePreCheckStatus without its envelope: the
// state of one subtask of a job, the precheck or a later one, item by item.
type Precheck struct {
	AnalysisJobProgress     []ProgressItem    `json:"AnalysisJobProgress" doc:"Items of the migration assessment. They do not affect 'result'."`
	Code                    *JobCode          `json:"Code" doc:"Subtask code of the response. 'result' is never 'PASSED' if it differs from 'job_code'."`
	ErrorAnalysisItem       *int64            `json:"ErrorAnalysisItem" doc:"Number of items that failed the migration assessment, as counted by the API."`
	ErrorItem               *int64            `json:"ErrorItem" doc:"Number of items that failed, as counted by the API."`
	FullNetCheckJobStatus   []FullNetCheckJob `json:"FullNetCheckJobStatus" doc:"Network checks of all CIDR blocks."`
	JobID                   *string           `json:"JobId" doc:"ID of the task, as returned by the API. In the API reference, it differs from 'dts_job_id'."`
	JobName                 *string           `json:"JobName" doc:"Name of the subtask, in any language."`
	JobProgress             []ProgressItem    `json:"JobProgress" doc:"Items of the subtask, from all pages."`
	NetworkDiagnosisResult  *NetworkDiagnosis `json:"NetworkDiagnosisResult" doc:"Network diagnosis. Null if the API returns no diagnosis."`
	State                   *string           `json:"State" known:"NotStarted,Suspending,Checking,Migrating,Failed,Catched,Finished" doc:"State of the subtask, as returned by the API. Use 'result' or 'passed' to gate deployments."`
	SubDistributedJobStatus []DistributedJob  `json:"SubDistributedJobStatus" doc:"Distributed sub-jobs, each with its own items."`
	Total                   *int64            `json:"Total" doc:"Total number of subtasks."`
	TotalRecordCount        *int64            `json:"TotalRecordCount" doc:"Number of items on all pages, as counted by the API."`
}

// ProgressItem is one item of a subtask, such as a check or a table.
type ProgressItem struct {
	BootTime     *string  `json:"BootTime" doc:"Time when the item was started, as returned by the API."`
	CanSkip      *bool    `json:"CanSkip" doc:"Whether the item can be skipped if it fails. Does not affect 'result'."`
	Current      *string  `json:"Current" doc:"Number of sub-items in progress."`
	DdlSQL       *string  `json:"DdlSql" doc:"DDL statements of the item."`
	DelaySeconds *int64   `json:"DelaySeconds" doc:"Latency of the item. Despite its name, in milliseconds for migration jobs and in seconds for synchronization jobs."`
	DestSchema   *string  `json:"DestSchema" doc:"Destination database of the object."`
	DiffRow      *int64   `json:"DiffRow" doc:"Number of rows that differ. Deprecated by the API."`
	ErrDetail    *string  `json:"ErrDetail" doc:"Error details."`
	ErrMsg       *string  `json:"ErrMsg" doc:"Error message, often a key."`
	FinishTime   *string  `json:"FinishTime" doc:"Time when the item was finished, as returned by the API."`
	ID           *string  `json:"Id" doc:"ID of the item in the metadata database of DTS."`
	IgnoreFlag   *string  `json:"IgnoreFlag" known:"Y,N" doc:"Whether DTS ignores a failure of the item and continues."`
	Item         *string  `json:"Item" doc:"Short name of the item, such as 'CHECK_CONN_DEST'."`
	JobID        *string  `json:"JobId" doc:"ID of the subtask."`
	Logs         []JobLog `json:"Logs" doc:"Log entries about failures of the item."`
	Names        *string  `json:"Names" doc:"Name of the item, often a key."`
	OrderNum     *int64   `json:"OrderNum" doc:"Serial number of the item."`
	ParentObj    *string  `json:"ParentObj" doc:"Parent of the object. Deprecated by the API."`
	RepairMethod *string  `json:"RepairMethod" doc:"How to fix the failure, often a key."`
	Skip         *bool    `json:"Skip" doc:"Whether the item was skipped."`
	SourceSchema *string  `json:"SourceSchema" doc:"Source database of the object."`
	State        *string  `json:"State" known:"NotStarted,Checking,Migrating,Failed,Warning,Success,Finished,Suspending,Catched" doc:"State of the item, as returned by the API."`
	Sub          *string  `json:"Sub" doc:"Progress of the sub-items as a JSON string, '[]' if there are none."`
	TargetNames  *string  `json:"TargetNames" doc:"Names of the migrated or synchronized objects that the item covers."`
	Total        *int64   `json:"Total" doc:"Total number of sub-items."`
}

// JobLog is one log entry of a [ProgressItem].
type JobLog struct {
	ErrData  *string `json:"ErrData" doc:"Data that caused the error, such as a DDL statement."`
	ErrMsg   *string `json:"ErrMsg" doc:"Logged error message."`
	ErrType  *string `json:"ErrType" doc:"Type of the error, such as 'ForeignKey'."`
	LogLevel *string `json:"LogLevel" known:"ERROR,INFO" doc:"Level of the log entry."`
}

// Subjob has the fields that distributed subtasks and network checks share.
type Subjob struct {
	Code        *JobCode       `json:"Code" doc:"Subtask code."`
	ErrorItem   *int64         `json:"ErrorItem" doc:"Number of items of the sub-job that failed, as counted by the API."`
	JobID       *string        `json:"JobId" doc:"ID of the sub-job."`
	JobName     *string        `json:"JobName" doc:"Name of the sub-job, such as 'dts.step.struct.load'."`
	JobProgress []ProgressItem `json:"JobProgress" doc:"Items of the sub-job."`
	State       *string        `json:"State" known:"NotStarted,Suspending,Checking,Migrating,Failed,Catched,Finished,Success" doc:"State of the sub-job, as returned by the API."`
	Total       *int64         `json:"Total" doc:"Total number of items of the sub-job."`
}

// DistributedJob is a subtask that runs distributed.
type DistributedJob struct {
	Subjob
}

// FullNetCheckJob is a check of the network between two CIDR blocks.
type FullNetCheckJob struct {
	Subjob

	DestRegion              *string     `json:"DestRegion" doc:"Region of the destination CIDR block."`
	DestRegionCidr          *string     `json:"DestRegionCidr" doc:"Destination CIDR block."`
	DestinationEndpointType *AccessMode `json:"DestinationEndpointType" doc:"Access method of the destination instance."`
	HostRegion              *string     `json:"HostRegion" doc:"Region of the node that runs the check."`
	SourceEndpointType      *AccessMode `json:"SourceEndpointType" doc:"Access method of the source instance."`
	SrcRegion               *string     `json:"SrcRegion" doc:"Region of the source CIDR block."`
	SrcRegionCidr           *string     `json:"SrcRegionCidr" doc:"Source CIDR block."`
}

// NetworkDiagnosis is the network diagnosis of DTS.
type NetworkDiagnosis struct {
	Diagnosis    []NetworkReport `json:"Diagnosis" doc:"Network diagnostic reports."`
	ModelVersion *string         `json:"ModelVersion" doc:"Version of the diagnostic model."`
}

// NetworkReport is one report of a [NetworkDiagnosis].
type NetworkReport struct {
	CnDocURL            *string `json:"CnDocUrl" doc:"Help page on the China site."`
	Code                *string `json:"Code" doc:"Diagnostic code."`
	EndpointType        *string `json:"EndpointType" known:"source,destination,unknown" doc:"Endpoint that the report is about."`
	InternationalDocURL *string `json:"InternationalDocUrl" doc:"Help page on the international site."`
	Result              *string `json:"Result" doc:"Reserved by the API, empty by default."`
}

// IsBlank reports a response that is not about any subtask.
func (p *Precheck) IsBlank() bool {
	items := len(p.JobProgress) + len(p.AnalysisJobProgress)
	jobs := len(p.SubDistributedJobStatus) + len(p.FullNetCheckJobStatus)
	return Value(p.State) == "" && Value(p.JobID) == "" && items+jobs == 0
}

// Excused reports an item that was skipped, or that DTS ignores the failure of.
func (i *ProgressItem) Excused() bool {
	return i.Skip != nil && *i.Skip || Value(i.IgnoreFlag) == "Y"
}

// PrecheckPage is a response of DescribePreCheckStatus.
type PrecheckPage struct {
	Envelope
	Precheck

	PageNumber *int64 `json:"PageNumber"`
}
