package dts

import "encoding/json"

// Every shape of the API is declared once, in shapes.go, jobs.go and
// precheck.go. The json tag names the field as the API does, doc describes it
// in one plain sentence for schema and documentation, and tf overrides the
// Terraform name where snake_case of the API name is not it. A nil pointer is
// a field that the API left out.

// Endpoint is how DTS reaches a source or destination database.
type Endpoint struct {
	DatabaseName    *string  `json:"DatabaseName" doc:"Name of the database that holds the objects on this side."`
	EngineName      *string  `json:"EngineName" doc:"Database engine of the instance, such as MySQL."`
	InstanceID      *string  `json:"InstanceID" doc:"ID of the database instance."`
	InstanceType    *string  `json:"InstanceType" doc:"Product or access method of the database instance, such as RDS, PolarDB or ECS."`
	IP              *string  `json:"Ip" doc:"Host name or IP address of the database."`
	OracleSID       *string  `json:"OracleSID" doc:"System ID of an Oracle database that is not a RAC instance."`
	Port            *string  `json:"Port" doc:"Service port of the database."`
	Region          *string  `json:"Region" doc:"Region of the database instance."`
	SslSolutionEnum *SSLMode `json:"SslSolutionEnum" doc:"Whether and how the connection to the database is encrypted."`
	UserName        *string  `json:"UserName" doc:"Database account that DTS signs in with."`
}

// Stage is one stage of a job, such as its full migration; S is the type of
// its states, for they differ by stage.
type Stage[S any] struct {
	ErrorMessage *string `json:"ErrorMessage" doc:"Why the stage failed."`
	Percent      *string `json:"Percent" doc:"Progress of the stage in percent."`
	Progress     *string `json:"Progress" doc:"Work done in the stage, as the API words it: a number of records, tables or objects, done/total, or rows per second."`
	Status       *S      `json:"Status" doc:"State of the stage."`
}

// SyncStage is an incremental or physical migration stage.
type SyncStage struct {
	Stage[OngoingStatus]

	NeedUpgrade *bool `json:"NeedUpgrade" doc:"Whether the instance class is too small for the load and needs an upgrade."`
}

// FullCheckStage is the full data verification of a job.
type FullCheckStage struct {
	Stage[CheckStatus]

	CanSwitch *bool `json:"CanSwitch" doc:"Whether business can be switched over, in the one-click upgrade of PolarDB."`
}

// JobPrecheck is the summary of a precheck that stands in a job.
type JobPrecheck struct {
	Detail       []PrecheckDetail `json:"Detail" doc:"Result of each precheck item."`
	ErrorMessage *string          `json:"ErrorMessage" doc:"Why the precheck as a whole failed."`
	Percent      *string          `json:"Percent" doc:"Progress of the whole precheck in percent."`
	Status       *PrecheckStatus  `json:"Status" doc:"State of the precheck."`
}

// PrecheckDetail is one item of a [JobPrecheck].
type PrecheckDetail struct {
	CheckItem            *string      `json:"CheckItem" doc:"Key of the precheck item, such as CHECK_CONN_SRC."`
	CheckItemDescription *string      `json:"CheckItemDescription" doc:"Description of the precheck item, usually a key."`
	CheckResult          *CheckResult `json:"CheckResult" doc:"Result of the precheck item."`
	FailedReason         *string      `json:"FailedReason" doc:"Why the precheck item failed."`
	RepairMethod         *string      `json:"RepairMethod" doc:"How to repair a failed precheck item, often a key."`
}

// InitialMode says which initial stages a job has.
type InitialMode struct {
	DataInitialization      *bool `json:"DataInitialization" doc:"Whether the job migrates or initializes the full data."`
	DataSynchronization     *bool `json:"DataSynchronization" doc:"Whether the job migrates or synchronizes changes as they happen."`
	StructureInitialization *bool `json:"StructureInitialization" doc:"Whether the job migrates or initializes the schema."`
}

// MigrationMode says which stages a job has.
type MigrationMode struct {
	InitialMode

	FullDataCheck      *bool `json:"FullDataCheck" doc:"Whether the job verifies the full data."`
	IncDataCheck       *bool `json:"IncDataCheck" doc:"Whether the job verifies changed data as changes happen."`
	StructureDataCheck *bool `json:"StructureDataCheck" doc:"Whether the job verifies the schema."`
}

// Performance is the present throughput of a job.
type Performance struct {
	Flow *string `json:"Flow" doc:"Data moved per second, in MB/s; some answers carry the unit."`
	Rps  *string `json:"Rps" doc:"SQL statements migrated or synchronized per second, BEGIN, COMMIT, DML and DDL."`
}

// ErrorDetail is an error of a job with the page that explains it.
type ErrorDetail struct {
	ErrorCode *string `json:"ErrorCode" doc:"Code of the error, such as DTS-31009."`
	HelpURL   *string `json:"HelpUrl" doc:"Address of the help page on the error."`
}

// MigrationError is an error in the words of the migration engine.
type MigrationError struct {
	MigrationErrCode       *string `json:"MigrationErrCode" doc:"Error code of the migration engine, such as dts.retry.err.0046."`
	MigrationErrHelpDocID  *string `json:"MigrationErrHelpDocId" doc:"ID of the help document for the engine's error code."`
	MigrationErrHelpDocKey *string `json:"MigrationErrHelpDocKey" doc:"Key of the help document for the engine's error code."`
	MigrationErrMsg        *string `json:"MigrationErrMsg" doc:"Error message of the migration engine, often a key."`
	MigrationErrType       *string `json:"MigrationErrType" doc:"Kind of the engine's error, such as ForeignKey."`
	MigrationErrWorkaround *string `json:"MigrationErrWorkaround" doc:"How to work around the engine's error, often a key."`
}

// Retry is how far DTS has come in retrying a job after an exception.
type Retry struct {
	ErrMessage   *string      `json:"ErrMessage" doc:"Message of the exception that is being retried."`
	JobID        *string      `json:"JobId" doc:"ID of the task that is being retried."`
	MaxRetryTime *int64       `json:"MaxRetryTime" doc:"Longest time, in seconds, for which DTS goes on retrying."`
	Module       *string      `json:"Module" doc:"Module of the task that is being retried, as the API numbers it, such as 03."`
	RetryCount   *int64       `json:"RetryCount" doc:"Number of retries so far."`
	RetryTarget  *RetryTarget `json:"RetryTarget" doc:"What DTS is trying to reach again."`
	RetryTime    *int64       `json:"RetryTime" doc:"Time, in seconds, spent on retrying so far."`
	Retrying     *bool        `json:"Retrying" doc:"Whether the task is being retried now."`
}

// RetryState is a [Retry] with the error behind it.
type RetryState struct {
	Retry
	MigrationError
}

// Capacity is what a dedicated cluster or a serverless instance may use.
type Capacity struct {
	MaxDu *json.Number `json:"MaxDu" doc:"Upper limit of a serverless instance, in DU."`
	MinDu *json.Number `json:"MinDu" doc:"Lower limit of a serverless instance, in DU."`
}
