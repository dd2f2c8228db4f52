package emulator

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/fault"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/identity"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/paging"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// request is a request that the gateway admitted to an operation.
type request struct {
	*wire.Request
	now         time.Time
	credentials identity.Credentials // none for an operation that is not signed
	faults      fault.Active

	region string
	// regionParameter is the one that the region comes from, or would.
	regionParameter string
}

// findRegion finds the region that a request is for: the first of the parameters
// that is sent, or else the endpoint's.
func (r *request) findRegion(parameters []string, hasDefault bool) error {
	r.regionParameter = parameters[0]
	for _, name := range parameters {
		if r.Parameters.Has(name) {
			r.regionParameter, r.region = name, r.Parameters.Get(name)
			return nil
		}
	}
	if !hasDefault {
		return wire.ErrMissing(r.regionParameter)
	}
	r.region = endpointRegion(r.HTTP.Host)
	return nil
}

// checkRegion refuses a region that neither the service nor the fixtures have.
func (r *request) checkRegion(ofFixtures []string) error {
	if slices.Contains(ofFixtures, r.region) || slices.Contains(knownRegions, r.region) {
		return nil
	}
	return wire.ErrInvalidParameter(r.regionParameter)
}

// readList reads which page of a list is requested, and refuses its size if need
// be.
func (r *request) readList(numberName string) (*paging.List, error) {
	number, err := r.positive(numberName, 1)
	if err != nil {
		return nil, err
	}
	size, err := r.positive("PageSize", paging.DefaultSize)
	if err != nil {
		return nil, err
	}
	list := paging.NewList(numberName, number, size)
	return list, r.faults.CheckSize(list)
}

// oneOf reads a parameter that has one of a few values, exactly as documented.
func (r *request) oneOf(name, fallback string, allowed ...string) (string, error) {
	value := cmp.Or(r.Parameters.Get(name), fallback)
	if !slices.Contains(allowed, value) {
		return "", wire.ErrInvalidParameter(name)
	}
	return value, nil
}

// positive reads an integer from 1 up to the maximum of the Integer type.
func (r *request) positive(name string, fallback int) (int, error) {
	text := r.Parameters.Get(name)
	if text == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > math.MaxInt32 {
		return 0, wire.ErrInvalidParameter(name)
	}
	return n, nil
}

// boolean reads true or false; absent is false.
func (r *request) boolean(name string) (bool, error) {
	value, err := r.oneOf(name, "false", "true", "false")
	return value == "true", err
}

// bareBody is a response with nothing of its operation's own.
func bareBody(r *request) []byte {
	return wire.Object(
		wire.Member{Name: "RequestId", Value: wire.Quote(r.ID)},
		wire.Member{Name: "HttpStatusCode", Value: wire.Number(200)},
		wire.Member{Name: "Success", Value: []byte("true")},
	)
}
