package api

import (
	"slices"
	"strings"
)

// The types below are strings whose values the API documents list. Known gives
// the list to documentation and warnings; it never limits what is read or
// sent, because the service adds values. Valid gives a closed list: any other
// value is an error.

// JobStatus is the status of a job of any type.
type JobStatus string

// Known lists the statuses of migration, synchronization and change tracking jobs.
func (JobStatus) Known() []string {
	return []string{
		"NotStarted", "Prechecking", "PrecheckFailed", "PreCheckPass", "NotConfigured",
		"Migrating", "MigrationFailed",
		"Initializing", "InitializeFailed", "Synchronizing", "Failed", "Modifying", "ModifyFailed",
		"Starting", "Normal", "Abnormal",
		"Suspending", "Finished", "Retrying", "Upgrade", "Locked", "Downgrade",
	}
}

// IsFinal reports a status that a job does not leave by itself, compared
// without case. A job that is being reset may still report the one it had.
func (s JobStatus) IsFinal() bool {
	return slices.ContainsFunc(
		[]string{
			"PrecheckFailed", "MigrationFailed", "InitializeFailed", "Failed", "ModifyFailed",
			"Abnormal", "Suspending", "Locked", "Finished",
		},
		func(final string) bool { return strings.EqualFold(string(s), final) })
}

// JobTypeFilter is the type of the jobs to list.
type JobTypeFilter string

// The documented job types.
const (
	FilterMigration JobTypeFilter = "MIGRATION"
	FilterSync      JobTypeFilter = "SYNC"
	FilterSubscribe JobTypeFilter = "SUBSCRIBE"
	FilterCheck     JobTypeFilter = "CHECK" // data verification; known from other clients of the service
)

// Known lists the job types of the request.
func (JobTypeFilter) Known() []string {
	return []string{string(FilterMigration), string(FilterSync), string(FilterSubscribe), string(FilterCheck)}
}

// JobType is the type that a job in a response has. Its values differ from
// those of the request.
type JobType string

// The documented job types of the response.
const (
	JobTypeMigration JobType = "online"
	JobTypeSync      JobType = "sync"
	JobTypeSubscribe JobType = "subscribe"
)

// Known lists the job types of the response.
func (JobType) Known() []string {
	return []string{string(JobTypeMigration), string(JobTypeSync), string(JobTypeSubscribe)}
}

// QueryType is the field that the parameter Params is matched against.
type QueryType string

// QueryName matches any part of the name of a job.
const QueryName QueryType = "name"

// Known lists the query types.
func (QueryType) Known() []string { return []string{"instance", string(QueryName), "srcRds", "rds"} }

// OrderColumn is the field by which the API sorts jobs.
type OrderColumn string

// Known lists the columns.
func (OrderColumn) Known() []string { return []string{"CreateTime", "FinishTime", "duLimit"} }

// OrderDirection is a sort direction.
type OrderDirection string

// Valid lists the only directions there are.
func (OrderDirection) Valid() []string { return []string{"ASC", "DESC"} }

// BisLabel is the environment label of an instance.
type BisLabel string

// Known lists the labels.
func (BisLabel) Known() []string { return []string{"normal", "online"} }

// JobDirection is the direction of a job in a two-way synchronization.
type JobDirection string

// Known lists the directions.
func (JobDirection) Known() []string { return []string{"Forward", "Reverse"} }

// PayType is a billing method.
type PayType string

// Known lists the billing methods.
func (PayType) Known() []string { return []string{"PrePaid", "PostPaid"} }

// SSLMode is the encryption of a connection.
type SSLMode string

// Known lists the modes.
func (SSLMode) Known() []string {
	return []string{"DISABLE", "ENABLE_WITH_CERTIFICATE", "ENABLE_ONLY_4_MONGODB_ALTAS", "ENABLE_ONLY_4_KAFKA_SCRAM_SHA_256"}
}

// RetryTarget is the target of a retry.
type RetryTarget string

// Known lists the targets.
func (RetryTarget) Known() []string { return []string{"srcDB", "destDB", "inner_module"} }

// InitialStatus is the state of a stage that ends: schema or full data.
type InitialStatus string

// Known lists the states.
func (InitialStatus) Known() []string {
	return []string{"NotStarted", "Migrating", "Failed", "Finished"}
}

// OngoingStatus is the state of a stage that continues: incremental data or ETL.
type OngoingStatus string

// Known lists the states. Catched means that there is no latency; Suspending
// and Checking are known from other clients of the service.
func (OngoingStatus) Known() []string {
	return append(InitialStatus("").Known(), "Catched", "Suspending", "Checking")
}

// CheckStatus is the state of a verification of schema or full data.
type CheckStatus string

// Known lists the states.
func (CheckStatus) Known() []string {
	return []string{"NotStarted", "Checking", "Failed", "Finished", "Inconsistency"}
}

// IncCheckStatus is the state of the verification of changed data.
type IncCheckStatus string

// Known lists the states.
func (IncCheckStatus) Known() []string {
	return []string{"NotStarted", "Checking", "Failed", "Inconsistency", "Catched"}
}

// PrecheckStatus is the state of the precheck of a job.
type PrecheckStatus string

// Known lists the states.
func (PrecheckStatus) Known() []string {
	return []string{"NotStarted", "Suspending", "Checking", "Failed", "Finished"}
}

// CheckResult is the result of one precheck item within a job.
type CheckResult string

// Known lists the results.
func (CheckResult) Known() []string { return []string{"Success", "Failed"} }

// JobCode is the code of a subtask.
type JobCode string

// The documented subtasks of a job.
const (
	JobCodePrecheck    JobCode = "01"
	JobCodeSchema      JobCode = "02"
	JobCodeFullData    JobCode = "03"
	JobCodeIncremental JobCode = "04"
)

// Known lists the codes; 07 is known from other clients of the service.
func (JobCode) Known() []string {
	return []string{string(JobCodePrecheck), string(JobCodeSchema), string(JobCodeFullData), string(JobCodeIncremental), "07"}
}

// StructType is a type of schema definition.
type StructType string

// The documented kinds: of the initial schema, and of DDL while changes run.
const (
	StructTypeBefore StructType = "before"
	StructTypeAfter  StructType = "after"
)

// Valid lists the only kinds there are.
func (StructType) Valid() []string {
	return []string{string(StructTypeBefore), string(StructTypeAfter)}
}

// SubtaskState is the top-level state of a subtask.
type SubtaskState string

// Known lists the states. Suspending means paused.
func (SubtaskState) Known() []string {
	return []string{"NotStarted", "Suspending", "Checking", "Migrating", "Failed", "Catched", "Finished"}
}

// ItemState is the state of one item of a subtask.
type ItemState string

// Known lists the states.
func (ItemState) Known() []string {
	return []string{"NotStarted", "Checking", "Migrating", "Failed", "Warning", "Success", "Finished", "Suspending", "Catched"}
}

// SubjobState is the own state of a distributed subtask or a network check.
type SubjobState string

// Known lists the states.
func (SubjobState) Known() []string { return append(SubtaskState("").Known(), "Success") }

// YesNo is a flag, Y or N.
type YesNo string

// Known lists both spellings.
func (YesNo) Known() []string { return []string{"Y", "N"} }

// LogLevel is the level of a log line.
type LogLevel string

// Known lists the levels that occur in the documents.
func (LogLevel) Known() []string { return []string{"ERROR", "INFO"} }

// AccessMode is the way in which DTS accesses an instance.
type AccessMode string

// Known lists the access methods.
func (AccessMode) Known() []string {
	return []string{"ALIYUN", "OTHER", "ECS", "EXPRESS", "CEN", "DG"}
}

// EndpointSide is the side of a job that a network diagnosis is about.
type EndpointSide string

// Known lists the sides.
func (EndpointSide) Known() []string { return []string{"source", "destination", "unknown"} }
