package dts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// request is a request to the API with its attempts.
type request struct {
	sender     *sender
	key        callKey
	parameters map[string]string

	credential Credential // of the last attempt
	attempts   int        // sent so far
	deadline   time.Time  // for all attempts; zero until the first one is sent
}

// attempt makes one attempt and decodes the response into v.
func (r *request) attempt(ctx context.Context, v response) *Error {
	received, err := r.send(ctx)
	if err == nil {
		var id string
		id, err = parseResponse(received.status, received.body, v)
		received.requestID = cmp.Or(id, received.requestID)
	}
	endpoint := r.sender.endpoint(r.key.region)
	if err == nil || errors.As(err, new(*refusal)) {
		r.sender.verified.Store(endpoint, true)
	}
	if err != nil {
		return r.fail(received, err)
	}
	if r.sender.config.OnResponse != nil {
		r.sender.config.OnResponse(r.key.operation, r.key.region, r.parameters, received.body)
	}
	return nil
}

// send prepares the request and sends it when it is its turn. Credentials come
// first: requests that waited for them must not leave together.
func (r *request) send(ctx context.Context) (received, error) {
	credential, err := r.sender.config.Credentials.Credential(ctx)
	if err != nil {
		return received{}, fmt.Errorf("%w: %w", errNoCredential, err)
	}
	r.credential = credential
	unsigned, err := r.sender.newHTTPRequest(r.key, r.parameters)
	if err == nil {
		err = credential.check()
	}
	if err != nil {
		return received{}, fmt.Errorf("%w: %w", ErrInvalidRequest, err)
	}
	limiter := r.sender.limiter(r.key.region)
	waiting := time.Now()
	turn, err := limiter.wait(ctx)
	if err != nil {
		return received{}, err
	}
	r.postpone(time.Since(waiting))
	received, err := r.sendNow(ctx, unsigned)
	if !received.sent {
		limiter.giveBack(turn)
	}
	return received, err
}

// sendNow signs the request, since a signature has a date, and sends it. The
// attempt does not outlast the time for all attempts.
func (r *request) sendNow(ctx context.Context, unsigned *http.Request) (received, error) {
	r.attempts++
	ctx, cancel := context.WithDeadlineCause(ctx, r.deadline, errRetryTimeout)
	defer cancel()
	signed := unsigned.WithContext(ctx)
	sign(signed, r.key.operation, r.credential, time.Now(), newNonce())
	return r.sender.roundTrip(signed)
}

// postpone moves the deadline by a wait for a turn, which does not count. The
// first time, when the first attempt is about to be sent or has failed before,
// it sets the deadline.
func (r *request) postpone(wait time.Duration) {
	if r.deadline.IsZero() {
		r.deadline = time.Now().Add(r.sender.config.RetryTimeout)
		return
	}
	r.deadline = r.deadline.Add(wait)
}

// fail makes the error of a failed attempt, and slows down if it was throttled.
func (r *request) fail(received received, err error) *Error {
	e := r.sender.newError(r.key, r.parameters, err)
	e.Attempts = r.attempts
	e.Status, e.RequestID, e.retryAfter = received.status, received.requestID, received.retryAfter
	if refused := new(refusal); errors.As(err, &refused) {
		e.Code, e.DynamicMessage = refused.code(), text(refused.DynamicMessage)
		e.Message = r.credential.redact(refused.message())
		e.Err = nil
	}
	if e.Throttled() {
		r.sender.limiter(r.key.region).throttle(time.Now())
	}
	return e
}

// newError makes an error of a request that has none of the API.
func (s *sender) newError(key callKey, parameters map[string]string, err error) *Error {
	endpoint := s.endpoint(key.region)
	_, verified := s.verified.Load(endpoint)
	return &Error{
		Operation: key.operation, Region: key.region, Endpoint: endpoint, Parameters: parameters,
		EndpointVerified: verified, Err: err,
	}
}
