package provider_test

import (
	"bufio"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// browserDeadline ends a browser that hangs.
const browserDeadline = 2 * time.Minute

// browser is a page in a headless Chromium. It is driven by the DevTools
// protocol over a pipe, which needs no more than this file: a client library
// would bring some thirty modules for six commands. Input, time and errors are
// those of the browser itself, which a script inside the page could not tell.
type browser struct {
	commands io.Writer
	messages *bufio.Reader
	session  string
	last     int      // ID of the last command
	address  string   // of the page
	problems []string // errors of the page, and requests that it sent
}

// browserMessage is a response, which has an ID, or an event.
type browserMessage struct {
	ID     int
	Method string
	Params json.RawMessage
	Result json.RawMessage
	Error  *struct{ Message string }
}

// newBrowser starts Chromium with an empty page.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	b := &browser{}
	b.start(t, chromium(t))
	var target struct{ TargetID, SessionID string }
	b.do(t, "Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	b.do(t, "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &target)
	b.session = target.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.do(t, domain+".enable", nil, nil)
	}
	return b
}

// chromium finds the browser, which CHROMIUM can name and then must be there.
func chromium(t *testing.T) string {
	t.Helper()
	skipIfShort(t)
	required := os.Getenv("CHROMIUM")
	path, err := exec.LookPath(cmp.Or(required, "chromium"))
	if err != nil && required == "" {
		t.Skip("The report is not tested in a browser: no chromium was found on PATH. Install it, or set CHROMIUM to the path of one.")
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// start runs Chromium with its pipe, and ends it after the test.
func (b *browser) start(t *testing.T, path string) {
	t.Helper()
	// Not in t.TempDir: a process of Chromium may still write to it after the test.
	profile := filepath.Join(testDirectory, "chromium", t.Name())
	commandsIn, commandsOut := pipe(t)
	messagesIn, messagesOut := pipe(t)
	ctx, cancel := context.WithTimeout(t.Context(), browserDeadline)
	t.Cleanup(cancel)
	// The only page is our own, so no sandbox is needed; root cannot have one.
	command := exec.CommandContext(ctx, path, "--headless", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic", "--user-data-dir="+profile)
	command.ExtraFiles = []*os.File{commandsIn, messagesOut}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	for _, file := range command.ExtraFiles { // Chromium has them now.
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	b.commands, b.messages = commandsOut, bufio.NewReader(messagesIn)
	t.Cleanup(func() {
		cancel()
		if err := command.Wait(); err == nil {
			t.Error("Chromium ended before the test")
		}
	})
}

func pipe(t *testing.T) (read, write *os.File) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = read.Close(), write.Close() })
	return read, write
}

// do sends a command and decodes its result, unless result is nil.
func (b *browser) do(t *testing.T, method string, parameters, result any) {
	t.Helper()
	b.last++
	command := map[string]any{"id": b.last, "method": method, "params": parameters}
	if parameters == nil {
		delete(command, "params")
	}
	if b.session != "" {
		command["sessionId"] = b.session
	}
	text, err := json.Marshal(command)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.commands.Write(append(text, 0)); err != nil {
		t.Fatal(err)
	}
	response := b.await(t, func(m browserMessage) bool { return m.ID == b.last })
	if response.Error != nil {
		t.Fatalf("%s: %s", method, response.Error.Message)
	}
	if result != nil {
		decodeJSON(t, response.Result, result)
	}
}

// await reads messages up to one that matches.
func (b *browser) await(t *testing.T, matches func(browserMessage) bool) browserMessage {
	t.Helper()
	for {
		text, err := b.messages.ReadBytes(0)
		if err != nil {
			t.Fatalf("Chromium closed its pipe: %v", err)
		}
		var m browserMessage
		decodeJSON(t, text[:len(text)-1], &m)
		b.observe(t, m)
		if matches(m) {
			return m
		}
	}
}

// observe keeps events that no page of ours may cause.
func (b *browser) observe(t *testing.T, m browserMessage) {
	t.Helper()
	switch m.Method {
	case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded":
		b.problems = append(b.problems, m.Method+": "+string(m.Params))
	case "Page.javascriptDialogOpening": // It would block all that follows.
		t.Fatalf("the page opened a dialog: %s", m.Params)
	case "Network.requestWillBeSent":
		var sent struct{ Request struct{ URL string } }
		decodeJSON(t, m.Params, &sent)
		if sent.Request.URL != b.address {
			b.problems = append(b.problems, "request of "+sent.Request.URL)
		}
	}
}

// screen is what a page is shown on.
type screen struct {
	width, height int
	scheme        string // light or dark
}

var (
	phone = screen{390, 844, "light"}
	desk  = screen{1280, 900, "light"}
)

// open shows an HTML page, with a fragment in its URL.
func (b *browser) open(t *testing.T, html, fragment string, s screen) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	b.do(t, "Emulation.setDeviceMetricsOverride", map[string]any{
		"width": s.width, "height": s.height, "deviceScaleFactor": 1, "mobile": s.width < 600}, nil)
	b.do(t, "Emulation.setEmulatedMedia", map[string]any{
		"features": []any{map[string]any{"name": "prefers-color-scheme", "value": s.scheme}}}, nil)
	b.address = "file://" + filepath.ToSlash(file)
	b.do(t, "Page.navigate", map[string]any{"url": b.address + fragment}, nil)
	b.await(t, func(m browserMessage) bool { return m.Method == "Page.loadEventFired" })
}

// value decodes what an expression in the page evaluates to.
func (b *browser) value(t *testing.T, expression string, into any) {
	t.Helper()
	var result struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails json.RawMessage
	}
	b.do(t, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &result)
	if result.ExceptionDetails != nil {
		t.Fatalf("%s: %s", expression, result.ExceptionDetails)
	}
	if into != nil {
		decodeJSON(t, result.Result.Value, into)
	}
}

// text is [browser.value] of a string.
func (b *browser) text(t *testing.T, expression string) (text string) {
	t.Helper()
	b.value(t, expression, &text)
	return text
}

// number is [browser.value] of a number.
func (b *browser) number(t *testing.T, expression string) (number float64) {
	t.Helper()
	b.value(t, expression, &number)
	return number
}

// click clicks the middle of the first element that matches a selector.
func (b *browser) click(t *testing.T, selector string) {
	t.Helper()
	var point [2]float64
	b.value(t, fmt.Sprintf(`(() => {
		const element = document.querySelector(%q);
		element.scrollIntoView({ block: "center" });
		const { x, y, width, height } = element.getBoundingClientRect();
		return [x + width / 2, y + height / 2];
	})()`, selector), &point)
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		b.do(t, "Input.dispatchMouseEvent", map[string]any{
			"type": kind, "x": point[0], "y": point[1], "button": "left", "clickCount": 1}, nil)
	}
}

// press presses a key that has no text.
func (b *browser) press(t *testing.T, key string) {
	t.Helper()
	codes := map[string]int{"Tab": 9, "Enter": 13, "ArrowDown": 40}
	for _, kind := range []string{"keyDown", "keyUp"} {
		event := map[string]any{"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": codes[key]}
		if key == "Enter" {
			event["text"] = "\r"
		}
		b.do(t, "Input.dispatchKeyEvent", event, nil)
	}
}

// write types text into what has the focus.
func (b *browser) write(t *testing.T, text string) {
	t.Helper()
	b.do(t, "Input.insertText", map[string]any{"text": text}, nil)
}

// choose selects an option as a user does, with the events of it.
func (b *browser) choose(t *testing.T, name, value string) {
	t.Helper()
	b.value(t, fmt.Sprintf(`(() => {
		const select = document.querySelector("select[name=" + %q + "]");
		select.value = %q;
		select.dispatchEvent(new Event("input", { bubbles: true }));
	})()`, name, value), nil)
}

// screenshot keeps a picture of the page if go test runs with -artifacts.
func (b *browser) screenshot(t *testing.T, name string) {
	t.Helper()
	var picture struct{ Data string }
	b.do(t, "Page.captureScreenshot", nil, &picture)
	data, err := base64.StdEncoding.DecodeString(picture.Data)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), name+".png"), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// noProblems fails the test if the page caused any since the last call.
func (b *browser) noProblems(t *testing.T) {
	t.Helper()
	if len(b.problems) > 0 {
		t.Errorf("the page causes:\n%s", strings.Join(b.problems, "\n"))
	}
	b.problems = slices.Delete(b.problems, 0, len(b.problems))
}

func decodeJSON(t *testing.T, text []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}
