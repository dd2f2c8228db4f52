package emulator

import (
	"errors"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/dts-community/terraform-provider-dts/internal/emulator/internal/account"
)

// predicate reports whether a job matches.
type predicate func(*account.Job) bool

// filter is a request parameter that narrows the list of jobs.
type filter struct {
	parameter string
	// compile turns the value into a predicate, or notes that it is invalid. It gets
	// the complete request because some filters come in pairs.
	compile func(value string, r *request) predicate
}

// filters are all filters of the document except Region and JobType, which choose
// the list. A job must match all that are sent. Values compare exactly, except
// where a comment differs: the document promises no more.
var filters = []filter{
	{"Type", byType},
	{"Params", byType},
	{"Status", byStatus},
	{"Tags", byTags},
	// The ID of a reverse job that is nested in another job brings the job that has it.
	{"DtsJobId", byIDs([]string{"DtsJobId"}, []string{"ReverseJob", "DtsJobId"})},
	{"DtsInstanceId", byIDs([]string{"DtsInstanceID"})},
	{"GroupId", byGroup},
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
func compileFilters(r *request) predicate {
	var predicates []predicate
	for _, f := range filters {
		if r.Parameters.Has(f.parameter) {
			predicates = append(predicates, f.compile(r.Parameters.Get(f.parameter), r))
		}
	}
	return func(j *account.Job) bool {
		return !slices.ContainsFunc(predicates, func(matches predicate) bool { return !matches(j) })
	}
}

// field matches a job whose field at a path has the value.
func field(path ...string) func(string, *request) predicate {
	return func(value string, _ *request) predicate {
		return func(j *account.Job) bool { return j.Text(path...) == value }
	}
}

// byGroup matches a job by its group, which the service knows and does not return.
func byGroup(value string, _ *request) predicate {
	return func(j *account.Job) bool { return j.Hidden("GroupId") == value }
}

// byIDs matches a job one of whose fields is among the IDs, separated by commas.
func byIDs(paths ...[]string) func(string, *request) predicate {
	return func(value string, _ *request) predicate {
		ids := strings.Split(value, ",")
		return func(j *account.Job) bool {
			return slices.ContainsFunc(paths, func(path []string) bool {
				id := j.Text(path...)
				return id != "" && slices.Contains(ids, id)
			})
		}
	}
}

// byStatus ignores case: the service returns synchronizing as well as
// Synchronizing, and both must be found by the documented value. An unknown status
// matches nothing, because the service adds statuses.
func byStatus(value string, _ *request) predicate {
	return func(j *account.Job) bool { return strings.EqualFold(j.Text("Status"), value) }
}

// byType is the query condition: Type specifies the field that Params is compared
// with. Neither is valid without the other.
func byType(_ string, r *request) predicate {
	kind, params := r.Parameters.Get("Type"), r.Parameters.Get("Params")
	isRDS := func(j *account.Job, endpoint string) bool {
		return j.Text(endpoint, "InstanceType") == "RDS" && j.Text(endpoint, "InstanceID") == params
	}
	conditions := map[string]predicate{
		"instance": func(j *account.Job) bool { return j.Text("DtsInstanceID") == params },
		// The document calls it fuzzy search and does not define it; here it is a part of
		// the name, in any case.
		"name": func(j *account.Job) bool {
			return strings.Contains(strings.ToLower(j.Text("DtsJobName")), strings.ToLower(params))
		},
		"srcRds": func(j *account.Job) bool { return isRDS(j, source) },
		"rds":    func(j *account.Job) bool { return isRDS(j, destination) },
	}
	if kind != "" && params == "" {
		r.invalid("Params")
	} else if conditions[kind] == nil {
		r.invalid("Type")
	}
	return conditions[kind]
}

// byTags matches a job that has all tags of a list [{"key": ..., "value": ...}].
// A key without a value matches any value.
func byTags(value string, r *request) predicate {
	var wanted []struct {
		Key   *string `json:"key"`
		Value *string `json:"value"`
	}
	err := json.Unmarshal([]byte(value), &wanted, json.RejectUnknownMembers(true))
	for _, tag := range wanted {
		if tag.Key == nil {
			err = errors.New("a tag without a key")
		}
	}
	if err != nil {
		r.invalid("Tags")
	}
	return func(j *account.Job) bool {
		for _, tag := range wanted {
			value, isPresent := j.Tags[*tag.Key]
			if !isPresent || tag.Value != nil && *tag.Value != value {
				return false
			}
		}
		return true
	}
}

// byZeroEtl: true is Zero-ETL jobs only, false is all others only, and without
// the parameter both are listed.
func byZeroEtl(_ string, r *request) predicate {
	wanted := r.boolean("ZeroEtlJob")
	return func(j *account.Job) bool { return (j.Hidden("ZeroEtlJob") == "true") == wanted }
}

// eitherEndpoint matches a job one of whose endpoints has the InstanceType and
// the InstanceId, the same endpoint both if both are given.
func eitherEndpoint(_ string, r *request) predicate {
	fits := func(j *account.Job, endpoint string) bool {
		return (!r.Parameters.Has("InstanceType") || j.Text(endpoint, "InstanceType") == r.Parameters.Get("InstanceType")) &&
			(!r.Parameters.Has("InstanceId") || j.Text(endpoint, "InstanceID") == r.Parameters.Get("InstanceId"))
	}
	return func(j *account.Job) bool { return fits(j, source) || fits(j, destination) }
}
