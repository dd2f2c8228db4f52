package emulator

import (
	"net/http"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/fault"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// exchange takes requests apart, delivers their responses and records both.
type exchange struct {
	latency   time.Duration
	onRequest func(Request)
	now       func() time.Time

	journal journal
}

// responder makes the response to a request, and returns the faults that it met.
type responder func(r *wire.Request, now time.Time) (wire.Response, fault.Active)

// withoutFaults makes a responder of a source that meets no faults.
func withoutFaults(respond func(*wire.Request, time.Time) wire.Response) responder {
	return func(r *wire.Request, now time.Time) (wire.Response, fault.Active) {
		return respond(r, now), nil
	}
}

func (x *exchange) serve(w http.ResponseWriter, r *http.Request, respond responder) {
	started := x.now()
	request := wire.NewRequest(r)
	response, faults := respond(request, started)
	isDelivered := request.Wait(x.latency)
	record := newRecord(request, started, response, faults.Kinds())
	if !isDelivered || faults.DropsResponse() {
		record.Status = 0
	}
	x.journal.add(record)
	if x.onRequest != nil {
		x.onRequest(record)
	}
	if isDelivered {
		faults.Deliver(w, request, response)
	}
}
