package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/dts-community/terraform-provider-dts/internal/dts"
)

// queryArguments are the arguments of which exactly one tells which job to find.
var queryArguments = []string{"dts_job_id", "dts_instance_id", "dts_job_name"}

// validateQuery checks which job is to be found, as far as it is known.
func validateQuery(q dts.JobQuery, unknown []string, diags *diag.Diagnostics) {
	var set []string
	for i, value := range []string{string(q.JobID), string(q.InstanceID), q.Name} {
		if value != "" {
			set = append(set, queryArguments[i])
		}
	}
	mayBeSet := slices.ContainsFunc(queryArguments, func(name string) bool { return slices.Contains(unknown, name) })
	switch {
	case len(set) > 1:
		diags.AddAttributeError(path.Root(set[1]), "Invalid Attribute Combination",
			fmt.Sprintf("Attribute %q cannot be specified when %q is specified.", set[1], set[0]))
	case len(set) == 0 && !mayBeSet:
		diags.AddAttributeError(path.Root(queryArguments[0]), "Missing Attribute Configuration",
			fmt.Sprintf("Exactly one of these attributes must be configured: %s.", strings.Join(queryArguments, ", ")))
	}
	requireElements(path.Root("job_types"), q.JobTypes, diags)
}

// validate checks the condition in a block, or at the root if within is empty.
func (c jobCondition) validate(within path.Path, unknown []string, diags *diag.Diagnostics) {
	statuses, limit := within.AtName("statuses"), within.AtName("max_delay_seconds")
	isUnknown := func(p path.Path) bool { return slices.Contains(unknown, p.String()) }
	if c.Statuses == nil && c.MaxDelaySeconds == nil && !isUnknown(statuses) && !isUnknown(limit) {
		diags.AddAttributeError(within, "Missing Attribute Configuration",
			fmt.Sprintf("At least one of these attributes must be configured: %s, %s.", statuses, limit))
	}
	requireElements(statuses, c.Statuses, diags)
}

// requireElements reports a set that is empty or has an empty element, with
// which nothing could ever be found.
func requireElements[S ~string](argument path.Path, set []S, diags *diag.Diagnostics) {
	switch {
	case set != nil && len(set) == 0:
		diags.AddAttributeError(argument, "Invalid Attribute Value",
			fmt.Sprintf("Attribute %s must contain at least 1 element. Remove it to use the default.", argument))
	case slices.Contains(set, ""):
		diags.AddAttributeError(argument, "Invalid Attribute Value",
			fmt.Sprintf("Attribute %s must not contain an empty string.", argument))
	}
}
