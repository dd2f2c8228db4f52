package provider

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// newJobsState is the state of a list that was read, with warnings for what
// the user may not expect of it.
func newJobsState(q dts.JobsQuery, listing dts.Listing, nameRegex string) (jobsState, diag.Diagnostics) {
	var diags diag.Diagnostics
	if listing.Disputed {
		diags.AddWarning("The API counts another number of jobs",
			fmt.Sprintf("The list of jobs moved while it was read. Two readings agreed on %d jobs, but the API counts %d.",
				len(listing.Jobs), *listing.TotalRecordCount))
	}
	state := jobsState{ID: hashOf(q, nameRegex), JobList: listing.JobList}
	if q.PageNumber == 0 {
		state.MissingIDs = missingIDs(q, listing.Jobs, &diags)
	}
	matchNames(&state.JobList, nameRegex)
	for _, job := range state.Jobs {
		state.IDs = append(state.IDs, orEmpty(job.DtsJobID))
		state.Names = append(state.Names, orEmpty(job.DtsJobName))
	}
	return state, diags
}

// missingIDs returns the ids that no job was found for, and warns of them.
func missingIDs(q dts.JobsQuery, jobs []dts.Job, diags *diag.Diagnostics) []string {
	var missing []string
	for _, asked := range []struct {
		argument string
		ids      []string
		has      func(dts.Job, string) bool
	}{
		{"dts_job_ids", q.JobIDs, dts.Job.HasID},
		{"dts_instance_ids", q.InstanceIDs, dts.Job.HasInstanceID},
	} {
		gone := slices.DeleteFunc(slices.Clone(asked.ids), func(id string) bool {
			return slices.ContainsFunc(jobs, func(job dts.Job) bool { return asked.has(job, id) })
		})
		if len(gone) > 0 {
			diags.AddAttributeWarning(path.Root(asked.argument), "Jobs not found", fmt.Sprintf(
				"No job was found in region %s for: %s. The usual cause is job_type, which is %s here: "+
					"the API finds a job only under its own type. The ids are also in missing_ids.",
				q.Region, strings.Join(gone, ", "), q.Parameters["JobType"]))
		}
		missing = append(missing, gone...)
	}
	return missing
}

// matchNames leaves the jobs whose name matches; an expression that does not
// compile was refused before the read. The listing may be shared, so it is
// copied.
func matchNames(list *dts.JobList, nameRegex string) {
	if nameRegex == "" {
		return
	}
	expression := regexp.MustCompile(nameRegex)
	list.Jobs = slices.DeleteFunc(slices.Clone(list.Jobs), func(j dts.Job) bool { return !expression.MatchString(orEmpty(j.DtsJobName)) })
	list.EtlDemoJobs = slices.DeleteFunc(slices.Clone(list.EtlDemoJobs), func(j dts.EtlJob) bool { return !expression.MatchString(orEmpty(j.DtsJobName)) })
}

// hashOf identifies a read by its arguments.
func hashOf(arguments ...any) string {
	text, _ := json.Marshal(arguments) // Strings, numbers and maps of them always marshal.
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// orEmpty returns what a field holds, or "".
func orEmpty[T ~string](field *T) T {
	if field == nil {
		return ""
	}
	return *field
}
