package provider_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

const auditExample = "../../examples/audit"

// bothRegions are those of the built-in account.
var bothRegions = []string{"-var", `regions=["cn-hangzhou", "ap-southeast-1"]`}

// audit is the result of a run of the example.
type audit struct {
	csv, html string
	findings  []string // KIND ID REASON, since TIME
	changes   struct{ New, Gone []string }
	totals    struct {
		Jobs        int
		ReverseJobs int `json:"reverse_jobs"`
		Exceptions  int
		Statuses    map[string]int
	}
}

// audited applies the example to an emulator's account.
func audited(t *testing.T, c *cli, e *emulator.Emulator, arguments ...string) (a audit, printed string) {
	t.Helper()
	printed = c.mustRun(t, slices.Concat([]string{"apply", "-auto-approve"}, auditArguments(t, e), arguments)...)
	return auditOf(t, c), printed
}

// auditArguments serves an account and returns the arguments that audit it.
func auditArguments(t *testing.T, e *emulator.Emulator) []string {
	t.Helper()
	e.Rate = -1
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return []string{"-no-color", "-var", "now=2026-11-20T08:00:00Z", "-var", "emulator=" + hostOf(server.URL)}
}

// auditOf reads the outputs from the state: one start of the CLI less for each.
func auditOf(t *testing.T, c *cli) (a audit) {
	t.Helper()
	var state struct {
		Outputs map[string]struct{ Value json.RawMessage }
	}
	var findings map[string][]struct {
		ID            string `json:"dts_job_id"`
		Reason, Since string
	}
	text, err := os.ReadFile(filepath.Join(c.directory, "terraform.tfstate"))
	if err != nil {
		t.Fatal(err)
	}
	decodeJSON(t, text, &state)
	for output, into := range map[string]any{
		"report_csv": &a.csv, "report_html": &a.html, "findings": &findings, "changes": &a.changes, "totals": &a.totals,
	} {
		decodeJSON(t, state.Outputs[output].Value, into)
	}
	for kind, found := range findings {
		for _, f := range found {
			a.findings = append(a.findings, fmt.Sprintf("%s %s %s, since %s", kind, f.ID, f.Reason, f.Since))
		}
	}
	slices.Sort(a.findings)
	return a
}

func decodeJSON(t *testing.T, text []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}

// records returns the rows of the CSV file by job ID, each by column.
func (a audit) records(t *testing.T) map[string]map[string]string {
	t.Helper()
	table, marked := strings.CutPrefix(a.csv, "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil || !marked || len(rows) != 1+a.totals.Jobs+a.totals.ReverseJobs {
		t.Fatalf("%v, byte order mark %t, %d rows for %v", err, marked, len(rows), a.totals)
	}
	records := map[string]map[string]string{}
	for _, row := range rows[1:] {
		record := map[string]string{}
		for i, cell := range row {
			record[rows[0][i]] = cell
		}
		records[record["id"]] = record
	}
	return records
}

func TestAudit(t *testing.T) {
	t.Parallel()
	e := &emulator.Emulator{}
	c := newCLI(t, auditExample)
	c.mustRun(t, "fmt", "-check", "-recursive")
	a, printed := audited(t, c, e, bothRegions...)
	for _, want := range []string{
		"failing f3y61hq8r02zp7d DTS-070211: Connect Source DB failed.",
		"failing gfwyfeuuzsvrtsl Original error: Access denied for user 'dtstest'",
		"failing p9s73fld4d2h6j8 The task failed for too long and cannot be recovered., since 2026-11-19T14:20:00Z",
		"lagging p9s73fld4d2h6j8 17 h behind, the limit is 5 min, since 2026-11-19T14:59:30Z",
		"retrying h5r90tv2n4j6c8x Retried 5 times in 15 min to reach destDB, fails in 104 min: Cannot add or update",
		"retrying rhz8jiqk6061och Retried 9 times in 30 min to reach destDB, fails in 11 h: " +
			"Broker may not be available., since 2026-11-20T07:29:30Z",
		"expiring ztwjsw7xopc16jp Expired on 2026-11-08, since ",
		"no_tls i03e3zty16i**** Connects without TLS to the destination and the source",
		"oversized r5bcugctztfmbtn Uses at most 4 % of its resources: small, 2 DU",
		"untagged hf73q8bj3ligkam Has no tag",
		"two_way t2w40fwd8b6n3k1 Job t2w41rev5c7m9p2 is the reverse job",
	} {
		if !slices.ContainsFunc(a.findings, func(found string) bool { return strings.HasPrefix(found, want) }) {
			t.Errorf("no %q in:\n%s", want, strings.Join(a.findings, "\n"))
		}
		kind, _, _ := strings.Cut(want, " ")
		if warned := wrapped(fmt.Sprintf("in check %q", kind)).MatchString(printed); warned != (kind != "two_way") {
			t.Errorf("the check of %s warns: %t", kind, warned)
		}
	}
	for _, found := range a.findings { // of an ordinary job, one that is encrypted, and a reverse job
		if regexp.MustCompile(`^\S+ (k2fm11x9d8t12ab|xs770kp06t15ork|t2w41rev5c7m9p2) `).MatchString(found) {
			t.Error(found)
		}
	}
	for _, want := range []string{
		`Retrying: 3 of \d+ jobs and 2 reverse jobs`, `and \d+ more`,
		`h5r90tv2n4j6c8x billing-mysql-to-polardb \(cn-hangzhou, Retrying\): Retried 5 times`,
	} {
		if !wrapped(want).MatchString(printed) {
			t.Errorf("no %q in:\n%s", want, printed)
		}
	}
	records := a.records(t)
	for _, want := range [][3]string{
		{"k2fm11x9d8t12ab", "tags", "env=prod; team=orders"}, {"k2fm11x9d8t12ab", "reverse_of", ""},
		{"k2fm11x9d8t12ab", "type", "migration"}, {"t2w41rev5c7m9p2", "type", "synchronization"},
		{"s6b10trk3m8c2z4", "type", "change tracking"}, {"i03e3zty16i****", "type", "unknown type"},
		{"k2fm11x9d8t12ab", "console_url", "https://dtsnew.console.aliyun.com/migrate/cn-hangzhou"},
		{"t2w41rev5c7m9p2", "reverse_of", "t2w40fwd8b6n3k1"}, {"p9s73fld4d2h6j8", "since", "2026-11-19T14:20:00Z"},
	} {
		if cell := records[want[0]][want[1]]; cell != want[2] {
			t.Errorf("%s of %s: %q, want %q", want[1], want[0], cell, want[2])
		}
	}
	for _, request := range e.Requests() {
		if request.Parameters.Get("WithoutDbList") != "true" {
			t.Errorf("lists of objects are requested: %v", request.Parameters)
		}
	}
	t.Run("browser", func(t *testing.T) { reportHelpsInIncident(t, newBrowser(t, a.html), len(records)) })

	// An attribute that is used but not read causes an error.
	file := filepath.Join(c.directory, "main.tf")
	config, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.Replace(config, []byte("    error_message "), []byte("    # "), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	output, code := c.run(t, append([]string{"plan"}, auditArguments(t, e)...)...)
	if code != 1 || !strings.Contains(output, "Unsupported attribute") {
		t.Errorf("exit code %d:\n%s", code, output)
	}
}

// accountOf has these synchronization jobs.
func accountOf(t *testing.T, jobs ...map[string]any) *emulator.Emulator {
	t.Helper()
	response, err := json.Marshal(map[string]any{"DtsJobList": jobs})
	if err != nil {
		t.Fatal(err)
	}
	return &emulator.Emulator{Fixtures: fstest.MapFS{"cn-hangzhou/SYNC/jobs.json": {Data: response}}}
}

// TestAuditOfJobs has jobs that the built-in account lacks, and other limits.
func TestAuditOfJobs(t *testing.T) {
	t.Parallel()
	tags := []any{map[string]string{"TagKey": "env", "TagValue": "prod"}}
	a, _ := audited(t, newCLI(t, auditExample), accountOf(t,
		map[string]any{"DtsJobId": "lower", "Status": "synchronizing", "TagList": tags, "Delay": 900, "CpuUsage": "3%"},
		map[string]any{"DtsJobId": "upper", "Status": "Synchronizing", "TagList": tags, "Delay": 61234, "CpuUsage": "0.5%"},
		map[string]any{"DtsJobId": "failed", "Status": "failed"},
		map[string]any{"DtsJobId": "nothing", "TagList": tags},
		map[string]any{"DtsJobId": "date", "Status": "Finished", "TagList": tags, "ExpireTime": "soon"},
		map[string]any{"DtsJobId": "later", "Status": "Finished", "TagList": tags, "ExpireTime": "2027-11-10T00:00:00Z"},
		map[string]any{"DtsJobId": "retries", "Status": "Retrying", "TagList": tags, "RetryState": map[string]any{
			"Retrying": true, "RetryCount": 3, "RetryTime": 90, "MaxRetryTime": 60, "RetryTarget": "srcDB"}},
		map[string]any{"DtsJobId": "forward", "Status": "Finished", "ReverseJob": map[string]any{
			"DtsJobId": "reverse", "Status": "Failed", "ErrorMessage": "stopped"}},
		map[string]any{"DtsJobId": "both", "Status": "Finished", "TagList": tags, "ReverseJob": map[string]any{
			"DtsJobId": "row"}},
		map[string]any{"DtsJobId": "row", "Status": "Finished"},
	), "-var", "delay_limit=1000", "-var", "low_use=1", "-var", "expiry_days=36500",
		"-var", `exceptions={failed=["failing", "untagged"]}`)
	want := []string{
		"expiring date Unreadable date: soon, since ", "expiring later Expires on 2027-11-10, since ",
		"failing nothing DTS returns no status, since ", "failing reverse stopped, since ",
		"lagging upper 17 h behind, the limit is 16 min, since 2026-11-19T14:59:26Z",
		"oversized upper Uses at most 0.5 % of its resources, since ",
		"retrying retries Retried 3 times in 90 s to reach srcDB, fails in 0 s, since 2026-11-20T07:58:30Z",
		"two_way both Job row is the reverse job, since ", "two_way forward Job reverse is the reverse job, since ",
		"untagged forward Has no tag, since ",
	}
	if !slices.Equal(a.findings, want) {
		t.Errorf("findings:\n%s\nwant:\n%s", strings.Join(a.findings, "\n"), strings.Join(want, "\n"))
	}
	counts := []int{a.totals.Jobs, a.totals.ReverseJobs, a.totals.Exceptions, a.totals.Statuses["Synchronizing"]}
	if !slices.Equal(counts, []int{9, 2, 2, 2}) {
		t.Errorf("totals: %+v", a.totals)
	}
}

// TestAuditInCI runs the script for CI: with a finding, with a baseline, after a
// change, and in an account without jobs.
func TestAuditInCI(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("the script for CI is not tested, because jq is not installed")
	}
	c := newCLI(t, auditExample)
	path := t.TempDir()
	if err := os.Symlink(cliPath(t), filepath.Join(path, "terraform")); err != nil {
		t.Fatal(err)
	}
	lagging := map[string]any{"DtsJobId": "one", "Status": "Synchronizing", "Delay": 500}
	healthy := map[string]any{"DtsJobId": "two", "Status": "Synchronizing"}
	failed := map[string]any{"DtsJobId": "two", "Status": "Failed"}
	for _, step := range []struct {
		script    []string
		jobs      []map[string]any
		failed    string
		new, gone []string
	}{
		{[]string{"ci.sh"}, []map[string]any{lagging, healthy}, "failed checks: lagging", nil, nil},
		{[]string{"ci.sh", "--baseline"}, []map[string]any{lagging, healthy}, "", nil, nil},
		{[]string{"ci.sh"}, []map[string]any{lagging, failed}, "failed checks: failing",
			[]string{"cn-hangzhou two failing"}, nil},
		{[]string{"ci.sh"}, []map[string]any{}, "", nil, []string{"cn-hangzhou one lagging", "cn-hangzhou one untagged",
			"cn-hangzhou two failing", "cn-hangzhou two untagged"}},
	} {
		arguments := auditArguments(t, accountOf(t, step.jobs...))
		command := exec.CommandContext(t.Context(), "sh", append(step.script, arguments...)...)
		command.Dir, command.Env = c.directory, append(c.environment, "PATH="+path+":"+os.Getenv("PATH"))
		printed, err := command.CombinedOutput()
		if failed := err != nil; failed != (step.failed != "") || !strings.Contains(string(printed), step.failed) {
			t.Fatalf("%v, want %q:\n%s", err, step.failed, printed)
		}
		a := auditOf(t, c)
		if !slices.Equal(a.changes.New, step.new) || !slices.Equal(a.changes.Gone, step.gone) {
			t.Errorf("changes: %v, want new %v, gone %v", a.changes, step.new, step.gone)
		}
		for name, want := range map[string]string{"report.html": a.html, "report.csv": a.csv} {
			if text, err := os.ReadFile(filepath.Join(c.directory, name)); err != nil || string(text) != want {
				t.Errorf("%s: %v: %s", name, err, text)
			}
		}
		for shown, want := range map[string]bool{
			"No DTS jobs were found.": len(step.jobs) == 0, "<b>new</b>": step.new != nil,
		} {
			if strings.Contains(a.html, shown) != want {
				t.Errorf("%d jobs, new %v, but the page is:\n%s", len(step.jobs), step.new, a.html)
			}
		}
	}
}
