package emulator

import (
	"maps"
	"slices"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/identity"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/scenario"
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
	respond    func(*backend, *request) (wire.Response, error)
}

// backend is what operations respond from.
type backend struct {
	library  *library
	progress scenario.Progress
	sts      identity.STS
}

// operations are the actions known. To add one, add a line.
var operations = map[string]operation{
	"DescribeDtsJobs": {
		product: "Dts", version: "2020-01-01", regionParameters: []string{"Region", "RegionId"},
		respond: func(b *backend, r *request) (wire.Response, error) {
			return describeDtsJobs(b.library.contents().account, r)
		},
	},
	"DescribePreCheckStatus": {
		product: "Dts", version: "2020-01-01", regionParameters: []string{"RegionId"}, hasDefaultRegion: true,
		respond: func(b *backend, r *request) (wire.Response, error) {
			return describePreCheckStatus(b.library.contents(), &b.progress, r)
		},
	},
	"GetCallerIdentity": {
		product: "Sts", version: "2015-04-01",
		respond: func(b *backend, r *request) (wire.Response, error) {
			return b.sts.GetCallerIdentity(r.Request, r.credentials), nil
		},
	},
	"AssumeRole": {
		product: "Sts", version: "2015-04-01",
		respond: func(b *backend, r *request) (wire.Response, error) { return b.sts.AssumeRole(r.Request, r.now) },
	},
	"AssumeRoleWithOIDC": {
		product: "Sts", version: "2015-04-01", isUnsigned: true,
		respond: func(b *backend, r *request) (wire.Response, error) { return b.sts.AssumeRoleWithOIDC(r.Request, r.now) },
	},
}

// operationNames returns the names of all operations, sorted.
func operationNames() []string {
	return slices.Sorted(maps.Keys(operations))
}
