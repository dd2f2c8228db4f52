package emulator

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// predicate says whether a job matches.
type predicate func(*job) bool

// filter is a request parameter that narrows the list of jobs.
type filter struct {
	parameter string
	// compile turns the value into a predicate, or refuses it. It is given all
	// parameters because some filters come in pairs.
	compile func(value string, p url.Values) (predicate, error)
}

// filters are all filters of the document but Region and JobType, which every
// request has, if only by default. A job must match all that are given.
//
// Values compare exactly, except where a comment says otherwise: the document
// promises no more.
var filters = []filter{
	{"Type", byType},
	{"Params", needsType},
	{"Status", byStatus},
	{"Tags", byTags},
	{"DtsJobId", among("DtsJobId")},
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
func compileFilters(a *account, p url.Values) (predicate, error) {
	region, err := oneOf(p, "Region", "", a.regions...)
	if err != nil {
		return nil, err
	}
	jobType, err := oneOf(p, "JobType", "MIGRATION", jobTypes...)
	if err != nil {
		return nil, err
	}
	predicates := []predicate{
		func(j *job) bool { return j.region == region && j.jobType == jobType },
	}
	for _, f := range filters {
		if !p.Has(f.parameter) {
			continue
		}
		matches, err := f.compile(p.Get(f.parameter), p)
		if err != nil {
			return nil, err
		}
		predicates = append(predicates, matches)
	}
	return all(predicates), nil
}

func all(predicates []predicate) predicate {
	return func(j *job) bool {
		return !slices.ContainsFunc(predicates, func(matches predicate) bool { return !matches(j) })
	}
}

// field matches a job whose field at a path has the value.
func field(path ...string) func(string, url.Values) (predicate, error) {
	return func(value string, _ url.Values) (predicate, error) {
		return func(j *job) bool { return j.text(path...) == value }, nil
	}
}

// hidden matches by what the service knows of a job and does not answer.
func hidden(name string) func(string, url.Values) (predicate, error) {
	return func(value string, _ url.Values) (predicate, error) {
		return func(j *job) bool { return j.known(name) == value }, nil
	}
}

// among matches a job whose field is one of several values, separated by commas.
func among(name string) func(string, url.Values) (predicate, error) {
	return func(value string, _ url.Values) (predicate, error) {
		values := strings.Split(value, ",")
		return func(j *job) bool { return slices.Contains(values, j.text(name)) }, nil
	}
}

// byStatus ignores case: the service answers synchronizing as well as
// Synchronizing, and both must be found by the documented value. A status that
// nobody knows matches nothing, for the service adds statuses.
func byStatus(value string, _ url.Values) (predicate, error) {
	return func(j *job) bool { return strings.EqualFold(j.text("Status"), value) }, nil
}

// byType is the query condition: Type says what Params is.
func byType(value string, p url.Values) (predicate, error) {
	params := p.Get("Params")
	if params == "" {
		return nil, invalidParameter("Params")
	}
	switch value {
	case "instance":
		return func(j *job) bool { return j.text("DtsInstanceID") == params }, nil
	case "name":
		return nameContains(params), nil
	case "srcRds":
		return rdsInstance(source, params), nil
	case "rds":
		return rdsInstance(destination, params), nil
	}
	return nil, invalidParameter("Type")
}

// nameContains is what the document calls fuzzy search. What that means is not
// said; here it is a part of the name, whatever its case.
func nameContains(part string) predicate {
	part = strings.ToLower(part)
	return func(j *job) bool { return strings.Contains(strings.ToLower(j.text("DtsJobName")), part) }
}

func rdsInstance(endpoint, id string) predicate {
	return func(j *job) bool {
		return j.text(endpoint, "InstanceType") == "RDS" && j.text(endpoint, "InstanceID") == id
	}
}

// needsType refuses Params without Type; with it, byType does the work.
func needsType(_ string, p url.Values) (predicate, error) {
	if !p.Has("Type") {
		return nil, invalidParameter("Type")
	}
	return func(*job) bool { return true }, nil
}

// byTags matches a job that has all tags of a list [{"key": ..., "value": ...}].
// A key without a value matches whatever its value is.
func byTags(value string, _ url.Values) (predicate, error) {
	var wanted []map[string]string // not a struct: encoding/json would take "Key" for "key"
	if err := json.Unmarshal([]byte(value), &wanted); err != nil {
		return nil, invalidParameter("Tags")
	}
	for _, tag := range wanted {
		if !isTag(tag) {
			return nil, invalidParameter("Tags")
		}
	}
	return func(j *job) bool {
		tags := j.tags()
		return !slices.ContainsFunc(wanted, func(tag map[string]string) bool { return !hasTag(tags, tag) })
	}, nil
}

// isTag reports whether an object has a key and nothing but a key and a value.
func isTag(tag map[string]string) bool {
	_, hasKey := tag["key"]
	_, hasValue := tag["value"]
	return hasKey && (len(tag) == 1 || len(tag) == 2 && hasValue)
}

func hasTag(tags, wanted map[string]string) bool {
	value, present := tags[wanted["key"]]
	wantedValue, restricted := wanted["value"]
	return present && (!restricted || value == wantedValue)
}

// byZeroEtl: true is Zero-ETL jobs only, false is all others only, and without
// the parameter both are listed.
func byZeroEtl(_ string, p url.Values) (predicate, error) {
	wanted, err := boolean(p, "ZeroEtlJob")
	if err != nil {
		return nil, err
	}
	return func(j *job) bool { return (j.known("ZeroEtlJob") == "true") == wanted }, nil
}

// eitherEndpoint matches a job one of whose endpoints has the InstanceType and
// the InstanceId, the same endpoint both if both are given.
func eitherEndpoint(_ string, p url.Values) (predicate, error) {
	fits := func(j *job, endpoint string) bool {
		return (!p.Has("InstanceType") || j.text(endpoint, "InstanceType") == p.Get("InstanceType")) &&
			(!p.Has("InstanceId") || j.text(endpoint, "InstanceID") == p.Get("InstanceId"))
	}
	return func(j *job) bool { return fits(j, source) || fits(j, destination) }, nil
}
