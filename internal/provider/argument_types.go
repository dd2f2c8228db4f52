package provider

import (
	"errors"
	"fmt"
	"regexp"
	"time"
)

// The types of arguments that only the provider has. Check is called for
// values that are set, and completes the sentence "… must be".

// duration is a time to wait that must not be zero.
type duration string

// Check accepts what [time.ParseDuration] does, above zero.
func (d duration) Check() error {
	if value, err := time.ParseDuration(string(d)); err != nil || value <= 0 {
		return errors.New("a duration above zero, such as 90s or 5m")
	}
	return nil
}

func (d duration) or(fallback time.Duration) time.Duration { return parseDuration(string(d), fallback) }

// gracePeriod is a time to wait that may be zero.
type gracePeriod string

// Check accepts what [time.ParseDuration] does, from zero.
func (g gracePeriod) Check() error {
	if value, err := time.ParseDuration(string(g)); err != nil || value < 0 {
		return errors.New("a duration, such as 90s, 5m or 0s")
	}
	return nil
}

func (g gracePeriod) or(fallback time.Duration) time.Duration {
	return parseDuration(string(g), fallback)
}

// minPollInterval keeps a wait from using up the rate limit.
const minPollInterval = time.Second

// pollInterval is the time between two polls.
type pollInterval string

// Check accepts intervals that leave room for other requests.
func (p pollInterval) Check() error {
	if value, err := time.ParseDuration(string(p)); err != nil || value < minPollInterval {
		return fmt.Errorf("a duration of at least %s, such as 10s", minPollInterval)
	}
	return nil
}

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

// Check accepts RFC 3339.
func (t timestamp) Check() error {
	if _, err := time.Parse(time.RFC3339, string(t)); err != nil {
		return errors.New("a time in RFC 3339 format, such as 2026-03-16T08:01:19Z")
	}
	return nil
}

// time returns the zero time for an argument that is not set.
func (t timestamp) time() time.Time {
	parsed, _ := time.Parse(time.RFC3339, string(t)) // Checked, or not set.
	return parsed
}

// regularExpression is in the syntax of Terraform's function regex.
type regularExpression string

// Check accepts what compiles.
func (r regularExpression) Check() error {
	if _, err := regexp.Compile(string(r)); err != nil {
		return fmt.Errorf("a regular expression in the syntax of the function regex (%w)", err)
	}
	return nil
}

// compile returns the expression, which Check has accepted.
func (r regularExpression) compile() *regexp.Regexp { return regexp.MustCompile(string(r)) }
