package provider_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/dts-community/terraform-provider-dts/internal/inventory"
	"github.com/dts-community/terraform-provider-dts/internal/snake"
)

// additions are the computed attributes that the API has no field for.
var additions = map[string][]string{
	"DescribeDtsJobs": {
		"id", "ids[]", "names[]", "missing_ids[]",
		"jobs[].delay_seconds", "jobs[].reverse_job.delay_seconds",
		"etl_demo_jobs[].delay_seconds", "etl_demo_jobs[].reverse_job.delay_seconds",
	},
	"DescribePreCheckStatus": slices.Concat(
		[]string{"result", "passed", "failure_summary", "started_at", "finished_at"},
		findings("failed_items"), findings("warning_items"), findings("pending_items"),
	),
}

// findings are the attributes of a list of findings.
func findings(list string) []string {
	paths := []string{list + "[]"}
	for _, name := range []string{
		"source", "job_id", "item", "names", "title", "explanation", "help_url",
		"state", "err_msg", "err_detail", "repair_method", "can_skip", "target_names",
	} {
		paths = append(paths, list+"[]."+name)
	}
	return paths
}

// TestInventory holds the schemas against the inventories of all response
// fields. An attribute that is not there, and not an addition, must be a field
// that the API has had since: one with a name that the inventory does not know.
func TestInventory(t *testing.T) {
	t.Parallel()
	for operation, reader := range operations {
		attributes := computedPaths("", schemaOf(t, dataSources(t)[reader.source]).Attributes)
		documented, names := documentedPaths(operation)
		fields := fieldPaths("", reader.response)
		for path := range documented {
			if !slices.Contains(attributes, path) {
				t.Errorf("%s: no attribute %s", operation, path)
			}
		}
		for _, path := range attributes {
			isNewer := fields[path] && !names[lastName(path)]
			if !documented[path] && !slices.Contains(additions[operation], path) && !isNewer {
				t.Errorf("%s: attribute %s is not a field of the API or a known addition", operation, path)
			}
		}
		if len(documented) == 0 {
			t.Errorf("%s has no inventory", operation)
		}
	}
}

func schemaOf(t *testing.T, source datasource.DataSource) schema.Schema {
	t.Helper()
	var resp datasource.SchemaResponse
	source.Schema(t.Context(), datasource.SchemaRequest{}, &resp)
	return resp.Schema
}

// documentedPaths returns the attributes of an operation's inventory, and
// their names. Of tags, only the map is an attribute.
func documentedPaths(operation string) (paths, names map[string]bool) {
	paths, names = map[string]bool{}, map[string]bool{}
	for _, field := range inventory.Fields(operation) {
		if path := field.Terraform; !strings.HasPrefix(path, "(") && !strings.HasSuffix(path, "}") {
			paths[path] = true
			names[lastName(path)] = true
		}
	}
	return paths, names
}

func lastName(path string) string { return path[strings.LastIndex(path, ".")+1:] }

// computedPaths returns the paths of all computed attributes. An argument that
// is computed, too, is an argument.
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

// fieldPaths returns the attributes of the fields of a response that have a
// name in the API, each at its own path.
func fieldPaths(prefix string, t reflect.Type) map[string]bool {
	paths := map[string]bool{}
	for _, f := range reflect.VisibleFields(t) {
		api := f.Tag.Get("json")
		if f.Anonymous || api == "-" {
			continue
		}
		path, of := prefix+snake.Case(api), f.Type
		if tf := f.Tag.Get("tf"); tf != "" {
			path = prefix + tf
		}
		if of.Kind() == reflect.Slice {
			path += "[]"
		}
		for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		paths[path] = true
		if of.Kind() == reflect.Struct {
			maps.Copy(paths, fieldPaths(path+".", of))
		}
	}
	return paths
}

// TestDescriptions wants a sentence for each attribute and block. Attributes
// with different names have different sentences, because one of two that are
// the same would be wrong.
func TestDescriptions(t *testing.T) {
	t.Parallel()
	nameOf := map[string]string{}
	for operation, reader := range operations {
		s := schemaOf(t, dataSources(t)[reader.source])
		descriptions := describedPaths("", s.Attributes)
		for name, block := range s.Blocks {
			descriptions[name] = block.GetMarkdownDescription()
			maps.Copy(descriptions, describedPaths(name+".", block.(schema.SingleNestedBlock).Attributes)) //nolint:forcetypeassert // There are no others.
		}
		for path, text := range descriptions {
			name := lastName(path)
			if !strings.HasSuffix(text, ".") || strings.ToUpper(text[:1]) != text[:1] {
				t.Errorf("%s: the description of %s is not a sentence: %q", operation, path, text)
			}
			if other := nameOf[text]; other != "" && other != name {
				t.Errorf("%s: %s and %s are both described as %q", operation, path, other, text)
			}
			nameOf[text] = name
		}
	}
	if len(nameOf) < 100 {
		t.Errorf("only %d descriptions were found", len(nameOf))
	}
}

// describedPaths returns the descriptions of all attributes.
func describedPaths(prefix string, attributes map[string]schema.Attribute) map[string]string {
	descriptions := map[string]string{}
	for name, attribute := range attributes {
		descriptions[prefix+name] = attribute.GetMarkdownDescription()
		switch a := attribute.(type) {
		case schema.ListNestedAttribute:
			maps.Copy(descriptions, describedPaths(prefix+name+".", a.NestedObject.Attributes))
		case schema.SingleNestedAttribute:
			maps.Copy(descriptions, describedPaths(prefix+name+".", a.Attributes))
		}
	}
	return descriptions
}
