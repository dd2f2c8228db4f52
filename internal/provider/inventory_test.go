package provider_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/provider"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// computedAdditions are the computed attributes that no field of the API
// stands behind.
var computedAdditions = map[string][]string{
	"DescribeDtsJobs": {
		"id", "ids[]", "names[]", "missing_ids[]",
		"jobs[].delay_seconds", "jobs[].reverse_job.delay_seconds",
		"etl_demo_jobs[].delay_seconds", "etl_demo_jobs[].reverse_job.delay_seconds",
	},
	"DescribePreCheckStatus": slices.Concat(
		[]string{"result", "passed", "failure_summary", "started_at", "finished_at"},
		findings("failed_items"), findings("warning_items"),
	),
}

// findings are the attributes of a list of findings.
func findings(list string) []string {
	paths := []string{list + "[]"}
	for _, name := range []string{"source", "job_id", "item", "names", "state", "err_msg", "err_detail", "repair_method", "can_skip", "target_names"} {
		paths = append(paths, list+"[]."+name)
	}
	return paths
}

// TestInventory holds the schemas against the inventories of all response
// fields, which know nothing of the shapes.
func TestInventory(t *testing.T) {
	fields := apiNames(reflect.TypeFor[dts.JobList](), reflect.TypeFor[dts.Precheck]())
	for operation, source := range map[string]datasource.DataSource{
		"DescribeDtsJobs":        provider.NewJobsDataSource(),
		"DescribePreCheckStatus": provider.NewPrecheckDataSource(),
	} {
		want := inventory(t, operation)
		var resp datasource.SchemaResponse
		source.Schema(t.Context(), datasource.SchemaRequest{}, &resp)
		got := computedPaths("", resp.Schema.Attributes)
		for path := range want {
			if !slices.Contains(got, path) {
				t.Errorf("%s: no attribute %s", operation, path)
			}
		}
		for _, path := range got {
			newer := fields[path[strings.LastIndex(path, ".")+1:]]
			if !want[path] && !slices.Contains(computedAdditions[operation], path) && !newer {
				t.Errorf("%s: attribute %s is no field of the API and no known addition", operation, path)
			}
		}
		if len(want) < 100 {
			t.Errorf("%s: the inventory has only %d paths", operation, len(want))
		}
	}
}

// inventory returns the Terraform paths of an operation's inventory. A tag is
// a map, of which only the map itself is an attribute.
func inventory(t *testing.T, operation string) map[string]bool {
	t.Helper()
	paths := map[string]bool{}
	for _, row := range inventoryRows(t, operation) {
		if path := row[2]; !strings.HasPrefix(path, "(") && !strings.HasSuffix(path, "}") {
			paths[path] = true
		}
	}
	return paths
}

// computedPaths returns the paths of all computed attributes. An argument
// whose default is computed stays an argument.
func computedPaths(prefix string, attributes map[string]schema.Attribute) []string {
	var paths []string
	for name, attribute := range attributes {
		if !attribute.IsComputed() || attribute.IsOptional() {
			continue
		}
		path := prefix + name
		switch a := attribute.(type) {
		case schema.ListNestedAttribute:
			path += "[]"
			paths = append(paths, computedPaths(path+".", a.NestedObject.Attributes)...)
		case schema.SingleNestedAttribute:
			paths = append(paths, computedPaths(path+".", a.Attributes)...)
		case schema.ListAttribute:
			path += "[]"
		}
		paths = append(paths, path)
	}
	return paths
}

// apiNames returns the Terraform names of all fields that have a name in the
// API, so that a field newer than the inventory needs no second line here.
func apiNames(types ...reflect.Type) map[string]bool {
	names := map[string]bool{}
	eachField(func(f reflect.StructField) {
		if api := f.Tag.Get("json"); api != "-" {
			names[shape.Snake(api)] = true
		}
	}, map[string]bool{}, types...)
	return names
}

// eachField visits each field of the structs and of all structs within, once.
func eachField(visit func(reflect.StructField), seen map[string]bool, types ...reflect.Type) {
	for _, t := range types {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		name, _, _ := strings.Cut(t.String(), "[") // A generic shape is one shape.
		if t.Kind() != reflect.Struct || seen[name] {
			continue
		}
		seen[name] = true
		for i := range t.NumField() {
			if !t.Field(i).Anonymous {
				visit(t.Field(i))
			}
			eachField(visit, seen, t.Field(i).Type)
		}
	}
}

// TestDescriptions wants a plain sentence for each field, of its own: two
// fields with the same words would have one of them wrong.
func TestDescriptions(t *testing.T) {
	described := map[string]string{}
	eachField(func(f reflect.StructField) {
		doc, name := f.Tag.Get("doc"), f.Tag.Get("json")+f.Tag.Get("tf")
		switch {
		case !strings.HasSuffix(doc, ".") || strings.ToUpper(doc[:1]) != doc[:1]:
			t.Errorf("%s: %q is no sentence", name, doc)
		case strings.Contains(doc, "Valid values"):
			t.Errorf("%s: %q lists values, which belong to the field's type", name, doc)
		case described[doc] != "":
			t.Errorf("%s and %s are both described as %q", described[doc], name, doc)
		}
		described[doc] = name
	}, map[string]bool{}, reflect.TypeFor[provider.JobsState](), reflect.TypeFor[provider.PrecheckState]())
	if len(described) < 100 {
		t.Errorf("only %d fields were found", len(described))
	}
}
