// Package emulator is the DTS API on loopback: an http.Handler that answers
// DescribeDtsJobs from recorded answers, so that the provider can be tried and
// tested without an Alibaba Cloud account.
//
// It is a second reading of the API document, made without looking at the
// client. It shares no type and no code with the rest of this project and keeps
// jobs as the raw JSON they were recorded in. A wrong field name in the client
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
	// DescribeDtsJobs answer as the service gave it. Nil is the built-in account.
	Fixtures fs.FS
	// AccessKey is the only access key id known; empty is DefaultAccessKey.
	AccessKey string
	// SecretKey is its secret; empty is DefaultSecretKey.
	SecretKey string
	// Rate is how many calls a second one access key may make in one region;
	// 0 is DefaultRate, a negative rate is no limit.
	Rate int
	// Latency is waited before each answer, or until the client goes away.
	Latency time.Duration
	// OnRequest, if set, is told of each call once its answer is known. It may
	// be called from several goroutines at once.
	OnRequest func(Request)

	load    sync.Once
	account *account
	loadErr error

	limiter limiter
	nonces  nonces
	journal journal

	clock func() time.Time // nil is time.Now; tests set it
}

// Load reads the fixtures, once. Serving does so by itself; a command calls Load
// to report a bad folder before it listens.
func (e *Emulator) Load() error {
	e.load.Do(func() {
		if e.Fixtures == nil {
			e.account, e.loadErr = builtInAccount()
		} else {
			e.account, e.loadErr = readAccount(e.Fixtures)
		}
	})
	return e.loadErr
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

// Reset forgets the recorded calls, the rate windows and the nonces seen.
func (e *Emulator) Reset() {
	e.journal.reset()
	e.limiter.reset()
	e.nonces.reset()
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
