package provider

import "github.com/dts-community/terraform-provider-dts/internal/dts/api"

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
	"github.com/dts-community/terraform-provider-dts/internal/shape"
)

// jobAttribute is the name of an attribute of a job.
type jobAttribute string

// Check accepts the attributes of the first level.
func (a jobAttribute) Check() error {
	names := shape.Of[api.Job]().Names()
	if slices.Contains(names, string(a)) {
		return nil
	}
	return errors.New("one of: " + strings.Join(names, ", "))
}

// request returns the request with the defaults that do not depend on the API.
func (c jobsConfig) request() api.JobsRequest {
	r := c.JobsRequest
	r.JobType = cmp.Or(r.JobType, api.FilterMigration)
	needsObjects := slices.Contains(c.JobAttributes, "db_object") || slices.Contains(c.JobAttributes, "reverse_job")
	if c.JobAttributes != nil && !needsObjects && r.WithoutDbList == nil {
		omit := true
		r.WithoutDbList = &omit
	}
	return r
}

// shape returns the shape of the state with the attributes that are stored.
func (c jobsConfig) shape() *shape.Shape {
	if c.JobAttributes == nil {
		return jobsShape
	}
	names := []string{"dts_job_id"}
	for _, attribute := range c.JobAttributes {
		names = append(names, string(attribute))
	}
	return jobsShape.Select("jobs", names).Select("etl_demo_jobs", names)
}

// validate checks arguments against each other, as far as they are known.
func (c jobsConfig) validate(unknown []string) diag.Diagnostics {
	var diags diag.Diagnostics
	if !slices.Contains(unknown, "type") && !slices.Contains(unknown, "params") {
		requireTogether(c, &diags)
	}
	for _, ids := range []struct {
		argument string
		count    int
	}{{"dts_job_ids", len(c.JobIDs)}, {"dts_instance_ids", len(c.InstanceIDs)}} {
		if ids.count > dts.IDsPerRequest {
			c.rejectMultipleRequests(ids.argument, &diags)
		}
	}
	return diags
}

// requireTogether reports type without params, and params without type, on the
// one that is set.
func requireTogether(c jobsConfig, diags *diag.Diagnostics) {
	set, missing := "type", "params"
	if c.Type == "" {
		set, missing = missing, set
	}
	if (c.Type == "") != (c.Params == "") {
		diags.AddAttributeError(path.Root(set), "Invalid Attribute Combination",
			fmt.Sprintf("Attribute %q must be specified when %q is specified.", missing, set))
	}
}

// rejectMultipleRequests reports arguments that only apply within one request.
func (c jobsConfig) rejectMultipleRequests(ids string, diags *diag.Diagnostics) {
	for _, argument := range []struct {
		name  string
		isSet bool
	}{
		{"page_number", c.PageNumber != 0},
		{"order_column", c.OrderColumn != ""},
		{"order_direction", c.OrderDirection != ""},
	} {
		if argument.isSet {
			diags.AddAttributeError(path.Root(argument.name), "Invalid Attribute Combination", fmt.Sprintf(
				"Attribute %q cannot be specified when %q has more than %d elements, because multiple requests are then needed and it applies to a single one. "+
					"Remove it and sort or slice the list in Terraform, or request fewer IDs.", argument.name, ids, dts.IDsPerRequest))
		}
	}
}
