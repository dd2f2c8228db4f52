package provider_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/dts-community/terraform-provider-dts/internal/provider"
)

// TestPagesHaveEveryAttribute finds attributes that no group of a page has, or
// more than one.
func TestPagesHaveEveryAttribute(t *testing.T) {
	t.Parallel()
	pages := map[string][]string{"index.md": {"endpoints", "assume_role", "assume_role_with_oidc"}}
	for _, setting := range credentials.List() {
		if len(setting.Path) == 1 {
			pages["index.md"] = append(pages["index.md"], setting.Name())
		}
	}
	for name, source := range dataSources(t) {
		s := schemaOf(t, source)
		pages["data-sources/"+strings.TrimPrefix(name, "dts_")+".md"] = slices.Concat(namesOf(s.Attributes), namesOf(s.Blocks))
	}
	for name, gate := range ephemeralResources(t) {
		var resp ephemeral.SchemaResponse
		gate.Schema(t.Context(), ephemeral.SchemaRequest{}, &resp)
		pages["ephemeral-resources/"+strings.TrimPrefix(name, "dts_")+".md"] = slices.Concat(namesOf(resp.Schema.Attributes), namesOf(resp.Schema.Blocks))
	}
	for page, names := range pages {
		listed := listedNames(readFile(t, "../../docs/"+page))
		slices.Sort(names)
		slices.Sort(listed)
		if diff := cmp.Diff(names, listed); diff != "" {
			t.Errorf("docs/%s does not list each attribute once; run make generate. -schema +page:\n%s", page, diff)
		}
	}
}

// dataSources returns all data sources of the provider, by type name.
func dataSources(t *testing.T) map[string]datasource.DataSource {
	t.Helper()
	sources := map[string]datasource.DataSource{}
	for _, constructor := range provider.New("test")().DataSources(t.Context()) {
		source := constructor()
		var resp datasource.MetadataResponse
		source.Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "dts"}, &resp)
		sources[resp.TypeName] = source
	}
	return sources
}

// ephemeralResources returns all ephemeral resources of the provider, by type
// name.
func ephemeralResources(t *testing.T) map[string]ephemeral.EphemeralResource {
	t.Helper()
	p, ok := provider.New("test")().(frameworkprovider.ProviderWithEphemeralResources)
	if !ok {
		t.Fatal("the provider has no ephemeral resources")
	}
	resources := map[string]ephemeral.EphemeralResource{}
	for _, constructor := range p.EphemeralResources(t.Context()) {
		resource := constructor()
		var resp ephemeral.MetadataResponse
		resource.Metadata(t.Context(), ephemeral.MetadataRequest{ProviderTypeName: "dts"}, &resp)
		resources[resp.TypeName] = resource
	}
	return resources
}

func namesOf[T any](attributes map[string]T) []string { return slices.Collect(maps.Keys(attributes)) }

var listedName = regexp.MustCompile("^- `([a-z0-9_]+)` \\(")

// listedNames returns the attributes that a page lists outside of the schemas
// of nested ones.
func listedNames(page string) []string {
	var names []string
	isNested := false
	for _, line := range strings.Split(page, "\n") {
		switch found := listedName.FindStringSubmatch(line); {
		case strings.HasPrefix(line, `<a id="nested`):
			isNested = true
		case strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "### Nested Schema"):
			isNested = false
		case found != nil && !isNested:
			names = append(names, found[1])
		}
	}
	return names
}

var endpointRow = regexp.MustCompile("(?m)^\\| (`[a-z0-9-]+`(?:, `[a-z0-9-]+`)*) \\| `(dts\\.[a-z0-9.-]+)` \\|$")

// TestEndpointTable holds the table of endpoints against those that are used.
func TestEndpointTable(t *testing.T) {
	t.Parallel()
	rows := endpointRow.FindAllStringSubmatch(readFile(t, "../../docs/index.md"), -1)
	if len(rows) == 0 {
		t.Error("no endpoints were found")
	}
	for _, row := range rows {
		for _, region := range strings.Split(row[1], ", ") {
			if got := rpc.HostOf(strings.Trim(region, "`")); got != row[2] {
				t.Errorf("the endpoint of %s is %s, not %s", region, got, row[2])
			}
		}
	}
}

var statusRow = regexp.MustCompile("(?m)^\\| `([A-Za-z]+)` \\| [^|]* \\|( yes)? \\|( yes)? \\|( yes)? \\|$")

// TestStatusTable holds the table of job statuses against the known values.
func TestStatusTable(t *testing.T) {
	t.Parallel()
	var statuses []string
	for _, row := range statusRow.FindAllStringSubmatch(readFile(t, "../../docs/data-sources/jobs.md"), -1) {
		statuses = append(statuses, row[1])
	}
	known := api.JobStatus("").Known()
	slices.Sort(statuses)
	slices.Sort(known)
	if !slices.Equal(statuses, known) {
		t.Errorf("the table has %q, want %q", statuses, known)
	}
}

var (
	link = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	// A link to a file or directory of this repository.
	repositoryLink = regexp.MustCompile(`^https://github\.com/dts-community/terraform-provider-dts/(?:tree|blob)/main/(.+)$`)
	heading        = regexp.MustCompile("(?m)^#+ (.+)$")
	anchor         = regexp.MustCompile(`<a id="([^"]+)"`)
	punctuation    = regexp.MustCompile(`[^a-z0-9_ -]`)
)

// TestLinks follows the links between pages.
func TestLinks(t *testing.T) {
	t.Parallel()
	links := 0
	walk(t, "../..", func(file string) {
		if filepath.Ext(file) != ".md" {
			return
		}
		for _, found := range link.FindAllStringSubmatch(readFile(t, file), -1) {
			path, fragment, _ := strings.Cut(found[1], "#")
			inRepository := repositoryLink.FindStringSubmatch(path)
			if strings.Contains(path, "://") && inRepository == nil {
				continue
			}
			links++
			target := file
			if inRepository != nil {
				target = filepath.Join("../..", inRepository[1])
			} else if path != "" {
				target = filepath.Join(filepath.Dir(file), path)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: %v", file, err)
			} else if fragment != "" && !slices.Contains(anchorsOf(readFile(t, target)), fragment) {
				t.Errorf("%s: %s has no section #%s", file, target, fragment)
			}
		}
	})
	if links < 50 {
		t.Errorf("only %d links were found", links)
	}
}

// anchorsOf returns what can be linked to in a page.
func anchorsOf(page string) []string {
	var anchors []string
	for _, found := range heading.FindAllStringSubmatch(page, -1) {
		text := punctuation.ReplaceAllString(strings.ToLower(found[1]), "")
		anchors = append(anchors, strings.ReplaceAll(text, " ", "-"))
	}
	for _, found := range anchor.FindAllStringSubmatch(page, -1) {
		anchors = append(anchors, found[1])
	}
	return anchors
}

// TestWhatAGateHoldsIsOnEachPage finds pages about gates without the table of
// what gates hold, and gated resources in examples that a gate would not hold.
func TestWhatAGateHoldsIsOnEachPage(t *testing.T) {
	t.Parallel()
	for _, page := range []string{"guides/gate.md", "ephemeral-resources/precheck_gate.md", "ephemeral-resources/job_gate.md"} {
		text := readFile(t, "../../docs/"+page)
		for _, row := range []string{
			"| create, update in place, a module | held | held |",
			"| replacement with `create_before_destroy = true` | held | held |",
			"| replacement in the default order | **not held**: the old object is destroyed before the gate is opened, and the new one is not created | held |",
			"| deletion (`count = 0`, block removed) | **not held**: the object is destroyed. OpenTofu reports no error. | held |",
		} {
			if !strings.Contains(text, row) {
				t.Errorf("%s does not have this row: %s", page, row)
			}
		}
	}
	walk(t, "../../examples", func(file string) {
		text := readFile(t, file)
		if filepath.Ext(file) == ".tf" && strings.Contains(text, "[ephemeral.dts_") && !regexp.MustCompile(`create_before_destroy\s*= true`).MatchString(text) {
			t.Errorf("%s: a gated resource does not set create_before_destroy", file)
		}
	})
}

// TestLongPages keeps the page of dts_jobs readable: the nested schemas are on
// the page of dts_job.
func TestLongPages(t *testing.T) {
	t.Parallel()
	if lines := strings.Count(readFile(t, "../../docs/data-sources/jobs.md"), "\n"); lines > 600 {
		t.Errorf("jobs.md has %d lines", lines)
	}
}

// TestGateGuide holds the table of the guide against the measured one.
func TestGateGuide(t *testing.T) {
	t.Parallel()
	guide := readFile(t, "../../docs/guides/gate.md")
	words := map[string]string{stops: "stops", warns: "warns", ignores: "continues"}
	for kind, label := range map[string]string{
		"ephemeral": "ephemeral gate", "provider": "provider block that uses the gate", "precondition": "precondition", "postcondition": "postcondition", "check": "`check`",
	} {
		row := "| " + label + " |"
		for _, run := range []string{"plan", "apply", "saved plan", "destroy", "destroy without refresh", "refresh-only"} {
			row += " " + words[gateTable[kind][run].outcome] + " |"
		}
		if !strings.Contains(strings.ReplaceAll(guide, "**", ""), row) {
			t.Errorf("the guide does not have this row: %s", row)
		}
	}
}

var terraformBlock = regexp.MustCompile("(?s)```terraform\n(.*?)```")

// TestReadme keeps README short, and its configurations in examples that are
// tested.
func TestReadme(t *testing.T) {
	t.Parallel()
	readme := readFile(t, "../../README.md")
	if lines := strings.Count(readme, "\n"); lines > 150 {
		t.Errorf("README.md has %d lines", lines)
	}
	var examples strings.Builder
	walk(t, "../../examples", func(file string) { examples.WriteString(readFile(t, file)) })
	for _, block := range terraformBlock.FindAllStringSubmatch(readme, -1) {
		if !strings.Contains(examples.String(), block[1]) {
			t.Errorf("no example contains:\n%s", block[1])
		}
	}
}

// messagesOfOthers are in the troubleshooting guide, but Go's net and Terraform
// write them.
var messagesOfOthers = []string{"no such host", "server gave HTTP response to HTTPS client", "connection refused", "timeout"}

// TestTroubleshootingQuotes finds messages that the provider does not have, or no
// longer.
func TestTroubleshootingQuotes(t *testing.T) {
	t.Parallel()
	var texts strings.Builder
	for file, literals := range textsOfUsers(t) {
		if strings.HasSuffix(file, ".go") {
			texts.WriteString(strings.Join(literals, "\n"))
		}
	}
	guide := readFile(t, "../../docs/guides/troubleshooting.md")
	_, messages, _ := strings.Cut(guide, "## Errors by message")
	messages, _, _ = strings.Cut(messages, "## Precheck items")
	rows := 0
	for _, line := range strings.Split(messages, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || strings.Contains(cells[1], "---") || strings.Contains(cells[2], "Cause") {
			continue
		}
		rows++
		for _, quote := range strings.Split(strings.TrimSpace(cells[1]), ", ") {
			quote = strings.Trim(quote, "`")
			if !strings.Contains(texts.String(), quote) && !slices.Contains(messagesOfOthers, quote) {
				t.Errorf("no message contains %q", quote)
			}
		}
	}
	if rows < 15 {
		t.Errorf("only %d messages were found", rows)
	}
}
