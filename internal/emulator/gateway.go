package emulator

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/fault"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/identity"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/signature"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// gateway checks requests before their operation gets them, in the order of the
// service's gateway.
type gateway struct {
	store *identity.Store
	rate  int // negative is no limit
	// prefixCodes begins the codes of business errors with DTS.Msg.
	prefixCodes bool
	backend     backend

	nonces  signature.Nonces
	limiter limiter
	faults  fault.Plan
}

// respond passes a request to its operation, or to the fault that responds in
// its place.
func (g *gateway) respond(r *wire.Request, now time.Time) (wire.Response, fault.Active) {
	admitted, err := g.admit(r, now)
	if err != nil {
		return r.Refuse(err), nil
	}
	faults := g.faults.Match(r)
	if response, isReplaced := faults.Replace(r); isReplaced {
		return response, faults
	}
	admitted.faults = faults
	response, err := operations[r.Action].respond(&g.backend, admitted)
	if err != nil && g.prefixCodes {
		err = wire.WithPrefix(err)
	}
	if err != nil {
		response = r.Refuse(err)
	}
	response.Body = faults.Rewrite(response.Body)
	return response, faults
}

// admit makes the gateway's checks.
func (g *gateway) admit(r *wire.Request, now time.Time) (*request, error) {
	if err := r.Parse(); err != nil {
		return nil, err
	}
	called, err := route(r)
	if err != nil {
		return nil, err
	}
	r.Product = called.product
	admitted := &request{Request: r, now: now}
	if !called.isUnsigned {
		if admitted.credentials, err = g.authenticate(r, now); err != nil {
			return nil, err
		}
	}
	if len(called.regionParameters) == 0 {
		return admitted, nil
	}
	if err := admitted.findRegion(called.regionParameters, called.hasDefaultRegion); err != nil {
		return nil, err
	}
	// Temporary credentials count as the account's key: the limit is the account's.
	if !g.limiter.allow(limitKey{r.Action, g.store.AccessKey, admitted.region}, now, g.rate) {
		return nil, wire.ErrThrottled
	}
	return admitted, nil
}

// route finds the operation that a request is for.
func route(r *wire.Request) (operation, error) {
	switch {
	case r.HTTP.URL.Path != "/":
		return operation{}, wire.ErrActionNotFound
	case !slices.Contains([]string{http.MethodGet, http.MethodPost}, r.HTTP.Method):
		return operation{}, wire.ErrUnsupportedHTTPMethod
	case r.Action == "":
		return operation{}, wire.ErrMissing("Action")
	case r.Version == "":
		return operation{}, wire.ErrMissing("Version")
	}
	found, known := operations[r.Action]
	// The common parameters of DTS make XML the default. All clients known here
	// request JSON, by Format or by an Accept header, so that is what is returned.
	switch format := r.Parameters.Get("Format"); {
	case !known:
		return operation{}, wire.ErrActionNotFound
	case r.Version != found.version:
		return operation{}, wire.ErrInvalidVersion
	case format != "" && !strings.EqualFold(format, "JSON"):
		return operation{}, wire.ErrUnsupportedFormat
	}
	return found, nil
}

// authenticate finds out who signed a request. The nonce comes last: a request
// that fails otherwise must not use it up.
func (g *gateway) authenticate(r *wire.Request, now time.Time) (identity.Credentials, error) {
	signed, err := signature.Parse(r)
	if err != nil {
		return identity.Credentials{}, err
	}
	credentials, known := g.store.Find(signed.AccessKey)
	if !known {
		return identity.Credentials{}, wire.ErrAccessKeyNotFound
	}
	if err := signed.Verify(credentials.Secret, now); err != nil {
		return identity.Credentials{}, err
	}
	if err := g.store.CheckToken(credentials, signed.Token, now); err != nil {
		return identity.Credentials{}, err
	}
	if !g.nonces.Use(signed.AccessKey, signed.Nonce, now) {
		return identity.Credentials{}, wire.ErrSignatureNonceUsed
	}
	return credentials, nil
}

func (g *gateway) reset() {
	g.limiter.reset()
	g.nonces.Reset()
	g.faults.Reset()
	g.backend.progress.Reset()
}
