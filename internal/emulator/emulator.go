// Package emulator is the DTS API on loopback: an http.Handler that serves
// DescribeDtsJobs, DescribePreCheckStatus and recorded responses of other operations,
// so that the provider can be tried and tested without an Alibaba Cloud account.
//
// It is a second reading of the API document, made without looking at the
// client. It shares no type with the rest of this project and keeps responses as
// the raw JSON they were recorded in. A wrong field name in the client therefore
// shows up as a missing value, instead of being made on one side and undone on
// the other.
//
// The emulator refuses the requests that the service refuses, with the same codes:
// it verifies signatures, checks parameters and throttles more than twenty requests
// per second. It fails on request in the ways in which services fail (FAULTS.md), and
// serves the sources of credentials too (CREDENTIALS.md). Where the document is
// silent, the decision is in the comment beside the code.
//
// From top to bottom: an Emulator is its settings; server.go admits requests and
// records them; the operations are in the table of operations.go and in the files
// with their names; the library has the account and plays scenarios. The packages
// that they use are below internal.
package emulator

import (
	"cmp"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/fault"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/identity"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// The defaults of an Emulator's empty fields.
const (
	DefaultAccessKey = "emulator"
	DefaultSecretKey = "emulator-secret"
	DefaultRate      = 20
	DefaultECSRole   = "emulator"
)

// Emulator is the DTS API as an http.Handler. Its zero value serves the
// built-in account. The exported fields must not be changed once it serves.
type Emulator struct {
	// Fixtures holds the account: <region>/<JOBTYPE>/*.json, each file a response
	// of DescribeDtsJobs as the service returned it, <region>/PRECHECK/*.json, the
	// same of DescribePreCheckStatus, operations/<name>.json, responses of further
	// operations, and scenarios/<job ID>.json, scenarios beside those of Scenarios.
	// Nil is the built-in account.
	Fixtures fs.FS
	// Scenarios holds scripts of jobs and prechecks that change: <name>.json, each
	// played for the job ID that is its name, in every region. Nil is the built-in
	// set.
	Scenarios fs.FS
	// Scenario, if set, is the name of the one that is played for every job ID.
	Scenario string
	// AccessKey is the account's access key ID, the only one known besides those
	// that the emulator issues; empty is DefaultAccessKey.
	AccessKey string
	// SecretKey is its secret; empty is DefaultSecretKey.
	SecretKey string
	// Roles are the ARNs of the roles that can be assumed; nil is any. One that
	// ends in "denied" does not trust the client.
	Roles []string
	// AcceptOIDCToken, if set, reports which OIDC tokens AssumeRoleWithOIDC
	// accepts. It may be called from multiple goroutines at once.
	AcceptOIDCToken func(token string) bool
	// ECSRole is the RAM role of the instance whose metadata are served; empty is
	// DefaultECSRole.
	ECSRole string
	// HardenedMetadata refuses requests for metadata without a token.
	HardenedMetadata bool
	// TokenLifetime is how long issued credentials last; 0 is as long as the
	// client requests, or the source's own time.
	TokenLifetime time.Duration
	// Rate is how many requests per second the account may send to one operation
	// in one region; 0 is DefaultRate, a negative rate is no limit.
	Rate int
	// Latency is the time before each response, or until the client goes away.
	Latency time.Duration
	// PrefixCodes begins the codes of business errors with "DTS.Msg.", as the
	// service sometimes does.
	PrefixCodes bool
	// Faults go wrong from the start. SetFaults changes them.
	Faults []Fault
	// OnRequest, if set, is called with the record of each request once its response
	// is known. It may be called from multiple goroutines at once.
	OnRequest func(Request)

	load    sync.Once
	loadErr error
	clock   func() time.Time // nil is time.Now; tests set it

	library library
	store   identity.Store
	control http.Handler
	limiter limiter
	faults  fault.Plan
	journal journal
}

// Fault is something that goes wrong with some requests: those that the emulator
// accepts. A request that is refused for its signature or by the rate limit meets no
// fault. FAULTS.md documents all kinds and their settings.
type Fault = fault.Fault

// FaultKinds returns the kinds of faults and their settings, as Markdown.
func FaultKinds() string { return fault.Document() }

// ParseFaults reads a JSON list of faults, or one fault. SetFaults, or Load, finds
// out whether they make sense.
func ParseFaults(data []byte) ([]Fault, error) { return fault.Parse(data) }

// Load reads fixtures and scenarios and checks the faults, once. Serving does so
// by itself; a command calls Load to report errors before it listens.
func (e *Emulator) Load() error {
	e.load.Do(func() { e.loadErr = e.build() })
	return e.loadErr
}

func (e *Emulator) build() error {
	if e.clock == nil {
		e.clock = time.Now
	}
	e.store.AccessKey, e.store.SecretKey = cmp.Or(e.AccessKey, DefaultAccessKey), cmp.Or(e.SecretKey, DefaultSecretKey)
	e.store.Lifetime, e.store.Roles, e.store.AcceptToken = e.TokenLifetime, e.Roles, e.AcceptOIDCToken
	e.store.InstanceRole, e.store.HardenedMetadata = cmp.Or(e.ECSRole, DefaultECSRole), e.HardenedMetadata
	e.library.read = func() (*contents, error) { return readContents(e.Fixtures, e.Scenarios, e.Scenario) }
	if err := e.library.reload(); err != nil {
		return err
	}
	e.control = e.controlHandler()
	if err := e.setFaults(e.Faults); err != nil {
		return fmt.Errorf("faults: %w", err)
	}
	return nil
}

// ServeHTTP serves the API at /, the metadata of an ECS instance under /latest/,
// both of them for any host, and the control paths under /_emulator/.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := e.Load()
	switch isControl := strings.HasPrefix(r.URL.Path, controlPrefix); {
	case isControl && !isAllowed(r):
		writeError(w, http.StatusForbidden, errNotAllowed)
	case isControl && err != nil:
		writeJSON(w, http.StatusInternalServerError, map[string]any{"status": "error", "error": err.Error()})
	case err != nil:
		request := wire.NewRequest(r)
		request.Refuse(wire.ErrInternal.WithMessage("The emulator cannot serve: "+err.Error())).Write(w, request.ID)
	default:
		e.serve(w, r)
	}
}

// SetFaults replaces the faults, by none if there are no arguments, and numbers
// requests from 1. It may be called while the emulator serves.
func (e *Emulator) SetFaults(faults ...Fault) error {
	if err := e.Load(); err != nil {
		return err
	}
	return e.setFaults(faults)
}

// Reload reads fixtures and scenarios again, and starts scenarios over. Jobs that
// were added while serving are gone. If it fails, the present ones stay.
func (e *Emulator) Reload() error {
	if err := e.Load(); err != nil {
		return err
	}
	return e.library.reload()
}

// Requests returns the recorded requests, in the order of their responses. The caller
// may change them.
func (e *Emulator) Requests() []Request { return e.journal.all() }

// Reset forgets the recorded requests, the rate windows and the nonces seen, and
// starts scenarios and the numbers of requests over. Faults stay, and so do jobs that
// were added, and issued credentials.
func (e *Emulator) Reset() {
	e.journal.reset()
	e.limiter.reset()
	e.store.ForgetNonces()
	e.faults.Reset()
	e.library.progress.Reset("")
}
