package provider_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser shows a report in a headless Chromium.
type browser struct {
	tab      context.Context
	file     string
	mu       sync.Mutex
	problems []string // script errors, log entries and dialogs of the page
}

// newBrowser starts Chromium.
func newBrowser(t *testing.T, html string) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("the report is not tested in a browser, because chromium is not installed")
	}
	b := &browser{file: filepath.Join(t.TempDir(), "report.html")}
	if err := os.WriteFile(b.file, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // ends a browser that hangs
	t.Cleanup(cancel)
	// The only page is our own, so no sandbox is needed; root cannot have one.
	ctx, cancel = chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))...)
	t.Cleanup(cancel)
	b.tab, cancel = chromedp.NewContext(ctx, chromedp.WithListener(b.observe))
	t.Cleanup(cancel)
	return b
}

// observe keeps events that no report may cause. The browser logs requests as
// violations of the page's policy.
func (b *browser) observe(event any) {
	switch event.(type) {
	case *runtime.EventExceptionThrown, *runtime.EventConsoleAPICalled, *log.EventEntryAdded,
		*page.EventJavascriptDialogOpening:
		text, err := json.Marshal(event)
		b.mu.Lock()
		defer b.mu.Unlock()
		b.problems = append(b.problems, fmt.Sprintf("%T: %.500s (%v)", event, text, err))
	}
}

// noProblems fails the test if the page has caused any.
func (b *browser) noProblems(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.problems) > 0 {
		t.Errorf("the page causes:\n%s", strings.Join(b.problems, "\n"))
	}
}

// open shows the report on a screen of some width, with a fragment in its URL.
func (b *browser) open(t *testing.T, width int64, fragment string) {
	t.Helper()
	b.do(t, chromedp.EmulateViewport(width, 900), chromedp.Navigate("about:blank"),
		chromedp.Navigate("file://"+filepath.ToSlash(b.file)+fragment))
	if actual := value[int64](t, b, "document.documentElement.scrollWidth"); actual > width {
		t.Errorf("the page is %d wide on a screen of %d", actual, width)
	}
}

func (b *browser) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.tab, steps...); err != nil {
		t.Fatal(err)
	}
}

// value returns the value of an expression in the page.
func value[T any](t *testing.T, b *browser, expression string) T {
	t.Helper()
	v, err := chromedp.Run(b.tab, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// rows returns the text of each job that is shown, from top to bottom.
func (b *browser) rows(t *testing.T) []string {
	t.Helper()
	return value[[]string](t, b, `[...document.querySelectorAll("tbody tr:not(.group)")].map((row) => row.innerText)`)
}

// reportHelpsInIncident finds jobs in the report of the built-in account.
func reportHelpsInIncident(t *testing.T, b *browser, count int) {
	b.open(t, 390, "")
	b.open(t, 1280, "")
	all := b.rows(t)
	if len(all) != count || !strings.Contains(all[0], "Failing") || strings.Contains(all[count-1], "Failing") {
		t.Errorf("%d rows, want %d: first %q, last %q", len(all), count, all[0], all[count-1])
	}
	links := value[[]string](t, b, `[...document.querySelectorAll("a")].map((link) => link.href)`)
	for _, link := range []string{
		"https://dtsnew.console.aliyun.com/migrate/cn-hangzhou", "https://help.aliyun.com/document_detail/462133.html",
	} {
		if !slices.Contains(links, link) {
			t.Errorf("no link to %s", link)
		}
	}
	for _, view := range []struct {
		step           chromedp.Action[chromedp.Void]
		text, fragment string // that all of these rows have, and the URL then
	}{
		{chromedp.Click(chromedp.CSS(".tile:has([value=failing])")), "Failing", "#finding=failing"},
		{chromedp.SendKeys(chromedp.CSS("[name=status]"), "Finished"), "Finished", "#status=Finished"},
		{chromedp.SendKeys(chromedp.CSS("[name=region]"), "ap-s"), "ap-southeast-1", "#region=ap-southeast-1"},
		{chromedp.SendKeys(chromedp.CSS("[name=tag]"), "team: crm"), "team: crm", "#tag=team%3A+crm"},
		{chromedp.SendKeys(chromedp.CSS("[name=q]"), "CRM-mysql"), "crm-mysql-to-rds", "#q=CRM-mysql"},
	} {
		b.do(t, view.step)
		want := slices.DeleteFunc(slices.Clone(all), func(row string) bool { return !strings.Contains(row, view.text) })
		rows, fragment := b.rows(t), value[string](t, b, "location.hash")
		if !slices.Equal(rows, want) || len(want) == 0 || fragment != view.fragment {
			t.Errorf("at %s, want %s:\n%q\nwant:\n%q", fragment, view.fragment, rows, want)
		}
		b.do(t, chromedp.Click(chromedp.CSS(".reset")))
		if rows := b.rows(t); !slices.Equal(rows, all) {
			t.Errorf("%d rows after a reset", len(rows))
		}
	}
	head := chromedp.Click(chromedp.CSS("th[data-sort=delay] button"))
	b.do(t, head, head)
	rows := b.rows(t)
	for i, delay := range []string{"2 d", "24 h", "17 h", "30 min"} {
		if len(rows) != count || !strings.Contains(rows[i], "\t"+delay+"\t") {
			t.Errorf("longest delays first, %s in row %d: %q", delay, i, rows)
		}
	}
	b.do(t, chromedp.Click(chromedp.CSS("[name=group]")))
	group := value[string](t, b, `document.querySelector(".group").textContent`)
	if !strings.HasPrefix(group, "3 jobsDTS-070211") {
		t.Errorf("the most frequent error: %s", group)
	}
	for fragment, want := range map[string]int{
		"#finding=failing&q=crm-MYSQL&region=cn-hangzhou": 1, "#q=no+such+job": 0,
		// Addresses of other reports, and of none.
		"#region=nowhere&finding=none&status=%3Cb%3E&sort=x&group=x": count, "#length=failing": count,
		"#length=1&item=2": count, "#__proto__=x&constructor=y&elements=q": count, "#%E0%A4%A&=&&=1&": count, "##": count,
	} {
		if b.open(t, 1280, fragment); len(b.rows(t)) != want {
			t.Errorf("%d rows at %s, want %d", len(b.rows(t)), fragment, want)
		}
	}
	b.noProblems(t)
}

// hostile is text that others could write into a job.
var hostile = []string{
	`<script>alert(1)</script>`, `'"><img src=x onerror=alert(1)>`, `</title></style></script><script>alert(2)</script>`,
	`<a href="javascript:alert(3)">a</a>`, `<svg/onload=alert(4)>`, `" autofocus onfocus="alert(5)" x="`,
	"' onmouseover='alert(6)", "javascript:alert(7)", `&lt;b&gt; &amp;amp; &#39; &#x3c;i&#x3e; &Tab;`,
	"{{7*7}} ${alert(8)} `${9}` <%= 1 %>", "${jsonencode(1)} %{ if true }x%{ endif } $${a} %%{b}",
	"\\u003cb\\u003e \\", "-->]]>", "line\u2028separator\u2029", "bidi \u202egnp.exe\u2066\u2069", "\x00\x1b[31mred\a",
	"很长的中文任务名称", strings.Repeat("long", 2000), "",
	`=HYPERLINK("http://localhost","a")`, "+1", "-1", "@SUM(A1)", "\t=1", "\r+1", "\n-1", " =1", "＝1", `"=1`,
	"a;=1+1", `a;"=1`, "a,@b", "a\t=1", "a| -1", `x";=1`,
}

var (
	unprintable = regexp.MustCompile(`[\p{Cc}\x{2028}-\x{202E}\x{2066}-\x{2069}]+`)
	formula     = regexp.MustCompile(`^[\s"]*[=+@＝＋－＠-]`)
)

// TestAuditOfHostileText has hostile text in every field that text can be in.
func TestAuditOfHostileText(t *testing.T) {
	t.Parallel()
	var jobs []map[string]any
	names := map[string]string{} // by job ID, with spaces as a browser shows them
	for i, text := range hostile {
		id, reverse := fmt.Sprintf("hostile%02d", i), fmt.Sprintf("reverse%02d", i)
		names[id] = strings.Join(strings.Fields(unprintable.ReplaceAllString(text, " ")), " ")
		names[reverse] = names[id]
		endpoint := map[string]any{"EngineName": text, "InstanceType": text, "SslSolutionEnum": text}
		stage := map[string]any{"Status": text, "Percent": text, "ErrorMessage": text}
		jobs = append(jobs, map[string]any{
			"DtsJobId": id, "DtsJobName": text, "Status": []string{"Failed", text}[i%2], "DtsJobClass": text,
			"DtsJobDirection": text, "Delay": 9_000_000, "ExpireTime": text, "ErrorMessage": text, "Checkpoint": text,
			"ErrorDetails":   []any{map[string]any{"HelpUrl": "https://localhost/.aliyun.com/" + text}},
			"SourceEndpoint": endpoint, "DestinationEndpoint": endpoint, "CpuUsage": text, "DuRealUsage": text,
			"DataSynchronizationStatus": stage, "DataInitializationStatus": stage, "PrecheckStatus": stage,
			"RetryState": map[string]any{"Retrying": true, "ErrMessage": text, "RetryTarget": text},
			"TagList":    []any{map[string]any{"TagKey": "k" + text, "TagValue": text}},
			"ReverseJob": map[string]any{"DtsJobId": reverse, "DtsJobName": text, "Status": "Failed", "ErrorMessage": text},
		})
	}
	a, printed := audited(t, newCLI(t, auditExample), accountOf(t, jobs...))
	if found := unprintable.FindString(strings.ReplaceAll(printed, "\n", "")); found != "" {
		t.Errorf("%q in:\n%q", found, printed)
	}
	bare := strings.NewReplacer("'", "", " ", "")
	for id, record := range a.records(t) {
		if bare.Replace(record["name"]) != bare.Replace(names[id]) {
			t.Errorf("%s is called %q, want %q", id, record["name"], names[id])
		}
	}
	for _, separator := range []string{",", ";", "|"} {
		for cell := range strings.SplitSeq(strings.ReplaceAll(a.csv, "\r\n", separator), separator) {
			if formula.MatchString(cell) || unprintable.MatchString(cell) {
				t.Errorf("a cell after %s: %q", separator, cell)
			}
		}
	}
	t.Run("browser", func(t *testing.T) { hostileTextIsInert(t, newBrowser(t, a.html), names) })
}

func hostileTextIsInert(t *testing.T, b *browser, names map[string]string) {
	for _, fragment := range []string{"", "#group=error"} {
		b.open(t, 390, fragment)
		shown := value[map[string]string](t, b, `Object.fromEntries([...document.querySelectorAll("td.job")].map((cell) =>
			[cell.querySelector("code").textContent, cell.querySelector("b").textContent.trim().replace(/\s+/g, " ")]))`)
		for id, name := range names {
			if shown[id] != cmp.Or(name, id) {
				t.Errorf("%s is shown as %q, want %q", id, shown[id], cmp.Or(name, id))
			}
		}
		foreign := value[[]string](t, b, `[...document.querySelectorAll("*")].filter((element) =>
			!element.matches("html,head,meta,title,style,body,header,h1,p,span,main,form,fieldset,legend,label,input,b,small," +
				"div,select,option,output,button,table,caption,thead,tbody,tr,th,td,code,progress,details,summary," +
				"a[href^='https://dtsnew.console.aliyun.com/'],main > script:last-child") ||
			element.getAttributeNames().some((name) => /^on|^(src|style|autofocus)$/.test(name))
		).map((element) => element.outerHTML)`)
		if len(foreign) > 0 {
			t.Errorf("text became elements:\n%s", strings.Join(foreign, "\n"))
		}
	}
	b.noProblems(t)
	// Elements that text would add if it were not escaped.
	if ran := value[bool](t, b, `(async () => {
		const refused = new Promise((resolve) => { document.onsecuritypolicyviolation = resolve; });
		document.body.insertAdjacentHTML("beforeend", "<img src='data:,' onerror='window.ran = true'>");
		document.body.append(Object.assign(document.createElement("script"), { text: "window.ran = true" }));
		await refused;
		return "ran" in window;
	})()`); ran {
		t.Error("the policy allows scripts of others")
	}
}
