package emulator

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/fault"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/identity"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// request is a request that was admitted to an operation.
type request struct {
	*wire.Request
	operation   operation
	now         time.Time
	credentials identity.Credentials // none for an operation that is not signed
	faults      fault.Active

	region string
	// regionParameter is the one that the region comes from, or would.
	regionParameter  string
	invalidParameter error
}

// findRegion finds the region that a request is for: the first of the operation's
// parameters that is sent, or else the endpoint's.
func (r *request) findRegion() error {
	r.regionParameter = r.operation.regionParameters[0]
	for _, name := range r.operation.regionParameters {
		if r.Parameters.Has(name) {
			r.regionParameter, r.region = name, r.Parameters.Get(name)
			return nil
		}
	}
	if !r.operation.hasDefaultRegion {
		return wire.ErrMissing(r.regionParameter)
	}
	// The endpoint's region is that of dts.cn-beijing.aliyuncs.com, and cn-hangzhou
	// for any other host. Which region the service uses is not documented.
	r.region = strings.TrimSuffix(strings.TrimPrefix(r.HTTP.Host, "dts."), ".aliyuncs.com")
	if !slices.Contains(knownRegions, r.region) {
		r.region = "cn-hangzhou"
	}
	return nil
}

// invalid notes that a parameter is refused. The first one that is counts, so an
// operation reads all its parameters and then looks at invalidParameter once.
func (r *request) invalid(name string) {
	if r.invalidParameter == nil {
		r.invalidParameter = wire.ErrInvalidParameter(name)
	}
}

// checkRegion refuses a region that neither the service nor the fixtures have.
func (r *request) checkRegion(ofFixtures []string) {
	if !slices.Contains(ofFixtures, r.region) && !slices.Contains(knownRegions, r.region) {
		r.invalid(r.regionParameter)
	}
}

// defaultPageSize is the size of a page whose request names none, maxPageSize the
// largest that is accepted. Documents of different years end at 30, 50 or 100, and
// clients of the service send 50 and 100. How the service treats a size that it does
// not accept is not on record: faults have the possible ways.
const (
	defaultPageSize = 20
	maxPageSize     = 100
)

// list reads which page of a list is requested.
func (r *request) list(numberName string) *fault.List {
	number, size := r.positive(numberName, 1), r.positive("PageSize", defaultPageSize)
	if size > maxPageSize {
		r.invalid("PageSize")
	}
	return &fault.List{Number: number, Size: size, Offset: (number - 1) * size}
}

// oneOf reads a parameter that has one of a few values, exactly as documented.
func (r *request) oneOf(name, fallback string, allowed ...string) string {
	value := cmp.Or(r.Parameters.Get(name), fallback)
	if !slices.Contains(allowed, value) {
		r.invalid(name)
	}
	return value
}

// positive reads an integer from 1 up to the maximum of the Integer type.
func (r *request) positive(name string, fallback int) int {
	n, err := strconv.Atoi(cmp.Or(r.Parameters.Get(name), strconv.Itoa(fallback)))
	if err != nil || n < 1 || n > math.MaxInt32 {
		r.invalid(name)
	}
	return n
}

// boolean reads true or false; absent is false.
func (r *request) boolean(name string) bool {
	return r.oneOf(name, "false", "true", "false") == "true"
}

// knownRegions are regions in which Alibaba Cloud offers DTS. A known region
// without fixtures has no jobs; any other region is refused, unless the fixtures
// have a directory for it.
var knownRegions = []string{
	"cn-hangzhou", "cn-shanghai", "cn-qingdao", "cn-beijing", "cn-zhangjiakou", "cn-huhehaote",
	"cn-wulanchabu", "cn-shenzhen", "cn-heyuan", "cn-guangzhou", "cn-chengdu", "cn-nanjing",
	"cn-fuzhou", "cn-wuhan-lr", "cn-hongkong", "cn-hangzhou-finance", "cn-shanghai-finance-1",
	"cn-shenzhen-finance-1", "cn-beijing-finance-1", "cn-north-2-gov-1",
	"ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-5", "ap-southeast-6",
	"ap-southeast-7", "ap-northeast-1", "ap-northeast-2", "ap-south-1",
	"us-west-1", "us-east-1", "na-south-1", "eu-central-1", "eu-west-1", "me-east-1", "me-central-1",
}
