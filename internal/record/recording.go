package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"time"
)

// Recording is an account without what identifies it.
type Recording struct {
	Jobs, Prechecks int // how many of them there are
	Refused         int // subtasks that the service refused

	anonymizer *anonymizer
	seen       map[string]bool   // jobs
	files      map[string][]byte // by path
}

// observation is a line of recording.jsonl: a request, and what the service
// counted. A count is a number or a string, as in the response.
type observation struct {
	Time       string            `json:"time"`
	Operation  string            `json:"operation"`
	Region     string            `json:"region"`
	Parameters map[string]string `json:"parameters"`
	Rows       int               `json:"rows"`
	Counts     map[string]any    `json:"counts,omitempty"`
	Error      any               `json:"error,omitempty"`
}

// readme is part of each recording.
const readme = `# A recording of a DTS account

Responses of Alibaba Cloud DTS, made by dts-record. All strings but documented values
and times are replaced by hashes; look through the files before you share them.
Serve them with

    dts-emulator --fixtures <this directory>

recording.jsonl has a line for each page that was read: time, parameters of the
request, number of rows, and the service's own counts.
`

// observationsFile does not end in .json, because the emulator would read it as
// fixtures.
const observationsFile = "recording.jsonl"

func newRecording(regions []string) *Recording {
	return &Recording{anonymizer: newAnonymizer(regions), seen: map[string]bool{}, files: map[string][]byte{"README.md": []byte(readme)}}
}

// Removed returns the names of the fields that were removed because they are not
// documented, as the service sent them.
func (r *Recording) Removed() []string { return slices.Sorted(maps.Keys(r.anonymizer.removed)) }

// addJobs adds the jobs of a list and returns the IDs of those that were not in
// another list of the region. Pages that were read before the list changed may
// repeat jobs and have jobs that are gone. All pages have the same ETL jobs.
func (r *Recording) addJobs(region, jobType string, listed []string, pages []page) (jobIDs []string, err error) {
	isListed := map[string]bool{}
	for _, id := range listed {
		isListed[id] = true
	}
	lists := map[string][]any{"DtsJobList": {}, "EtlDemoList": {}}
	for _, p := range pages {
		for list := range lists {
			for _, job := range p.rows(list) {
				id := textOf(job["DtsJobId"])
				isGone := list == "DtsJobList" && id != "" && !isListed[id]
				key := region + list + id
				if id == "" {
					key += fmt.Sprint(job) // Only all of its fields identify the job.
				}
				if isGone || r.seen[key] {
					continue
				}
				r.seen[key] = true
				lists[list] = append(lists[list], r.anonymizer.object(job))
				if list == "DtsJobList" && id != "" {
					jobIDs = append(jobIDs, id)
				}
			}
		}
		parameters := map[string]string{"JobType": jobType}
		if err := r.observePage("DescribeDtsJobs", region, parameters, p, "DtsJobList"); err != nil {
			return nil, err
		}
	}
	r.Jobs += len(lists["DtsJobList"]) + len(lists["EtlDemoList"])
	return jobIDs, r.addFile(path.Join(region, jobType, "jobs.json"), lists)
}

// addSubtask adds a subtask. The first page has all other fields. Pages that were
// read before the list of items changed may repeat items, and have more of them.
func (r *Recording) addSubtask(region string, s Subtask, items int, pages []page) error {
	r.Prechecks++
	response := r.anonymizer.object(pages[0].body)
	progress, seen := []any{}, map[string]bool{}
	for _, p := range pages {
		for _, item := range p.rows("JobProgress") {
			if key := fmt.Sprint(item); len(progress) < items && !seen[key] {
				seen[key] = true
				progress = append(progress, r.anonymizer.object(item))
			}
		}
		if err := r.observePage("DescribePreCheckStatus", region, r.parameters(s), p, "JobProgress"); err != nil {
			return err
		}
	}
	requested := r.parameters(s)
	name := requested["DtsJobId"] + "-" + s.JobCode + "-" + s.StructType + ".json"
	if total := textOf(response["TotalRecordCount"]); total != "" && total != strconv.Itoa(len(progress)) {
		requested["TotalRecordCount"] = total // The emulator counts items unless it has another count.
	}
	response["PageNumber"], response["JobProgress"], response["_emulator"] = 1, progress, requested
	return r.addFile(path.Join(region, "PRECHECK", name), response)
}

// addRefusal adds the error code with which the service refused a subtask.
func (r *Recording) addRefusal(region string, s Subtask, code string) error {
	r.Refused++
	refused := observation{Time: time.Now().UTC().Format(time.RFC3339), Operation: "DescribePreCheckStatus", Region: region, Parameters: r.parameters(s)}
	if refused.Error = r.anonymizer.value("ErrCode", code); code == "" {
		refused.Error = "no subtask in the response"
	}
	return r.observe(refused)
}

// observePage adds a page, whose rows are in a list, to recording.jsonl.
func (r *Recording) observePage(operation, region string, parameters map[string]string, p page, list string) error {
	parameters["PageNumber"], parameters["PageSize"] = strconv.Itoa(p.number), p.size
	counts := map[string]any{}
	for _, name := range []string{"PageNumber", "PageRecordCount", "TotalRecordCount"} {
		if count := r.anonymizer.value(name, p.body[name]); textOf(count) != "" {
			counts[name] = count
		}
	}
	return r.observe(observation{
		Time: p.time.Format(time.RFC3339), Operation: operation, Region: region, Parameters: parameters,
		Rows: len(p.rows(list)), Counts: counts,
	})
}

func (r *Recording) observe(o observation) error {
	line, err := json.Marshal(o)
	r.files[observationsFile] = append(append(r.files[observationsFile], line...), '\n')
	return err
}

// parameters are the parameters of the request for a subtask.
func (r *Recording) parameters(s Subtask) map[string]string {
	id, _ := r.anonymizer.value("DtsJobId", s.DtsJobID).(string)
	return map[string]string{"DtsJobId": id, "JobCode": s.JobCode, "StructType": s.StructType}
}

func (r *Recording) addFile(name string, content any) error {
	encoded, err := json.MarshalIndent(content, "", "  ")
	r.files[name] = append(encoded, '\n')
	return err
}

// CheckEmpty returns an error unless a recording can be written to the
// directory: the directory must be empty or not exist.
func CheckEmpty(directory string) error {
	entries, err := os.ReadDir(directory)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case len(entries) > 0:
		return fmt.Errorf("the directory %s is not empty", directory)
	}
	return nil
}

// Write writes the recording to a directory that is empty or does not exist. Only
// the user may read the files.
func (r *Recording) Write(directory string) (err error) {
	if err := CheckEmpty(directory); err != nil {
		return err
	}
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(directory)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	for name, content := range r.files {
		if err := writeFile(root, name, content); err != nil {
			return fmt.Errorf("the recording in %s is incomplete: %w", directory, err)
		}
	}
	return nil
}

// writeFile creates a file, and does not overwrite any.
func writeFile(root *os.Root, name string, content []byte) error {
	if err := root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return err
	}
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, file.Close())
}
