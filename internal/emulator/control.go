package emulator

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/fault"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// controlPrefix is the path of the emulator's own requests. The service has no
// such path, so the two cannot be mixed up.
const controlPrefix = "/_emulator/"

// credentialsURIPath is a credentials URI. Requests for it are recorded, unlike
// those that control the emulator.
const credentialsURIPath = controlPrefix + "credentials"

// controlPath is one thing that can be requested of the emulator itself.
type controlPath struct {
	method, path, doc string
	serve             func(control, http.ResponseWriter, *http.Request)
}

// controlPaths returns all control paths. To add one, add a row.
func controlPaths() []controlPath {
	return []controlPath{
		{"GET", "{$}", "this list", control.showIndex},
		{"GET", "health", "whether the emulator can serve, and what", control.showHealth},
		{"GET", "requests", "the recorded requests; filters: " + strings.Join(requestFilterNames(), ", "), control.showRequests},
		{"GET", "faults", "the faults, with their defaults", control.showFaults},
		{"PUT", "faults", "replace the faults by a JSON list, or a single one", control.putFaults},
		{"POST", "faults", "the same", control.putFaults},
		{"DELETE", "faults", "remove all faults", control.deleteFaults},
		{"POST", "reset", "forget requests, rates and nonces; start scenarios and the numbers of requests over", control.postReset},
		{"POST", "reload", "read fixtures and scenarios again", control.postReload},
	}
}

// ControlIndex lists the control paths, one per line.
func ControlIndex() string {
	var b strings.Builder
	for _, p := range controlPaths() {
		fmt.Fprintf(&b, "%-6s %-22s %s\n", p.method, controlPrefix+strings.TrimSuffix(p.path, "{$}"), p.doc)
	}
	fmt.Fprintf(&b, "%-6s %-22s %s\n", "GET", credentialsURIPath, "a credentials URI: temporary credentials")
	return b.String()
}

// control serves the paths that show and change what the emulator does.
type control struct {
	library *library
	journal *journal
	faults  *fault.Plan
	reset   func()
	reload  func() error
}

func (c control) handler() http.Handler {
	mux := http.NewServeMux()
	for _, p := range controlPaths() {
		mux.HandleFunc(p.method+" "+controlPrefix+p.path, func(w http.ResponseWriter, r *http.Request) { p.serve(c, w, r) })
	}
	return mux
}

func (c control) showIndex(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, ControlIndex())
}

func (c control) showHealth(w http.ResponseWriter, _ *http.Request) {
	contents := c.library.contents()
	jobs, prechecks := contents.account.Counts()
	writeJSON(w, http.StatusOK, map[string]any{
		"status":    "ok",
		"jobs":      jobs,
		"prechecks": prechecks,
		"scenarios": len(contents.scenarios),
	})
}

func (c control) showRequests(w http.ResponseWriter, r *http.Request) {
	requests, err := filterRequests(c.journal.all(), r.URL.Query())
	if err != nil {
		writeError(w, http.StatusBadRequest, err)
		return
	}
	writeJSON(w, http.StatusOK, requests)
}

// showFaults shows the faults with their defaults.
func (c control) showFaults(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, c.faults.Faults())
}

// putFaults replaces the faults; if they are wrong, the old ones stay.
func (c control) putFaults(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, wire.MaxBody))
	if err != nil {
		writeError(w, http.StatusBadRequest, err)
		return
	}
	faults, err := ParseFaults(data)
	if err != nil {
		writeError(w, http.StatusBadRequest, err)
		return
	}
	c.faults.Set(faults)
	c.showFaults(w, r)
}

func (c control) deleteFaults(w http.ResponseWriter, _ *http.Request) {
	c.faults.Set(nil)
	w.WriteHeader(http.StatusNoContent)
}

func (c control) postReset(w http.ResponseWriter, _ *http.Request) {
	c.reset()
	w.WriteHeader(http.StatusNoContent)
}

func (c control) postReload(w http.ResponseWriter, r *http.Request) {
	if err := c.reload(); err != nil {
		writeError(w, http.StatusInternalServerError, err)
		return
	}
	c.showHealth(w, r)
}

func writeError(w http.ResponseWriter, status int, err error) {
	writeJSON(w, status, map[string]any{"error": err.Error()})
}

// writeJSON sends a value indented, because these responses are read by people
// too.
func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(value) // fails only when the client is gone
}
