package record

import (
	"context"
	"encoding/json"
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
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/credentials"
	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// account is what the emulator serves by itself.
const account = "../emulator/account"

// side is an emulator with a client that keeps what it answers.
type side struct {
	*dts.Client
	mu     sync.Mutex
	bodies []string
}

func configFor(endpoint string) dts.Config {
	source := credentials.NewSource(credentials.Config{Block: credentials.Sources{
		Keys: credentials.Keys{AccessKey: emulator.DefaultAccessKey, SecretKey: emulator.DefaultSecretKey}}})
	return dts.Config{Credential: source.Model, Endpoint: strings.TrimPrefix(endpoint, "http://"), Protocol: "HTTP",
		ConnectTimeout: 10 * time.Second, ReadTimeout: time.Minute, RetryTimeout: time.Minute}
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

func newSide(server *httptest.Server) *side {
	s := &side{}
	config := configFor(server.URL)
	config.OnAnswer = func(_, _ string, _ map[string]string, body []byte) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.bodies = append(s.bodies, string(body))
	}
	s.Client = dts.NewClient(config)
	return s
}

// answers returns what came since it was last asked, in an order of its own.
func (s *side) answers() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	bodies := s.bodies
	s.bodies = nil
	slices.SortFunc(bodies, func(a, b string) int {
		return strings.Compare(textOf([]byte(a), "PageNumber"), textOf([]byte(b), "PageNumber"))
	})
	return bodies
}

// recorded records the built-in account into a folder.
func recorded(t *testing.T, source *httptest.Server) (folder string, recording *Recording) {
	t.Helper()
	recorder := &Recorder{Client: configFor(source.URL), Regions: []string{"cn-hangzhou", "ap-southeast-1"}, Prechecks: -1}
	recording, err := recorder.Record(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	folder = t.TempDir()
	if err := recording.Write(folder); err != nil {
		t.Fatal(err)
	}
	return folder, recording
}

// TestRecordedFolderAnswersAsTheSource asks both sides the same, under the
// mapping of the recording, and compares answers value by value: what is not
// one of the secrets must be the same, and each secret another one, always.
func TestRecordedFolderAnswersAsTheSource(t *testing.T) {
	source := serve(t, nil)
	folder, recording := recorded(t, source)
	replay := newSide(serve(t, os.DirFS(folder)))
	origin := newSide(source)
	c := &comparison{T: t, pairs: map[string]string{}, back: map[string]string{}}
	ctx := t.Context()

	queries, jobs := 0, 0
	for _, region := range []string{"cn-hangzhou", "ap-southeast-1"} {
		for _, jobType := range dts.JobTypeFilter("").Known() {
			all, err := origin.Jobs(ctx, dts.JobsQuery{Region: region, Parameters: map[string]string{"JobType": jobType}})
			if err != nil {
				t.Fatal(err)
			}
			origin.answers()
			for _, asked := range queriesOf(all) {
				queries++
				original := dts.JobsQuery{Region: region, Parameters: maps.Clone(asked)}
				mapped := dts.JobsQuery{Region: region, Parameters: replacedIn(recording.anonymiser, asked)}
				original.Parameters["JobType"], mapped.Parameters["JobType"] = jobType, jobType
				c.what = fmt.Sprintf("%s %v", region, original.Parameters)
				one, err := origin.Jobs(ctx, original)
				if err != nil {
					t.Fatal(err)
				}
				two, err := replay.Jobs(ctx, mapped)
				if err != nil {
					t.Fatal(err)
				}
				if len(one.Jobs) != len(two.Jobs) || len(one.EtlDemoJobs) != len(two.EtlDemoJobs) || *one.TotalRecordCount != *two.TotalRecordCount {
					t.Errorf("%s: %d jobs of %d, want %d of %d", c.what, len(two.Jobs), *two.TotalRecordCount, len(one.Jobs), *one.TotalRecordCount)
				}
				for i, job := range one.Jobs[:min(len(one.Jobs), len(two.Jobs))] {
					if other := two.Jobs[i]; recording.anonymiser.ID(*job.DtsJobID) != *other.DtsJobID || fmt.Sprint(deref(job.DelaySeconds)) != fmt.Sprint(deref(other.DelaySeconds)) {
						t.Errorf("%s: job %d is %s, delay %v, not that of %s, %v", c.what, i, *other.DtsJobID, deref(other.DelaySeconds), *job.DtsJobID, deref(job.DelaySeconds))
					}
				}
				c.answers(origin.answers(), replay.answers())
			}
			for _, job := range all.Jobs {
				jobs++
				for _, one := range asked {
					c.what = fmt.Sprintf("%s %s %v", region, *job.DtsJobID, one)
					parameters := map[string]string{"DtsJobId": *job.DtsJobID, "JobCode": string(one.code), "StructType": string(one.structType)}
					c.precheck(ctx, origin, dts.PrecheckQuery{Region: region, Parameters: parameters})
					c.precheck(ctx, replay, dts.PrecheckQuery{Region: region, Parameters: replacedIn(recording.anonymiser, parameters)})
					c.answers(origin.answers(), replay.answers())
				}
			}
		}
	}
	t.Logf("%d lists and the subtasks of %d jobs compared, %d secrets", queries, jobs, len(c.pairs))
	if queries < 100 || jobs < 50 || len(c.pairs) < 300 {
		t.Error("too little was compared")
	}
}

// queriesOf returns a query for each filter and each value of it in a list.
func queriesOf(all dts.Listing) []map[string]string {
	queries := []map[string]string{{}, {"WithoutDbList": "true"}, {"OrderColumn": "CreateTime", "OrderDirection": "DESC"}, {"OrderColumn": "CreateTime"}}
	seen := map[string]bool{}
	add := func(asked map[string]string) {
		if key := fmt.Sprint(asked); !seen[key] && !slices.Contains(slices.Collect(maps.Values(asked)), "") {
			seen[key] = true
			queries = append(queries, asked)
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

// replacedIn maps the parameters that name something of the account's.
func replacedIn(a *Anonymiser, parameters map[string]string) map[string]string {
	mapped := maps.Clone(parameters)
	for name, value := range mapped {
		switch {
		case strings.HasSuffix(name, "Id"), name == "Params":
			mapped[name] = a.replace(value)
		case name == "Tags":
			mapped[name] = regexp.MustCompile(`(:)"([^"]*)"`).ReplaceAllStringFunc(value, func(part string) string {
				return `:"` + a.replace(part[2:len(part)-1]) + `"`
			})
		}
	}
	return mapped
}

func deref[T any](value *T) (zero T) {
	if value == nil {
		return zero
	}
	return *value
}

// secrets are the fields that must not be told, by this test's own list.
var secrets = regexp.MustCompile(`^(DtsJobId|DtsInstanceID|DtsJobName|JobId|Id|InstanceID|ResourceGroupId|ResourceGroupDisplayName|DedicatedClusterId|RequestId|` +
	`DatabaseName|UserName|OracleSID|Ip|ConsumptionClient|DbObject|TagKey|TagValue|TargetNames|SourceSchema|DestSchema|ParentObj|DdlSql|ErrData|` +
	`SrcRegionCidr|DestRegionCidr|src(HostPorts|VpcNetMappingInst)|destVpcNetMappingInst)$`)

// mixed are the fields with keys of the service and free text.
var mixed = regexp.MustCompile(`^(Item|Names|ErrMsg|ErrDetail|ErrMessage|ErrorMessage|FailedReason|RepairMethod|JobName|Result|` +
	`ModelVersion|(Cn|International)DocUrl|(Src|Dest|Host)Region)$`)

// words are the fields with one word of the service, but in the sample that
// fills every field with its own name.
var words = regexp.MustCompile(`^(ErrType|LogLevel|Code|EndpointType|Current|(Source|Destination)EndpointType)$`)

var serviceKey = regexp.MustCompile(`^(CHECK_|ANALYSIS_|DTS-[0-9]+$|dts\.(retry|step)\.|https://(help.aliyun|www.alibabacloud).com/|network-v|` +
	`(Schema|Full Data|Incremental Data) Migration$|Precheck$|cn-hangzhou$)`)

// isSecret reports whether a value of a field must not be told.
func isSecret(field, value string) bool {
	switch {
	case mixed.MatchString(field):
		return !serviceKey.MatchString(value)
	case words.MatchString(field):
		return strings.Contains(value, " ")
	}
	return secrets.MatchString(field)
}

// comparison compares answers and remembers which secret became which.
type comparison struct {
	*testing.T
	what        string
	pairs, back map[string]string
}

func (c *comparison) precheck(ctx context.Context, s *side, q dts.PrecheckQuery) {
	if _, err := s.Precheck(ctx, q); err != nil {
		c.Fatalf("%s: %v", c.what, err)
	}
}

func (c *comparison) answers(origin, replay []string) {
	c.Helper()
	if len(origin) != len(replay) {
		c.Errorf("%s: %d pages, want %d", c.what, len(replay), len(origin))
		return
	}
	for i := range origin {
		var one, two any
		if err := json.Unmarshal([]byte(origin[i]), &one); err != nil {
			c.Fatal(err)
		}
		if err := json.Unmarshal([]byte(replay[i]), &two); err != nil {
			c.Fatal(err)
		}
		c.values("", one, two)
	}
}

func (c *comparison) values(field string, one, two any) {
	switch one := one.(type) {
	case map[string]any:
		two, _ := two.(map[string]any)
		if !slices.Equal(slices.Sorted(maps.Keys(one)), slices.Sorted(maps.Keys(two))) {
			c.Fatalf("%s: %s has other members: %v, want %v", c.what, field, two, one)
		}
		for name := range one {
			c.values(name, one[name], two[name])
		}
	case []any:
		two, _ := two.([]any)
		if len(one) != len(two) {
			c.Fatalf("%s: %s has %d elements, want %d", c.what, field, len(two), len(one))
		}
		for i := range one {
			c.values(field, one[i], two[i])
		}
	case string:
		two, isText := two.(string)
		if !isText {
			c.Fatalf("%s: %s is no string any more: %v", c.what, field, two)
		}
		c.texts(field, one, two)
	default:
		if one != two {
			c.Fatalf("%s: %s is %v, want %v", c.what, field, two, one)
		}
	}
}

func (c *comparison) texts(field, one, two string) {
	switch {
	case field == "Reserved":
		var inner, other any
		if json.Unmarshal([]byte(one), &inner) != nil || json.Unmarshal([]byte(two), &other) != nil {
			c.Fatalf("%s: %s is %s", c.what, field, two)
		}
		c.values(field, inner, other)
	case field == "RequestId": // The emulator's own.
	case one != "" && isSecret(field, one):
		c.secret(field, one, two)
	case one != two:
		c.Errorf("%s: %s is %q, want %q", c.what, field, two, one)
	}
}

// secret wants the same replacement for the same original, and another one for
// any other.
func (c *comparison) secret(field, one, two string) {
	if one == two {
		c.Errorf("%s: %s is still %q", c.what, field, one)
	}
	if before, known := c.pairs[one]; known && before != two {
		c.Errorf("%s: %s %q became %q, and %q before", c.what, field, one, two, before)
	}
	if before, known := c.back[two]; known && before != one {
		c.Errorf("%s: %s: both %q and %q became %q", c.what, field, one, before, two)
	}
	c.pairs[one], c.back[two] = two, one
}

// TestNothingOfTheSourceIsLeft looks for each secret of the source's files in
// each byte that was written, names of files included. A database called 0, as
// Redis has it, can't be told from a number so; the test above sees to it.
func TestNothingOfTheSourceIsLeft(t *testing.T) {
	folder, _ := recorded(t, serve(t, nil))
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
	eachFile(t, folder, func(name string, data []byte) {
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
	if digits.MatchString(original) {
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

func eachFile(t *testing.T, folder string, look func(name string, data []byte)) {
	t.Helper()
	files := os.DirFS(folder)
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
