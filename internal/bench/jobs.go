// Package bench measures what reading many jobs costs. Its own benchmarks are
// about complete processes: a CLI that plans, with the provider as a plugin.
// [Jobs] serves the jobs, for benchmarks of other packages too.
package bench

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/inventory"
)

// Jobs is a server of DescribeDtsJobs with any number of jobs. Every documented
// field of a job is set, and every tenth has a reverse job. It does not verify
// signatures.
type Jobs struct {
	count             int
	plain, reversible string // templates of a job without and with a reverse job
}

// numberMark is in a template where the number of the job goes.
const numberMark = "@"

// NewJobs returns a server of so many jobs.
func NewJobs(count int) *Jobs {
	return &Jobs{count: count, plain: template(false), reversible: template(true)}
}

// ServeHTTP responds with one page.
func (j *Jobs) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	number, _ := strconv.Atoi(r.URL.Query().Get("PageNumber"))
	size, _ := strconv.Atoi(r.URL.Query().Get("PageSize"))
	var jobs []string
	for i := max(number-1, 0) * size; i < min(number*size, j.count); i++ {
		job := j.plain
		if i%10 == 0 {
			job = j.reversible
		}
		jobs = append(jobs, strings.ReplaceAll(job, numberMark, fmt.Sprintf("%06d", i)))
	}
	_, _ = fmt.Fprintf(w, `{"Success":true,"RequestId":"r","TotalRecordCount":%d,"DtsJobList":[%s]}`, j.count, strings.Join(jobs, ","))
}

// template returns the JSON of a job with all fields set.
func template(isReversible bool) string {
	job := map[string]any{}
	for _, field := range inventory.Fields("DescribeDtsJobs") {
		path, isOfJob := strings.CutPrefix(field.Path, "DtsJobList[].")
		if value := valueOf(field); isOfJob && value != nil && (isReversible || !strings.HasPrefix(path, "ReverseJob.")) {
			set(job, strings.Split(path, "."), value)
		}
	}
	job["DtsJobId"] = "job" + numberMark
	text, _ := json.Marshal(job) // Strings, numbers and bools can always be encoded.
	return string(text)
}

// valueOf returns nil for a list or an object.
func valueOf(field inventory.Field) any {
	switch field.Type {
	case "string":
		return "value " + numberMark + " of " + field.Path
	case "bool":
		return true
	case "int32", "int64":
		return 1234
	case "double":
		return 1.5
	}
	return nil
}

// set sets the value at a path. Each list on the way gets one element.
func set(object map[string]any, path []string, value any) {
	name, isList := strings.CutSuffix(path[0], "[]")
	if len(path) == 1 {
		object[name] = value
		return
	}
	if object[name] == nil && isList {
		object[name] = []map[string]any{{}}
	} else if object[name] == nil {
		object[name] = map[string]any{}
	}
	switch inner := object[name].(type) {
	case []map[string]any:
		set(inner[0], path[1:], value)
	case map[string]any:
		set(inner, path[1:], value)
	}
}
