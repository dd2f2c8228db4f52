package api

import (
	stdjson "encoding/json"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Every shape of a response is declared once: here, in jobs.go or in
// precheck.go. The json tag names the field as the API does, doc
// describes it for schema and documentation, known lists the documented values
// of a string, and tf overrides the Terraform name where snake_case of the API
// name is not it. A nil pointer is a field that the response does not have.

// Endpoint is a source or destination database and how DTS connects to it.
type Endpoint struct {
	DatabaseName    *string `json:"DatabaseName" doc:"Name of the database that contains the objects."`
	EngineName      *string `json:"EngineName" doc:"Database engine, such as MySQL."`
	InstanceID      *string `json:"InstanceID" doc:"ID of the database instance."`
	InstanceType    *string `json:"InstanceType" doc:"Type of the database instance, such as RDS, PolarDB or ECS."`
	IP              *string `json:"Ip" doc:"Host name or IP address of the database."`
	OracleSID       *string `json:"OracleSID" doc:"System ID (SID) of an Oracle database that is not a RAC instance."`
	Port            *string `json:"Port" doc:"Service port of the database."`
	Region          *string `json:"Region" doc:"Region of the database instance."`
	SslSolutionEnum *string `json:"SslSolutionEnum" known:"DISABLE,ENABLE_WITH_CERTIFICATE,ENABLE_ONLY_4_MONGODB_ALTAS,ENABLE_ONLY_4_KAFKA_SCRAM_SHA_256" doc:"Encryption of the connection to the database."`
	UserName        *string `json:"UserName" doc:"Database account that DTS uses."`
}

// StageProgress has the fields that all stages of a job share.
type StageProgress struct {
	ErrorMessage *string `json:"ErrorMessage" doc:"Error message of the stage."`
	Percent      *string `json:"Percent" doc:"Progress of the stage, in percent."`
	Progress     *string `json:"Progress" doc:"Progress of the stage, as text: a number of records, tables or objects, a fraction such as 3/5, or a rate."`
}

// Stage is a stage that transfers schemas or data. Catched, which only an
// incremental stage or ETL has, means that there is no latency; Suspending and
// Checking are known from other clients of the service.
type Stage struct {
	StageProgress

	Status *string `json:"Status" known:"NotStarted,Migrating,Failed,Finished,Catched,Suspending,Checking" doc:"Status of the stage."`
}

// SyncStage is an incremental or physical migration stage.
type SyncStage struct {
	Stage

	NeedUpgrade *bool `json:"NeedUpgrade" doc:"Whether the instance class is insufficient and needs an upgrade."`
}

// CheckStage is a verification of schemas, of full data (Finished at its end) or
// of changed data (Catched instead).
type CheckStage struct {
	StageProgress

	Status *string `json:"Status" known:"NotStarted,Checking,Failed,Finished,Inconsistency,Catched" doc:"Status of the stage."`
}

// FullCheckStage is the full data verification of a job.
type FullCheckStage struct {
	CheckStage

	CanSwitch *bool `json:"CanSwitch" doc:"Whether traffic can be switched over during a one-click upgrade to PolarDB."`
}

// JobPrecheck is the summary of a precheck in a job.
type JobPrecheck struct {
	Detail       []PrecheckDetail `json:"Detail" doc:"Result of each precheck item."`
	ErrorMessage *string          `json:"ErrorMessage" doc:"Error message of the precheck."`
	Percent      *string          `json:"Percent" doc:"Progress of the precheck, in percent."`
	Status       *string          `json:"Status" known:"NotStarted,Suspending,Checking,Failed,Finished" doc:"Status of the precheck."`
}

// PrecheckDetail is one item of a [JobPrecheck].
type PrecheckDetail struct {
	CheckItem            *string `json:"CheckItem" doc:"Key of the precheck item, such as CHECK_CONN_SRC."`
	CheckItemDescription *string `json:"CheckItemDescription" doc:"Description of the precheck item, usually a key."`
	CheckResult          *string `json:"CheckResult" known:"Success,Failed" doc:"Result of the precheck item."`
	FailedReason         *string `json:"FailedReason" doc:"Reason for the failure of the precheck item."`
	RepairMethod         *string `json:"RepairMethod" doc:"Suggested fix for a failed precheck item, often a key."`
}

// InitialMode is the initial stages that a job includes.
type InitialMode struct {
	DataInitialization      *bool `json:"DataInitialization" doc:"Whether full data migration or initial full data synchronization is included."`
	DataSynchronization     *bool `json:"DataSynchronization" doc:"Whether incremental migration or synchronization is included."`
	StructureInitialization *bool `json:"StructureInitialization" doc:"Whether schema migration or initial schema synchronization is included."`
}

// MigrationMode is the stages that a job includes.
type MigrationMode struct {
	InitialMode

	FullDataCheck      *bool `json:"FullDataCheck" doc:"Whether full data verification is included."`
	IncDataCheck       *bool `json:"IncDataCheck" doc:"Whether incremental data verification is included."`
	StructureDataCheck *bool `json:"StructureDataCheck" doc:"Whether schema verification is included."`
}

// Performance is the current throughput of a job.
type Performance struct {
	Flow *string `json:"Flow" doc:"Data volume per second, in MB/s. Some responses include the unit."`
	Rps  *string `json:"Rps" doc:"Number of SQL statements migrated or synchronized per second, including BEGIN, COMMIT, DML and DDL statements."`
}

// ErrorDetail is an error of a job with its help page.
type ErrorDetail struct {
	ErrorCode *string `json:"ErrorCode" doc:"Code of the error, such as DTS-31009."`
	HelpURL   *string `json:"HelpUrl" doc:"URL of the help page for the error."`
}

// MigrationError is an error of the migration engine.
type MigrationError struct {
	MigrationErrCode       *string `json:"MigrationErrCode" doc:"Error code of the migration engine, such as dts.retry.err.0046."`
	MigrationErrHelpDocID  *string `json:"MigrationErrHelpDocId" doc:"ID of the help document for the error code."`
	MigrationErrHelpDocKey *string `json:"MigrationErrHelpDocKey" doc:"Key of the help document for the error code."`
	MigrationErrMsg        *string `json:"MigrationErrMsg" doc:"Error message of the migration engine, often a key."`
	MigrationErrType       *string `json:"MigrationErrType" doc:"Type of the error, such as ForeignKey."`
	MigrationErrWorkaround *string `json:"MigrationErrWorkaround" doc:"Suggested workaround for the error, often a key."`
}

// Retry is the status of retries after an exception.
type Retry struct {
	ErrMessage   *string `json:"ErrMessage" doc:"Error message that caused the retry."`
	JobID        *string `json:"JobId" doc:"ID of the job that is being retried."`
	MaxRetryTime *int64  `json:"MaxRetryTime" doc:"Maximum duration of retries, in seconds."`
	Module       *string `json:"Module" doc:"Module that is being retried, as a number such as 03."`
	RetryCount   *int64  `json:"RetryCount" doc:"Number of retries so far."`
	RetryTarget  *string `json:"RetryTarget" known:"srcDB,destDB,inner_module" doc:"Target of the retry."`
	RetryTime    *int64  `json:"RetryTime" doc:"Duration of retries so far, in seconds."`
	Retrying     *bool   `json:"Retrying" doc:"Whether the job is being retried."`
}

// RetryState is a [Retry] with the error behind it.
type RetryState struct {
	Retry
	MigrationError
}

// Capacity is the limits of a serverless instance.
type Capacity struct {
	MaxDu *stdjson.Number `json:"MaxDu" doc:"Upper limit of a serverless instance, in DU."`
	MinDu *stdjson.Number `json:"MinDu" doc:"Lower limit of a serverless instance, in DU."`
}

// Tags are the tags of a job by key. The API sends them as a list of
// {"TagKey", "TagValue"}.
type Tags map[string]string

// keyValue is a tag as the API sends it.
type keyValue struct{ TagKey, TagValue string }

// UnmarshalJSONFrom reads the API's list; a tag without a value is "".
func (t *Tags) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var list []keyValue
	if err := json.UnmarshalDecode(d, &list); err != nil {
		return err
	}
	*t = make(Tags, len(list))
	for _, tag := range list {
		(*t)[tag.TagKey] = tag.TagValue
	}
	return nil
}
