package account

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// The values of the parameters JobCode and StructType. 07 is not in the document,
// but known from clients of the service.
var (
	JobCodes    = []string{"01", "02", "03", "04", "07"}
	StructTypes = []string{"before", "after"}
)

// Subtask identifies the subject of a request of DescribePreCheckStatus.
type Subtask struct{ Region, DtsJobID, JobCode, StructType string }

// Precheck is a response of DescribePreCheckStatus: the precheck of a job or, by
// its code, a later subtask of it.
type Precheck struct {
	Object          // its JobProgress is empty
	Items  []Object // of JobProgress, all pages together
	// Total, if set, is the count that is returned in place of the real one.
	Total *int

	pages []string // the PageNumbers that were recorded
}

// Limits of the items that one item may stand for: their number and their bytes.
const (
	maxRepeat      = 10_000
	maxRepeatBytes = 16 << 20
)

// NewPrecheck reads a recorded response.
func NewPrecheck(recorded json.RawMessage) (*Precheck, error) {
	var response struct {
		State       json.RawMessage
		JobProgress []json.RawMessage
	}
	if err := wire.Unmarshal(recorded, &response); err != nil {
		return nil, err
	}
	if response.State == nil && response.JobProgress == nil {
		return nil, errors.New("neither State nor JobProgress in it")
	}
	object, err := newObject(recorded)
	if err != nil {
		return nil, err
	}
	p := &Precheck{Object: object, pages: []string{object.Text("PageNumber")}}
	if total, err := strconv.Atoi(object.Hidden("TotalRecordCount")); err == nil {
		p.Total = &total
	}
	for i, raw := range response.JobProgress {
		items, err := newItems(raw)
		if err != nil {
			return nil, fmt.Errorf("JobProgress: item %d: %w", i+1, err)
		}
		p.Items = append(p.Items, items...)
	}
	p.Members = p.Members.With(wire.Member{Name: "JobProgress", Value: []byte("[]")})
	return p, nil
}

// newItems returns an item, or as many copies of it as its hidden member Repeat
// specifies. In a copy its number takes the place of {n}; a string that has nothing
// else becomes a number.
func newItems(recorded json.RawMessage) ([]Object, error) {
	item, err := newObject(recorded)
	if err != nil {
		return nil, err
	}
	repeat := item.Hidden("Repeat")
	if repeat == "" {
		return []Object{item}, nil
	}
	count, err := strconv.Atoi(repeat)
	if err != nil || count < 1 || count > maxRepeat {
		return nil, fmt.Errorf("member Repeat is %s, not a number from 1 to %d", repeat, maxRepeat)
	}
	if count*len(recorded) > maxRepeatBytes {
		return nil, fmt.Errorf("member Repeat is %s, which makes more than %d bytes", repeat, maxRepeatBytes)
	}
	var items []Object
	for n := 1; n <= count; n++ {
		digits := []byte(strconv.Itoa(n))
		numbered := bytes.ReplaceAll(recorded, []byte(`"{n}"`), digits)
		if item, err = newObject(bytes.ReplaceAll(numbered, []byte(`{n}`), digits)); err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// stages are the members of a job that have the state of a subtask, by its job
// code, and the name of the subtask.
var stages = map[string]struct{ member, name string }{
	"01": {"PrecheckStatus", "Precheck"},
	"02": {"StructureInitializationStatus", "Schema Migration"},
	"03": {"DataInitializationStatus", "Full Data Migration"},
	"04": {"DataSynchronizationStatus", "Incremental Data Migration"},
}

// Precheck returns the response for a subtask of the job of which nothing is
// recorded. It agrees with the job: the state is that of the job's stage, and the
// items are those in the Detail of its PrecheckStatus, or a single one. A stage that
// the job does not have has not started.
func (j *Job) Precheck(jobCode string) (*Precheck, error) {
	stage := stages[jobCode]
	state := cmp.Or(j.Text(stage.member, "Status"), "NotStarted")
	details := j.Members.List(stage.member, "Detail")
	if len(details) == 0 && state != "NotStarted" {
		item, result := cmp.Or(j.Text("SourceEndpoint", "DatabaseName"), "all"), state
		if jobCode == "01" {
			item = "CHECK_CONN_SRC"
			result = strings.Replace(state, "Finished", "Success", 1)
		}
		details = []wire.Object{{
			wire.Text("CheckItem", item), wire.Text("CheckResult", result), wire.Text("FailedReason", j.Text(stage.member, "ErrorMessage")),
		}}
	}
	var items []json.RawMessage
	failed := 0
	for i, detail := range details {
		item := wire.Object{
			wire.Text("Id", fmt.Sprintf("%s%s%02d", j.ID, jobCode, i+1)), wire.Text("JobId", j.ID), wire.Int("OrderNum", i+1),
			wire.Text("Item", detail.Text("CheckItem")), wire.Text("Names", detail.Text("CheckItemDescription")),
			wire.Text("State", detail.Text("CheckResult")), wire.Text("ErrMsg", detail.Text("FailedReason")),
			wire.Text("RepairMethod", detail.Text("RepairMethod")), wire.Bool("Skip", false), wire.Bool("CanSkip", false),
			wire.Text("IgnoreFlag", "N"), wire.Text("Sub", "[]"),
		}
		if created := j.Text("CreateTime"); created != "" {
			item = append(item, wire.Text("BootTime", created), wire.Text("FinishTime", created))
		}
		if detail.Text("CheckResult") == "Failed" {
			failed++
		}
		items = append(items, item.Bytes())
	}
	return NewPrecheck(wire.Object{
		wire.Text("State", state), wire.Int("Total", len(items)), wire.Text("JobName", stage.name), wire.Text("JobId", j.ID),
		wire.Int("ErrorItem", failed), wire.Int("ErrorAnalysisItem", 0),
		wire.Member{Name: "JobProgress", Value: wire.Array(items)},
	}.Bytes())
}
