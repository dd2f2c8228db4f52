package provider_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// auditNow is the time that the dates of the account are compared with.
const auditNow = "2026-11-20T08:00:00Z"

// audit is what the example reports on an account.
type audit struct {
	printed, html string
	records       []map[string]string
	findings      map[string][]finding
	totals        struct {
		Jobs     int
		Statuses map[string]int
		Findings map[string]int
	}
}

type finding struct {
	ID      string `json:"dts_job_id"`
	Name    string `json:"dts_job_name"`
	Reason  string
	HelpURL string `json:"help_url"`
}

// bothRegions are those of the built-in account.
var bothRegions = []string{"-var", `regions=["cn-hangzhou", "ap-southeast-1"]`}

// audited applies the example to what an emulator serves.
func audited(t *testing.T, e *emulator.Emulator, arguments ...string) audit {
	t.Helper()
	return auditedBy(t, newCLI(t, "../../examples/audit"), append(auditArguments(t, e), arguments...))
}

// auditArguments serves an account and returns what the CLI needs to audit it.
func auditArguments(t *testing.T, e *emulator.Emulator) []string {
	t.Helper()
	e.Rate = -1
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return []string{"-no-color", "-var", "now=" + auditNow, "-var", "emulator=" + hostOf(server.URL)}
}

// auditedBy applies a copy of the example.
func auditedBy(t *testing.T, c *cli, arguments []string) audit {
	t.Helper()
	a := audit{printed: c.mustRun(t, append([]string{"apply", "-auto-approve"}, arguments...)...)}
	for output, into := range map[string]any{"totals": &a.totals, "findings": &a.findings} {
		if err := json.Unmarshal([]byte(c.mustRun(t, "output", "-json", output)), into); err != nil {
			t.Fatal(err)
		}
	}
	a.html = c.mustRun(t, "output", "-raw", "report_html")
	table, marked := strings.CutPrefix(c.mustRun(t, "output", "-raw", "report_csv"), "\ufeff")
	if !marked {
		t.Error("the CSV has no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		record := map[string]string{}
		for i, cell := range row {
			record[rows[0][i]] = cell
		}
		a.records = append(a.records, record)
	}
	if len(a.records) != a.totals.Jobs {
		t.Errorf("%d rows of CSV for %d jobs", len(a.records), a.totals.Jobs)
	}
	return a
}

// of is what the audit found of a kind in a job.
func (a audit) of(kind, id string) (found finding, ok bool) {
	i := slices.IndexFunc(a.findings[kind], func(f finding) bool { return f.ID == id })
	if i < 0 {
		return finding{}, false
	}
	return a.findings[kind][i], true
}

func TestAudit(t *testing.T) {
	t.Parallel()
	newCLI(t, "../../examples/audit").mustRun(t, "fmt", "-check", "-recursive")
	a := audited(t, &emulator.Emulator{}, bothRegions...)
	for _, want := range []struct{ kind, id, reason string }{
		{"failing", "f3y61hq8r02zp7d", "DTS-070211: Connect Source DB failed."},
		{"failing", "gfwyfeuuzsvrtsl", "Access denied for user 'dtstest'"},
		{"failing", "boyd92vl8h32vor", "DTS-070211"},
		{"retrying", "h5r90tv2n4j6c8x", "Retried 5 times in 912 of at most 7200 s to reach destDB: Cannot add or update a child row"},
		{"retrying", "rhz8jiqk6061och", "Broker may not be available"},
		{"lagging", "h5r90tv2n4j6c8x", "912.45 s behind, the limit is 300 s"},
		{"expiring", "ztwjsw7xopc16jp", "Expired on 2026-11-08"},
		{"no_tls", "i03e3zty16i****", "Connects without TLS to the destination and the source"},
		{"oversized", "r5bcugctztfmbtn", "Uses at most 4 % of its resources: small, 2 DU"},
		{"untagged", "hf73q8bj3ligkam", "Has no tag"},
		{"two_way", "t2w40fwd8b6n3k1", "Job t2w41rev5c7m9p2 is the reverse job"},
	} {
		if found, ok := a.of(want.kind, want.id); !ok || !strings.Contains(found.Reason, want.reason) {
			t.Errorf("%s %s: %q, want %q", want.kind, want.id, found.Reason, want.reason)
		}
	}
	if found, _ := a.of("failing", "f3y61hq8r02zp7d"); found.HelpURL != "https://help.aliyun.com/document_detail/462133.html" ||
		!strings.Contains(a.html, `href="`+found.HelpURL+`"`) {
		t.Errorf("help at %q", found.HelpURL)
	}
	// An ordinary job, one that is encrypted, and the other of two directions.
	for kind := range a.findings {
		for _, id := range []string{"k2fm11x9d8t12ab", "xs770kp06t15ork", "t2w41rev5c7m9p2"} {
			if found, ok := a.of(kind, id); ok {
				t.Errorf("%s is %s: %s", id, kind, found.Reason)
			}
		}
		if found := len(a.findings[kind]); found == 0 || found != a.totals.Findings[kind] {
			t.Errorf("%d are %s, the total is %d", found, kind, a.totals.Findings[kind])
		}
	}
	for _, check := range []string{"failing", "retrying", "lagging", "expiring", "no_tls", "oversized", "untagged"} {
		if !wrapped(fmt.Sprintf("in check %q", check)).MatchString(a.printed) {
			t.Errorf("check %s does not warn", check)
		}
	}
	for _, want := range []string{"Retrying: 3 of ", "h5r90tv2n4j6c8x billing-mysql-to-polardb (cn-hangzhou, Retrying): Retried 5 times", "more"} {
		if !wrapped(regexp.QuoteMeta(want)).MatchString(a.printed) {
			t.Errorf("no %q in:\n%s", want, a.printed)
		}
	}
	if strings.Contains(a.printed, `check "two_way"`) || strings.Contains(a.printed, "<table") {
		t.Errorf("too much is printed:\n%s", a.printed)
	}
	p := parsed(t, a.html)
	if rows := p.elements["tr"] - 1; rows != a.totals.Jobs || p.elements["progress"] == 0 {
		t.Errorf("%d rows for %d jobs, %d bars", rows, a.totals.Jobs, p.elements["progress"])
	}
	for _, want := range []string{"订单库迁移", "billing-mysql-to-polardb", "15 min"} {
		if !p.hasText(want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	for _, record := range a.records {
		if record["id"] == "k2fm11x9d8t12ab" && (record["tags"] != "env=prod; team=orders" ||
			record["console_url"] != "https://dtsnew.console.aliyun.com/migrate/cn-hangzhou") {
			t.Errorf("tags %q, console at %q", record["tags"], record["console_url"])
		}
	}
}

// TestAuditOfStatuses has statuses that differ only in case.
func TestAuditOfStatuses(t *testing.T) {
	t.Parallel()
	a := audited(t, accountOf(t, []map[string]any{
		{"DtsJobId": "a", "Status": "synchronizing"}, {"DtsJobId": "b", "Status": "Synchronizing"},
		{"DtsJobId": "c", "Status": "failed"}, {"DtsJobId": "d"},
	}))
	want := map[string]int{"Synchronizing": 2, "failed": 1, "Unknown": 1}
	if !maps.Equal(a.totals.Statuses, want) {
		t.Errorf("statuses %v, want %v", a.totals.Statuses, want)
	}
	if a.totals.Findings["failing"] != 1 {
		t.Errorf("%d are failing", a.totals.Findings["failing"])
	}
}

// TestAuditAttributes compares with an audit that reads every attribute.
func TestAuditAttributes(t *testing.T) {
	t.Parallel()
	e := &emulator.Emulator{}
	arguments := append(auditArguments(t, e), bothRegions...)
	selected, complete := newCLI(t, "../../examples/audit"), newCLI(t, "../../examples/audit")
	a := auditedBy(t, selected, arguments)
	for _, request := range e.Requests() {
		if request.Parameters.Get("WithoutDbList") != "true" {
			t.Errorf("lists of objects are requested: %v", request.Parameters)
		}
	}
	editFile(t, filepath.Join(complete.directory, "main.tf"), `(?s)  job_attributes = \[.*?\n  \]\n`)
	if b := auditedBy(t, complete, arguments); b.html != a.html || !reflect.DeepEqual(b.records, a.records) {
		t.Error("the audit needs attributes that it does not read")
	}
}

// editFile deletes what an expression matches.
func editFile(t *testing.T, file, expression string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	edited := regexp.MustCompile(expression).ReplaceAll(text, nil)
	if len(edited) == len(text) {
		t.Fatalf("%s does not match %s", file, expression)
	}
	if err := os.WriteFile(file, edited, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestAuditChecks reads the results of the checks as a CI job does.
func TestAuditChecks(t *testing.T) {
	t.Parallel()
	c := newCLI(t, "../../examples/audit")
	c.mustRun(t, append([]string{"plan", "-out=audit.tfplan", "-var", "delay_limit=1000000"}, auditArguments(t, &emulator.Emulator{})...)...)
	planned := checkResults(t, c.mustRun(t, "show", "-json", "audit.tfplan"))
	c.mustRun(t, "apply", "audit.tfplan")
	applied := checkResults(t, c.mustRun(t, "show", "-json"))
	for source, results := range map[string]map[string]string{"plan": planned, "state": applied} {
		if results["failing"] != "fail" || results["lagging"] != "pass" || len(results) != 7 {
			t.Errorf("checks in the %s: %v", source, results)
		}
	}
}

// TestAuditInCI runs the script for CI, which fails until the limits suit the
// account.
func TestAuditInCI(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("The script for CI is not tested: no jq was found on PATH.")
	}
	c := newCLI(t, "../../examples/audit")
	path := t.TempDir()
	if err := os.Symlink(cliPath(t), filepath.Join(path, "terraform")); err != nil {
		t.Fatal(err)
	}
	run := func(arguments ...string) (string, error) {
		command := exec.CommandContext(t.Context(), "sh", append([]string{"ci.sh"}, arguments...)...)
		command.Dir, command.Env = c.directory, append(c.environment, "PATH="+path+":"+os.Getenv("PATH"))
		output, err := command.CombinedOutput()
		return string(output), err
	}
	arguments := auditArguments(t, accountOf(t, []map[string]any{{"DtsJobId": "a", "Status": "Synchronizing", "Delay": 500}}))
	if output, err := run(arguments...); err == nil || !strings.Contains(output, "failed checks: lagging") {
		t.Errorf("%v:\n%s", err, output)
	}
	if output, err := run(append(arguments, "-var", "delay_limit=1000")...); err != nil {
		t.Errorf("%v:\n%s", err, output)
	}
	for _, report := range []string{"report.html", "report.csv"} {
		if info, err := os.Stat(filepath.Join(c.directory, report)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", report, err)
		}
	}
}

// checkResults returns the status of each check block in the JSON of a plan or
// a state.
func checkResults(t *testing.T, text string) map[string]string {
	t.Helper()
	var shown struct {
		Checks []struct {
			Address struct{ Kind, Name string }
			Status  string
		}
	}
	decodeJSON(t, []byte(text), &shown)
	results := map[string]string{}
	for _, check := range shown.Checks {
		if check.Address.Kind == "check" {
			results[check.Address.Name] = check.Status
		}
	}
	return results
}

// TestAuditChanges plans after an apply: with a job that has recovered and one
// that has failed since, and with none.
func TestAuditChanges(t *testing.T) {
	t.Parallel()
	account := func(first, second string) []string {
		return auditArguments(t, accountOf(t, []map[string]any{
			{"DtsJobId": "jobone", "DtsJobName": "one", "Status": first, "TagList": []any{map[string]string{"TagKey": "a"}}},
			{"DtsJobId": "jobtwo", "DtsJobName": "two", "Status": second},
			{"DtsJobId": "jobthree", "DtsJobName": "three", "Status": "Failed"},
		}))
	}
	c := newCLI(t, "../../examples/audit")
	auditedBy(t, c, account("Failed", "Synchronizing"))
	plan := c.mustRun(t, append([]string{"plan"}, account("Synchronizing", "Failed")...)...)
	for _, want := range []string{
		`(?m)^ +- "cn-hangzhou jobone one" += "failing"`,
		`(?m)^ +~ "cn-hangzhou jobtwo two" += "untagged" -> "failing, untagged"`,
		`1 unchanged`,
	} {
		if !regexp.MustCompile(want).MatchString(plan) {
			t.Errorf("no %s in:\n%s", want, plan)
		}
	}
	same := c.mustRun(t, append([]string{"plan"}, account("Failed", "Synchronizing")...)...)
	if strings.Contains(same, "terraform_data.findings must be replaced") {
		t.Errorf("nothing has changed, but the plan is:\n%s", same)
	}
}

// TestAuditOfLimits changes every limit, and the time.
func TestAuditOfLimits(t *testing.T) {
	t.Parallel()
	a := audited(t, &emulator.Emulator{}, "-var", "delay_limit=1000000", "-var", "low_use=1", "-var", "expiry_days=36500",
		"-var", `job_types=["MIGRATION"]`)
	if len(a.findings["lagging"]) != 0 || len(a.findings["oversized"]) != 0 {
		t.Errorf("%v", a.findings)
	}
	if found, _ := a.of("expiring", "xs770kp06t15ork"); found.Reason != "Expires on 2027-11-10" {
		t.Errorf("%q", found.Reason)
	}
	if _, ok := a.of("two_way", "t2w40fwd8b6n3k1"); ok {
		t.Error("a synchronization among the migrations")
	}
}

func emptyAccount() *emulator.Emulator {
	return &emulator.Emulator{Fixtures: fstest.MapFS{"cn-hangzhou/MIGRATION/none.json": {Data: []byte(`{"DtsJobList":[]}`)}}}
}

func TestAuditOfNothing(t *testing.T) {
	t.Parallel()
	a := audited(t, emptyAccount())
	if a.totals.Jobs != 0 || strings.Contains(a.printed, "Warning: Check") {
		t.Errorf("%d jobs:\n%s", a.totals.Jobs, a.printed)
	}
	if p := parsed(t, a.html); !p.hasText("No DTS jobs were found.") || p.elements["table"] != 0 {
		t.Error(a.html)
	}
}

// hostile is text that others could write into a job.
var hostile = []string{
	`<script>alert(1)</script>`,
	`'"><img src=x onerror=alert(1)>`,
	`</title></style></script><script>alert(2)</script>`,
	`&lt;b&gt; &amp;amp; &#39;`,
	"${jsonencode(1)} %{ if true }x%{ endif } $${a} %%{b}",
	"\\u003cb\\u003e \\",
	"javascript:alert(1)",
	`=HYPERLINK("http://localhost","a")`,
	"+1", "-1", "@SUM(A1)", "\t=1", "\r+1", "\n-1", " =1", "＝1",
	`"quoted", and, commas` + "\nand lines",
	"\x00\x1b[31mred\a",
	"很长的中文任务名称",
	strings.Repeat("long", 2000),
	"",
}

// hostileAccount has the same text in every field that text can be in.
func hostileAccount(t *testing.T) *emulator.Emulator {
	t.Helper()
	var jobs []map[string]any
	for i, text := range hostile {
		endpoint := map[string]any{"EngineName": text, "InstanceType": text, "SslSolutionEnum": text}
		stage := map[string]any{"Status": text, "Percent": text, "ErrorMessage": text}
		status := text
		if i%2 == 0 {
			status = "Failed"
		}
		jobs = append(jobs, map[string]any{
			"DtsJobId": fmt.Sprintf("hostile%02d", i), "DtsJobName": text, "Status": status, "DtsJobClass": text,
			"DtsJobDirection": text, "Delay": 9_000_000, "ExpireTime": text, "ErrorMessage": text,
			"ErrorDetails":   []any{map[string]any{"ErrorCode": text, "HelpUrl": text}, map[string]any{"HelpUrl": "https://localhost/" + text}},
			"SourceEndpoint": endpoint, "DestinationEndpoint": endpoint, "CpuUsage": text, "DuRealUsage": text,
			"DataSynchronizationStatus": stage, "DataInitializationStatus": stage, "PrecheckStatus": stage,
			"RetryState": map[string]any{"Retrying": true, "ErrMessage": text, "RetryTarget": text},
			"TagList":    []any{map[string]any{"TagKey": "k" + text, "TagValue": text}},
			"ReverseJob": map[string]any{"DtsJobId": fmt.Sprintf("reverse%02d", i), "DtsJobName": text, "Status": status, "ErrorMessage": text},
		})
	}
	return accountOf(t, jobs)
}

// accountOf has these synchronization jobs.
func accountOf(t *testing.T, jobs []map[string]any) *emulator.Emulator {
	t.Helper()
	response, err := json.Marshal(map[string]any{"DtsJobList": jobs})
	if err != nil {
		t.Fatal(err)
	}
	return &emulator.Emulator{Fixtures: fstest.MapFS{"cn-hangzhou/SYNC/jobs.json": {Data: response}}}
}

func TestAuditOfHostileText(t *testing.T) {
	t.Parallel()
	a := audited(t, hostileAccount(t))
	if a.totals.Jobs != 2*len(hostile) {
		t.Errorf("%d jobs", a.totals.Jobs)
	}
	p := parsed(t, a.html)
	for i, text := range hostile {
		if shown := strings.TrimSpace(control.ReplaceAllString(text, " ")); !p.hasText(shown) {
			t.Errorf("the page does not show %q", shown)
		}
		found, ok := a.of("failing", fmt.Sprintf("hostile%02d", i))
		if ok != (i%2 == 0) || ok && found.Name != text {
			t.Errorf("%v for %q", found, text)
		}
	}
	if strings.ContainsAny(a.printed, "\x00\x1b\a") {
		t.Errorf("control characters in:\n%q", a.printed)
	}
	for _, record := range a.records {
		for column, cell := range record {
			if formula.MatchString(cell) || control.MatchString(cell) {
				t.Errorf("%s is not guarded: %q", column, cell)
			}
		}
		var i int
		if _, err := fmt.Sscanf(record["id"][len("hostile"):], "%d", &i); err != nil {
			t.Fatal(err)
		}
		want := control.ReplaceAllString(hostile[i], " ")
		if formula.MatchString(want) {
			want = "'" + want
		}
		if record["name"] != want {
			t.Errorf("name %q, want %q", record["name"], want)
		}
	}
}

var (
	control = regexp.MustCompile(`\p{Cc}+`)
	formula = regexp.MustCompile(`^\s*[=+@＝＋－＠-]`)
)

// page is a report as a parser reads it.
type page struct {
	elements map[string]int
	texts    map[string]bool
}

// hasText reports whether this is the complete text of an element.
func (p page) hasText(text string) bool { return p.texts[text] }

// parsed reads a report as XML, which the page is on purpose: the parser is
// strict, so a single < or & that is not escaped fails or shows up as an element
// or attribute that the page's template does not have.
func parsed(t *testing.T, html string) page {
	t.Helper()
	// The page's own script and style are the first of each, and are not XML.
	for _, own := range []string{"style", "script"} {
		before, rest, _ := strings.Cut(html, "<"+own+">")
		_, after, ok := strings.Cut(rest, "</"+own+">")
		if !ok {
			t.Fatalf("no %s in:\n%s", own, html)
		}
		html = before + after
	}
	elements := strings.Fields(`html head meta title body header h1 p main section button b span small svg rect ul li i form div
		input label select option output table caption thead tbody tr th td code progress a details summary`)
	attributes := strings.Fields(`lang charset http-equiv content name id aria-label class type data-kind aria-pressed disabled hidden
		viewBox preserveAspectRatio aria-hidden aria-expanded aria-controls x width height placeholder value scope aria-sort
		data-sort data-finding data-status data-region data-type data-tags data-error data-value data-label dir title max href target rel`)
	p := page{elements: map[string]int{}, texts: map[string]bool{}}
	for decoder := xml.NewDecoder(strings.NewReader(html)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return p
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			p.elements[token.Name.Local]++
			if !slices.Contains(elements, token.Name.Local) {
				t.Errorf("unexpected element %s", token.Name.Local)
			}
			for _, attribute := range token.Attr {
				if !slices.Contains(attributes, attribute.Name.Local) {
					t.Errorf("unexpected attribute %s", attribute.Name.Local)
				}
				if attribute.Name.Local == "href" && !strings.HasPrefix(attribute.Value, "https://") {
					t.Errorf("a link to %q", attribute.Value)
				}
			}
		case xml.CharData:
			p.texts[strings.TrimSpace(string(token))] = true
		}
	}
}
