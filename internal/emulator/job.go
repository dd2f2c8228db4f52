package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// hiddenMember is a member of a fixture's job that holds what the service knows
// of the job but does not answer: GroupId, ZeroEtlJob, FinishTime, DuLimit.
const hiddenMember = "_emulator"

// job is one recorded job. Its bytes are answered as they are; its fields are
// looked at by filters and orders only.
type job struct {
	region  string
	jobType string // by folder: MIGRATION, SYNC or SUBSCRIBE

	raw             json.RawMessage // as recorded, but for hiddenMember
	withoutDbObject json.RawMessage
	fields          map[string]any
	hidden          map[string]any
}

// newJob takes a job of a fixture apart.
func newJob(region, jobType string, recorded json.RawMessage) (*job, error) {
	j := &job{region: region, jobType: jobType}
	var err error
	if j.raw, err = without(recorded, hiddenMember); err != nil {
		return nil, err
	}
	if j.withoutDbObject, err = withoutDbObject(j.raw); err != nil {
		return nil, err
	}
	if j.fields, err = decodeObject(recorded); err != nil {
		return nil, err
	}
	if hidden, present := j.fields[hiddenMember]; present {
		var isObject bool
		if j.hidden, isObject = hidden.(map[string]any); !isObject {
			return nil, fmt.Errorf("%s is not an object", hiddenMember)
		}
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

func decodeObject(raw json.RawMessage) (map[string]any, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber() // else large numbers would be compared rounded
	var fields map[string]any
	err := decoder.Decode(&fields)
	return fields, err
}

// text returns the field at a path of names as text, "" if there is none.
func (j *job) text(path ...string) string { return textAt(j.fields, path) }

// known returns, as text, what the service knows of the job and does not answer.
func (j *job) known(name string) string { return textAt(j.hidden, []string{name}) }

func textAt(fields map[string]any, path []string) string {
	var value any = fields
	for _, name := range path {
		object, isObject := value.(map[string]any)
		if !isObject {
			return ""
		}
		value = object[name]
	}
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
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
