package provider

import (
	"cmp"
	"maps"
	"time"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// Defaults of arguments that only the provider knows.
const (
	defaultPollInterval    = 10 * time.Second
	defaultNotStartedGrace = time.Minute
)

// listFilters are the parameters that leave items out of an answer. A verdict
// over the rest would be none.
var listFilters = []string{"StructPhase", "Name"}

// precheckRequest is what the arguments of dts_precheck_status ask for.
type precheckRequest struct {
	listed dts.PrecheckQuery // with all filters
	judged dts.PrecheckQuery // without those that leave items out
	question
	wait               bool
	interval, patience time.Duration
}

func precheckQuery(values argumentValues, region string) precheckRequest {
	parameters := parametersOf(precheckArguments, values)
	parameters["JobCode"] = cmp.Or(parameters["JobCode"], string(dts.JobCodePrecheck))
	parameters["StructType"] = cmp.Or(parameters["StructType"], string(dts.StructTypeBefore))
	unfiltered := maps.Clone(parameters)
	for _, filter := range listFilters {
		delete(unfiltered, filter)
	}
	size, _ := values.number("page_size")
	after, _ := time.Parse(time.RFC3339, values.text("started_after")) // Validated; unset is zero.
	return precheckRequest{
		listed: dts.PrecheckQuery{Region: region, Parameters: parameters, PageSize: size},
		judged: dts.PrecheckQuery{Region: region, Parameters: unfiltered, PageSize: size},
		question: question{
			jobCode:        dts.JobCode(parameters["JobCode"]),
			startedAfter:   after,
			failOnWarnings: values.isTrue("fail_on_warnings"),
		},
		wait:     values.isTrue("wait_for_completion"),
		interval: values.duration("poll_interval", defaultPollInterval),
		patience: values.duration("not_started_grace", defaultNotStartedGrace),
	}
}

func (p precheckRequest) jobID() string { return p.judged.Parameters["DtsJobId"] }

// filtered reports whether the listed items may be fewer than the judged ones.
func (p precheckRequest) filtered() bool { return len(p.listed.Parameters) > len(p.judged.Parameters) }

// precheckParameters names the argument behind each parameter of
// DescribePreCheckStatus.
func precheckParameters() map[string]string {
	names := parameterNames(precheckArguments)
	maps.Copy(names, map[string]string{"RegionId": "region", "PageSize": "page_size"})
	return names
}
