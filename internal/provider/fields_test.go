package provider_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/inventory"
)

// operations are the API's operations that have a data source: its name, the
// arguments that it requires, and the struct of the response.
var operations = map[string]struct {
	source, arguments string
	response          reflect.Type
}{
	"DescribeDtsJobs":        {"dts_jobs", "", reflect.TypeFor[api.JobList]()},
	"DescribePreCheckStatus": {"dts_precheck_status", `dts_job_id = "a"`, reflect.TypeFor[api.Precheck]()},
}

// boolResponses is how many responses tell the bools of an operation apart:
// bool i has bit k of i in response k, so no two are the same in all of them.
const boolResponses = 6

// leaf is a field with a value of its own and where it must arrive.
type leaf struct {
	inventory.Field

	value any
}

// leavesOf gives each leaf of an operation's response a value. Strings and
// numbers have one that no other field has, integers beyond what a float64 or
// an int32 holds.
func leavesOf(t testing.TB, operation string, response int) []leaf {
	t.Helper()
	var leaves []leaf
	bools := 0
	for i, field := range inventory.Fields(operation) {
		switch field.Type {
		case "string":
			leaves = append(leaves, leaf{field, "value of " + field.Path})
		case "int32", "int64":
			leaves = append(leaves, leaf{field, json.Number(strconv.FormatInt(9007199254740993+2*int64(i), 10))})
		case "double":
			leaves = append(leaves, leaf{field, json.Number(fmt.Sprintf("%d.1", i))})
		case "bool":
			if field.Path == "Success" {
				leaves = append(leaves, leaf{field, true})
				continue
			}
			bools++
			leaves = append(leaves, leaf{field, bools>>response&1 == 1})
		}
	}
	if bools >= 1<<boolResponses || len(leaves) == 0 {
		t.Fatalf("%s: %d leaves, %d bools", operation, len(leaves), bools)
	}
	return leaves
}

// responseOf builds the response in which the leaves have their values, each
// list with one element.
func responseOf(t testing.TB, leaves []leaf) string {
	t.Helper()
	response := map[string]any{}
	for _, l := range leaves {
		object := response
		names := strings.Split(l.Path, ".")
		for _, name := range names[:len(names)-1] {
			object = within(object, name)
		}
		object[names[len(names)-1]] = l.value
	}
	text, err := json.Marshal(response)
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

// hasLeaves checks that the state has each leaf where the inventory has it.
type hasLeaves struct {
	address string
	leaves  []leaf
}

func (h hasLeaves) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	for _, r := range req.State.Values.RootModule.Resources {
		if r.Address == h.address {
			resp.Error = h.check(r)
			return
		}
	}
	resp.Error = fmt.Errorf("no %s in state", h.address)
}

func (h hasLeaves) check(r *tfjson.StateResource) error {
	var wrong []string
	for _, l := range h.leaves {
		if problem := l.problemIn(r.AttributeValues); problem != "" {
			wrong = append(wrong, problem)
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%s: %d of %d fields:\n%s", h.address, len(wrong), len(h.leaves), strings.Join(wrong, "\n"))
	}
	return nil
}

// problemIn returns what is wrong with a leaf in a state, or "". A field that
// has no attribute must not be in state; a bool can't be searched for.
func (l leaf) problemIn(state map[string]any) string {
	want := fmt.Sprint(l.value)
	if strings.HasPrefix(l.Terraform, "(") {
		if l.Type != "bool" && strings.Contains(fmt.Sprint(state), want) {
			return l.Path + " is in state"
		}
		return ""
	}
	path, isKey := strings.CutSuffix(l.Terraform, "{key}")
	path, isValue := strings.CutSuffix(path, "{value}")
	got := at(state, path)
	tags, _ := got.(map[string]any)
	switch {
	case isKey && tags[want] == nil, isValue && !strings.Contains(fmt.Sprint(tags), want), !isKey && !isValue && fmt.Sprint(got) != want:
		return fmt.Sprintf("%s is %v, want %v", l.Terraform, got, want)
	}
	return ""
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

// everyField serves the responses of an operation: which one depends on the
// region. Later pages have its count only.
func everyField(t testing.TB, operation string) *fakeAPI {
	t.Helper()
	responses := map[string]string{}
	for k := range boolResponses {
		responses[regionOf(k)] = responseOf(t, leavesOf(t, operation, k))
	}
	return newFakeAPI(t, func(q url.Values) string {
		response := responses[q.Get("RegionId")]
		if page := q.Get("PageNumber") + q.Get("PageNo"); page != "" && page != "1" {
			return onlyCount(t, response)
		}
		return response
	})
}

func regionOf(response int) string { return fmt.Sprintf("response-%d", response) }

// onlyCount is a later page of a response: its count without rows.
func onlyCount(t testing.TB, response string) string {
	t.Helper()
	var envelope struct {
		TotalRecordCount json.Number
		Success          bool
	}
	if err := json.Unmarshal([]byte(response), &envelope); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(envelope)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestEveryField lets every response field cross the wire with a value of its
// own and looks for it in the state of a real CLI.
func TestEveryField(t *testing.T) {
	t.Parallel()
	for operation, test := range operations {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			config := everyField(t, operation).block()
			var checks []statecheck.StateCheck
			for k := range boolResponses {
				config += fmt.Sprintf("data %q \"response%d\" {\n  region = %q\n  %s\n}\n", test.source, k, regionOf(k), test.arguments)
				checks = append(checks, hasLeaves{fmt.Sprintf("data.%s.response%d", test.source, k), leavesOf(t, operation, k)})
			}
			testApply(t, config, checks...)
		})
	}
}
