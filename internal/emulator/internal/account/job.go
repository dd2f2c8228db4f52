package account

import (
	"cmp"
	"encoding/json"
	"strconv"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// Job is one job of the account.
type Job struct {
	Object
	ID string

	Created, Finished time.Time // zero if not known
	DuLimit           float64   // -1 if not known
	Tags              map[string]string
}

// NewJob reads a recorded job.
func NewJob(recorded json.RawMessage) (*Job, error) {
	object, err := newObject(recorded)
	if err != nil {
		return nil, err
	}
	j := &Job{
		Object:   object,
		ID:       object.Text("DtsJobId"),
		Created:  parseTime(object.Text("CreateTime")),
		Finished: parseTime(object.Hidden("FinishTime")),
		DuLimit:  -1,
		Tags:     map[string]string{},
	}
	if limit, err := strconv.ParseFloat(object.Hidden("DuLimit"), 64); err == nil {
		j.DuLimit = limit
	}
	for _, tag := range object.Members.List("TagList") {
		j.Tags[tag.Text("TagKey")] = tag.Text("TagValue")
	}
	return j, nil
}

// With returns the job with members replaced. Hidden facts stay.
func (j *Job) With(members wire.Object) (*Job, error) {
	changed, err := NewJob(j.Members.With(members...).Bytes())
	if err != nil {
		return nil, err
	}
	changed.hidden, changed.Finished, changed.DuLimit = j.hidden, j.Finished, j.DuLimit
	return changed, nil
}

// WithoutDbObject returns Raw without the object lists of the job and of its
// reverse job.
func (j *Job) WithoutDbObject() json.RawMessage {
	job := j.Members.Without("DbObject")
	if reverse, err := wire.ParseObject(job.Get("ReverseJob")); err == nil {
		job = job.With(wire.Member{Name: "ReverseJob", Value: reverse.Without("DbObject").Bytes()})
	}
	return job.Bytes()
}

// ByCreation compares jobs by their creation. Equal ones go by ID, so that paging
// neither skips nor repeats a job.
func ByCreation(a, b *Job) int {
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
}

// parseTime returns the zero time if the text is not a time.
func parseTime(text string) time.Time {
	// The forms in which the service gives times. The second has no zone; it is read
	// as UTC, like all others are.
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05.0"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	return time.Time{}
}
