package emulator

import (
	"net/http"
	"slices"
	"strings"
)

// operation is one API action.
type operation struct {
	product string
	version string
	// region names the parameter that says which region is meant; the limit on
	// calls counts per region. An operation that knows no regions has no limit:
	// that of STS is a hundred a second, and nothing here needs as many.
	region string
	// regionOptional is set where the document does not ask for that parameter.
	regionOptional bool
	// isUnsigned is set where something else shows who calls.
	isUnsigned bool
	answer     func(*Emulator, *call) ([]byte, error)
}

// operations are the API actions known. To add one, add a line.
var operations = map[string]operation{
	"DescribeDtsJobs":        {product: "Dts", version: "2020-01-01", region: "Region", answer: describeDtsJobs},
	"DescribePreCheckStatus": {product: "Dts", version: "2020-01-01", region: "RegionId", regionOptional: true, answer: describePreCheckStatus},

	"AssumeRole":         {product: "Sts", version: "2015-04-01", answer: assumeRole},
	"AssumeRoleWithOIDC": {product: "Sts", version: "2015-04-01", isUnsigned: true, answer: assumeRoleWithOIDC},
}

// serve answers one call and records it.
func (e *Emulator) serve(w http.ResponseWriter, r *http.Request, answerTo func(*call) response) {
	started := e.now()
	c := newCall(r)
	answer := answerTo(c)
	isThere := wait(r, e.Latency)
	status := answer.status
	if !isThere || c.isSilenced() {
		status = 0
	}
	record := newRequest(c, started, status, answer.code)
	e.journal.add(record)
	if e.OnRequest != nil {
		e.OnRequest(record)
	}
	if isThere {
		c.send(w, answer)
	}
}

// answerAPI passes a call through the gateway's checks to its operation, or to the
// fault that answers in its place.
func (e *Emulator) answerAPI(c *call) response {
	operation, err := e.admit(c)
	if err != nil {
		return c.render(nil, err)
	}
	c.faults = e.faults.meet(c.action, c.parameters, e.FaultSeed)
	for _, f := range c.faults {
		if f.kind.instead != nil {
			return f.kind.instead(c, f.Fault)
		}
	}
	answer := c.render(operation.answer(e, c))
	for _, f := range c.faults {
		if f.kind.rewrite != nil {
			answer.body = f.kind.rewrite(answer.body)
		}
	}
	return answer
}

// admit makes the gateway's checks, in the gateway's order.
func (e *Emulator) admit(c *call) (operation, error) {
	if err := c.parse(); err != nil {
		return operation{}, err
	}
	found, err := c.route()
	if err != nil {
		return operation{}, err
	}
	if !found.isUnsigned {
		if err := e.authenticate(c); err != nil {
			return operation{}, err
		}
	}
	if found.region != "" {
		if err := e.limit(c, found); err != nil {
			return operation{}, err
		}
	}
	if err := e.Load(); err != nil {
		return operation{}, errInternal.saying("The emulator cannot start to serve: " + err.Error())
	}
	return found, nil
}

// limit finds the region of a call and turns the call away if there are too many.
// Temporary keys count as the account's own: the limit is the account's.
func (e *Emulator) limit(c *call, to operation) error {
	c.region = c.parameters.Get(to.region)
	if c.region == "" && to.regionOptional {
		c.region = endpointRegion(c.request.Host)
	}
	if c.region == "" {
		return errMissing(to.region)
	}
	if !e.limiter.allow(limitedBy{c.action, e.accessKey(), c.region}, e.now(), e.rate()) {
		return errThrottled
	}
	return nil
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
