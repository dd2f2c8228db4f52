// Package emulator is the DTS API on loopback: an http.Handler that serves
// DescribeDtsJobs and DescribePreCheckStatus from recorded responses, so that the
// provider can be tried and tested without an Alibaba Cloud account.
//
// It is a second reading of the API document, made without looking at the
// client. It shares no type with the rest of this project and keeps responses as
// the raw JSON they were recorded in. A wrong field name in the client therefore
// shows up as a missing value, instead of being made on one side and undone on
// the other.
//
// What the service would refuse is refused here too, with the same codes:
// signatures are verified, parameters are checked, and more than twenty requests
// per second are throttled. What goes wrong with a service in practice goes wrong
// here on request (FAULTS.md), and the sources of credentials are served too
// (CREDENTIALS.md). Where the document is silent, the comment beside the code says
// what was decided.
//
// From top to bottom: an Emulator is its settings; the exchange takes requests
// apart and records them; the gateway checks them and finds their operation; the
// operations are in the files with their names. What they need is in rooms of
// their own, below internal.
package emulator

import (
	"cmp"
	"io/fs"
	"net/http"
	"sync"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/fault"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/identity"
)

// What an Emulator's empty fields mean.
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
	// of DescribeDtsJobs as the service returned it, and <region>/PRECHECK/*.json,
	// the same of DescribePreCheckStatus. Nil is the built-in account.
	Fixtures fs.FS
	// Scenarios holds scripted responses of DescribePreCheckStatus: <name>.json,
	// each played for the job ID that is its name, in every region. Nil is the
	// built-in set.
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
	// FaultSeed decides which requests a fault with a probability matches. The
	// same seed chooses the same requests.
	FaultSeed uint64
	// OnRequest, if set, is told of each request once its response is known. It
	// may be called from multiple goroutines at once.
	OnRequest func(Request)

	load    sync.Once
	loadErr error
	server  server

	clock func() time.Time // nil is time.Now; tests set it
}

// Load reads fixtures and scenarios and checks the faults, once. Serving does so
// by itself; a command calls Load to report what is bad before it listens.
func (e *Emulator) Load() error {
	e.load.Do(func() { e.loadErr = e.build() })
	return e.loadErr
}

// build makes the server from the settings.
func (e *Emulator) build() error {
	if err := fault.Check(e.Faults, operationNames()); err != nil {
		return err
	}
	library, err := newLibrary(e.Fixtures, e.Scenarios, e.Scenario)
	if err != nil {
		return err
	}
	now := time.Now
	if e.clock != nil {
		now = e.clock
	}
	store := &identity.Store{
		AccessKey: cmp.Or(e.AccessKey, DefaultAccessKey),
		SecretKey: cmp.Or(e.SecretKey, DefaultSecretKey),
		Lifetime:  e.TokenLifetime,
	}
	e.server = server{
		exchange: exchange{latency: e.Latency, onRequest: e.OnRequest, now: now},
		gateway: gateway{
			store:       store,
			rate:        cmp.Or(e.Rate, DefaultRate),
			prefixCodes: e.PrefixCodes,
			faults:      fault.Plan{Seed: e.FaultSeed},
			backend: backend{
				library: library,
				sts:     identity.STS{Store: store, Roles: e.Roles, AcceptToken: e.AcceptOIDCToken},
			},
		},
		metadata: identity.Metadata{Store: store, Role: cmp.Or(e.ECSRole, DefaultECSRole), Hardened: e.HardenedMetadata},
	}
	e.server.gateway.faults.Set(e.Faults)
	e.server.setControl()
	return nil
}

// ServeHTTP serves the API at /, the metadata of an ECS instance under /latest/
// and the control paths under /_emulator/, all of them for any host.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := e.Load(); err != nil {
		refuseAll(w, r, err)
		return
	}
	e.server.ServeHTTP(w, r)
}

// SetFaults replaces the faults, if only by none, and begins to number requests
// anew. It may be called while the emulator serves.
func (e *Emulator) SetFaults(faults ...Fault) error {
	if err := e.Load(); err != nil {
		return err
	}
	if err := fault.Check(faults, operationNames()); err != nil {
		return err
	}
	e.server.gateway.faults.Set(faults)
	return nil
}

// Reload reads fixtures and scenarios again, and starts scenarios over. If it
// fails, the present ones stay.
func (e *Emulator) Reload() error {
	if err := e.Load(); err != nil {
		return err
	}
	return e.server.reload()
}

// Requests returns the recorded requests, in the order of their responses.
func (e *Emulator) Requests() []Request {
	return e.server.exchange.journal.all()
}

// Reset forgets the recorded requests, the rate windows and the nonces seen, and
// starts scenarios and the numbers of requests over. Faults stay, and so do
// issued credentials.
func (e *Emulator) Reset() {
	e.server.reset()
}
