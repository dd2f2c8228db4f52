package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"strconv"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/dts-community/terraform-provider-dts/internal/rawjson"
)

// observationsFile does not end in .json, because the emulator would take it for
// a fixture.
const observationsFile = "recording.jsonl"

// observation is one line of recording.jsonl: a request and what the service
// made of it. Counts are kept as they came, because it is worth knowing whether
// one is a number or a string.
type observation struct {
	Time       string                     `json:"time"`
	Operation  string                     `json:"operation"`
	Region     string                     `json:"region"`
	Parameters map[string]string          `json:"parameters"`
	Rows       int                        `json:"rows"`
	Counts     map[string]json.RawMessage `json:"counts,omitempty"`
	Error      string                     `json:"error,omitempty"`
	File       string                     `json:"file,omitempty"`
}

func observe(r request, at time.Time) observation {
	return observation{Time: at.UTC().Format(time.RFC3339), Operation: r.operation, Region: r.region, Parameters: maps.Clone(r.parameters())}
}

// observePage describes a page that has rows in a list, and the file it is in.
func observePage(r request, p page, list, file string) observation {
	o := observe(r, p.time)
	o.Parameters["PageSize"], o.Parameters["Page"] = p.pageSize, strconv.Itoa(p.number)
	o.Rows, o.File = len(elements(p.body, list)), file
	o.Counts = map[string]json.RawMessage{}
	for _, name := range []string{"PageNumber", "PageRecordCount", "TotalRecordCount"} {
		if value, err := rawjson.Get(p.body, name); err == nil && isNumber(text(p.body, name)) {
			o.Counts[name] = value
		}
	}
	return o
}

func observeRefusal(s subtask) observation {
	o := observe(s.request, time.Now())
	o.Error = errorCode(s.refusal)
	return o
}

// apiCode matches the codes of API errors, which tell nothing about the job.
var apiCode = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*(\.[A-Z][A-Za-z0-9]*)*$`)

func errorCode(refusal error) string {
	var failure *rpc.Error
	if errors.As(refusal, &failure) && apiCode.MatchString(failure.Code) {
		return failure.Code
	}
	return "no subtask in the response"
}

func isNumber(text string) bool {
	_, err := strconv.ParseInt(text, 10, 64)
	return err == nil
}

func encodeLines(observations []observation) ([]byte, error) {
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	for _, o := range observations {
		if err := encoder.Encode(o); err != nil {
			return nil, err
		}
	}
	return lines.Bytes(), nil
}
