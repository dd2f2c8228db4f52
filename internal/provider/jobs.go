package provider

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/dts-community/terraform-provider-dts/internal/dts/api"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// jobsConfig is the configuration of dts_jobs.
type jobsConfig struct {
	sourceArguments
	api.JobsRequest

	JobTypes      []api.JobTypeFilter `doc:"Types of the jobs to list, instead of 'job_type'. 'jobs' has the jobs of all of them. Cannot be set with 'page_number', 'order_column' or 'order_direction'."`
	NameRegex     regularExpression   `doc:"Filters by job name with a regular expression, applied after the jobs are read."`
	JobAttributes []jobAttribute      `doc:"Attributes of a job to store in state, in addition to 'dts_job_id'. The others are null, or empty if they are lists or maps. Defaults to all attributes. Without 'db_object' and 'reverse_job', 'without_db_list' defaults to 'true'."`
}

// jobsState is what a read of dts_jobs computes.
type jobsState struct {
	ID         string             `tf:"id" doc:"Hash of the arguments."`
	JobType    *api.JobTypeFilter `tf:"job_type"`
	IDs        []string           `tf:"ids" doc:"IDs of 'jobs', in the same order."`
	Names      []string           `tf:"names" doc:"Names of 'jobs', in the same order. Empty for a job without a name."`
	MissingIDs []api.ID           `tf:"missing_ids" doc:"IDs in 'dts_job_ids' or 'dts_instance_ids' for which no job was found."`
	api.JobList
}

var jobsShape = shape.Of[jobsState]()

var jobsSource = source[jobsConfig]{
	name: "jobs",
	description: "Lists DTS migration, synchronization and change tracking jobs, with every field returned by `DescribeDtsJobs`. " +
		"All pages are read; if the complete list cannot be read, the data source returns an error. If nothing matches, `jobs` is empty.",
	computed: jobsShape,
	validate: validateJobs,
	read:     readJobs,
	failed:   "Unable to List DTS Jobs",
	tooLarge: "DTS Jobs Exceed the State Limit",
	fewer: "Set job_attributes to the attributes you need, omit db_object with without_db_list = true, " +
		"or list fewer jobs with status, job_type, dts_job_ids, dts_instance_ids or page_number.",
}

// validateJobs reports arguments that cannot be set together, each on one that is
// set.
func validateJobs(c jobsConfig, unknown []string, diags *diag.Diagnostics) {
	if !slices.Contains(unknown, "type") && !slices.Contains(unknown, "params") && (c.Type == "") != (c.Params == "") {
		set, missing := "type", "params"
		if c.Type == "" {
			set, missing = missing, set
		}
		diags.AddAttributeError(path.Root(set), "Invalid Attribute Combination",
			fmt.Sprintf("Attribute %q must be specified when %q is specified.", missing, set))
	}
	isSet := map[string]bool{
		"dts_job_ids": c.JobIDs != nil, "dts_instance_ids": c.InstanceIDs != nil, "job_type": c.JobType != "", "job_types": c.JobTypes != nil,
		"page_number": c.PageNumber != 0, "order_column": c.OrderColumn != "", "order_direction": c.OrderDirection != "",
	}
	oneRequest := "Page number and order apply to one request. Sort and slice the list in Terraform."
	for _, exclusive := range []struct {
		argument string
		others   []string
		advice   string
	}{
		{"dts_instance_ids", []string{"dts_job_ids"}, "Use a data source for each of them."},
		{"job_type", []string{"job_types"}, "Add the type to job_types."},
		{"page_number", []string{"dts_job_ids", "dts_instance_ids", "job_types"}, oneRequest},
		{"order_column", []string{"dts_job_ids", "dts_instance_ids", "job_types"}, oneRequest},
		{"order_direction", []string{"dts_job_ids", "dts_instance_ids", "job_types"}, oneRequest},
	} {
		for _, other := range exclusive.others {
			if isSet[exclusive.argument] && isSet[other] {
				diags.AddAttributeError(path.Root(exclusive.argument), "Invalid Attribute Combination",
					fmt.Sprintf("Attribute %q cannot be specified when %q is specified. %s", exclusive.argument, other, exclusive.advice))
			}
		}
	}
	requireElements(path.Root("job_types"), c.JobTypes, diags)
}

// requireElements reports a set that is empty, with which nothing could ever be
// found.
func requireElements[S ~string](argument path.Path, set []S, diags *diag.Diagnostics) {
	if set != nil && len(set) == 0 {
		addInvalid(diags, argument, "must contain at least 1 element. Remove it to use the default.")
	}
}

func readJobs(ctx context.Context, r *reading[jobsConfig]) (any, *shape.Shape, error) {
	c := r.config
	types := api.InDocumentOrder(c.JobTypes)
	if c.JobTypes == nil {
		types = []api.JobTypeFilter{cmp.Or(c.JobType, api.DefaultJobType)}
	}
	if c.JobAttributes != nil && c.WithoutDbList == nil {
		needsObjects := slices.Contains(c.JobAttributes, "db_object") || slices.Contains(c.JobAttributes, "reverse_job")
		c.WithoutDbList = map[bool]*bool{false: new(true)}[needsObjects]
	}
	state := jobsState{ID: hashOf(r.region, types, c.JobsRequest, c.NameRegex, c.JobAttributes), MissingIDs: c.IDs()}
	if c.JobTypes == nil {
		state.JobType = &types[0]
	}
	seen := map[string]bool{}
	for _, jobType := range types {
		c.JobType = jobType
		list, err := r.client.Jobs(ctx, r.region, c.JobsRequest)
		if err != nil {
			return nil, nil, err
		}
		if list.Counted > 0 {
			r.diags.AddWarning("Job Count Mismatch", fmt.Sprintf(
				"The API counts %d jobs of type %s in region %s, but lists %d of them, each time it is requested. Permissions may hide the others. "+
					"Check that this account may read all jobs, for example those of other resource groups.", list.Counted, jobType, r.region, len(list.Jobs)))
		}
		for _, job := range list.Jobs {
			if id := job.ID(); id == "" || !seen[id] {
				seen[id] = true
				state.Jobs = append(state.Jobs, job)
			}
		}
		state.EtlDemoJobs = append(state.EtlDemoJobs, list.EtlDemoJobs...)
		if count := list.TotalRecordCount; count != nil {
			state.TotalRecordCount = new(api.Value(state.TotalRecordCount) + *count)
		}
		state.MissingIDs = slices.DeleteFunc(slices.Clone(state.MissingIDs), func(id api.ID) bool { return !slices.Contains(list.MissingIDs, id) })
	}
	if len(types) > 1 {
		slices.SortStableFunc(state.Jobs, func(a, b api.Job) int { return strings.Compare(a.ID(), b.ID()) })
		slices.SortStableFunc(state.EtlDemoJobs, func(a, b api.EtlJob) int { return strings.Compare(a.ID(), b.ID()) })
		state.EtlDemoJobs = slices.CompactFunc(state.EtlDemoJobs, func(a, b api.EtlJob) bool { return a.ID() != "" && a.ID() == b.ID() })
	}
	if c.IDs() != nil {
		state.TotalRecordCount = new(int64(len(state.Jobs)))
	}
	warnOfMissing(r, state.MissingIDs)
	if c.NameRegex != "" {
		expression := regexp.MustCompile(string(c.NameRegex)) // It was validated.
		state.Jobs = slices.DeleteFunc(state.Jobs, func(j api.Job) bool { return !expression.MatchString(api.Value(j.DtsJobName)) })
		state.EtlDemoJobs = slices.DeleteFunc(state.EtlDemoJobs, func(j api.EtlJob) bool { return !expression.MatchString(api.Value(j.DtsJobName)) })
	}
	for _, job := range state.Jobs {
		state.IDs = append(state.IDs, job.ID())
		state.Names = append(state.Names, api.Value(job.DtsJobName))
	}
	selected := jobsShape
	if c.JobAttributes != nil {
		names := []string{"dts_job_id"}
		for _, attribute := range c.JobAttributes {
			names = append(names, string(attribute))
		}
		selected = jobsShape.Select("jobs", names).Select("etl_demo_jobs", names)
	}
	return state, selected, nil
}

// warnOfMissing warns of IDs that were not found, with the filters that may be
// why.
func warnOfMissing(r *reading[jobsConfig], ids []api.ID) {
	if len(ids) == 0 {
		return
	}
	argument := "dts_job_ids"
	if r.config.JobIDs == nil {
		argument = "dts_instance_ids"
	}
	set := r.config.JobsRequest
	set.JobIDs, set.InstanceIDs, set.PageSize, set.WithoutDbList = nil, nil, 0, nil // They are not filters.
	var filters []string
	if r.config.JobTypes != nil {
		filters = append(filters, fmt.Sprintf("job_types = %s", r.config.JobTypes))
	} else {
		set.JobType = cmp.Or(set.JobType, api.DefaultJobType)
	}
	for _, a := range shape.SetArguments(set) {
		value := strings.TrimPrefix(fmt.Sprint(a.Value), "map") // Of tags, [key:value].
		filters = append(filters, a.Name+" = "+value)
	}
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = string(id)
	}
	r.diags.AddAttributeWarning(path.Root(argument), "Jobs Not Found", r.printable(fmt.Sprintf(
		"%s: no job was found in region %s for %s. Jobs are only found under their own job type and if they match the other filters: %s. "+
			"Check the IDs, the region and the filters. The IDs are also in missing_ids.", argument, r.region, strings.Join(texts, ", "), strings.Join(filters, ", "))))
}

// hashOf identifies a read by its arguments.
func hashOf(arguments ...any) string {
	text, _ := json.Marshal(arguments) // Strings, numbers, lists and maps of them always marshal.
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// jobAttribute is the name of an attribute of a job.
type jobAttribute string

// IsValid accepts the attributes of the first level.
func (a jobAttribute) IsValid() bool { return slices.Contains(jobShape.Names(), string(a)) }

// Constraint lists them.
func (jobAttribute) Constraint() string { return "one of: " + strings.Join(jobShape.Names(), ", ") }
