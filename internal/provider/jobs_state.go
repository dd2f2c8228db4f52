package provider

import "github.com/dts-community/terraform-provider-dts/internal/dts/api"

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// newJobsState returns the state of a list that was read.
func newJobsState(region string, config jobsConfig, listing *dts.JobListing) jobsState {
	state := jobsState{
		ID:         hashOf(region, config.JobsRequest, config.NameRegex, config.JobAttributes),
		JobType:    config.JobType,
		MissingIDs: slices.Concat(listing.MissingJobIDs, listing.MissingInstanceIDs),
		JobList:    matchNames(listing.JobList, config.NameRegex),
	}
	for _, job := range state.Jobs {
		state.IDs = append(state.IDs, valueOf(job.DtsJobID))
		state.Names = append(state.Names, valueOf(job.DtsJobName))
	}
	return state
}

// matchNames returns the list with the jobs whose name matches. The list
// itself may belong to multiple reads and is not changed.
func matchNames(list api.JobList, nameRegex regularExpression) api.JobList {
	if nameRegex == "" {
		return list
	}
	expression := nameRegex.compile()
	list.Jobs = slices.DeleteFunc(slices.Clone(list.Jobs), func(j api.Job) bool { return !expression.MatchString(valueOf(j.DtsJobName)) })
	list.EtlDemoJobs = slices.DeleteFunc(slices.Clone(list.EtlDemoJobs), func(j api.EtlJob) bool { return !expression.MatchString(valueOf(j.DtsJobName)) })
	return list
}

// warnings are about what a user may not expect of a list.
func (c jobsConfig) warnings(region string, listing *dts.JobListing) diag.Diagnostics {
	var diags diag.Diagnostics
	if listing.CountMismatch {
		reported := "no number"
		if count := listing.TotalRecordCount; count != nil {
			reported = fmt.Sprint(*count)
		}
		diags.AddWarning("Job Count Mismatch", fmt.Sprintf(
			"The job list changed while it was being read. Two consecutive reads returned %d jobs, but the API reports %s.",
			len(listing.Jobs), reported))
	}
	c.warnOfMissing("dts_job_ids", region, listing.MissingJobIDs, &diags)
	c.warnOfMissing("dts_instance_ids", region, listing.MissingInstanceIDs, &diags)
	return diags
}

func (c jobsConfig) warnOfMissing(argument, region string, ids []api.ID, diags *diag.Diagnostics) {
	if len(ids) > 0 {
		diags.AddAttributeWarning(path.Root(argument), "Jobs Not Found", fmt.Sprintf(
			"%s: no job was found in region %s for %s. Jobs are only found under their own job type and if they match the other filters: %s. "+
				"The IDs are also in missing_ids.", argument, region, joinIDs(ids), strings.Join(c.filters(), ", ")))
	}
}

// filters lists the filters that are set, except IDs, as name = value.
func (c jobsConfig) filters() []string {
	r := c.JobsRequest
	r.JobIDs, r.InstanceIDs, r.PageSize, r.PageNumber, r.OrderColumn, r.OrderDirection, r.WithoutDbList = nil, nil, 0, 0, "", "", nil
	var filters []string
	for _, argument := range shape.SetArguments(r) {
		value := strings.TrimPrefix(fmt.Sprint(argument.Value), "map") // Of tags, [key:value].
		filters = append(filters, argument.Name+" = "+value)
	}
	return filters
}

func joinIDs(ids []api.ID) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	return strings.Join(texts, ", ")
}

// hashOf identifies a read by its arguments.
func hashOf(arguments ...any) string {
	text, _ := json.Marshal(arguments) // Strings, numbers, lists and maps of them always marshal.
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// valueOf returns the zero value for a field that is null.
func valueOf[T any](field *T) T {
	if field == nil {
		return *new(T)
	}
	return *field
}
