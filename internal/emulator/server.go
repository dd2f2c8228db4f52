package emulator

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/fault"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/identity"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// serve chooses by the path who responds, and records all requests but those that
// control the emulator.
func (e *Emulator) serve(w http.ResponseWriter, r *http.Request) {
	request, started := wire.NewRequest(r), e.clock()
	var response wire.Response
	var faults fault.Active
	switch path := r.URL.Path; {
	case path == credentialsURIPath:
		response = e.store.CredentialsURI(request, started)
	case strings.HasPrefix(path, controlPrefix):
		e.control.ServeHTTP(w, r)
		return
	case strings.HasPrefix(path, identity.MetadataPrefix):
		response = e.store.Metadata(request, started)
	default:
		response, faults = e.respond(request, started)
	}
	isDelivered := request.Wait(e.Latency)
	record := newRecord(request, started, response, faults.Kinds())
	if !isDelivered || faults.DropsResponse() {
		record.Status = 0
	}
	e.journal.add(record)
	if e.OnRequest != nil {
		e.OnRequest(record)
	}
	if isDelivered {
		faults.Deliver(w, request, response)
	}
}

// respond passes a request to its operation, or to the fault that responds in
// its place.
func (e *Emulator) respond(r *wire.Request, now time.Time) (wire.Response, fault.Active) {
	admitted, err := e.admit(r, now)
	if err != nil {
		return r.Refuse(err), nil
	}
	faults := e.faults.Match(r)
	if response, isReplaced := faults.Replace(r); isReplaced {
		return response, faults
	}
	admitted.faults = faults
	response, err := admitted.operation.respond(e, admitted)
	if err != nil && e.PrefixCodes {
		err = wire.WithPrefix(err)
	}
	if err != nil {
		response = r.Refuse(err)
	}
	response.Body = faults.Rewrite(response.Body)
	return response, faults
}

// admit makes the checks of the service's gateway, in its order.
func (e *Emulator) admit(r *wire.Request, now time.Time) (*request, error) {
	if err := r.Parse(); err != nil {
		return nil, err
	}
	requested, err := e.route(r)
	if err != nil {
		return nil, err
	}
	r.Product = requested.product
	admitted := &request{Request: r, operation: requested, now: now}
	if !requested.isUnsigned {
		if admitted.credentials, err = e.store.Authenticate(r, now); err != nil {
			return nil, err
		}
	}
	if len(requested.regionParameters) == 0 {
		return admitted, nil
	}
	if err := admitted.findRegion(); err != nil {
		return nil, err
	}
	// Temporary credentials count as the account's key: the limit is the account's.
	if wait := e.limiter.take(limitKey{r.Action, admitted.region}, now, cmp.Or(e.Rate, DefaultRate)); wait > 0 {
		throttled := wire.ErrThrottled
		throttled.RetryAfter = wait
		return nil, throttled
	}
	return admitted, nil
}

// route finds the operation that a request is for.
func (e *Emulator) route(r *wire.Request) (operation, error) {
	switch {
	case r.HTTP.URL.Path != "/":
		return operation{}, wire.ErrActionNotFound
	case r.HTTP.Method != http.MethodGet && r.HTTP.Method != http.MethodPost:
		return operation{}, wire.ErrUnsupportedHTTPMethod
	case r.Action == "":
		return operation{}, wire.ErrMissing("Action")
	case r.Version == "":
		return operation{}, wire.ErrMissing("Version")
	}
	found, isKnown := e.operation(r.Action)
	// The common parameters of DTS make XML the default. All clients known here
	// request JSON, by Format or by an Accept header, so JSON is returned.
	switch format := r.Parameters.Get("Format"); {
	case !isKnown:
		return operation{}, wire.ErrActionNotFound.WithMessage(wire.ErrActionNotFound.Message +
			" The emulator has " + strings.Join(e.operationNames(), ", ") + "; fixtures add others.")
	case r.Version != found.version:
		return operation{}, wire.ErrInvalidVersion
	case format != "" && !strings.EqualFold(format, "JSON"):
		return operation{}, wire.ErrUnsupportedFormat
	}
	return found, nil
}

func (e *Emulator) setFaults(faults []Fault) error {
	if err := fault.Check(faults, e.operationNames()); err != nil {
		return err
	}
	e.faults.Set(faults)
	return nil
}

// limiter counts requests per operation and region in a window that slides, so that
// no second, wherever it begins, has more requests than the rate. That operations are
// counted separately is decided here: the document gives the limit of
// DescribeDtsJobs as its own, and none for the others. Requests that the limiter
// refuses do not count, or else a client that comes back too early would lock
// itself out.
type limiter struct {
	mu      sync.Mutex
	windows map[limitKey][]time.Time // of the requests accepted, oldest first
}

type limitKey struct{ action, region string }

// take returns how long a request must wait, 0 if it may pass. With a negative rate,
// all pass.
func (l *limiter) take(by limitKey, now time.Time, rate int) time.Duration {
	if rate < 0 {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	window := slices.DeleteFunc(l.windows[by], func(t time.Time) bool { return now.Sub(t) >= time.Second })
	var wait time.Duration
	if len(window) < rate {
		window = append(window, now)
	} else {
		wait = window[0].Add(time.Second).Sub(now)
	}
	if l.windows == nil {
		l.windows = map[limitKey][]time.Time{}
	}
	l.windows[by] = window
	return wait
}

func (l *limiter) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.windows = nil
}
