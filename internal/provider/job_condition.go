package provider

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/printable"
)

// jobCondition is a condition on a job, and how often a wait polls it.
type jobCondition struct {
	Statuses        []api.JobStatus `arg:"anycase" doc:"Statuses that meet the condition, compared without case. Defaults to 'Migrating', 'Synchronizing' and 'Normal', in which changes are replicated. A job without a status does not meet it."`
	MaxDelaySeconds *delayLimit     `doc:"Largest 'delay_seconds' that meets the condition. A null 'delay_seconds' does not meet it."`
	PollInterval    pollInterval    `doc:"Time between polls, as a duration such as '30s'. At least '1s'. Defaults to '10s'."`
}

// delayLimit is a delay in seconds.
type delayLimit float64

// IsValid accepts delays that are not negative.
func (l delayLimit) IsValid() bool { return l >= 0 }

// Constraint describes it.
func (delayLimit) Constraint() string { return "at least 0" }

// validate reports a condition that no job can meet, in a block or, if within is
// empty, at the root.
func (c jobCondition) validate(within path.Path, unknown []string, diags *diag.Diagnostics) {
	statuses, limit := within.AtName("statuses"), within.AtName("max_delay_seconds")
	isUnknown := func(p path.Path) bool { return slices.Contains(unknown, p.String()) }
	if c.Statuses == nil && c.MaxDelaySeconds == nil && !isUnknown(statuses) && !isUnknown(limit) {
		diags.AddAttributeError(within, "Missing Attribute Configuration",
			fmt.Sprintf("At least one of these attributes must be configured: %s, %s.", statuses, limit))
	}
	requireElements(statuses, c.Statuses, diags)
	if isDocumented := func(s api.JobStatus) bool { return slices.ContainsFunc(s.Known(), s.Is) }; len(c.Statuses) > 0 && !slices.ContainsFunc(c.Statuses, isDocumented) {
		known := api.JobStatus("").Known()
		addInvalid(diags, statuses,
			"contains no documented status, so no job would meet the condition. Did you mean %q? Documented statuses: %s.",
			closest(string(c.Statuses[0]), known), strings.Join(known, ", "))
	}
}

// closest returns the value that differs from a text in the fewest letters.
func closest(text string, values []string) string {
	distance := func(value string) int {
		return levenshtein.Distance(strings.ToLower(text), strings.ToLower(value), nil)
	}
	return slices.MinFunc(values, func(a, b string) int { return distance(a) - distance(b) })
}

// holds reports whether a job meets the condition.
func (c jobCondition) holds(job api.Job) bool {
	return c.allowsStatus(job) && (c.MaxDelaySeconds == nil || delayOf(job) <= float64(*c.MaxDelaySeconds))
}

func (c jobCondition) allowsStatus(job api.Job) bool {
	status := api.Value(job.Status)
	if c.Statuses == nil {
		return status.IsReplicating()
	}
	return status != "" && slices.ContainsFunc(c.Statuses, func(wanted api.JobStatus) bool { return wanted.Is(string(status)) })
}

// delayOf returns the delay of a job in seconds, infinite if it is null.
func delayOf(job api.Job) float64 {
	if job.DelaySeconds == nil {
		return math.Inf(1)
	}
	seconds, err := job.DelaySeconds.Float64()
	if err != nil {
		return math.Inf(1)
	}
	return seconds
}

// String lists what is required, for a message.
func (c jobCondition) String() string {
	var wanted []string
	for _, status := range c.Statuses {
		wanted = append(wanted, string(status))
	}
	if c.Statuses == nil {
		wanted = slices.DeleteFunc(api.JobStatus("").Known(), func(s string) bool { return !api.JobStatus(s).IsReplicating() })
	}
	required := "status " + strings.Join(wanted, " or ")
	if c.MaxDelaySeconds != nil {
		required += ", delay_seconds of at most " + strconv.FormatFloat(float64(*c.MaxDelaySeconds), 'f', -1, 64)
	}
	return required
}

// nextStep returns what to do about a job that does not meet the condition.
func (c jobCondition) nextStep(job api.Job, waited bool) string {
	status := api.Value(job.Status)
	switch {
	case !c.allowsStatus(job) && status.IsFinal():
		return fmt.Sprintf("The job does not leave the status %s by itself. Check it in the DTS console, or add the status to statuses if it is wanted.", printable.Line(string(status), maxValue))
	case c.allowsStatus(job) && job.DelaySeconds == nil:
		return "The API reports no delay to compare. Change tracking jobs have none: remove max_delay_seconds. Other jobs have one once their incremental stage has started."
	case waited:
		return "Check the job in the DTS console."
	}
	return "Set wait = true to wait until the condition is met, or try again later."
}

// describeJob describes a job with the facts that conditions are about.
func describeJob(found *dts.FoundJob) string {
	line := func(text string) string { return printable.Line(text, maxValue) }
	return fmt.Sprintf("DTS job %s (%s) with status %s and delay_seconds %s (request ID %s)", line(found.Job.ID()),
		line(api.Value(found.Job.DtsJobName)), line(string(api.Value(found.Job.Status))), delayText(found.Job), line(found.RequestID))
}

func delayText(job api.Job) string {
	if job.DelaySeconds == nil {
		return "null"
	}
	return job.DelaySeconds.String()
}
