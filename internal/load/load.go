// Package load serves lists of jobs of any length, to measure with. Every
// documented field of a job is set, and every tenth has a reverse job.
package load

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// mark stands where a job's number goes.
const mark = "@"

// Jobs answers DescribeDtsJobs from a list of jobs. It checks no signature.
type Jobs struct {
	Count         int
	plain, twoWay string // a job, and one with a reverse job, as JSON
}

// New returns a list of jobs in which each field of an inventory is set: a
// file of tab-separated lines with path and type.
func New(inventory string, count int) (*Jobs, error) {
	text, err := os.ReadFile(inventory)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = '\t'
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	return &Jobs{Count: count, plain: job(rows, false), twoWay: job(rows, true)}, nil
}

// job returns the JSON of a job with all fields set.
func job(rows [][]string, twoWay bool) string {
	list := map[string]any{}
	for _, row := range rows {
		path, ofJob := strings.CutPrefix(row[0], "DtsJobList[].")
		if value := valueOf(row[0], row[1]); ofJob && value != nil && (twoWay || !strings.HasPrefix(path, "ReverseJob.")) {
			set(list, strings.Split(path, "."), value)
		}
	}
	list["DtsJobId"] = "job" + mark
	text, _ := json.Marshal(list) // Texts, numbers and bools always marshal.
	return string(text)
}

// valueOf returns nil for a list or an object.
func valueOf(path, kind string) any {
	switch kind {
	case "string":
		return "value " + mark + " of " + path
	case "bool":
		return true
	case "int32", "int64":
		return 1234
	case "double":
		return 1.5
	}
	return nil
}

// set puts a value at a path, each list on the way with one element.
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

// ServeHTTP answers one page.
func (j *Jobs) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	number, _ := strconv.Atoi(r.URL.Query().Get("PageNumber"))
	size, _ := strconv.Atoi(r.URL.Query().Get("PageSize"))
	var jobs []string
	for i := max(number-1, 0) * size; i < min(number*size, j.Count); i++ {
		template := j.plain
		if i%10 == 0 {
			template = j.twoWay
		}
		jobs = append(jobs, strings.ReplaceAll(template, mark, fmt.Sprintf("%06d", i)))
	}
	_, _ = fmt.Fprintf(w, `{"Success":true,"RequestId":"r","TotalRecordCount":%d,"DtsJobList":[%s]}`, j.Count, strings.Join(jobs, ","))
}
