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
// second are throttled. Where the document is silent, the comment beside the
// code says what was decided.
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
	// AccessKey is the only access key id known; empty is DefaultAccessKey.
	AccessKey string
	// SecretKey is its secret; empty is DefaultSecretKey.
	SecretKey string
	// Rate is how many calls a second one access key may make of one operation in
	// one region; 0 is DefaultRate, a negative rate is no limit.
	Rate int
	// Latency is waited before each answer, or until the client goes away.
	Latency time.Duration
	// OnRequest, if set, is told of each call once its answer is known. It may
	// be called from several goroutines at once.
	OnRequest func(Request)

	load      sync.Once
	account   *account
	scenarios map[string]*scenario
	loadErr   error

	limiter limiter
	nonces  nonces
	journal journal
	plays   plays

	clock func() time.Time // nil is time.Now; tests set it
}

// Load reads fixtures and scenarios, once. Serving does so by itself; a command
// calls Load to report a bad folder before it listens.
func (e *Emulator) Load() error {
	e.load.Do(func() {
		if e.account, e.loadErr = e.loadAccount(); e.loadErr == nil {
			e.scenarios, e.loadErr = e.loadScenarios()
		}
	})
	return e.loadErr
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

// ServeHTTP answers API calls at / and control calls under /_emulator/.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, controlPrefix) {
		e.serveControl(w, r)
		return
	}
	e.serveAPI(w, r)
}

// Requests returns the recorded calls, in the order in which they were answered.
func (e *Emulator) Requests() []Request {
	return e.journal.all()
}

// Reset forgets the recorded calls, the rate windows and the nonces seen, and
// starts scenarios over.
func (e *Emulator) Reset() {
	e.journal.reset()
	e.limiter.reset()
	e.nonces.reset()
	e.plays.reset()
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
