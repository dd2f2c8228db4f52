package emulator

import (
	"encoding/json"
	"time"
)

// job is one recorded job.
type job struct {
	rawObject
	region  string
	jobType string // by folder: MIGRATION, SYNC or SUBSCRIBE

	withoutDbObject json.RawMessage
}

// newJob takes a job of a fixture apart.
func newJob(region, jobType string, recorded json.RawMessage) (*job, error) {
	j := &job{region: region, jobType: jobType}
	var err error
	if j.rawObject, err = newRawObject(recorded); err != nil {
		return nil, err
	}
	if j.withoutDbObject, err = withoutDbObject(j.raw); err != nil {
		return nil, err
	}
	return j, nil
}

// withoutDbObject removes the object list of a job and of its reverse job.
func withoutDbObject(raw json.RawMessage) (json.RawMessage, error) {
	lean, err := without(raw, "DbObject")
	if err != nil {
		return nil, err
	}
	return edit(lean, "ReverseJob", func(reverse json.RawMessage) (json.RawMessage, error) {
		return without(reverse, "DbObject")
	})
}

// tags returns the tags of a job by key.
func (j *job) tags() map[string]string {
	tags := map[string]string{}
	list, _ := j.fields["TagList"].([]any)
	for _, item := range list {
		tag, _ := item.(map[string]any)
		tags[textAt(tag, []string{"TagKey"})] = textAt(tag, []string{"TagValue"})
	}
	return tags
}

// timeLayouts are the forms in which the service gives times. The last has no
// zone; it is read as UTC, like all others are.
var timeLayouts = []string{time.RFC3339, "2006-01-02 15:04:05.0"}

// parseTime returns the zero time for what is no time.
func parseTime(text string) time.Time {
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	return time.Time{}
}
