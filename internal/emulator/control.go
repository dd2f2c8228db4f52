package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"slices"
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

// controlPaths are all control paths. To add one, add a row.
var controlPaths = []struct {
	method, path, doc string
	failure           int // the HTTP status of an error
	// serve returns what is sent as JSON; nil is nothing.
	serve func(*Emulator, *http.Request) (any, error)
}{
	{"GET", "health", "whether the emulator can serve, and what", 0, (*Emulator).health},
	{"GET", "requests", "the recorded requests", 0, func(e *Emulator, _ *http.Request) (any, error) {
		return e.Requests(), nil
	}},
	{"GET", "faults", "the faults, with their defaults", http.StatusInternalServerError, (*Emulator).showFaults},
	{"PUT", "faults", "replace the faults by a JSON list, or a single one", http.StatusBadRequest, (*Emulator).putFaults},
	{"POST", "faults", "the same", http.StatusBadRequest, (*Emulator).putFaults},
	{"DELETE", "faults", "remove all faults", 0, func(e *Emulator, _ *http.Request) (any, error) {
		return nil, e.setFaults(nil)
	}},
	{"PUT", "fixtures/{name...}", "add or replace jobs, prechecks, responses or a scenario: the contents of REGION/JOBTYPE/FILE, " +
		"REGION/PRECHECK/FILE, operations/NAME or scenarios/JOBID", http.StatusBadRequest, func(e *Emulator, r *http.Request) (any, error) {
		data, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		return nil, e.library.put(r.PathValue("name"), data)
	}},
	{"DELETE", "fixtures/{name...}", "remove REGION/JOBID (a job and its prechecks), operations/NAME or scenarios/JOBID",
		http.StatusNotFound, func(e *Emulator, r *http.Request) (any, error) {
			return nil, e.library.remove(r.PathValue("name"))
		}},
	{"POST", "reset", "forget requests, rates and nonces; start scenarios and the numbers of requests over", 0, func(e *Emulator, _ *http.Request) (any, error) {
		e.Reset()
		return nil, nil
	}},
	{"POST", "reload", "read fixtures and scenarios again; forget those that were added",
		http.StatusInternalServerError, func(e *Emulator, r *http.Request) (any, error) {
			if err := e.library.reload(); err != nil {
				return nil, err
			}
			return e.health(r)
		}},
}

// ControlIndex lists the control paths, one per line.
func ControlIndex() string {
	var b strings.Builder
	row := func(method, path, doc string) { fmt.Fprintf(&b, "%-6s %-24s %s\n", method, path, doc) }
	row("GET", controlPrefix, "this list")
	for _, p := range controlPaths {
		row(p.method, controlPrefix+strings.Replace(p.path, "{name...}", "NAME", 1), p.doc)
	}
	row("GET", credentialsURIPath, "a credentials URI: temporary credentials")
	return b.String()
}

// controlHandler serves the control paths, which need no signature and are not
// recorded.
func (e *Emulator) controlHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+controlPrefix+"{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, ControlIndex())
	})
	for _, p := range controlPaths {
		mux.HandleFunc(p.method+" "+controlPrefix+p.path, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, wire.MaxBody)
			switch value, err := p.serve(e, r); {
			case err != nil:
				writeError(w, p.failure, err)
			case value == nil:
				w.WriteHeader(http.StatusNoContent)
			default:
				writeJSON(w, http.StatusOK, value)
			}
		})
	}
	return mux
}

// formTypes are the content types that a page of any web site can send, because
// browsers do not request permission for them.
var formTypes = []string{"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"}

var errNotAllowed = errors.New("control paths are for local clients only: the Host must be an IP address, localhost or a name " +
	"without a dot, the request must not come from another web site, and its content type, if it has one, must not be that of an HTML form; " +
	"use application/json")

// isAllowed reports whether a control request may come from a program of the user,
// and not from a web site that a browser shows: neither under a host name of the
// site's own that leads here, nor across sites.
func isAllowed(r *http.Request) bool {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	_, err := netip.ParseAddr(host)
	isLocal := err == nil || !strings.Contains(strings.TrimSuffix(host, ".localhost"), ".")
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	hasType := r.Header.Get("Content-Type") != ""
	isForm := hasType && (err != nil || slices.Contains(formTypes, mediaType))
	// Browsers send Sec-Fetch-Site to loopback addresses only, and Origin to all.
	site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
	isOwn := origin == "" || strings.EqualFold(origin, "http://"+r.Host) || strings.EqualFold(origin, "https://"+r.Host)
	return isLocal && !isForm && isOwn && site != "cross-site" && site != "same-site"
}

func (e *Emulator) health(*http.Request) (any, error) {
	contents := e.library.contents()
	jobs, prechecks := contents.account.Counts()
	return map[string]any{
		"status":     "ok",
		"jobs":       jobs,
		"prechecks":  prechecks,
		"scenarios":  len(contents.scenarios),
		"operations": e.operationNames(),
	}, nil
}

func (e *Emulator) showFaults(*http.Request) (any, error) {
	data, err := fault.Format(e.faults.Faults())
	return json.RawMessage(data), err
}

// putFaults replaces the faults; if they are wrong, the old ones stay.
func (e *Emulator) putFaults(r *http.Request) (any, error) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	faults, err := fault.Parse(data)
	if err == nil {
		err = e.setFaults(faults)
	}
	if err != nil {
		return nil, err
	}
	return e.showFaults(r)
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
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(value) // fails only when the client is gone
}
