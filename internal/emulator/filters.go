package emulator

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/wire"
)

// predicate reports whether a job matches.
type predicate func(*account.Job) bool

// filter is a request parameter that narrows the list of jobs.
type filter struct {
	parameter string
	// compile turns the value into a predicate, or refuses it. It gets the complete
	// request because some filters come in pairs.
	compile func(value string, r *request) (predicate, error)
}

// filters are all filters of the document except Region and JobType, which choose
// the list. A job must match all that are sent. Values compare exactly, except
// where a comment tells otherwise: the document promises no more.
var filters = []filter{
	{"Type", byType},
	{"Params", needsType},
	{"Status", byStatus},
	{"Tags", byTags},
	{"DtsJobId", byID},
	{"DtsInstanceId", among("DtsInstanceID")},
	{"GroupId", hidden("GroupId")},
	{"DedicatedClusterId", field("DedicatedClusterId")},
	{"ResourceGroupId", field("ResourceGroupId")},
	{"DtsBisLabel", field("DtsBisLabel")},
	{"ZeroEtlJob", byZeroEtl},
	{"InstanceType", eitherEndpoint},
	{"InstanceId", eitherEndpoint},
	{"SrcProductType", field(source, "InstanceType")},
	{"DestProductType", field(destination, "InstanceType")},
}

// The two ends of a job.
const (
	source      = "SourceEndpoint"
	destination = "DestinationEndpoint"
)

// compileFilters returns the predicate that all parameters together make.
func compileFilters(r *request) (predicate, error) {
	var predicates []predicate
	for _, f := range filters {
		if !r.Parameters.Has(f.parameter) {
			continue
		}
		matches, err := f.compile(r.Parameters.Get(f.parameter), r)
		if err != nil {
			return nil, err
		}
		predicates = append(predicates, matches)
	}
	return func(j *account.Job) bool {
		return !slices.ContainsFunc(predicates, func(matches predicate) bool { return !matches(j) })
	}, nil
}

// field matches a job whose field at a path has the value.
func field(path ...string) func(string, *request) (predicate, error) {
	return func(value string, _ *request) (predicate, error) {
		return func(j *account.Job) bool { return j.Text(path...) == value }, nil
	}
}

// hidden matches by what the service knows of a job and does not return.
func hidden(name string) func(string, *request) (predicate, error) {
	return func(value string, _ *request) (predicate, error) {
		return func(j *account.Job) bool { return j.Hidden(name) == value }, nil
	}
}

// byID matches a job with one of the IDs, separated by commas. The ID of a reverse job
// that is nested in another job brings the job that has it.
func byID(value string, _ *request) (predicate, error) {
	ids := strings.Split(value, ",")
	return func(j *account.Job) bool {
		reverse := j.Text("ReverseJob", "DtsJobId")
		return slices.Contains(ids, j.ID) || reverse != "" && slices.Contains(ids, reverse)
	}, nil
}

// among matches a job whose field is one of multiple values, separated by commas.
func among(name string) func(string, *request) (predicate, error) {
	return func(value string, _ *request) (predicate, error) {
		values := strings.Split(value, ",")
		return func(j *account.Job) bool { return slices.Contains(values, j.Text(name)) }, nil
	}
}

// byStatus ignores case: the service returns synchronizing as well as
// Synchronizing, and both must be found by the documented value. An unknown status
// matches nothing, because the service adds statuses.
func byStatus(value string, _ *request) (predicate, error) {
	return func(j *account.Job) bool { return strings.EqualFold(j.Text("Status"), value) }, nil
}

// byType is the query condition: Type specifies what Params is.
func byType(value string, r *request) (predicate, error) {
	params := r.Parameters.Get("Params")
	if params == "" {
		return nil, wire.ErrInvalidParameter("Params")
	}
	isRDS := func(endpoint string) predicate {
		return func(j *account.Job) bool {
			return j.Text(endpoint, "InstanceType") == "RDS" && j.Text(endpoint, "InstanceID") == params
		}
	}
	switch value {
	case "instance":
		return func(j *account.Job) bool { return j.Text("DtsInstanceID") == params }, nil
	case "name":
		// The document calls it fuzzy search and does not define it; here it is a part of
		// the name, in any case.
		part := strings.ToLower(params)
		return func(j *account.Job) bool { return strings.Contains(strings.ToLower(j.Text("DtsJobName")), part) }, nil
	case "srcRds":
		return isRDS(source), nil
	case "rds":
		return isRDS(destination), nil
	}
	return nil, wire.ErrInvalidParameter("Type")
}

// needsType refuses Params without Type; with it, byType does the work.
func needsType(_ string, r *request) (predicate, error) {
	if !r.Parameters.Has("Type") {
		return nil, wire.ErrInvalidParameter("Type")
	}
	return func(*account.Job) bool { return true }, nil
}

// byTags matches a job that has all tags of a list [{"key": ..., "value": ...}].
// A key without a value matches any value.
func byTags(value string, _ *request) (predicate, error) {
	var wanted []struct {
		Key   *string `json:"key"`
		Value *string `json:"value"`
	}
	err := json.Unmarshal([]byte(value), &wanted, json.RejectUnknownMembers(true))
	for _, tag := range wanted {
		if tag.Key == nil {
			err = wire.ErrInvalidParameter("Tags")
		}
	}
	if err != nil {
		return nil, wire.ErrInvalidParameter("Tags")
	}
	return func(j *account.Job) bool {
		for _, tag := range wanted {
			value, isPresent := j.Tags[*tag.Key]
			if !isPresent || tag.Value != nil && *tag.Value != value {
				return false
			}
		}
		return true
	}, nil
}

// byZeroEtl: true is Zero-ETL jobs only, false is all others only, and without
// the parameter both are listed.
func byZeroEtl(_ string, r *request) (predicate, error) {
	wanted, err := r.boolean("ZeroEtlJob")
	if err != nil {
		return nil, err
	}
	return func(j *account.Job) bool { return (j.Hidden("ZeroEtlJob") == "true") == wanted }, nil
}

// eitherEndpoint matches a job one of whose endpoints has the InstanceType and
// the InstanceId, the same endpoint both if both are given.
func eitherEndpoint(_ string, r *request) (predicate, error) {
	fits := func(j *account.Job, endpoint string) bool {
		return (!r.Parameters.Has("InstanceType") || j.Text(endpoint, "InstanceType") == r.Parameters.Get("InstanceType")) &&
			(!r.Parameters.Has("InstanceId") || j.Text(endpoint, "InstanceID") == r.Parameters.Get("InstanceId"))
	}
	return func(j *account.Job) bool { return fits(j, source) || fits(j, destination) }, nil
}
