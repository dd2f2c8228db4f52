package provider_test

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

// manyJobs are as many as a large account has, with all that a report shows.
func manyJobs(count int) []map[string]any {
	statuses := []string{"Synchronizing", "synchronizing", "Failed", "Suspending", "Finished", "Initializing", "PrecheckFailed", "Retrying"}
	errors := []string{"DTS-070211: Connect Source DB failed. " + strings.Repeat("Communications link failure. ", 12),
		"DTS-1020042: The table has no primary key.", "DTS-1010015: The account has no REPLICATION privilege."}
	var jobs []map[string]any
	for i := range count {
		job := map[string]any{
			"DtsJobId": fmt.Sprintf("job%03d", i), "DtsJobName": fmt.Sprintf("orders-%03d-to-analytics", i), "Status": statuses[i%len(statuses)],
			"JobType": "sync", "DtsJobClass": "large", "Delay": i % 7 * i, "ExpireTime": fmt.Sprintf("2027-%02d-%02dT00:00:00Z", i%12+1, i%28+1),
			"SourceEndpoint":      map[string]any{"EngineName": "MySQL", "InstanceType": "RDS"},
			"DestinationEndpoint": map[string]any{"EngineName": "AnalyticDB", "InstanceType": "ads", "SslSolutionEnum": "DISABLE"},
			"TagList":             []any{map[string]any{"TagKey": "env", "TagValue": []string{"prod", "staging"}[i%2]}, map[string]any{"TagKey": "team", "TagValue": fmt.Sprintf("team-%d", i%9)}},
			"PrecheckStatus":      map[string]any{"Status": "Success", "Percent": "100"},
		}
		switch job["Status"] {
		case "Failed":
			job["ErrorMessage"] = errors[i/len(statuses)%len(errors)]
			job["DataInitializationStatus"] = map[string]any{"Status": "Failed", "Percent": fmt.Sprint(i % 100)}
		case "PrecheckFailed":
			job["ErrorMessage"] = "The binlog_format of the source is STATEMENT"
		case "Synchronizing":
			job["DataSynchronizationStatus"] = map[string]any{"Status": "Synchronizing", "Percent": "100"}
		}
		jobs = append(jobs, job)
	}
	return jobs
}

// reports are those of four accounts, by name.
type reports map[string]audit

// TestReport shows reports in a browser, each test in one of its own.
func TestReport(t *testing.T) {
	t.Parallel()
	chromium(t) // Without it, no report is needed.
	made := reports{
		"ordinary": audited(t, &emulator.Emulator{}, bothRegions...),
		"many":     audited(t, accountOf(t, manyJobs(500))),
		"hostile":  audited(t, hostileAccount(t)),
		"none":     audited(t, emptyAccount()),
		"progress": audited(t, accountOf(t, progressJobs)),
	}
	for name, test := range map[string]func(*testing.T, *browser, reports){
		"layout": testReportLayout, "phone": testReportOnPhone, "progress": testReportProgress, "sorting": testReportSorting,
		"filters": testReportFilters, "address": testReportAddress, "groups": testReportGroups, "keyboard": testReportByKeyboard, "policy": testReportPolicy, "print": testReportPrint,
	} {
		t.Run(name, func(t *testing.T) { test(t, newBrowser(t), made) })
	}
}

// testReportLayout shows each report on a phone and on a desk, light and dark.
func testReportLayout(t *testing.T, b *browser, reports reports) {
	for name, report := range reports {
		for _, s := range []screen{phone, desk, {phone.width, phone.height, "dark"}, {desk.width, desk.height, "dark"}} {
			t.Run(fmt.Sprintf("%s/%d/%s", name, s.width, s.scheme), func(t *testing.T) {
				b.open(t, report.html, "", s)
				b.screenshot(t, fmt.Sprintf("%s-%d-%s", name, s.width, s.scheme))
				if width := b.number(t, "document.documentElement.scrollWidth"); width > float64(s.width) {
					t.Errorf("the page is %v wide", width)
				}
				if rows := b.number(t, `document.querySelectorAll("tbody tr").length`); int(rows) != report.totals.Jobs {
					t.Errorf("%v rows for %d jobs", rows, report.totals.Jobs)
				}
				var faint []string
				if b.value(t, faintText, &faint); len(faint) > 0 {
					t.Errorf("too little contrast:\n%s", strings.Join(faint, "\n"))
				}
				if script := b.text(t, `[...document.scripts, ...document.images].length.toString()`); script != "1" {
					t.Errorf("%s scripts and images", script)
				}
				b.noProblems(t)
			})
		}
	}
}

// faintText lists elements whose text has less contrast than WCAG 2.2 requires
// at level AA. Text of disabled controls is exempt.
const faintText = `(() => {
	const channels = (color) => color.match(/[\d.]+/g).map(Number);
	const luminance = (color) => channels(color).slice(0, 3).map((c) => c / 255)
		.map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
		.reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
	const background = (element) => {
		const color = getComputedStyle(element).backgroundColor;
		return channels(color)[3] === 0 ? background(element.parentElement) : color;
	};
	const texts = [...document.querySelectorAll("body *")].slice(0, 3000).filter((element) =>
		element.checkVisibility() && !element.matches(":disabled, :disabled *, script, option") &&
		[...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
	if (texts.length === 0) return ["no text at all"];
	return texts.map((element) => {
		const [a, b] = [getComputedStyle(element).color, background(element)].map(luminance);
		return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), element];
	}).filter(([ratio]) => ratio < 4.5).map(([ratio, { outerHTML }]) => ratio.toFixed(2) + " " + outerHTML.slice(0, 120));
})()`

// testReportOnPhone finds the first failing job on the first screen, and opens
// its error.
func testReportOnPhone(t *testing.T, b *browser, reports reports) {
	for _, name := range []string{"ordinary", "many"} {
		t.Run(name, func(t *testing.T) {
			b.open(t, reports[name].html, "", phone)
			const text = `document.querySelector("tbody tr .findings .bad .clip")`
			if bottom := b.number(t, text+".getBoundingClientRect().bottom"); bottom > float64(phone.height) {
				t.Errorf("the first error ends at %v", bottom)
			}
			const hidden = text + ".scrollHeight - " + text + ".clientHeight"
			if b.number(t, hidden) <= 0 {
				t.Fatal("the first error is not long")
			}
			b.click(t, "tbody tr .findings .bad summary")
			if b.screenshot(t, name+"-open"); b.number(t, hidden) > 1 {
				t.Error("the error is not shown in full")
			}
			b.click(t, ".toggle")
			b.screenshot(t, name+"-filters")
			if width := b.number(t, "document.documentElement.scrollWidth"); width > float64(phone.width) {
				t.Errorf("the filters are %v wide", width)
			}
			b.choose(t, "sort", "-delay")
			if seconds := b.column(t, 4); !slices.IsSortedFunc(seconds, compareNumbers(-1)) {
				t.Errorf("sorted by delay: %v", seconds)
			}
			b.noProblems(t)
		})
	}
}

var progressJobs = []map[string]any{
	{"DtsJobId": "precheck", "Status": "PrecheckFailed", "PrecheckStatus": map[string]any{"Status": "Failed", "Percent": "100"}},
	{"DtsJobId": "half", "Status": "InitializeFailed", "DataInitializationStatus": map[string]any{"Status": "Failed", "Percent": "43"}},
	{"DtsJobId": "full", "Status": "Failed", "DataSynchronizationStatus": map[string]any{"Status": "Failed", "Percent": "100"}},
	{"DtsJobId": "abnormal", "Status": "Abnormal", "PrecheckStatus": map[string]any{"Status": "Failed", "Percent": "80"}},
	{"DtsJobId": "retries", "Status": "Retrying", "DataSynchronizationStatus": map[string]any{"Status": "Synchronizing", "Percent": "100"}},
	{"DtsJobId": "runs", "Status": "Synchronizing", "DataSynchronizationStatus": map[string]any{"Status": "Synchronizing", "Percent": "100"}},
}

// testReportProgress finds a bar where there is progress, but not for a failed
// precheck.
func testReportProgress(t *testing.T, b *browser, reports reports) {
	b.open(t, reports["progress"].html, "", desk)
	var progress map[string]string
	b.value(t, `Object.fromEntries([...document.querySelectorAll("tbody tr")].map((row) =>
		[row.querySelector("code").textContent, (row.querySelector("progress")?.value ?? "none") + ", " + row.querySelector(".progress").textContent.replace("\u00a0", " ")]))`, &progress)
	for id, want := range map[string]string{
		"precheck": "none, failed in precheck", "half": "43, failed in full data at 43 %", "full": "none, failed in incremental", "abnormal": "none, failed in precheck",
		"retries": "none, incremental 100 %", "runs": "100, incremental 100 %",
	} {
		if progress[id] != want {
			t.Errorf("%s: %q, want %q", id, progress[id], want)
		}
	}
}

// column returns the values of a column, from top to bottom.
func (b *browser) column(t *testing.T, number int) (values []string) {
	t.Helper()
	b.value(t, fmt.Sprintf(`[...document.querySelectorAll("tbody tr:not(.group) td:nth-child(%d)")].map((cell) => cell.dataset.value)`, number), &values)
	return values
}

// fragment returns the settings in the page's URL.
func (b *browser) fragment(t *testing.T) string {
	t.Helper()
	fragment, err := url.QueryUnescape(b.text(t, "location.hash"))
	if err != nil {
		t.Fatal(err)
	}
	return fragment
}

func testReportSorting(t *testing.T, b *browser, reports reports) {
	b.open(t, reports["many"].html, "", desk)
	for _, test := range []struct {
		head, direction, fragment string
		column                    int
		compare                   func(a, b string) int
	}{
		{"name", "ascending", "#sort=name", 1, strings.Compare},
		{"name", "descending", "#sort=-name", 1, func(a, b string) int { return strings.Compare(b, a) }},
		{"delay", "ascending", "#sort=delay", 4, compareNumbers(1)},
		{"delay", "descending", "#sort=-delay", 4, compareNumbers(-1)},
		{"expires", "ascending", "#sort=expires", 5, strings.Compare},
		{"finding", "ascending", "", 6, compareNumbers(1)},
	} {
		b.click(t, fmt.Sprintf("th[data-sort=%s] button", test.head))
		values := b.column(t, test.column)
		if len(values) != 500 || !slices.IsSortedFunc(values, test.compare) {
			t.Errorf("%s, %s: %d rows, %v", test.head, test.direction, len(values), values)
		}
		if sort := b.text(t, `[...document.querySelectorAll("[aria-sort]")].map((head) => head.dataset.sort + " " + head.ariaSort).join()`); sort != test.head+" "+test.direction {
			t.Errorf("%s is marked as sorted, want %s %s", sort, test.head, test.direction)
		}
		if fragment := b.fragment(t); fragment != test.fragment {
			t.Errorf("the URL has %s, want %s", fragment, test.fragment)
		}
	}
	b.noProblems(t)
}

// compareNumbers orders numbers, in a direction of 1 or -1. A cell without a
// number comes last in both.
func compareNumbers(direction int) func(a, b string) int {
	return func(a, b string) int {
		x, errX := strconv.ParseFloat(a, 64)
		y, errY := strconv.ParseFloat(b, 64)
		if errX != nil || errY != nil {
			return cmp.Compare(len(b), len(a))
		}
		return direction * cmp.Compare(x, y)
	}
}

func testReportFilters(t *testing.T, b *browser, reports reports) {
	report := reports["ordinary"]
	b.open(t, report.html, "", desk)
	for _, test := range []struct {
		name, value string
		matches     func(record map[string]string) bool
	}{
		{"region", "ap-southeast-1", func(r map[string]string) bool { return r["region"] == "ap-southeast-1" }},
		{"type", "change tracking", func(r map[string]string) bool { return r["type"] == "SUBSCRIBE" }},
		{"status", "Finished", func(r map[string]string) bool { return r["status"] == "Finished" }},
		{"tag", "env", func(r map[string]string) bool { return strings.Contains("; "+r["tags"], "; env=") }},
		{"tag", "env: prod", func(r map[string]string) bool { return strings.Contains("; "+r["tags"]+"; ", "; env=prod; ") }},
	} {
		b.choose(t, test.name, test.value)
		want := 0
		for _, record := range report.records {
			if test.matches(record) {
				want++
			}
		}
		if rows := len(b.column(t, 1)); rows != want || want == 0 || want == report.totals.Jobs {
			t.Errorf("%s %s: %d rows, want %d", test.name, test.value, rows, want)
		}
		if fragment, want := b.fragment(t), "#"+test.name+"="+test.value; fragment != want {
			t.Errorf("the URL has %s, want %s", fragment, want)
		}
		b.click(t, ".clear")
		if rows := len(b.column(t, 1)); rows != report.totals.Jobs || b.fragment(t) != "" {
			t.Errorf("%d rows after clearing the filters, the URL has %s", rows, b.fragment(t))
		}
	}
	b.noProblems(t)
}

// testReportAddress combines filters, and returns to them by their URL.
func testReportAddress(t *testing.T, b *browser, reports reports) {
	report := reports["ordinary"]
	b.open(t, report.html, "", desk)
	b.click(t, "[data-kind=failing]")
	if rows := len(b.column(t, 1)); rows != report.totals.Findings["failing"] {
		t.Errorf("%d rows are failing", rows)
	}
	b.choose(t, "region", "cn-hangzhou")
	b.value(t, `document.querySelector("[type=search]").focus()`, nil)
	b.write(t, "CRM-mysql")
	if rows := b.column(t, 1); !slices.Equal(rows, []string{"crm-mysql-to-rds"}) {
		t.Errorf("rows: %v", rows)
	}
	// A URL of another report may have values that this one does not.
	const same = "#finding=failing&q=CRM-mysql&region=cn-hangzhou"
	if fragment := b.fragment(t); fragment != same {
		t.Errorf("the URL has %s, want %s", fragment, same)
	}
	for fragment, want := range map[string]int{same: 1, "#region=nowhere&finding=none&status=%3Cb%3E&sort=x&__proto__=y": report.totals.Jobs} {
		b.open(t, report.html, fragment, desk)
		if rows := len(b.column(t, 1)); rows != want {
			t.Errorf("%d rows at %s, want %d", rows, fragment, want)
		}
	}
	b.choose(t, "tag", "team: orders")
	b.choose(t, "status", "Locked")
	if text := b.text(t, `document.querySelector("main").innerText`); !strings.Contains(text, "No job matches the filters.") {
		t.Error(text)
	}
	b.noProblems(t)
}

func testReportGroups(t *testing.T, b *browser, reports reports) {
	b.open(t, reports["many"].html, "", desk)
	b.click(t, "[name=group]")
	var groups []struct {
		Count int
		Error string
		Rows  []string
	}
	b.screenshot(t, "groups")
	b.value(t, `[...document.querySelectorAll("tbody")].map((body) => ({
		count: parseInt(body.querySelector(".group b").textContent),
		error: body.querySelector(".group .clip").textContent,
		rows: [...body.rows].slice(1).map((row) => row.dataset.error.trim()) }))`, &groups)
	if len(groups) != 5 || groups[4].Error != "No error" {
		t.Fatalf("groups: %v", groups)
	}
	for i, group := range groups {
		if len(group.Rows) != group.Count {
			t.Errorf("%d rows in a group of %d", len(group.Rows), group.Count)
		}
		if i > 0 && i < 4 && group.Count > groups[i-1].Count {
			t.Errorf("a group of %d comes after one of %d", group.Count, groups[i-1].Count)
		}
		for _, message := range group.Rows {
			if message != group.Error && group.Error != "No error" || message != "" && group.Error == "No error" {
				t.Errorf("%q is in the group %q", message, group.Error)
			}
		}
	}
	if fragment := b.fragment(t); fragment != "#group=error" {
		t.Errorf("the URL has %s", fragment)
	}
	b.open(t, reports["hostile"].html, "#group=error", phone)
	if b.screenshot(t, "hostile-groups"); b.number(t, "document.documentElement.scrollWidth") > float64(phone.width) {
		t.Error("groups are wider than a phone")
	}
	b.noProblems(t)
}

// testReportByKeyboard filters and sorts without a mouse.
func testReportByKeyboard(t *testing.T, b *browser, reports reports) {
	report := reports["ordinary"]
	b.open(t, report.html, "", desk)
	b.press(t, "Tab")
	b.press(t, "Enter")
	if pressed := b.text(t, `document.querySelector("[aria-pressed=true]").dataset.kind`); pressed != "failing" {
		t.Errorf("%s is pressed", pressed)
	}
	for range 40 { // as many stops as there are before the table, and more
		b.press(t, "Tab")
		if b.text(t, `document.activeElement.closest("th")?.dataset.sort ?? ""`) == "delay" {
			break
		}
	}
	b.press(t, "Enter")
	if fragment := b.fragment(t); fragment != "#finding=failing&sort=delay" {
		t.Errorf("the URL has %s", fragment)
	}
	if outline := b.text(t, `getComputedStyle(document.activeElement).outlineStyle`); outline != "solid" {
		t.Errorf("the focus has the outline %s", outline)
	}
	b.noProblems(t)
}

// testReportPrint prints all text and no controls.
func testReportPrint(t *testing.T, b *browser, reports reports) {
	b.open(t, reports["ordinary"].html, "", desk)
	b.do(t, "Emulation.setEmulatedMedia", map[string]any{"media": "print"}, nil)
	b.screenshot(t, "print")
	if hidden := b.number(t, `[...document.querySelectorAll(".clip")].filter((text) => text.scrollHeight > text.clientHeight + 1).length`); hidden > 0 {
		t.Errorf("%v texts are not printed in full", hidden)
	}
	if controls := b.number(t, `[...document.querySelectorAll("select, input, .toggle")].filter((control) => control.checkVisibility()).length`); controls > 0 {
		t.Errorf("%v controls are printed", controls)
	}
}

// testReportPolicy adds elements as text that was not escaped would.
func testReportPolicy(t *testing.T, b *browser, reports reports) {
	b.open(t, reports["none"].html, "", desk)
	b.noProblems(t)
	b.value(t, `(async () => {
		const refused = new Promise((resolve) => document.addEventListener("securitypolicyviolation", resolve, { once: true }));
		document.body.insertAdjacentHTML("beforeend", "<img src='data:,' onerror='alert(1)'>");
		document.body.append(Object.assign(document.createElement("script"), { text: "window.ran = true" }));
		await refused;
	})()`, nil)
	if ran := b.text(t, "String(window.ran)"); ran != "undefined" {
		t.Error("a script of others ran")
	}
	if len(b.problems) == 0 {
		t.Error("the browser reports no violation of the policy")
	}
}
