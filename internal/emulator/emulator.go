// Package emulator is the DTS API on loopback: an http.Handler that answers
// DescribeDtsJobs and DescribePreCheckStatus from recorded answers, so that the
// provider can be tried and tested without an Alibaba Cloud account.
//
// It is a second reading of the API document, made without looking at the
// client. It shares no type and no code with the rest of this project and keeps
// answers as the raw JSON they were recorded in. A wrong field name in the client
// therefore shows up as a missing value, instead of being made on one side and
// undone on the other.
//
// What the service would refuse is refused here too, with the same codes:
// signatures are verified, parameters are checked, and more than twenty calls a
// second are throttled. What goes wrong with a service in practice goes wrong here
// on request (FAULTS.md), and the ways to sign in are served too (CREDENTIALS.md).
// Where the document is silent, the comment beside the code says what was decided.
package emulator

import (
	"io/fs"
	"net/http"
	"strings"
	"sync"
	"time"
)

// What an Emulator's empty fields stand for.
const (
	DefaultAccessKey = "emulator"
	DefaultSecretKey = "emulator-secret"
	DefaultRate      = 20
	DefaultECSRole   = "emulator"
)

// Emulator is the DTS API as an http.Handler. Its zero value serves the
// built-in account. The exported fields must not be changed once it serves.
type Emulator struct {
	// Fixtures holds the account: <region>/<JOBTYPE>/*.json, each file a
	// DescribeDtsJobs answer as the service gave it, and <region>/PRECHECK/*.json,
	// the same of DescribePreCheckStatus. Nil is the built-in account.
	Fixtures fs.FS
	// Scenarios holds scripted answers of DescribePreCheckStatus: <name>.json,
	// each played for the job id that is its name, in every region. Nil is the
	// built-in set.
	Scenarios fs.FS
	// Scenario, if set, is the name of the one that is played for every job id.
	Scenario string
	// AccessKey is the account's access key id, the only one known beside those
	// that the emulator issues; empty is DefaultAccessKey.
	AccessKey string
	// SecretKey is its secret; empty is DefaultSecretKey.
	SecretKey string
	// Roles are the ARNs of the roles that can be assumed; nil is any. One that
	// ends in "denied" does not trust the caller.
	Roles []string
	// AcceptOIDCToken, if set, says which OIDC tokens AssumeRoleWithOIDC accepts.
	// It may be called from several goroutines at once.
	AcceptOIDCToken func(token string) bool
	// ECSRole is the RAM role of the instance whose metadata are served; empty is
	// DefaultECSRole.
	ECSRole string
	// HardenedMetadata refuses metadata to those who bring no token.
	HardenedMetadata bool
	// TokenLifetime is how long the keys that the emulator issues last; 0 is as
	// long as the caller asks for, or the source's own time.
	TokenLifetime time.Duration
	// Rate is how many calls a second the account may make of one operation in one
	// region; 0 is DefaultRate, a negative rate is no limit.
	Rate int
	// Latency is waited before each answer, or until the client goes away.
	Latency time.Duration
	// Faults go wrong from the start. SetFaults changes them.
	Faults []Fault
	// FaultSeed decides which calls meet a fault with a probability. The same
	// seed chooses the same calls.
	FaultSeed uint64
	// OnRequest, if set, is told of each call once its answer is known. It may
	// be called from several goroutines at once.
	OnRequest func(Request)

	load      sync.Once
	account   *account
	scenarios map[string]*scenario
	loadErr   error

	limiter        limiter
	nonces         nonces
	journal        journal
	plays          plays
	faults         faultPlan
	issued         issuedKeys
	metadataTokens metadataTokens

	clock func() time.Time // nil is time.Now; tests set it
}

// Load reads fixtures and scenarios and checks the faults, once. Serving does so
// by itself; a command calls Load to report what is bad before it listens.
func (e *Emulator) Load() error {
	e.load.Do(func() { e.loadErr = e.loadAll() })
	return e.loadErr
}

func (e *Emulator) loadAll() error {
	var err error
	if e.account, err = e.loadAccount(); err != nil {
		return err
	}
	if e.scenarios, err = e.loadScenarios(); err != nil {
		return err
	}
	return e.plan(e.Faults)
}

// SetFaults replaces the faults, none being a good choice too, and begins to
// number calls anew. It may be called while the emulator serves.
func (e *Emulator) SetFaults(faults ...Fault) error {
	if err := e.Load(); err != nil {
		return err
	}
	return e.plan(faults)
}

func (e *Emulator) plan(faults []Fault) error {
	planned, err := planFaults(faults)
	if err != nil {
		return err
	}
	e.faults.replace(planned)
	return nil
}

func (e *Emulator) loadAccount() (*account, error) {
	if e.Fixtures == nil {
		return builtInAccount()
	}
	return readAccount(e.Fixtures)
}

// loadScenarios reads only what can be played.
func (e *Emulator) loadScenarios() (map[string]*scenario, error) {
	folder := e.Scenarios
	if folder == nil {
		folder = builtInScenarioFiles()
	}
	switch {
	case e.Scenario != "":
		one, err := readScenario(folder, e.Scenario)
		return map[string]*scenario{e.Scenario: one}, err
	case e.Scenarios == nil:
		return builtInScenarios()
	}
	return readScenarios(folder)
}

// ServeHTTP answers API calls at /, the metadata of an ECS instance under /latest/
// and control calls under /_emulator/, all of them for any host.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.Path; {
	case path == credentialsURIPath:
		e.serve(w, r, e.answerCredentialsURI)
	case strings.HasPrefix(path, controlPrefix):
		e.serveControl(w, r)
	case strings.HasPrefix(path, metadataPrefix):
		e.serve(w, r, e.answerMetadata)
	default:
		e.serve(w, r, e.answerAPI)
	}
}

// Requests returns the recorded calls, in the order in which they were answered.
func (e *Emulator) Requests() []Request {
	return e.journal.all()
}

// Reset forgets the recorded calls, the rate windows and the nonces seen, and
// starts scenarios and the numbers of calls over. Faults stay, and so do the keys
// that were issued.
func (e *Emulator) Reset() {
	e.journal.reset()
	e.limiter.reset()
	e.nonces.reset()
	e.plays.reset()
	e.faults.reset()
}

func (e *Emulator) accessKey() string {
	if e.AccessKey == "" {
		return DefaultAccessKey
	}
	return e.AccessKey
}

func (e *Emulator) secretKey() string {
	if e.SecretKey == "" {
		return DefaultSecretKey
	}
	return e.SecretKey
}

func (e *Emulator) ecsRole() string {
	if e.ECSRole == "" {
		return DefaultECSRole
	}
	return e.ECSRole
}

func (e *Emulator) rate() int {
	if e.Rate == 0 {
		return DefaultRate
	}
	return e.Rate
}

func (e *Emulator) now() time.Time {
	if e.clock == nil {
		return time.Now()
	}
	return e.clock()
}
