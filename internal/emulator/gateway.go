package emulator

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// operation is one API action.
type operation struct {
	version string
	// region names the parameter that says which region is meant; the limit on
	// calls counts per region.
	region string
	// regionOptional is set where the document does not ask for that parameter.
	regionOptional bool
	answer         func(*Emulator, *call) ([]byte, error)
}

// operations are the API actions known. To add one, add a line.
var operations = map[string]operation{
	"DescribeDtsJobs":        {version: "2020-01-01", region: "Region", answer: describeDtsJobs},
	"DescribePreCheckStatus": {version: "2020-01-01", region: "RegionId", regionOptional: true, answer: describePreCheckStatus},
}

// serveAPI answers one API call and records it.
func (e *Emulator) serveAPI(w http.ResponseWriter, r *http.Request) {
	started := e.now()
	c := newCall(r)
	response := c.render(e.answer(c))
	status := response.status
	if !e.wait(r) {
		status = 0
	}
	record := newRequest(c, started, status, response.code)
	e.journal.add(record)
	if e.OnRequest != nil {
		e.OnRequest(record)
	}
	if status != 0 {
		response.write(w, c.requestID)
	}
}

// answer passes a call through the gateway's checks, in the gateway's order, to
// its operation.
func (e *Emulator) answer(c *call) ([]byte, error) {
	if err := c.parse(); err != nil {
		return nil, err
	}
	operation, err := c.route()
	if err != nil {
		return nil, err
	}
	if err := e.authenticate(c); err != nil {
		return nil, err
	}
	c.region = c.parameters.Get(operation.region)
	if c.region == "" && operation.regionOptional {
		c.region = endpointRegion(c.request.Host)
	}
	if c.region == "" {
		return nil, errMissing(operation.region)
	}
	if !e.limiter.allow(limitedBy{c.action, e.accessKey(), c.region}, e.now(), e.rate()) {
		return nil, errThrottled
	}
	if err := e.Load(); err != nil {
		return nil, errInternal.saying("The emulator has no account to answer from: " + err.Error())
	}
	return operation.answer(e, c)
}

// route finds the operation that a call is for.
func (c *call) route() (operation, error) {
	switch {
	case c.request.URL.Path != "/":
		return operation{}, errActionNotFound
	case !slices.Contains([]string{http.MethodGet, http.MethodPost}, c.request.Method):
		return operation{}, errUnsupportedHTTPMethod
	case c.action == "":
		return operation{}, errMissing("Action")
	case c.version == "":
		return operation{}, errMissing("Version")
	}
	found, known := operations[c.action]
	switch format := c.parameters.Get("Format"); {
	case !known:
		return operation{}, errActionNotFound
	case c.version != found.version:
		return operation{}, errInvalidVersion
	case format != "" && !strings.EqualFold(format, "JSON"):
		return operation{}, errUnsupportedFormat
	}
	return found, nil
}

// wait lets the latency pass and reports whether the client is still there.
func (e *Emulator) wait(r *http.Request) bool {
	if e.Latency <= 0 {
		return true
	}
	timer := time.NewTimer(e.Latency)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}
