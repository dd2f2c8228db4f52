package provider

import "github.com/dts-community/terraform-provider-dts/internal/dts/api"

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// finalPolls is the number of consecutive polls in which a job has a final
// status before a wait believes it: a job that is being reset may still report
// the status that it had.
const finalPolls = 3

// jobWait polls a job until it meets a condition, or has a status that it does
// not leave by itself.
type jobWait struct {
	provider  *providerData
	region    string
	query     dts.JobQuery
	condition jobCondition

	found *dts.FoundJob // by the last successful poll; nil before the first
	final int           // consecutive polls with a final status that is not wanted
}

// run returns the job at the end of the wait.
func (w *jobWait) run(ctx context.Context) (*dts.FoundJob, error) {
	err := w.provider.waitUntil(ctx, w.condition.PollInterval.or(defaultPollInterval), w.poll)
	var ended *waitError
	if errors.As(err, &ended) {
		ended.progress = w.progress()
	}
	return w.found, err
}

func (w *jobWait) poll(ctx context.Context, elapsed time.Duration) (over bool, err error) {
	found, err := w.provider.client.FindJob(ctx, w.region, w.query)
	if err != nil {
		return false, err
	}
	w.update(found)
	w.log(ctx, elapsed)
	return w.condition.holds(found.Job) || w.final == finalPolls, nil
}

// update takes in what a poll found. From then on polls are by ID, which costs
// less than a search by name, and names may change.
func (w *jobWait) update(found *dts.FoundJob) {
	w.found = found
	if id := valueOf(found.Job.DtsJobID); id != "" {
		w.query = dts.JobQuery{JobID: api.ID(id), JobTypes: []api.JobTypeFilter{found.Type}}
	}
	w.final++
	if !w.condition.rulesOut(valueOf(found.Job.Status)) {
		w.final = 0
	}
}

func (w *jobWait) log(ctx context.Context, elapsed time.Duration) {
	w.provider.log(ctx, "waiting for DTS job", map[string]any{
		"dts_job_id":    valueOf(w.found.Job.DtsJobID),
		"status":        string(valueOf(w.found.Job.Status)),
		"delay_seconds": delayText(w.found.Job.DelaySeconds),
		"elapsed":       elapsed.Round(time.Second).String(),
	})
}

// progress is what a user who waited in vain needs to know.
func (w *jobWait) progress() string {
	if w.found == nil {
		return fmt.Sprintf("No response about the DTS job with the %s was received.", w.query)
	}
	return fmt.Sprintf("Required: %s. The last poll found %s.", w.condition, describeJob(w.found))
}

// describeJob tells in which state a job was found.
func describeJob(found *dts.FoundJob) string {
	return fmt.Sprintf("DTS job %s (%s) with status %s and delay_seconds %s (request ID %s)",
		valueOf(found.Job.DtsJobID), valueOf(found.Job.DtsJobName), valueOf(found.Job.Status), delayText(found.Job.DelaySeconds), found.RequestID)
}

func delayText(delay *json.Number) string {
	if delay == nil {
		return "null"
	}
	return delay.String()
}
