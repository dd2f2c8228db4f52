package provider_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tried are the directories of examples and how each is tested here.
var tried = map[string]func(*testing.T, string){
	"../../examples/provider":                              appliesWithOverride,
	"../../examples/data-sources/dts_api_response":         appliesToResponses,
	"../../examples/data-sources/dts_job":                  appliesWithProvider,
	"../../examples/data-sources/dts_jobs":                 appliesWithProvider,
	"../../examples/data-sources/dts_precheck_status":      appliesWithProvider,
	"../../examples/ephemeral-resources/dts_job_gate":      appliesWithGate,
	"../../examples/ephemeral-resources/dts_precheck_gate": appliesWithGate,
	"../../examples/functions/precheck_verdict":            appliesWithProvider,
	"../../examples/demo":                                  showsTable,
	"../../examples/offline-tests":                         testsItself,
	// Their tests run in offline_tests_test.go; gate_table_test.go and cutover_test.go try these, too.
	"../../examples/cutover":               testsItself,
	"../../examples/audit":                 testsItself, // audit_test.go has the rest.
	"../../examples/gate/postcondition":    testsItself,
	"../../examples/gate/precondition":     testsItself,
	"../../examples/gate/check":            testsItself,
	"../../examples/gate/ephemeral":        testsItself,
	"../../examples/gate/policy":           testsItself,
	"../../examples/gate/provider":         validatesWithOthers,
	"../../examples/adopt":                 testsItself, // adopt_test.go has the rest.
	"../../examples/adopt/for_each":        validatesWithOthers,
	"../../examples/migrate-from-alicloud": testsItself,
}

// TestExamples runs every example.
func TestExamples(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	err := filepath.WalkDir("../../examples", func(path string, _ os.DirEntry, err error) error {
		if strings.HasSuffix(path, ".tf") {
			found[filepath.ToSlash(filepath.Dir(path))] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for directory := range found {
		if tried[directory] == nil {
			t.Errorf("%s is not tested", directory)
		}
	}
	for directory, try := range tried {
		t.Run(filepath.Base(directory), func(t *testing.T) {
			t.Parallel()
			try(t, directory)
		})
	}
}

// testsItself is for an example with tests, which TestOfflineTests runs.
func testsItself(t *testing.T, directory string) {
	if _, err := os.Stat(filepath.Join(directory, "tests")); err != nil {
		t.Error(err)
	}
}

// validatesWithOthers validates an example that uses another provider as well.
func validatesWithOthers(t *testing.T, directory string) {
	requireVersionOf(t, directory)
	c := newCLI(t, directory)
	withOtherProviders(t, c)
	c.mustRun(t, "validate")
}

// appliesWithOverride applies an example whose provider block is completed for
// the emulator.
func appliesWithOverride(t *testing.T, directory string) {
	server, _ := newEmulator(t)
	c := newCLI(t, directory)
	if err := os.WriteFile(filepath.Join(c.directory, "override.tf"), []byte(providerBlock(server.URL)), 0o600); err != nil {
		t.Fatal(err)
	}
	c.mustRun(t, "apply", "-auto-approve")
}

// appliesWithProvider applies an example that leaves the provider to the user.
func appliesWithProvider(t *testing.T, directory string) {
	server, _ := newEmulator(t)
	newCLIWith(t, withProvider(t, server.URL, directory)).mustRun(t, "apply", "-auto-approve")
}

// withProvider is the configuration of an example with a provider block for the
// server at a URL.
func withProvider(t *testing.T, url, directory string) string {
	t.Helper()
	files, err := filepath.Glob(directory + "/*.tf")
	if err != nil {
		t.Fatal(err)
	}
	config := providerBlock(url)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		config += string(text)
	}
	return config
}

// appliesToResponses applies the examples of dts_api_response to responses with
// the fields that the API reference has.
func appliesToResponses(t *testing.T, directory string) {
	api := newFakeAPI(t, func(q url.Values) string {
		// The operation is in a header; only that of the consumer groups has pages.
		switch q.Get("DtsJobId") + " " + q.Get("PageSize") {
		case "k2fm11x9d8t12ab ":
			return `{"RequestId": "R", "Success": true, "SourceEndpoint": {"AliyunUid": "1234567890123456", "RoleName": "dts-reader"}}`
		case "s6b10trk3m8c2z4 ":
			return `{"RequestId": "R", "Success": true, "SubscriptionDataType": {"Ddl": false, "Dml": true}}`
		case "s6b10trk3m8c2z4 100":
			return `{"RequestId": "R", "Success": "true", "TotalRecordCount": 1, "ConsumerChannels": [{"ConsumerGroupId": "dtsor2y", "ConsumerGroupName": "orders"}]}`
		}
		return "404 "
	})
	c := newCLIWith(t, withProvider(t, api.URL, directory))
	c.mustRun(t, "apply", "-auto-approve")
	for name, want := range map[string]map[string]any{
		"source_account":  {"owner_id": "1234567890123456", "role": "dts-reader"},
		"tracks":          {"ddl": false, "dml": true},
		"consumer_groups": {"dtsor2y": "orders"},
	} {
		var got map[string]any
		c.output(t, name, &got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

// appliesWithGate applies an example of an ephemeral resource.
func appliesWithGate(t *testing.T, directory string) {
	requireEphemeralResources(t)
	appliesWithProvider(t, directory)
}

func showsTable(t *testing.T, directory string) {
	server, e := newEmulator(t)
	c := newCLI(t, directory)
	c.mustRun(t, "apply", "-auto-approve", "-var", "emulator="+hostOf(server.URL))
	var table string
	c.output(t, "table", &table)
	for _, want := range []string{
		"k2fm11x9d8t12ab    MIGRATION  Migrating             1.24 s        99  orders-mysql-to-polardb\n",
		"w7c31dd0kq19m5e    MIGRATION  Finished                   -       100  订单库迁移\n",
		"s6b10trk3m8c2z4    SUBSCRIBE  Normal",
	} {
		if !strings.Contains(table, want) {
			t.Errorf("no %q in:\n%s", want, table)
		}
	}
	if jobs, requests := strings.Count(table, "\n")-1, len(e.Requests()); jobs < 50 || requests == 0 {
		t.Errorf("%d jobs, %d requests", jobs, requests)
	}
}
