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
func (j *Job) setDelaySeconds(asked JobTypeFilter) {
	j.DelaySeconds = delaySeconds(j.Delay, kindOf(j.JobType, asked))
	if j.ReverseJob != nil {
		j.ReverseJob.DelaySeconds = delaySeconds(j.ReverseJob.Delay, JobTypeSync)
	}
}

func (j *EtlJob) setDelaySeconds(asked JobTypeFilter) {
	j.DelaySeconds = delaySeconds(j.Delay, kindOf(j.JobType, asked))
	if j.ReverseJob != nil {
		j.ReverseJob.DelaySeconds = delaySeconds(j.ReverseJob.Delay, JobTypeSync)
	}
}

// kindOf is the job's own kind, or else the one that was asked for.
func kindOf(own *JobType, asked JobTypeFilter) JobType {
	if kind := text(own); kind != "" {
		return JobType(strings.ToLower(kind))
	}
	switch asked {
	case FilterMigration:
		return JobTypeMigration
	case FilterSync:
		return JobTypeSync
	}
	return JobTypeSubscribe
}

// delaySeconds brings a delay to seconds, exactly. The document gives
// milliseconds for a migration and seconds for a synchronization.
func delaySeconds(delay *int64, kind JobType) *json.Number {
	if delay == nil || *delay == noDelay {
		return nil
	}
	var seconds json.Number
	switch kind {
	case JobTypeMigration:
		thousandths := big.NewRat(*delay, 1000).FloatString(3)
		seconds = json.Number(strings.TrimSuffix(strings.TrimRight(thousandths, "0"), "."))
	case JobTypeSync:
		seconds = json.Number(formatInt(*delay))
	default:
		return nil
	}
	return &seconds
}
