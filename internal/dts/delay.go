package dts

import (
	"encoding/json"
	"math/big"
	"strings"
)

// noDelay is what the API says before the incremental stage starts.
const noDelay = -1

// setDelaySeconds sets the delay of the job, and of its reverse job, which is
// always a synchronization.
func (j *Job) setDelaySeconds(asked JobType) {
	j.DelaySeconds = delaySeconds(j.Delay, kindOf(j.JobType, asked))
	if j.ReverseJob != nil {
		j.ReverseJob.DelaySeconds = delaySeconds(j.ReverseJob.Delay, JobKindSync)
	}
}

func (j *EtlJob) setDelaySeconds(asked JobType) {
	j.DelaySeconds = delaySeconds(j.Delay, kindOf(j.JobType, asked))
	if j.ReverseJob != nil {
		j.ReverseJob.DelaySeconds = delaySeconds(j.ReverseJob.Delay, JobKindSync)
	}
}

// kindOf is the job's own kind, or else the one that was asked for.
func kindOf(own *JobKind, asked JobType) JobKind {
	if kind := text(own); kind != "" {
		return JobKind(strings.ToLower(kind))
	}
	switch asked {
	case JobTypeMigration:
		return JobKindMigration
	case JobTypeSync:
		return JobKindSync
	}
	return JobKindSubscribe
}

// delaySeconds brings a delay to seconds, exactly. The document gives
// milliseconds for a migration and seconds for a synchronization.
func delaySeconds(delay *int64, kind JobKind) *json.Number {
	if delay == nil || *delay == noDelay {
		return nil
	}
	var seconds json.Number
	switch kind {
	case JobKindMigration:
		thousandths := big.NewRat(*delay, 1000).FloatString(3)
		seconds = json.Number(strings.TrimSuffix(strings.TrimRight(thousandths, "0"), "."))
	case JobKindSync:
		seconds = json.Number(formatInt(*delay))
	default:
		return nil
	}
	return &seconds
}
