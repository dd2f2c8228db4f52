package api

import (
	"slices"
	"strings"
	"time"
)

// The documented values of a field are in its known tag, or in its valid tag if
// any other value is an error. The types below are strings with values that
// more than one field shares, or that have a meaning here; Known lists the values
// for documentation and warnings. Any other value is read and sent, too, because
// the service adds values.

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

// replicating are the statuses in which changes are replicated, and final those
// that a job does not leave by itself.
var (
	replicating = []string{"Migrating", "Synchronizing", "Normal"}
	final       = []string{
		"PrecheckFailed", "MigrationFailed", "InitializeFailed", "Failed", "ModifyFailed",
		"Abnormal", "Suspending", "Locked", "Finished",
	}
)

// Is compares a status without case, which varies.
func (s JobStatus) Is(other string) bool { return strings.EqualFold(string(s), other) }

// IsReplicating reports a status in which changes are replicated.
func (s JobStatus) IsReplicating() bool { return slices.ContainsFunc(replicating, s.Is) }

// IsFinal reports a status that a job does not leave by itself. A job that is
// being reset may still report its previous status.
func (s JobStatus) IsFinal() bool { return slices.ContainsFunc(final, s.Is) }

// JobTypeFilter is the type of the jobs to list.
type JobTypeFilter string

// The documented job types, in the order of the document.
const (
	FilterMigration JobTypeFilter = "MIGRATION"
	FilterSync      JobTypeFilter = "SYNC"
	FilterSubscribe JobTypeFilter = "SUBSCRIBE"
	FilterCheck     JobTypeFilter = "CHECK" // data verification; known from other clients of the service
)

// DefaultJobType is the type of the jobs that the API lists without JobType.
const DefaultJobType = FilterMigration

// Known lists the job types of the request.
func (JobTypeFilter) Known() []string {
	return []string{string(FilterMigration), string(FilterSync), string(FilterSubscribe), string(FilterCheck)}
}

// InDocumentOrder returns job types in the order of the document, others last.
func InDocumentOrder(types []JobTypeFilter) []JobTypeFilter {
	known := JobTypeFilter("").Known()
	position := func(t JobTypeFilter) int {
		if i := slices.Index(known, string(t)); i >= 0 {
			return i
		}
		return len(known)
	}
	return slices.SortedStableFunc(slices.Values(types), func(a, b JobTypeFilter) int { return position(a) - position(b) })
}

// QueryName is the value of Type with which Params matches any part of the name
// of a job.
const QueryName = "name"

// BisLabel is the environment label of an instance.
type BisLabel string

// Known lists the labels.
func (BisLabel) Known() []string { return []string{"normal", "online"} }

// AccessMode is the method by which DTS accesses an instance.
type AccessMode string

// Known lists the access methods.
func (AccessMode) Known() []string {
	return []string{"ALIYUN", "OTHER", "ECS", "EXPRESS", "CEN", "DG"}
}

// JobCode is the code of a subtask.
type JobCode string

// The documented subtasks of a job.
const (
	JobCodePrecheck    JobCode = "01"
	JobCodeSchema      JobCode = "02"
	JobCodeFullData    JobCode = "03"
	JobCodeIncremental JobCode = "04"
)

// DefaultJobCode is the code of the subtask that the API describes without
// JobCode.
const DefaultJobCode = JobCodePrecheck

// Known lists the codes; 07 is known from other clients of the service.
func (JobCode) Known() []string {
	return []string{string(JobCodePrecheck), string(JobCodeSchema), string(JobCodeFullData), string(JobCodeIncremental), "07"}
}

// StructType is a type of schema definition.
type StructType string

// The only types: the initial schema, and DDL operations while changes run.
const (
	StructTypeBefore StructType = "before"
	StructTypeAfter  StructType = "after"
)

// Valid lists the types.
func (StructType) Valid() []string {
	return []string{string(StructTypeBefore), string(StructTypeAfter)}
}

// timeLayouts are the formats with a time zone that the API uses.
var timeLayouts = []string{
	time.RFC3339,
	"2006-01-02T15:04:05Z0700",
	"2006-01-02 15:04:05Z07:00",
	"2006-01-02 15:04:05Z0700",
	"2006-01-02 15:04:05 Z0700",
}

// ParseTime parses a time of a response. A time without a zone is not known,
// because read as UTC it could let an older run pass, and neither is a time in
// year 1, which means none.
func ParseTime(text string) (t time.Time, known bool) {
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, text); err == nil && t.UTC().Year() > 1 {
			return t, true
		}
	}
	return time.Time{}, false
}
