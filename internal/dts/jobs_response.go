package dts

import "encoding/json"

// JobList is the answer of DescribeDtsJobs without its envelope.
type JobList struct {
	Jobs             []Job    `json:"DtsJobList" tf:"jobs" doc:"Jobs found, sorted by dts_job_id unless an order is asked for."`
	EtlDemoJobs      []EtlJob `json:"EtlDemoList" tf:"etl_demo_jobs" doc:"ETL jobs that the API lists apart from the others, sorted in the same way."`
	TotalRecordCount *int64   `json:"TotalRecordCount" doc:"Number of jobs that match on the side of the API, before name_regex."`
}

// Job is a migration, synchronization or subscription job.
type Job struct {
	JobCommon
	JobListOnly
	JobDetails
	MigrationError

	DataCloudStatus *SyncStage  `json:"DataCloudStatus" doc:"Physical migration."`
	DtsBisLabel     *BisLabel   `json:"DtsBisLabel" doc:"Environment label of the instance."`
	DuRealUsage     *string     `json:"DuRealUsage" doc:"Share of its DU that a job on a dedicated cluster uses, with a percent sign."`
	InsightModule   *bool       `json:"InsightModule" doc:"Whether the job takes part in the insight feature; newer than the API document."`
	RetryState      *RetryState `json:"RetryState" doc:"Retrying after an exception; null for a job that does not retry."`
	ReverseJob      *ReverseJob `json:"ReverseJob" doc:"The job of the opposite direction in a two-way synchronization; null for any other job."`
}

// ReverseJob is the opposite direction of a two-way synchronization.
type ReverseJob struct {
	JobCommon
	JobDetails
}

// EtlJob is a job of the list of ETL jobs, where the API answers fewer fields.
type EtlJob struct {
	JobCommon
	JobListOnly

	MigrationMode *InitialMode   `json:"MigrationMode" doc:"Stages that the ETL job consists of."`
	RetryState    *Retry         `json:"RetryState" doc:"Retrying of the ETL job after an exception; null when it does not retry."`
	ReverseJob    *EtlReverseJob `json:"ReverseJob" doc:"The job opposite to the ETL job in a two-way synchronization; null for any other."`
}

// EtlReverseJob is the opposite direction of an [EtlJob].
type EtlReverseJob struct {
	JobCommon

	MigrationMode *InitialMode `json:"MigrationMode" doc:"Stages that the job opposite to an ETL job consists of."`
}

// JobCommon is what every job has, of whatever kind and direction.
type JobCommon struct {
	Checkpoint                    *string               `json:"Checkpoint" doc:"Position reached in the incremental data, as a Unix timestamp in seconds."`
	CreateTime                    *string               `json:"CreateTime" doc:"Time of creation, in UTC as yyyy-MM-ddTHH:mm:ssZ."`
	DataInitializationStatus      *Stage[InitialStatus] `json:"DataInitializationStatus" doc:"Full data migration or initial full synchronization."`
	DataSynchronizationStatus     *SyncStage            `json:"DataSynchronizationStatus" doc:"Incremental migration or synchronization."`
	DbObject                      *string               `json:"DbObject" doc:"Objects that the job covers, as a JSON string; not answered when without_db_list is true."`
	Delay                         *int64                `json:"Delay" doc:"Latency of the incremental stage: milliseconds for a migration, seconds for a synchronization, -1 before it starts."`
	DelaySeconds                  *json.Number          `json:"-" tf:"delay_seconds" doc:"Latency of the incremental stage in seconds; null when there is none, as before it starts or in a subscription. It rests on the units that the API document gives."`
	DestinationEndpoint           *Endpoint             `json:"DestinationEndpoint" doc:"Database that data goes to."`
	DtsInstanceID                 *string               `json:"DtsInstanceID" doc:"ID of the DTS instance that runs the job."`
	DtsJobClass                   *string               `json:"DtsJobClass" doc:"Instance class, such as large."`
	DtsJobDirection               *JobDirection         `json:"DtsJobDirection" doc:"Direction of the job in a two-way synchronization."`
	DtsJobID                      *string               `json:"DtsJobId" doc:"ID of the job."`
	DtsJobName                    *string               `json:"DtsJobName" doc:"Name of the job; names need not be unique."`
	ErrorMessage                  *string               `json:"ErrorMessage" doc:"Why the job failed."`
	EtlSafeCheckpoint             *string               `json:"EtlSafeCheckpoint" doc:"Position from which ETL can safely start again, as a Unix timestamp in seconds."`
	ExpireTime                    *string               `json:"ExpireTime" doc:"Time at which a prepaid instance expires, in UTC as yyyy-MM-ddTHH:mm:ssZ."`
	PayType                       *PayType              `json:"PayType" doc:"Billing method."`
	Performance                   *Performance          `json:"Performance" doc:"Present throughput."`
	PrecheckStatus                *JobPrecheck          `json:"PrecheckStatus" doc:"Precheck of the job in short; dts_precheck_status has it whole."`
	Reserved                      *string               `json:"Reserved" doc:"Further settings of the job, as a JSON string."`
	SourceEndpoint                *Endpoint             `json:"SourceEndpoint" doc:"Database that data comes from."`
	Status                        *JobStatus            `json:"Status" doc:"State of the job, spelled as the API sent it."`
	StructureInitializationStatus *Stage[InitialStatus] `json:"StructureInitializationStatus" doc:"Schema migration or initial schema synchronization."`
}

// JobListOnly is what only a job of a list has, not the reverse job within it.
type JobListOnly struct {
	AppName                  *string               `json:"AppName" doc:"Generation of a subscription: new for one of the new version."`
	BeginTimestamp           *string               `json:"BeginTimestamp" doc:"Start of the data kept by a subscription, in UTC as yyyy-MM-ddTHH:mm:ssZ."`
	ConsumptionCheckpoint    *string               `json:"ConsumptionCheckpoint" doc:"Position up to which the client of a subscription has consumed, in UTC as yyyy-MM-ddTHH:mm:ssZ."`
	ConsumptionClient        *string               `json:"ConsumptionClient" doc:"Client of a subscription: its IP address and a random number."`
	DataEtlStatus            *Stage[OngoingStatus] `json:"DataEtlStatus" doc:"ETL stage; null without ETL."`
	EndTimestamp             *string               `json:"EndTimestamp" doc:"End of the data kept by a subscription, in UTC as yyyy-MM-ddTHH:mm:ssZ."`
	JobType                  *JobType              `json:"JobType" doc:"Kind of the job."`
	OriginType               *string               `json:"OriginType" doc:"Service that the job was made with, such as DTS or DMS."`
	ResourceGroupDisplayName *string               `json:"ResourceGroupDisplayName" doc:"Display name of the resource group."`
	ResourceGroupID          *string               `json:"ResourceGroupId" doc:"ID of the resource group that the job belongs to."`
	Tags                     Tags                  `json:"TagList" tf:"tags" doc:"Tags of the job by key; a tag without a value is an empty string."`
}

// JobDetails is what a full job has beyond an ETL job: use, limits, checks and
// errors.
type JobDetails struct {
	Capacity

	CPUUsage                 *string                `json:"CpuUsage" doc:"Present CPU use of the instance in percent."`
	DedicatedClusterID       *string                `json:"DedicatedClusterId" doc:"ID of the DTS dedicated cluster that the job runs on."`
	DuUsage                  *int64                 `json:"DuUsage" doc:"Resources used in a dedicated cluster, in DU."`
	ErrorDetails             []ErrorDetail          `json:"ErrorDetails" doc:"Errors of the job with their help pages."`
	FullDataCheckStatus      *FullCheckStage        `json:"FullDataCheckStatus" doc:"Verification of the full data."`
	IncDataCheckStatus       *Stage[IncCheckStatus] `json:"IncDataCheckStatus" doc:"Verification of changed data."`
	MemUsage                 *string                `json:"MemUsage" doc:"Memory used by the instance, in MB."`
	MigrationMode            *MigrationMode         `json:"MigrationMode" doc:"Stages that the job consists of."`
	StructureDataCheckStatus *Stage[CheckStatus]    `json:"StructureDataCheckStatus" doc:"Verification of the schema."`
}
