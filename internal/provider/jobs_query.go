package provider

import (
	"maps"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// jobsQuery is what the arguments ask the API for. What the API takes for
// granted is sent, so that the answer does not depend on its defaults.
func jobsQuery(values argumentValues, region string) dts.JobsQuery {
	parameters := parametersOf(jobFilters, values)
	if parameters["JobType"] == "" {
		parameters["JobType"] = string(dts.FilterMigration)
	}
	if tags := values.textMap("tags"); len(tags) > 0 {
		parameters["Tags"] = tagList(tags)
	}
	size, _ := values.number("page_size")
	number, _ := values.number("page_number")
	return dts.JobsQuery{
		Region:      region,
		Parameters:  parameters,
		JobIDs:      values.texts("dts_job_ids"),
		InstanceIDs: values.texts("dts_instance_ids"),
		PageSize:    size,
		PageNumber:  number,
	}
}

// tagList is the documented form of the Tags parameter.
func tagList(tags map[string]string) string {
	type tag struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	}
	list := make([]tag, 0, len(tags))
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		list = append(list, tag{key, tags[key]})
	}
	text, _ := json.Marshal(list) // Strings from Terraform always marshal.
	return string(text)
}

// jobParameters names the argument behind each parameter of DescribeDtsJobs.
func jobParameters() map[string]string {
	names := parameterNames(jobFilters)
	maps.Copy(names, map[string]string{
		"Region": "region", "Tags": "tags", "DtsJobId": "dts_job_ids", "DtsInstanceId": "dts_instance_ids",
		"PageSize": "page_size", "PageNumber": "page_number",
	})
	return names
}
