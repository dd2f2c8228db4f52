package emulator

import (
	"encoding/json"
	"net/http"
)

// controlPrefix is where the emulator itself is spoken to. The service has no
// such path, so the two cannot be mixed up.
const controlPrefix = "/_emulator/"

// credentialsURIPath is a credentials URI. It is no control call, and is recorded;
// it stands here because it can stand anywhere.
const credentialsURIPath = controlPrefix + "credentials"

// serveControl answers the emulator's own paths, which need no signature.
func (e *Emulator) serveControl(w http.ResponseWriter, r *http.Request) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+controlPrefix+"health", e.serveHealth)
	mux.HandleFunc("GET "+controlPrefix+"requests", e.serveRequests)
	mux.HandleFunc("POST "+controlPrefix+"reset", e.serveReset)
	mux.HandleFunc("GET "+controlPrefix+"faults", e.serveFaults)
	mux.HandleFunc("PUT "+controlPrefix+"faults", e.serveNewFaults)
	mux.HandleFunc("POST "+controlPrefix+"faults", e.serveNewFaults)
	mux.HandleFunc("DELETE "+controlPrefix+"faults", e.serveNoFaults)
	mux.ServeHTTP(w, r)
}

func (e *Emulator) serveHealth(w http.ResponseWriter, _ *http.Request) {
	if err := e.Load(); err != nil {
		writeJSON(w, http.StatusInternalServerError, map[string]any{"status": "error", "error": err.Error()})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"status":    "ok",
		"jobs":      len(e.account.jobs),
		"prechecks": len(e.account.prechecks),
		"scenarios": len(e.scenarios),
	})
}

func (e *Emulator) serveRequests(w http.ResponseWriter, _ *http.Request) {
	requests := e.Requests()
	if requests == nil {
		requests = []Request{} // an empty list, not null
	}
	writeJSON(w, http.StatusOK, requests)
}

func (e *Emulator) serveReset(w http.ResponseWriter, _ *http.Request) {
	e.Reset()
	w.WriteHeader(http.StatusNoContent)
}

func writeError(w http.ResponseWriter, status int, err error) {
	writeJSON(w, status, map[string]any{"error": err.Error()})
}

// writeJSON sends a value indented, for these answers are read by people too.
func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(value) // fails only when the client is gone
}
