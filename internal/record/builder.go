package record

import (
	"encoding/json"
	"fmt"
	"path"
	"strconv"

	"github.com/dts-community/terraform-provider-dts/internal/rawjson"
	"github.com/dts-community/terraform-provider-dts/internal/record/internal/anonymize"
)

// builder turns responses into the files of a recording.
type builder struct {
	recording    *Recording
	anonymizer   *anonymize.Anonymizer
	fixtures     []fixture
	observations []observation
}

// fixture is a future file with the original response.
type fixture struct {
	name    string
	body    []byte
	subtask map[string]string // what a subtask's response does not tell about it
}

func newBuilder(seed string) *builder {
	return &builder{recording: &Recording{files: map[string][]byte{}}, anonymizer: anonymize.New(seed)}
}

// build makes the files of what was read.
func (b *builder) build(r *reader) (*Recording, error) {
	job := 0
	for _, list := range r.lists {
		if err := b.addJobs(list, r.collector.of(list.request)); err != nil {
			return nil, err
		}
		for _, recorded := range list.recorded {
			job++
			for _, s := range recorded.subtasks {
				if s.refusal != nil {
					b.addRefusal(s)
				} else if err := b.addSubtask(job, s, r.collector.of(s.request)); err != nil {
					return nil, err
				}
			}
		}
	}
	return b.recording, b.finish()
}

// addJobs adds the pages of a list of jobs. A page that was read before the list
// changed may repeat a job, and each page has the ETL demo jobs: one of each is
// kept.
func (b *builder) addJobs(list jobList, pages []page) error {
	keepJob := firstOfEach(func(id string) bool { return list.jobIDs[id] })
	keepDemo := firstOfEach(func(string) bool { return true })
	for _, p := range pages {
		body, err := filter(p.body, "DtsJobList", keepJob)
		if err == nil {
			body, err = filter(body, "EtlDemoList", keepDemo)
		}
		if err != nil {
			return err
		}
		jobs := len(elements(body, "DtsJobList")) + len(elements(body, "EtlDemoList"))
		b.recording.Jobs += jobs
		name := ""
		if jobs > 0 || p.number == 1 && text(body, "DtsJobList") != "" {
			name = path.Join(list.request.region, list.request.jobType, fmt.Sprintf("jobs-%04d.json", p.number))
			b.fixtures = append(b.fixtures, fixture{name: name, body: body})
		}
		b.observations = append(b.observations, observePage(list.request, p, "DtsJobList", name))
	}
	return nil
}

// firstOfEach keeps each job that is wanted once. A job without an ID is told
// from others by all of its fields.
func firstOfEach(isWanted func(id string) bool) func(job json.RawMessage) bool {
	seen := map[string]bool{}
	return func(job json.RawMessage) bool {
		id := text(job, "DtsJobId")
		key := id
		if id == "" {
			key = string(job)
		}
		isFirst := !seen[key]
		seen[key] = true
		return isFirst && (id == "" || isWanted(id))
	}
}

// addSubtask adds the pages of a subtask, until all of its items are there.
func (b *builder) addSubtask(job int, s subtask, pages []page) error {
	b.recording.Prechecks++
	items := 0
	for _, p := range pages {
		name := ""
		if p.number == 1 || items < s.items {
			name = path.Join(s.request.region, "PRECHECK", fmt.Sprintf("job-%04d-%s-%s-%04d.json", job, s.request.jobCode, s.request.structType, p.number))
			if err := b.addItems(name, s, p); err != nil {
				return err
			}
		}
		items += len(elements(p.body, "JobProgress"))
		b.observations = append(b.observations, observePage(s.request, p, "JobProgress", name))
	}
	return nil
}

func (b *builder) addRefusal(s subtask) {
	b.recording.Refused++
	b.observations = append(b.observations, observeRefusal(s))
}

// addItems adds a page of items. The emulator tells pages apart by the number in
// the response. It counts items itself unless the fixture has the service's own
// count.
func (b *builder) addItems(name string, s subtask, p page) error {
	f := fixture{name: name, body: p.body, subtask: s.request.parameters()}
	if number := strconv.Itoa(p.number); text(f.body, "PageNumber") != number {
		var err error
		if f.body, err = rawjson.Set(f.body, "PageNumber", []byte(number)); err != nil {
			return err
		}
	}
	if total := text(f.body, "TotalRecordCount"); isNumber(total) && total != strconv.Itoa(s.items) {
		f.subtask["TotalRecordCount"] = total
	}
	b.fixtures = append(b.fixtures, f)
	return nil
}

// finish replaces what could tell whose account it is. Everything is learned
// before anything is rewritten.
func (b *builder) finish() error {
	for _, f := range b.fixtures {
		if err := b.anonymizer.Learn(f.body); err != nil {
			return err
		}
	}
	for _, f := range b.fixtures {
		if err := b.write(f); err != nil {
			return err
		}
	}
	return b.describe()
}

func (b *builder) write(f fixture) error {
	body, err := b.anonymizer.Rewrite(f.body)
	if err != nil {
		return err
	}
	if f.subtask != nil {
		b.replaceJobID(f.subtask)
		hidden, err := json.Marshal(f.subtask)
		if err != nil {
			return err
		}
		if body, err = rawjson.Set(body, "_emulator", hidden); err != nil {
			return err
		}
	}
	b.recording.files[f.name] = body
	return nil
}

// describe adds what was observed, and what a recording is.
func (b *builder) describe() error {
	for _, o := range b.observations {
		b.replaceJobID(o.Parameters)
	}
	lines, err := encodeLines(b.observations)
	b.recording.files[observationsFile] = lines
	b.recording.files["README.md"] = []byte(readme)
	return err
}

func (b *builder) replaceJobID(parameters map[string]string) {
	if id := parameters["DtsJobId"]; id != "" {
		parameters["DtsJobId"] = b.anonymizer.ID(id)
	}
}
