package account

import (
	"cmp"
	"encoding/json"
	"strconv"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/rawjson"
)

// Job is one job of the account.
type Job struct {
	Object
	ID string
	// WithoutDbObject is Raw without the object lists of the job and of its
	// reverse job.
	WithoutDbObject json.RawMessage

	Created, Finished time.Time // zero if not known
	DuLimit           float64   // -1 if not known
	Tags              map[string]string
}

func newJob(recorded json.RawMessage) (*Job, error) {
	object, err := newObject(recorded)
	if err != nil {
		return nil, err
	}
	j := &Job{
		Object:   object,
		ID:       object.Text("DtsJobId"),
		Created:  parseTime(object.Text("CreateTime")),
		Finished: parseTime(object.Hidden("FinishTime")),
		DuLimit:  parseLimit(object.Hidden("DuLimit")),
		Tags:     object.tags(),
	}
	j.WithoutDbObject, err = withoutDbObject(j.Raw)
	return j, err
}

// ByCreation compares jobs by their creation. Equal ones go by ID, so that paging
// neither skips nor repeats a job.
func ByCreation(a, b *Job) int {
	if order := a.Created.Compare(b.Created); order != 0 {
		return order
	}
	return cmp.Compare(a.ID, b.ID)
}

func withoutDbObject(job json.RawMessage) (json.RawMessage, error) {
	lean, err := rawjson.Delete(job, "DbObject")
	if err != nil {
		return nil, err
	}
	reverse, err := rawjson.Get(lean, "ReverseJob")
	if err != nil || len(reverse) == 0 || reverse[0] != '{' {
		return lean, err
	}
	if reverse, err = rawjson.Delete(reverse, "DbObject"); err != nil {
		return nil, err
	}
	return rawjson.Set(lean, "ReverseJob", reverse)
}

// timeLayouts are the forms in which the service gives times. The last has no
// zone; it is read as UTC, like all others are.
var timeLayouts = []string{time.RFC3339, "2006-01-02 15:04:05.0"}

// parseTime returns the zero time for what is not a time.
func parseTime(text string) time.Time {
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	return time.Time{}
}

func parseLimit(text string) float64 {
	limit, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return -1
	}
	return limit
}
