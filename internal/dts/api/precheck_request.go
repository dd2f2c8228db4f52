package api

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
