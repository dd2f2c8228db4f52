package provider_test

import (
	"bufio"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/dts-community/terraform-provider-dts/internal/emulator"
)

const waiting = "wait_for_completion = true\npoll_interval = \"100ms\"\n"

func TestWaitEndsWithAVerdict(t *testing.T) {
	for job, want := range map[string]string{
		"checking-then-passed":    "PASSED",
		"checking-then-failed":    "FAILED",
		"not-started-then-passed": "PASSED",
		"second-run":              "PASSED",
		"suspended":               "SUSPENDED",
		"failed":                  "FAILED",
	} {
		t.Run(job, func(t *testing.T) {
			server, _ := newEmulator(t)
			applied(t, providerBlock(server.URL, "")+precheck(fmt.Sprintf("dts_job_id = %q\n%s", job, waiting)),
				inPrecheck(key("result"), knownvalue.StringExact(want)))
		})
	}
}

func TestWaitGoesOnUntilARunCounts(t *testing.T) {
	server, _ := newEmulator(t)
	after := time.Now().Add(-10 * time.Minute).UTC().Format(time.RFC3339)
	applied(t, providerBlock(server.URL, "")+precheck(fmt.Sprintf("dts_job_id = \"second-run-seen-late\"\nstarted_after = %q\n%s", after, waiting)),
		inPrecheck(key("result"), knownvalue.StringExact("PASSED")))
}

// TestWaitGivesUpOnWhatStalls returns what nobody starts, and a doubt that
// stays, as they are and with a warning.
func TestWaitGivesUpOnWhatStalls(t *testing.T) {
	server, e := newEmulator(t)
	for job, want := range map[string]string{"never-started": "NOT_STARTED", "item-without-state": "UNKNOWN"} {
		for _, grace := range []string{"0s", "300ms"} {
			c := newCLI(t, folderWith(t, providerSource+providerBlock(server.URL, "")+
				precheck(fmt.Sprintf("dts_job_id = %q\nnot_started_grace = %q\n%s", job, grace, waiting))+
				"output \"result\" { value = data.dts_precheck_status.test.result }\n"))
			e.Reset()
			output := c.must(t, "plan", "-no-color")
			if !strings.Contains(output, `result = "`+want+`"`) || !strings.Contains(output, "Warning: The wait ended without a result") {
				t.Errorf("%s: %s", job, output)
			}
			if polls := len(e.Requests()); grace == "0s" && polls > 2 || grace != "0s" && polls < 3 {
				t.Errorf("%s with grace %s: %d calls", job, grace, polls)
			}
		}
	}
}

// TestWaitEndsAtItsTimeout has a subtask that never ends, under a final state
// and not.
func TestWaitEndsAtItsTimeout(t *testing.T) {
	server, _ := newEmulator(t)
	refused(t, providerBlock(server.URL, "")+precheck("dts_job_id = \"stuck\"\ntimeouts { read = \"2s\" }\n"+waiting),
		`(?s)after 2s the subtask is still RUNNING: state Checking, \d+ of \d+ items done \(request id [0-9A-F-]+\): timeouts\.read passed.*Give it more time with timeouts\.read`)
}

func TestTimeoutDuringACallNamesTheLastState(t *testing.T) {
	var calls atomic.Int32
	server := newFakeAPI(t, func(url.Values) string {
		if calls.Add(1) == 1 {
			return `{"State":"Checking","JobId":"j","RequestId":"R-1","TotalRecordCount":2,"JobProgress":[{"Item":"A","State":"Success"},{"Item":"B","State":"Checking"}]}`
		}
		return "503 "
	})
	refused(t, server.block("")+precheck("dts_job_id = \"j\"\ntimeouts { read = \"2s\" }\n"+waiting),
		`(?s)still RUNNING: state Checking, 1 of 2 items done \(request id R-1\)`)
}

// limitWithRoom is a server's limit a little above the provider's own of 20,
// so that calls that a busy machine lets arrive closer together do not fail a
// test. Twenty reads that kept to no limit would still be far above it.
const limitWithRoom = 25

// TestManyWaitsKeepToTheLimit has twenty waits under a limit of the emulator,
// which throttles what is above it.
func TestManyWaitsKeepToTheLimit(t *testing.T) {
	server, e := newEmulator(t)
	e.Rate = limitWithRoom
	applied(t, providerBlock(server.URL, "")+`
data "dts_precheck_status" "test" {
  count               = 20
  dts_job_id          = "checking-then-passed"
  job_code            = format("%02d", 1 + count.index % 4)
  struct_type         = count.index % 8 < 4 ? "before" : "after"
  wait_for_completion = true
  poll_interval       = "1s"
}
output "passed" { value = alltrue(data.dts_precheck_status.test[*].passed) }
`)
	for _, call := range e.Requests() {
		if strings.HasPrefix(call.Code, "Throttling") {
			t.Errorf("a call was throttled at %s", call.Time)
		}
	}
}

// TestInterruptEndsAWait sends the CLI what Ctrl-C sends, and wants it gone
// soon, and well before the next poll.
func TestInterruptEndsAWait(t *testing.T) {
	server, e := newEmulator(t)
	read := make(chan bool, 100)
	e.OnRequest = func(r emulator.Request) {
		if r.Code == "" { // Not the page size that is refused first.
			read <- true
		}
	}
	c := newCLI(t, folderWith(t, providerSource+providerBlock(server.URL, "")+
		precheck("dts_job_id = \"stuck\"\nwait_for_completion = true\npoll_interval = \"1h\"\ntimeouts { read = \"2h\" }")))
	command := exec.CommandContext(t.Context(), cliPath(t), "plan", "-no-color")
	command.Dir, command.Env = c.folder, c.environment
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	command.Stderr = command.Stdout
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	<-read
	interrupted := time.Now()
	if err := command.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for lines := bufio.NewScanner(output); lines.Scan(); {
		fmt.Fprintln(&text, lines.Text())
	}
	if err := command.Wait(); err == nil {
		t.Error("the plan succeeded")
	}
	t.Logf("gone %s after the interrupt", time.Since(interrupted))
	if took := time.Since(interrupted); took > time.Minute {
		t.Errorf("it took %s:\n%s", took, &text)
	}
	if !strings.Contains(text.String(), "cancel") {
		t.Errorf("nothing says that it was cancelled:\n%s", &text)
	}
}

// TestProgressIsLogged looks for the state in the logs of a wait.
func TestProgressIsLogged(t *testing.T) {
	server, _ := newEmulator(t)
	c := newCLI(t, folderWith(t, providerSource+providerBlock(server.URL, "")+precheck("dts_job_id = \"checking-then-passed\"\n"+waiting)))
	log := filepath.Join(t.TempDir(), "log")
	c.environment = append(c.environment, "TF_LOG_PROVIDER=INFO", "TF_LOG_PATH="+log)
	c.must(t, "plan")
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`(?m)^.*waiting for a DTS subtask.*$`).FindAllString(string(text), -1)
	if len(lines) < 3 {
		t.Fatalf("%d lines of progress:\n%s", len(lines), text)
	}
	for _, want := range []string{"[INFO]", "state=Checking", "done=", "total=", "elapsed=", "dts_job_id=checking-then-passed"} {
		if !strings.Contains(lines[0], want) {
			t.Errorf("no %q in %s", want, lines[0])
		}
	}
}
