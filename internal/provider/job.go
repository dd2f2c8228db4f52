package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// jobConfig is the configuration of dts_job.
type jobConfig struct {
	sourceArguments
	dts.JobQuery

	WaitFor *jobCondition `doc:"Polls until the job meets a condition: at least one of 'statuses' and 'max_delay_seconds' must be set, and the job must meet both. The wait ends early, with a warning, if three consecutive polls find a status that the job does not leave by itself, such as 'PrecheckFailed' or 'Suspending', and the condition is not met."`
}

var jobShape = shape.Of[api.Job]()

var jobSource = source[jobConfig]{
	name: "job",
	description: "Provides one DTS job, looked up by ID, instance ID or name, with every field that `dts_jobs` has of a job. " +
		"If not exactly one job matches, the data source returns an error.",
	computed: jobShape,
	validate: func(c jobConfig, unknown []string, diags *diag.Diagnostics) {
		validateQuery(c.JobQuery, unknown, diags)
		if c.WaitFor != nil {
			c.WaitFor.validate(path.Root("wait_for"), unknown, diags)
		}
	},
	read: func(ctx context.Context, r *reading[jobConfig]) (any, *shape.Shape, error) {
		if r.config.WaitFor == nil {
			found, err := r.client.FindJob(ctx, r.region, r.config.JobQuery)
			if err != nil {
				return nil, nil, err
			}
			return found.Job, jobShape, nil
		}
		found, err := waitForJob(ctx, r.providerData, r.region, r.config.JobQuery, *r.config.WaitFor)
		if err != nil {
			return nil, nil, err
		}
		if !r.config.WaitFor.holds(found.Job) {
			r.diags.AddAttributeWarning(path.Root("wait_for"), "Wait Ended Early", r.printable(fmt.Sprintf(
				"The condition of wait_for is not met, and the job does not leave its status by itself. Required: %s. Found: %s. "+
					"Check the job in the DTS console.", *r.config.WaitFor, describeJob(found))))
		}
		return found.Job, jobShape, nil
	},
	failed:   "Unable to Read DTS Job",
	tooLarge: "DTS Job Exceeds the State Limit",
	fewer:    "Use dts_jobs with job_attributes to store only the attributes you need.",
}

// validateQuery reports a query whose known arguments do not select exactly one job.
func validateQuery(q dts.JobQuery, unknown []string, diags *diag.Diagnostics) {
	names := []string{"dts_job_id", "dts_instance_id", "dts_job_name"}
	var set []string
	for i, value := range []string{string(q.JobID), string(q.InstanceID), q.Name} {
		if value != "" {
			set = append(set, names[i])
		}
	}
	mayBeSet := slices.ContainsFunc(names, func(name string) bool { return slices.Contains(unknown, name) })
	switch {
	case len(set) > 1:
		diags.AddAttributeError(path.Root(set[1]), "Invalid Attribute Combination",
			fmt.Sprintf("Attribute %q cannot be specified when %q is specified.", set[1], set[0]))
	case len(set) == 0 && !mayBeSet:
		diags.AddAttributeError(path.Root(names[0]), "Missing Attribute Configuration",
			fmt.Sprintf("Exactly one of these attributes must be configured: %s.", strings.Join(names, ", ")))
	}
	requireElements(path.Root("job_types"), q.JobTypes, diags)
}

// finalPolls is the number of consecutive polls in which a job has a final
// status before a wait ends: a job that is being reset may still report the
// status that it had.
const finalPolls = 3

// waitForJob polls a job until it meets a condition, or has a status that it does
// not leave by itself. A poll that does not find the job is a missed poll; two in
// a row end the wait.
func waitForJob(ctx context.Context, p *providerData, region string, q dts.JobQuery, condition jobCondition) (*dts.FoundJob, error) {
	var found *dts.FoundJob // by the last poll that found the job
	final, missed := 0, 0   // consecutive polls
	query := q
	err := p.waitUntil(ctx, condition.PollInterval.or(defaultPollInterval), func(ctx context.Context, elapsed time.Duration) (over bool, err error) {
		job, err := p.client.FindJob(ctx, region, query)
		if err != nil {
			final = 0 // The polls before and after are not consecutive.
		}
		if failure := asError[*dts.FindError](err); failure != nil && len(failure.Matches) == 0 {
			if missed++; missed < 2 {
				return false, &missedPoll{err}
			}
		}
		if err != nil {
			return false, err
		}
		found, missed = job, 0
		if id := job.Job.ID(); id != "" { // The name may change, and a search by name costs more.
			query = dts.JobQuery{JobID: api.ID(id), JobTypes: []api.JobTypeFilter{job.Type}}
		}
		status := api.Value(job.Job.Status)
		if final++; !status.IsFinal() {
			final = 0
		}
		p.log(ctx, "waiting for DTS job", map[string]any{
			"dts_job_id": job.Job.ID(), "status": string(status), "delay_seconds": delayText(job.Job), "elapsed": elapsed.Round(time.Second).String(),
		})
		return condition.holds(job.Job) || final == finalPolls, nil
	})
	if ended := asError[*waitError](err); ended != nil {
		ended.progress = fmt.Sprintf("No response about the DTS job with the %s was received.", q)
		if found != nil {
			ended.progress = fmt.Sprintf("Required: %s. The last poll found %s.", condition, describeJob(found))
		}
	}
	return found, err
}

// jobGateConfig is the configuration of dts_job_gate.
type jobGateConfig struct {
	gateArguments
	dts.JobQuery
	jobCondition

	Wait bool `doc:"Whether to poll until the job meets the condition, for at most 'timeouts.open'. Defaults to 'false'. A wait ends early if three consecutive polls find a status that the job does not leave by itself."`
}

var jobGate = gate[jobGateConfig]{
	name:        "job_gate",
	description: "Fails unless a DTS job has a given status and a small enough delay, for example before a cutover.",
	computed:    jobShape,
	results:     []string{"dts_job_id", "dts_instance_id", "dts_job_name", "status", "delay_seconds"},
	validate: func(c jobGateConfig, unknown []string, diags *diag.Diagnostics) {
		validateQuery(c.JobQuery, unknown, diags)
		c.validate(path.Empty(), unknown, diags)
	},
	subject: func(c jobGateConfig) string { return fmt.Sprintf("DTS Job with the %s", c.JobQuery) },
	closed:  "Job Gate Closed",
	failed:  "Unable to Open Job Gate",
	open: func(ctx context.Context, r *reading[jobGateConfig]) (any, error) {
		var found *dts.FoundJob
		var err error
		if r.config.Wait {
			found, err = waitForJob(ctx, r.providerData, r.region, r.config.JobQuery, r.config.jobCondition)
		} else {
			found, err = r.client.FindJob(ctx, r.region, r.config.JobQuery)
		}
		ended := asError[*waitError](err)
		switch {
		case ended != nil && found != nil && errors.As(err, new(*timeoutError)):
			return nil, &closedError{reason: describe(ended), cause: err}
		case err != nil:
			return nil, err
		case r.config.holds(found.Job):
			return found.Job, nil
		}
		return nil, &closedError{reason: joinParagraphs(
			fmt.Sprintf("Required: %s. Found: %s.", r.config.jobCondition, describeJob(found)), r.config.nextStep(found.Job, r.config.Wait))}
	},
}
