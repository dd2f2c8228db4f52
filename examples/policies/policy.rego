# Objections of a policy to a plan:
#
#   terraform show -json saved > plan.json
#   opa eval --fail-defined --format=raw --data policy.rego --input plan.json 'data.dts.deny[_]'

package dts

import rego.v1

# The types of resources that must have a gate.
gated := {"alicloud_alidns_record"}

deny contains "the plan is not complete" if input.errored

# Results that were read while planning, in any module.
deny contains message if {
	walk(input.prior_state.values, [_, resource])
	resource.mode == "data"
	resource.type == "dts_precheck_status"
	not resource.values.passed
	message := sprintf("%s: %s", [resource.address, resource.values.result])
}

# Conditions and check blocks.
deny contains message if {
	some check in input.checks
	check.status != "pass"
	message := sprintf("%s: %s", [check.address.to_display, check.status])
}

# Resources of the root module without a gate.
deny contains message if {
	some resource in input.configuration.root_module.resources
	resource.type in gated
	not has_gate(resource)
	message := sprintf("%s: no gate", [resource.address])
}

has_gate(resource) if {
	some dependency in resource.depends_on
	is_gate(dependency)
}

has_gate(resource) if {
	walk(input.configuration.provider_config[resource.provider_config_key].expressions, [_, node])
	some reference in node.references
	is_gate(reference)
}

is_gate(address) if startswith(address, "ephemeral.dts_precheck_gate.")

is_gate(address) if startswith(address, "ephemeral.dts_job_gate.")
