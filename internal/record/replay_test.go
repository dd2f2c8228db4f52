package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/dts/rpc"
	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// account is what the emulator serves by itself.
const account = "../emulator/account"

// client is a client that keeps the responses it gets.
type client struct {
	*dts.Client
	mu     sync.Mutex
	bodies []string
}

func newClient(server *httptest.Server) *client {
	c := &client{}
	config := configFor(server.URL)
	config.OnResponse = func(_, _ string, _ map[string]string, body []byte) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.bodies = append(c.bodies, string(body))
	}
	c.Client = dts.NewClient(config)
	return c
}

func configFor(url string) rpc.Config {
	return rpc.Config{
		Credentials: rpc.StaticCredential{AccessKeyID: emulator.DefaultAccessKey, AccessKeySecret: emulator.DefaultSecretKey},
		Endpoint:    strings.TrimPrefix(url, "http://"),
		Protocol:    "HTTP",
		RequestRate: -1,
	}
}

// responses returns what came since the last call, by page number.
func (c *client) responses() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	bodies := c.bodies
	c.bodies = nil
	slices.SortFunc(bodies, func(a, b string) int {
		return strings.Compare(text([]byte(a), "PageNumber"), text([]byte(b), "PageNumber"))
	})
	return bodies
}

func serve(t *testing.T, fixtures fs.FS) *httptest.Server {
	t.Helper()
	api := &emulator.Emulator{Fixtures: fixtures, Rate: -1}
	if err := api.Load(); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	return server
}

// recordAccount records the built-in account into a directory.
func recordAccount(t *testing.T, source *httptest.Server) (directory string) {
	t.Helper()
	recorder := &Recorder{Client: configFor(source.URL), Regions: []string{"cn-hangzhou", "ap-southeast-1"}, Prechecks: -1}
	recording, err := recorder.Record(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	directory = t.TempDir()
	if err := recording.Write(directory); err != nil {
		t.Fatal(err)
	}
	return directory
}

// TestReplay sends the same requests to the source and to an emulator with the
// recording, with the replacements in their parameters, and compares responses
// value by value: what is not a secret must be the same, and each secret has one
// replacement of its own everywhere.
func TestReplay(t *testing.T) {
	source := serve(t, nil)
	c := &comparison{
		T:      t,
		origin: newClient(source), replay: newClient(serve(t, os.DirFS(recordAccount(t, source)))),
		replacements: map[string]string{}, originals: map[string]string{},
	}
	lists, jobs := 0, 0
	for _, region := range []string{"cn-hangzhou", "ap-southeast-1"} {
		for _, jobType := range api.JobTypeFilter("").Known() {
			all := c.jobs(region, map[string]string{"JobType": jobType})
			for _, parameters := range queriesOf(all) {
				parameters["JobType"] = jobType
				c.jobs(region, parameters)
				lists++
			}
			for _, job := range all.Jobs {
				c.subtasks(region, *job.DtsJobID)
				jobs++
			}
		}
	}
	t.Logf("%d lists and the subtasks of %d jobs compared, %d secrets", lists, jobs, len(c.replacements))
	if lists < 100 || jobs < 50 || len(c.replacements) < 300 {
		t.Error("too little was compared")
	}
}

// queriesOf returns parameters for each filter and each value of it in a list.
func queriesOf(all *dts.JobListing) []map[string]string {
	queries := []map[string]string{{"WithoutDbList": "true"}, {"OrderColumn": "CreateTime", "OrderDirection": "DESC"}, {"OrderColumn": "CreateTime"}}
	seen := map[string]bool{}
	add := func(parameters map[string]string) {
		if key := fmt.Sprint(parameters); !seen[key] && !slices.Contains(slices.Collect(maps.Values(parameters)), "") {
			seen[key] = true
			queries = append(queries, parameters)
		}
	}
	for _, job := range all.Jobs {
		add(map[string]string{"Status": string(deref(job.Status))})
		add(map[string]string{"DtsJobId": deref(job.DtsJobID)})
		add(map[string]string{"DtsInstanceId": deref(job.DtsInstanceID)})
		add(map[string]string{"Type": "name", "Params": deref(job.DtsJobName)})
		add(map[string]string{"Type": "instance", "Params": deref(job.DtsInstanceID)})
		add(map[string]string{"Type": "srcRds", "Params": deref(job.SourceEndpoint.InstanceID)})
		add(map[string]string{"Type": "rds", "Params": deref(job.DestinationEndpoint.InstanceID)})
		add(map[string]string{"InstanceId": deref(job.SourceEndpoint.InstanceID)})
		add(map[string]string{"InstanceType": deref(job.DestinationEndpoint.InstanceType)})
		add(map[string]string{"SrcProductType": deref(job.SourceEndpoint.InstanceType)})
		add(map[string]string{"DestProductType": deref(job.DestinationEndpoint.InstanceType), "Status": string(deref(job.Status))})
		add(map[string]string{"ResourceGroupId": deref(job.ResourceGroupID)})
		add(map[string]string{"DedicatedClusterId": deref(job.DedicatedClusterID)})
		add(map[string]string{"DtsBisLabel": string(deref(job.DtsBisLabel))})
		for key, value := range job.Tags {
			add(map[string]string{"Tags": fmt.Sprintf(`[{"key":%q,"value":%q}]`, key, value)})
			add(map[string]string{"Tags": fmt.Sprintf(`[{"key":%q}]`, key)})
		}
	}
	return queries
}

func deref[T any](value *T) (zero T) {
	if value == nil {
		return zero
	}
	return *value
}

// secrets are the fields that must be replaced. The list is the test's own.
var secrets = regexp.MustCompile(`^(DtsJobId|DtsInstanceID|DtsJobName|JobId|Id|InstanceID|ResourceGroupId|ResourceGroupDisplayName|DedicatedClusterId|RequestId|` +
	`DatabaseName|UserName|OracleSID|Ip|ConsumptionClient|DbObject|TagKey|TagValue|TargetNames|SourceSchema|DestSchema|ParentObj|DdlSql|ErrData|` +
	`SrcRegionCidr|DestRegionCidr|src(HostPorts|VpcNetMappingInst)|destVpcNetMappingInst|vpcId|vswitchId)$`)

// mixed are the fields with keys of the service or free text.
var mixed = regexp.MustCompile(`^(Item|Names|ErrMsg|ErrDetail|ErrMessage|ErrorMessage|FailedReason|RepairMethod|JobName|Result|` +
	`ModelVersion|(Cn|International)DocUrl|(Src|Dest|Host)Region)$`)

// words are the fields with a value of the service, except in the sample that
// fills every field with its own name.
var words = regexp.MustCompile(`^(ErrType|LogLevel|Code|EndpointType|Current|(Source|Destination)EndpointType)$`)

var serviceKey = regexp.MustCompile(`^(CHECK_|ANALYSIS_|DTS-[0-9]+$|dts\.(retry|step)\.|https://(help.aliyun|www.alibabacloud).com/|network-v|` +
	`(Schema|Full Data|Incremental Data) Migration$|Precheck$|cn-hangzhou$)`)

// isSecret reports whether a value of a field must be replaced.
func isSecret(field, value string) bool {
	switch {
	case mixed.MatchString(field):
		return !serviceKey.MatchString(value)
	case words.MatchString(field):
		return strings.Contains(value, " ")
	}
	return secrets.MatchString(field)
}

// comparison compares responses and remembers which secret became which.
type comparison struct {
	*testing.T
	origin, replay          *client
	what                    string // is compared
	replacements, originals map[string]string
}

// jobs compares a list of jobs and returns the source's.
func (c *comparison) jobs(region string, parameters map[string]string) *dts.JobListing {
	c.Helper()
	c.what = fmt.Sprintf("%s %v", region, parameters)
	want, err := c.origin.Jobs(c.Context(), region, jobsRequest(parameters))
	if err != nil {
		c.Fatalf("%s: %v", c.what, err)
	}
	got, err := c.replay.Jobs(c.Context(), region, jobsRequest(c.replaced(parameters)))
	if err != nil {
		c.Fatalf("%s: %v", c.what, err)
	}
	c.responses()
	if len(got.Jobs) != len(want.Jobs) || len(got.EtlDemoJobs) != len(want.EtlDemoJobs) || *got.TotalRecordCount != *want.TotalRecordCount {
		c.Fatalf("%s: %d jobs of %d, want %d of %d", c.what, len(got.Jobs), *got.TotalRecordCount, len(want.Jobs), *want.TotalRecordCount)
	}
	for i := range want.Jobs {
		if got, want := *got.Jobs[i].DtsJobID, c.replacements[*want.Jobs[i].DtsJobID]; got != want {
			c.Errorf("%s: job %d is %s, want %s", c.what, i, got, want)
		}
	}
	return want
}

func (c *comparison) subtasks(region, jobID string) {
	c.Helper()
	for _, kind := range subtaskKinds {
		parameters := map[string]string{"DtsJobId": jobID, "JobCode": string(kind.code), "StructType": string(kind.structType)}
		c.what = fmt.Sprintf("%s %v", region, parameters)
		_, wantErr := c.origin.Precheck(c.Context(), region, precheckRequest(parameters))
		_, gotErr := c.replay.Precheck(c.Context(), region, precheckRequest(c.replaced(parameters)))
		if err := errors.Join(wantErr, gotErr); err != nil {
			c.Fatalf("%s: %v", c.what, err)
		}
		c.responses()
	}
}

// jobsRequest is the request that sends the parameters.
func jobsRequest(parameters map[string]string) api.JobsRequest {
	r := api.JobsRequest{
		Status: api.JobStatus(parameters["Status"]), OrderColumn: api.OrderColumn(parameters["OrderColumn"]),
		OrderDirection: api.OrderDirection(parameters["OrderDirection"]), DtsBisLabel: api.BisLabel(parameters["DtsBisLabel"]),
		SrcProductType: parameters["SrcProductType"], DestProductType: parameters["DestProductType"], InstanceType: parameters["InstanceType"],
		JobType: api.JobTypeFilter(parameters["JobType"]), Type: api.QueryType(parameters["Type"]), Params: parameters["Params"],
		GroupID: parameters["GroupId"], DedicatedClusterID: parameters["DedicatedClusterId"],
		ResourceGroupID: parameters["ResourceGroupId"], InstanceID: parameters["InstanceId"],
	}
	if parameters["WithoutDbList"] == "true" {
		r.WithoutDbList = new(true)
	}
	if id, isSet := parameters["DtsJobId"]; isSet {
		r.JobIDs = []api.ID{api.ID(id)}
	}
	if id, isSet := parameters["DtsInstanceId"]; isSet {
		r.InstanceIDs = []api.ID{api.ID(id)}
	}
	var tags []struct{ Key, Value string }
	if json.Unmarshal([]byte(parameters["Tags"]), &tags) == nil {
		r.Tags = map[string]string{}
		for _, tag := range tags {
			r.Tags[tag.Key] = tag.Value
		}
	}
	return r
}

func precheckRequest(parameters map[string]string) api.PrecheckRequest {
	return api.PrecheckRequest{PrecheckSelection: api.PrecheckSelection{
		DtsJobID: parameters["DtsJobId"], JobCode: api.JobCode(parameters["JobCode"]), StructType: api.StructType(parameters["StructType"]),
	}}
}

var tagPart = regexp.MustCompile(`(:)"([^"]*)"`)

// replaced replaces the parameters that are secrets of the account.
func (c *comparison) replaced(parameters map[string]string) map[string]string {
	replaced := maps.Clone(parameters)
	for name, value := range replaced {
		switch {
		case strings.HasSuffix(name, "Id"), name == "Params":
			replaced[name] = c.replacementOf(name, value)
		case name == "Tags":
			replaced[name] = tagPart.ReplaceAllStringFunc(value, func(part string) string {
				return fmt.Sprintf(":%q", c.replacementOf(name, part[2:len(part)-1]))
			})
		}
	}
	return replaced
}

func (c *comparison) replacementOf(name, value string) string {
	replacement, isKnown := c.replacements[value]
	if !isKnown && value != "" {
		c.Fatalf("%s: no replacement of %s %q has been seen", c.what, name, value)
	}
	return replacement
}

// responses compares the responses that both sides sent last.
func (c *comparison) responses() {
	c.Helper()
	origin, replay := c.origin.responses(), c.replay.responses()
	if len(origin) != len(replay) {
		c.Fatalf("%s: %d pages, want %d", c.what, len(replay), len(origin))
	}
	for i := range origin {
		var want, got any
		if err := errors.Join(json.Unmarshal([]byte(origin[i]), &want), json.Unmarshal([]byte(replay[i]), &got)); err != nil {
			c.Fatal(err)
		}
		c.values("", want, got)
	}
}

func (c *comparison) values(field string, want, got any) {
	switch want := want.(type) {
	case map[string]any:
		got, _ := got.(map[string]any)
		if !slices.Equal(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))) {
			c.Fatalf("%s: %s has other members: %v, want %v", c.what, field, got, want)
		}
		for name := range want {
			c.values(name, want[name], got[name])
		}
	case []any:
		got, _ := got.([]any)
		if len(want) != len(got) {
			c.Fatalf("%s: %s has %d elements, want %d", c.what, field, len(got), len(want))
		}
		for i := range want {
			c.values(field, want[i], got[i])
		}
	case string:
		got, isText := got.(string)
		if !isText {
			c.Fatalf("%s: %s is not a string anymore: %v", c.what, field, got)
		}
		c.texts(field, want, got)
	default:
		if want != got {
			c.Fatalf("%s: %s is %v, want %v", c.what, field, got, want)
		}
	}
}

func (c *comparison) texts(field, want, got string) {
	switch {
	case field == "Reserved":
		var wantSettings, gotSettings any
		if json.Unmarshal([]byte(want), &wantSettings) != nil || json.Unmarshal([]byte(got), &gotSettings) != nil {
			c.Fatalf("%s: %s is %s", c.what, field, got)
		}
		c.values(field, wantSettings, gotSettings)
	case field == "RequestId": // Each emulator makes its own.
	case want != "" && isSecret(field, want):
		c.secret(field, want, got)
	case want != got:
		c.Errorf("%s: %s is %q, want %q", c.what, field, got, want)
	}
}

// secret checks that an original always has the same replacement, and no other
// original has it.
func (c *comparison) secret(field, original, replacement string) {
	if original == replacement {
		c.Errorf("%s: %s is still %q", c.what, field, original)
	}
	if before, isKnown := c.replacements[original]; isKnown && before != replacement {
		c.Errorf("%s: %s %q became %q, and %q before", c.what, field, original, replacement, before)
	}
	if before, isKnown := c.originals[replacement]; isKnown && before != original {
		c.Errorf("%s: %s: both %q and %q became %q", c.what, field, original, before, replacement)
	}
	c.replacements[original], c.originals[replacement] = replacement, original
}

// TestNoSecretIsLeft looks for each secret of the source's files in every byte
// that was written, file names included. A database called 0, as Redis has it,
// can't be told from other numbers here; TestReplay checks it.
func TestNoSecretIsLeft(t *testing.T) {
	directory := recordAccount(t, serve(t, nil))
	originals := map[string]bool{}
	eachFile(t, account, func(name string, data []byte) {
		if strings.HasSuffix(name, ".json") {
			var value any
			if err := json.Unmarshal(data, &value); err != nil {
				t.Fatal(err)
			}
			collect(originals, "", value)
		}
	})
	if len(originals) < 400 {
		t.Fatalf("only %d originals", len(originals))
	}
	files := 0
	eachFile(t, directory, func(name string, data []byte) {
		files++
		text := name + "\n" + strings.ReplaceAll(string(data), `\`, "")
		for original := range originals {
			if original == "0" {
				continue
			}
			if at := find(text, strings.ReplaceAll(original, `\`, "")); at >= 0 {
				t.Errorf("%s still has %q: %s", name, original, text[max(0, at-40):min(len(text), at+60)])
			}
		}
	})
	t.Logf("%d originals looked for in %d files", len(originals), files)
}

// find returns where a text has the original, -1 if nowhere. A part of a longer
// word does not count, as form in Performance, nor 4711 in a request id.
func find(text, original string) int {
	part := regexp.MustCompile(`[A-Za-z0-9_]`)
	if regexp.MustCompile(`^[0-9]+$`).MatchString(original) {
		part = regexp.MustCompile(`[A-Za-z0-9_-]`)
	}
	for from := 0; ; from++ {
		at := strings.Index(text[from:], original)
		if at < 0 {
			return -1
		}
		from += at
		end := from + len(original)
		if !part.MatchString(text[max(0, from-1):from]) && !part.MatchString(text[end:min(len(text), end+1)]) {
			return from
		}
	}
}

// collect adds all secrets in a value, those in nested JSON and in the names of
// DbObject's maps too.
func collect(originals map[string]bool, field string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			if structural := regexp.MustCompile(`^(name|all|Table|state|edit)$`); field == "DbObject" && !structural.MatchString(name) {
				originals[name] = true
			}
			if field == "DbObject" && name != "state" {
				name = field
			}
			collect(originals, name, inner)
		}
	case []any:
		for _, inner := range value {
			collect(originals, field, inner)
		}
	case string:
		var nested any
		if err := json.Unmarshal([]byte(value), &nested); err == nil && strings.HasPrefix(value, "{") {
			collect(originals, field, nested)
			return
		}
		if (isSecret(field, value) || field == "GroupId") && strings.TrimSpace(value) != "" {
			originals[strings.TrimSpace(value)] = true
		}
	}
}

func eachFile(t *testing.T, directory string, look func(name string, data []byte)) {
	t.Helper()
	files := os.DirFS(directory)
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, name)
		if err == nil {
			look(name, data)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
