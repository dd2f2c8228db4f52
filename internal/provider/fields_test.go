package provider_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
)

// field is a leaf of an answer: a value of its own and where it must arrive.
type field struct {
	apiPath, terraformPath string
	value                  any
}

// inventoryRows reads the inventory of an operation: path in the API, type,
// path in Terraform.
func inventoryRows(t *testing.T, operation string) [][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + operation + ".fields.tsv")
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = '\t'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// fieldsOf gives each leaf of an operation's inventory a value of its own,
// integers beyond what a float64 or an int32 holds.
func fieldsOf(t *testing.T, operation string) []field {
	t.Helper()
	var fields []field
	for i, row := range inventoryRows(t, operation) {
		if value := leaf(row[0], row[1], i); value != nil {
			fields = append(fields, field{row[0], row[2], value})
		}
	}
	return fields
}

// leaf returns a value that no other row has, nil for a list or an object.
func leaf(path, apiType string, row int) any {
	switch apiType {
	case "string":
		return "value of " + path
	case "bool":
		return true
	case "int32", "int64":
		return json.Number(strconv.FormatInt(9007199254740993+2*int64(row), 10))
	case "double":
		return json.Number(fmt.Sprintf("%d.1", row))
	}
	return nil
}

// answerOf builds the answer in which the fields hold their values, each list
// with one element.
func answerOf(t *testing.T, fields []field) string {
	t.Helper()
	answer := map[string]any{}
	for _, f := range fields {
		object := answer
		names := strings.Split(f.apiPath, ".")
		for _, name := range names[:len(names)-1] {
			object = within(object, name)
		}
		object[names[len(names)-1]] = f.value
	}
	text, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// within returns the object at a name, or in the list at a name[].
func within(object map[string]any, name string) map[string]any {
	name, isList := strings.CutSuffix(name, "[]")
	if isList {
		if list, ok := object[name].([]map[string]any); ok {
			return list[0]
		}
		inner := map[string]any{}
		object[name] = []map[string]any{inner}
		return inner
	}
	if inner, ok := object[name].(map[string]any); ok {
		return inner
	}
	inner := map[string]any{}
	object[name] = inner
	return inner
}

// holdsFields checks that the state holds each field where its inventory says.
type holdsFields struct {
	address string
	fields  []field
}

func (h holdsFields) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	for _, r := range req.State.Values.RootModule.Resources {
		if r.Address == h.address {
			resp.Error = h.check(r)
			return
		}
	}
	resp.Error = fmt.Errorf("no %s in state", h.address)
}

func (h holdsFields) check(r *tfjson.StateResource) error {
	var wrong []string
	checked := 0
	for _, f := range h.fields {
		want := fmt.Sprint(f.value)
		switch {
		case strings.HasPrefix(f.terraformPath, "("):
			if strings.Contains(fmt.Sprint(r.AttributeValues), want) && f.apiPath != "Success" {
				wrong = append(wrong, f.apiPath+" is in state")
			}
			continue
		case strings.HasSuffix(f.terraformPath, "{key}"):
			path := strings.TrimSuffix(f.terraformPath, "{key}")
			if tags, _ := at(r.AttributeValues, path).(map[string]any); tags[want] == nil {
				wrong = append(wrong, fmt.Sprintf("%s has no key %q: %v", path, want, tags))
			}
		case strings.HasSuffix(f.terraformPath, "{value}"):
			path := strings.TrimSuffix(f.terraformPath, "{value}")
			if tags, _ := at(r.AttributeValues, path).(map[string]any); !strings.Contains(fmt.Sprint(tags), want) {
				wrong = append(wrong, fmt.Sprintf("%s has no value %q: %v", path, want, tags))
			}
		default:
			if got := at(r.AttributeValues, f.terraformPath); fmt.Sprint(got) != want {
				wrong = append(wrong, fmt.Sprintf("%s is %v, want %v", f.terraformPath, got, want))
			}
		}
		checked++
	}
	if len(wrong) > 0 || checked < 100 {
		return fmt.Errorf("%d of %d fields checked:\n%s", checked, len(h.fields), strings.Join(wrong, "\n"))
	}
	return nil
}

// at returns the value at a path, through the first element of each list.
func at(value any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		name, isList := strings.CutSuffix(name, "[]")
		object, _ := value.(map[string]any)
		value = object[name]
		if list, ok := value.([]any); isList && ok && len(list) == 1 {
			value = list[0]
		}
	}
	return value
}

// TestEveryField lets every response field cross the wire with a value of its
// own and looks for it in the state of a real CLI.
func TestEveryField(t *testing.T) {
	for operation, test := range map[string]struct{ address, config string }{
		"DescribeDtsJobs":        {"data.dts_jobs.test", jobs("")},
		"DescribePreCheckStatus": {"data.dts_precheck_status.test", precheck(`dts_job_id = "a"`)},
	} {
		t.Run(operation, func(t *testing.T) {
			fields := fieldsOf(t, operation)
			first := answerOf(t, fields)
			server := newFakeAPI(t, func(q url.Values) string {
				if page := q.Get("PageNumber") + q.Get("PageNo"); page != "1" {
					return onlyCount(t, first)
				}
				return first
			})
			applied(t, server.block("")+test.config, holdsFields{test.address, fields})
		})
	}
}

// onlyCount is a later page of an answer: its count, and no jobs.
func onlyCount(t *testing.T, answer string) string {
	t.Helper()
	var envelope struct {
		TotalRecordCount json.Number
		Success          bool
	}
	if err := json.Unmarshal([]byte(answer), &envelope); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(envelope)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
