package emulator

import (
	"encoding/json"
	"io"
	"net/http"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/fault"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// controlPrefix is the path of the emulator's own requests. The service has no
// such path, so the two cannot be mixed up.
const controlPrefix = "/_emulator/"

// credentialsURIPath is a credentials URI. Requests for it are recorded, unlike
// those that control the emulator.
const credentialsURIPath = controlPrefix + "credentials"

// control serves the paths that show and change what the emulator does.
type control struct {
	library *library
	journal *journal
	faults  *fault.Plan
	reset   func()
}

func (c control) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+controlPrefix+"health", c.showHealth)
	mux.HandleFunc("GET "+controlPrefix+"requests", c.showRequests)
	mux.HandleFunc("POST "+controlPrefix+"reset", c.postReset)
	mux.HandleFunc("GET "+controlPrefix+"faults", c.showFaults)
	mux.HandleFunc("PUT "+controlPrefix+"faults", c.putFaults)
	mux.HandleFunc("POST "+controlPrefix+"faults", c.putFaults)
	mux.HandleFunc("DELETE "+controlPrefix+"faults", c.deleteFaults)
	return mux
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

func (c control) showRequests(w http.ResponseWriter, _ *http.Request) {
	requests := c.journal.all()
	if requests == nil {
		requests = []Request{} // an empty list, not null
	}
	writeJSON(w, http.StatusOK, requests)
}

func (c control) postReset(w http.ResponseWriter, _ *http.Request) {
	c.reset()
	w.WriteHeader(http.StatusNoContent)
}

// showFaults shows the faults with their defaults.
func (c control) showFaults(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, c.faults.Faults())
}

// putFaults replaces the faults; if they are wrong, the old ones stay.
func (c control) putFaults(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, wire.MaxBody))
	if err != nil {
		writeError(w, err)
		return
	}
	faults, err := ParseFaults(data)
	if err != nil {
		writeError(w, err)
		return
	}
	c.faults.Set(faults)
	c.showFaults(w, r)
}

func (c control) deleteFaults(w http.ResponseWriter, _ *http.Request) {
	c.faults.Set(nil)
	w.WriteHeader(http.StatusNoContent)
}

func writeError(w http.ResponseWriter, err error) {
	writeJSON(w, http.StatusBadRequest, map[string]any{"error": err.Error()})
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
