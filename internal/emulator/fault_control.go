package emulator

import (
	"io"
	"net/http"
)

// serveFaults shows the faults, their defaults filled in.
func (e *Emulator) serveFaults(w http.ResponseWriter, _ *http.Request) {
	if err := e.Load(); err != nil {
		writeError(w, http.StatusInternalServerError, err)
		return
	}
	writeJSON(w, http.StatusOK, e.faults.all())
}

// serveNewFaults replaces the faults; if they are wrong, the old ones stay.
func (e *Emulator) serveNewFaults(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		writeError(w, http.StatusBadRequest, err)
		return
	}
	faults, err := ParseFaults(data)
	if err == nil {
		err = e.SetFaults(faults...)
	}
	if err != nil {
		writeError(w, http.StatusBadRequest, err)
		return
	}
	e.serveFaults(w, r)
}

func (e *Emulator) serveNoFaults(w http.ResponseWriter, _ *http.Request) {
	if err := e.SetFaults(); err != nil {
		writeError(w, http.StatusInternalServerError, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
