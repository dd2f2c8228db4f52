package emulator

import (
	"maps"
	"slices"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/identity"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// operation is one action of the API.
type operation struct {
	product string
	version string
	// regionParameters name the region; the first that is sent counts. Official
	// metadata require neither Region nor RegionId of DescribeDtsJobs, clients of
	// the service send one or both, and MissingRegion is on record for a request
	// without any. The rate limit is per region. An operation without regions has
	// no limit: that of STS is a hundred per second, and nothing here needs as many.
	regionParameters []string
	// hasDefaultRegion is set where the document does not require a region.
	hasDefaultRegion bool
	// isUnsigned is set where something else shows who sends the request.
	isUnsigned bool
	respond    func(*Emulator, *request) (wire.Response, error)
}

// operations are the actions known. To add one, add a line; to add the response of
// another one, add a fixture.
var operations = map[string]operation{
	"DescribeDtsJobs": {
		product: "Dts", version: "2020-01-01", regionParameters: []string{"Region", "RegionId"}, respond: describeDtsJobs,
	},
	"DescribePreCheckStatus": {
		product: "Dts", version: "2020-01-01", regionParameters: []string{"RegionId"}, hasDefaultRegion: true, respond: describePreCheckStatus,
	},
	"DescribeDtsJobDetail": recordedOperation(describeDtsJobDetail),
	"GetCallerIdentity": {
		product: "Sts", version: "2015-04-01",
		respond: func(_ *Emulator, r *request) (wire.Response, error) {
			return identity.GetCallerIdentity(r.Request, r.credentials), nil
		},
	},
	"AssumeRole": {
		product: "Sts", version: "2015-04-01",
		respond: func(e *Emulator, r *request) (wire.Response, error) { return e.store.AssumeRole(r.Request, r.now) },
	},
	"AssumeRoleWithOIDC": {
		product: "Sts", version: "2015-04-01", isUnsigned: true,
		respond: func(e *Emulator, r *request) (wire.Response, error) {
			return e.store.AssumeRoleWithOIDC(r.Request, r.now)
		},
	},
}

// recordedOperation is an operation with fixtures. Requests that no fixture matches
// get the other response.
func recordedOperation(otherwise func(*Emulator, *request) (wire.Response, error)) operation {
	return operation{
		product: "Dts", version: "2020-01-01", regionParameters: []string{"RegionId", "Region"}, hasDefaultRegion: true,
		respond: func(e *Emulator, r *request) (wire.Response, error) {
			recorded := e.library.contents().account.Response(r.Action, r.Parameters)
			if recorded == nil {
				return otherwise(e, r)
			}
			members, err := wire.ParseObject(recorded)
			return r.OK(members), err
		},
	}
}

// describeDtsJobDetail serves DescribeDtsJobDetail for the jobs that DescribeDtsJobs
// lists: the job's fields are those of the response.
func describeDtsJobDetail(e *Emulator, r *request) (wire.Response, error) {
	if err := r.Require("DtsJobId"); err != nil {
		return wire.Response{}, err
	}
	job, err := e.library.job(r, r.Parameters.Get("DtsJobId"))
	if err == nil && job == nil {
		err = wire.ErrInstanceNotFound
	}
	if err != nil {
		return wire.Response{}, err
	}
	return r.OK(job.Members), nil
}

// operation returns the operation with a name, known or recorded.
func (e *Emulator) operation(name string) (found operation, isKnown bool) {
	if found, isKnown = operations[name]; isKnown {
		return found, true
	}
	if !slices.Contains(e.library.contents().account.Operations(), name) {
		return operation{}, false
	}
	return recordedOperation(func(_ *Emulator, r *request) (wire.Response, error) {
		return wire.Response{}, wire.ErrInstanceNotFound.WithMessage("No fixture of " + r.Action + " matches the parameters of the request.")
	}), true
}

// operationNames returns the names of all operations, sorted.
func (e *Emulator) operationNames() []string {
	names := append(slices.Collect(maps.Keys(operations)), e.library.contents().account.Operations()...)
	slices.Sort(names)
	return slices.Compact(names)
}
