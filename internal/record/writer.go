package record

import (
	"encoding/json"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"
)

// Recording is what was made of an account: files by their path in a folder.
type Recording struct {
	Jobs, Prechecks int // how many there are of them
	Refused         int // subtasks that the service refused

	files      map[string][]byte
	anonymiser *Anonymiser
}

// observation is one line of recording.jsonl: what was asked and what the
// service made of it. The fields of its answer are kept as they came, since
// whether a count is a number or a string is worth knowing.
type observation struct {
	Time      string            `json:"time"`
	Operation string            `json:"operation"`
	Region    string            `json:"region"`
	Asked     map[string]string `json:"asked"`
	Rows      int               `json:"rows"`
	Answered  map[string]any    `json:"answered,omitempty"`
	Refused   json.RawMessage   `json:"refused,omitempty"`
	File      string            `json:"file,omitempty"`
}

// fixture is a file to be, with the original answer in it.
type fixture struct {
	name  string
	body  []byte
	asked map[string]string // of a subtask, which its answer does not tell
}

// writer turns answers into the files of a recording.
type writer struct {
	recording    *Recording
	anonymiser   *Anonymiser
	fixtures     []fixture
	observations []observation
}

// addListing adds the pages of a list of jobs. A page that was read before the
// list moved may repeat a job, and demo jobs come with each page: one is enough.
func (w *writer) addListing(l listing, pages []answer) {
	demos := map[string]bool{}
	for _, page := range pages {
		body := only(page.body, "DtsJobList", func(job []byte) bool {
			id := textOf(job, "DtsJobId")
			wanted := id == "" || l.jobs[id]
			delete(l.jobs, id)
			return wanted
		})
		body = only(body, "EtlDemoList", func(job []byte) bool {
			id := textOf(job, "DtsJobId")
			defer func() { demos[id] = true }()
			return id == "" || !demos[id]
		})
		jobs := len(rows(body, "DtsJobList")) + len(rows(body, "EtlDemoList"))
		name := path.Join(l.about.region, l.about.jobType, fmt.Sprintf("jobs-%04d.json", page.number))
		if _, _, found := member(body, "DtsJobList"); page.number > 1 && jobs == 0 || !found && jobs == 0 {
			name = ""
		} else {
			w.fixtures = append(w.fixtures, fixture{name: name, body: body})
		}
		w.recording.Jobs += jobs
		w.observe(l.about, page, "DtsJobList", name)
	}
}

// addSubtask adds the pages of a subtask, until all of its items are there.
func (w *writer) addSubtask(job int, s subtask, pages []answer) {
	if s.refusal != nil {
		w.recording.Refused++
		w.observations = append(w.observations, observation{Time: time.Now().UTC().Format(time.RFC3339), Operation: s.about.operation,
			Region: s.about.region, Asked: s.about.asked(), Refused: codeOf(s.refusal)})
		return
	}
	items := 0
	for _, page := range pages {
		name := ""
		if page.number == 1 || items < s.items {
			name = path.Join(s.about.region, "PRECHECK", fmt.Sprintf("job-%04d-%s-%s-%04d.json", job, s.about.jobCode, s.about.structType, page.number))
			w.addItems(name, s, page)
		}
		items += len(rows(page.body, "JobProgress"))
		w.observe(s.about, page, "JobProgress", name)
	}
	w.recording.Prechecks++
}

// addItems adds a page of items. The emulator tells pages apart by the number
// in the answer, and counts items itself unless told that the service did not
// count so.
func (w *writer) addItems(name string, s subtask, page answer) {
	f := fixture{name: name, body: page.body, asked: s.about.asked()}
	if number := strconv.Itoa(page.number); textOf(f.body, "PageNumber") != number {
		f.body = with(f.body, "PageNumber", []byte(number))
	}
	if total := textOf(f.body, "TotalRecordCount"); number(total) && total != strconv.Itoa(s.items) {
		f.asked["TotalRecordCount"] = total
	}
	w.fixtures = append(w.fixtures, f)
}

// asked returns the parameters that an observation tells.
func (s subject) asked() map[string]string {
	if s.operation == describeJobs {
		return map[string]string{"JobType": s.jobType}
	}
	return map[string]string{"DtsJobId": s.jobID, "JobCode": s.jobCode, "StructType": s.structType}
}

func (w *writer) observe(about subject, page answer, list, file string) {
	o := observation{Time: page.time.Format(time.RFC3339), Operation: about.operation, Region: about.region, Asked: about.asked(),
		Rows: len(rows(page.body, list)), Answered: map[string]any{}, File: file}
	o.Asked["PageSize"], o.Asked["Page"] = page.pageSize, strconv.Itoa(page.number)
	for _, name := range []string{"PageNumber", "PageRecordCount", "TotalRecordCount"} {
		if start, end, found := member(page.body, name); found && number(textOf(page.body, name)) {
			o.Answered[name] = json.RawMessage(page.body[start:end])
		}
	}
	w.observations = append(w.observations, o)
}

// finish replaces what must not be told, in everything.
func (w *writer) finish() (*Recording, error) {
	for _, f := range w.fixtures {
		if err := w.anonymiser.Learn(f.body); err != nil {
			return nil, err
		}
	}
	for _, f := range w.fixtures {
		body, err := w.anonymiser.Rewrite(f.body)
		if err != nil {
			return nil, err
		}
		if f.asked != nil {
			asked, err := w.replaceJob(f.asked)
			if err != nil {
				return nil, err
			}
			body = withFirst(body, "_emulator", asked)
		}
		w.recording.files[f.name] = body
	}
	return w.recording, w.describe()
}

// replaceJob encodes what was asked, with the job's new id.
func (w *writer) replaceJob(asked map[string]string) ([]byte, error) {
	if id := asked["DtsJobId"]; id != "" {
		asked["DtsJobId"] = w.anonymiser.ID(id)
	}
	return json.Marshal(asked)
}

// describe adds what was observed. Its name does not end in .json, for the
// emulator would take it for a fixture.
func (w *writer) describe() error {
	var lines strings.Builder
	for _, o := range w.observations {
		if _, err := w.replaceJob(o.Asked); err != nil {
			return err
		}
		line, err := json.Marshal(o)
		if err != nil {
			return err
		}
		lines.Write(append(line, '\n'))
	}
	w.recording.files["recording.jsonl"] = []byte(lines.String())
	w.recording.files["README.md"] = []byte(readme)
	return nil
}
