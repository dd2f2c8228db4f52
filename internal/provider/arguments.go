package provider

import (
	"fmt"
	"regexp"
	"time"
)

// The types of arguments that only the provider has. IsValid decides about a
// value that is set, and Constraint completes the sentence "… must be".

// duration is a time to wait that must not be zero.
type duration string

// IsValid accepts durations of Go above zero.
func (d duration) IsValid() bool {
	value, err := time.ParseDuration(string(d))
	return err == nil && value > 0
}

// Constraint describes them.
func (duration) Constraint() string { return "a duration above zero, such as 90s or 5m" }

func (d duration) or(fallback time.Duration) time.Duration { return parseDuration(string(d), fallback) }

// gracePeriod is a time to wait that may be zero.
type gracePeriod string

// IsValid accepts durations of Go from zero.
func (g gracePeriod) IsValid() bool {
	d, err := time.ParseDuration(string(g))
	return err == nil && d >= 0
}

// Constraint describes them.
func (gracePeriod) Constraint() string { return "a duration, such as 90s, 5m or 0s" }

func (g gracePeriod) or(fallback time.Duration) time.Duration {
	return parseDuration(string(g), fallback)
}

// minPollInterval keeps a wait from using up the rate limit.
const minPollInterval = time.Second

// pollInterval is the time between two polls.
type pollInterval string

// IsValid accepts durations that leave room for other requests.
func (p pollInterval) IsValid() bool {
	d, err := time.ParseDuration(string(p))
	return err == nil && d >= minPollInterval
}

// Constraint describes them.
func (pollInterval) Constraint() string { return "a duration of at least 1s, such as 10s" }

func (p pollInterval) or(fallback time.Duration) time.Duration {
	return parseDuration(string(p), fallback)
}

// parseDuration returns the fallback for an argument that is not set.
func parseDuration(text string, fallback time.Duration) time.Duration {
	if d, err := time.ParseDuration(text); err == nil {
		return d
	}
	return fallback
}

// timestamp is a time with its zone.
type timestamp string

// IsValid accepts times in RFC 3339 format.
func (t timestamp) IsValid() bool {
	_, err := time.Parse(time.RFC3339, string(t))
	return err == nil
}

// Constraint describes them.
func (timestamp) Constraint() string {
	return "a time in RFC 3339 format, such as 2026-03-16T08:01:19Z"
}

// time returns the zero time for an argument that is not set.
func (t timestamp) time() time.Time {
	parsed, _ := time.Parse(time.RFC3339, string(t)) // It was validated, or is not set.
	return parsed
}

// regularExpression is in the syntax of Terraform's function regex.
type regularExpression string

// IsValid accepts expressions that compile.
func (r regularExpression) IsValid() bool {
	_, err := regexp.Compile(string(r))
	return err == nil
}

// Constraint describes them.
func (r regularExpression) Constraint() string {
	_, err := regexp.Compile(string(r))
	return fmt.Sprintf("a regular expression in the syntax of the function regex (%v)", err)
}
