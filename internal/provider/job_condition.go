package provider

import "github.com/dts-community/terraform-provider-dts/internal/dts/api"

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// jobCondition is what a job must meet, and how often a wait looks at it.
type jobCondition struct {
	Statuses        []wantedStatus `doc:"Statuses that meet the condition, compared without case. Defaults to all statuses that a job may leave by itself."`
	MaxDelaySeconds *delayLimit    `doc:"Largest 'delay_seconds' that meets the condition. A null 'delay_seconds' does not meet it."`
	PollInterval    pollInterval   `doc:"Time between polls, as a duration such as '30s'. At least '1s'. Defaults to '10s'."`
}

// wantedStatus is a status of a job that a condition allows.
type wantedStatus string

// Known lists the statuses of a job.
func (wantedStatus) Known() []string { return api.JobStatus("").Known() }

// Doubt warns of a typo, which would make a wait last until its timeout.
func (s wantedStatus) Doubt() string {
	if slices.ContainsFunc(s.Known(), s.is) {
		return ""
	}
	return "which is not a documented status, so a job may never have it. Known values: " + strings.Join(s.Known(), ", ") + "."
}

func (s wantedStatus) is(status string) bool { return strings.EqualFold(string(s), status) }

// delayLimit is a delay in seconds.
type delayLimit float64

// Check accepts what a delay can be.
func (l delayLimit) Check() error {
	if l < 0 {
		return errors.New("at least 0")
	}
	return nil
}

func (l delayLimit) String() string { return strconv.FormatFloat(float64(l), 'f', -1, 64) }

// holds reports whether a job meets the condition.
func (c jobCondition) holds(job api.Job) bool {
	return c.allowsStatus(valueOf(job.Status)) && c.allowsDelay(job.DelaySeconds)
}

func (c jobCondition) allowsStatus(status api.JobStatus) bool {
	if c.Statuses == nil {
		return !status.IsFinal()
	}
	return slices.ContainsFunc(c.Statuses, func(s wantedStatus) bool { return s.is(string(status)) })
}

// rulesOut reports a status that is not wanted and that a job does not leave by
// itself. One that is wanted may still get the delay that is.
func (c jobCondition) rulesOut(status api.JobStatus) bool {
	return status.IsFinal() && !c.allowsStatus(status)
}

func (c jobCondition) allowsDelay(delay *json.Number) bool {
	if c.MaxDelaySeconds == nil {
		return true
	}
	if delay == nil {
		return false
	}
	seconds, err := delay.Float64()
	return err == nil && seconds <= float64(*c.MaxDelaySeconds)
}

// String lists what is required, for a message.
func (c jobCondition) String() string {
	var required []string
	if c.Statuses != nil {
		var statuses []string
		for _, s := range c.Statuses {
			statuses = append(statuses, string(s))
		}
		required = append(required, "status "+strings.Join(statuses, " or "))
	}
	if c.MaxDelaySeconds != nil {
		required = append(required, "delay_seconds of at most "+c.MaxDelaySeconds.String())
	}
	return strings.Join(required, ", ")
}
