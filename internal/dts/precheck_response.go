package dts

// Precheck is the answer of DescribePreCheckStatus without its envelope: the
// state of one subtask of a job, the precheck or a later one, item by item.
type Precheck struct {
	AnalysisJobProgress     []ProgressItem    `json:"AnalysisJobProgress" doc:"Items of the migration assessment; they never decide the verdict."`
	Code                    *JobCode          `json:"Code" doc:"Code of the subtask answered."`
	ErrorAnalysisItem       *int64            `json:"ErrorAnalysisItem" doc:"Number of items that failed the migration assessment."`
	ErrorItem               *int64            `json:"ErrorItem" doc:"Number of items that failed, as the API counts them."`
	FullNetCheckJobStatus   []FullNetCheckJob `json:"FullNetCheckJobStatus" doc:"Network checks over all CIDR blocks."`
	JobID                   *string           `json:"JobId" doc:"ID of the migration or synchronization task, as answered."`
	JobName                 *string           `json:"JobName" doc:"Name of the subtask, free text."`
	JobProgress             []ProgressItem    `json:"JobProgress" doc:"Items of the subtask, from all pages."`
	NetworkDiagnosisResult  *NetworkDiagnosis `json:"NetworkDiagnosisResult" doc:"Diagnosis of the network; null when there is none."`
	State                   *SubtaskState     `json:"State" doc:"State of the subtask as the API spells it; result is the verdict drawn from all states."`
	SubDistributedJobStatus []DistributedJob  `json:"SubDistributedJobStatus" doc:"Distributed subtasks, each with items of its own."`
	Total                   *int64            `json:"Total" doc:"Total number of subtasks."`
	TotalRecordCount        *int64            `json:"TotalRecordCount" doc:"Number of items over all pages, as the API counts them."`
}

// ProgressItem is one item of a subtask, such as a check or a table.
type ProgressItem struct {
	BootTime     *string    `json:"BootTime" doc:"Time at which the item was started, in the form of the API."`
	CanSkip      *bool      `json:"CanSkip" doc:"Whether the item may be skipped should it fail; it never decides the verdict."`
	Current      *string    `json:"Current" doc:"Number of sub-items in progress."`
	DdlSQL       *string    `json:"DdlSql" doc:"DDL statements of the item."`
	DelaySeconds *int64     `json:"DelaySeconds" doc:"Latency of the item in seconds."`
	DestSchema   *string    `json:"DestSchema" doc:"Database on the destination side that the object belongs to."`
	DiffRow      *int64     `json:"DiffRow" doc:"Number of rows that differ; the API is going to remove it."`
	ErrDetail    *string    `json:"ErrDetail" doc:"Details of the item's failure."`
	ErrMsg       *string    `json:"ErrMsg" doc:"Message of the item's failure."`
	FinishTime   *string    `json:"FinishTime" doc:"Time at which the item was complete, in the form of the API."`
	ID           *string    `json:"Id" doc:"ID of the item in the metadata of DTS."`
	IgnoreFlag   *YesNo     `json:"IgnoreFlag" doc:"Whether DTS ignores the item's failure and goes on."`
	Item         *string    `json:"Item" doc:"Short name of the item, such as CHECK_CONN_DEST."`
	JobID        *string    `json:"JobId" doc:"ID of the subtask that the item belongs to."`
	Logs         []JobLog   `json:"Logs" doc:"Log of the item's failures."`
	Names        *string    `json:"Names" doc:"Name of the item, often a key."`
	OrderNum     *int64     `json:"OrderNum" doc:"Serial number of the item."`
	ParentObj    *string    `json:"ParentObj" doc:"Parent of the object; the API is going to remove it."`
	RepairMethod *string    `json:"RepairMethod" doc:"How to repair the item, often a key."`
	Skip         *bool      `json:"Skip" doc:"Whether the item was skipped."`
	SourceSchema *string    `json:"SourceSchema" doc:"Database on the source side that the object belongs to."`
	State        *ItemState `json:"State" doc:"State of the item as the API spells it."`
	Sub          *string    `json:"Sub" doc:"Progress of the sub-items, as a JSON string; [] without any."`
	TargetNames  *string    `json:"TargetNames" doc:"Names of the objects that the item is about."`
	Total        *int64     `json:"Total" doc:"Total number of the item's sub-items."`
}

// JobLog is one line of the log of a [ProgressItem].
type JobLog struct {
	ErrData  *string   `json:"ErrData" doc:"Data that the error is about, such as a DDL statement."`
	ErrMsg   *string   `json:"ErrMsg" doc:"Message of the logged error."`
	ErrType  *string   `json:"ErrType" doc:"Kind of the logged error, such as ForeignKey."`
	LogLevel *LogLevel `json:"LogLevel" doc:"Level of the log line."`
}

// Subjob is what the distributed subtasks and the network checks share.
type Subjob struct {
	Code        *JobCode       `json:"Code" doc:"Code of the sub-job's kind of subtask."`
	ErrorItem   *int64         `json:"ErrorItem" doc:"Number of the sub-job's items that failed, as the API counts them."`
	JobID       *string        `json:"JobId" doc:"ID of the sub-job."`
	JobName     *string        `json:"JobName" doc:"Name of the sub-job, such as dts.step.struct.load."`
	JobProgress []ProgressItem `json:"JobProgress" doc:"Items of the sub-job."`
	State       *SubjobState   `json:"State" doc:"State of the sub-job as the API spells it."`
	Total       *int64         `json:"Total" doc:"Total number of the sub-job's items."`
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
	DestinationEndpointType *AccessMode `json:"DestinationEndpointType" doc:"How the destination instance is reached."`
	HostRegion              *string     `json:"HostRegion" doc:"Region of the node that checks."`
	SourceEndpointType      *AccessMode `json:"SourceEndpointType" doc:"How the source instance is reached."`
	SrcRegion               *string     `json:"SrcRegion" doc:"Region of the source CIDR block."`
	SrcRegionCidr           *string     `json:"SrcRegionCidr" doc:"Source CIDR block."`
}

// NetworkDiagnosis is what DTS thinks is wrong with the network.
type NetworkDiagnosis struct {
	Diagnosis    []NetworkReport `json:"Diagnosis" doc:"Findings of the diagnosis."`
	ModelVersion *string         `json:"ModelVersion" doc:"Version of the diagnostic model."`
}

// NetworkReport is one finding of a [NetworkDiagnosis].
type NetworkReport struct {
	CnDocURL            *string       `json:"CnDocUrl" doc:"Address of the finding's document on the site for China."`
	Code                *string       `json:"Code" doc:"Code of the finding."`
	EndpointType        *EndpointSide `json:"EndpointType" doc:"Endpoint that the finding is about."`
	InternationalDocURL *string       `json:"InternationalDocUrl" doc:"Address of the finding's document on the international site."`
	Result              *string       `json:"Result" doc:"Reserved by the API, empty by default."`
}
