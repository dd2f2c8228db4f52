# Objections of a policy to a plan, one per line, with exit code 1:
#
#   terraform show -json saved | jq -r --argjson gated '["alicloud_alidns_record"]' -f policy.jq
#
# gated lists the types of resources that must have a gate.

def is_gate: startswith("ephemeral.dts_precheck_gate.") or startswith("ephemeral.dts_job_gate.");

# Each module of a configuration, with the depends_on of its calls.
def modules($depends): {depends: $depends, resources: (.resources // [])},
  (.module_calls // {} | .[] | ($depends + (.depends_on // [])) as $all | .module | modules($all));

.configuration as $configuration
| [
    # Results that were read while planning.
    .prior_state.values.root_module // {} | recurse(.child_modules[]?) | .resources[]?
    | select(.mode == "data" and .type == "dts_precheck_status" and .values.passed != true)
    | "\(.address): \(.values.result)"
  ] as $not_passed
| [.prior_state.values.root_module // {} | recurse(.child_modules[]?) | .resources[]?.address] as $read
| [
    # Results that will be read while applying, too late for a policy.
    .resource_changes[]?
    | select(.mode == "data" and (.type | startswith("dts_")) and (IN(.address; $read[]) | not))
    | "\(.address): not read while planning"
  ] as $not_read
| [
    # Conditions and check blocks.
    .checks[]? | select(.status != "pass") | "\(.address.to_display): \(.status)"
  ] as $not_checked
| [
    # How each resource that must have a gate is gated.
    $configuration.root_module // {} | modules([]) | .depends as $depends | .resources[]
    | select(.mode == "managed" and IN(.type; $gated[]))
    | {
        name: "\(.type).\(.name)",
        by_depends_on: any((.depends_on // [])[], $depends[]; is_gate),
        by_provider: any($configuration.provider_config[.provider_config_key].expressions // {} | .. | .references? // empty | .[]; is_gate)
      }
  ] as $resources
| [
    $resources[] | select((.by_depends_on or .by_provider) | not) | "\(.name): no gate"
  ] as $not_gated
| [
    # depends_on does not hold what is destroyed first.
    .resource_changes[]?
    | select(.mode == "managed" and IN(.type; $gated[]) and .change.actions[0] == "delete")
    | select("\(.type).\(.name)" as $name | any($resources[]; .name == $name and .by_provider) | not)
    | "\(.address): destroyed before a gate is opened"
  ] as $not_held
| [if .errored then "the plan is not complete" else empty end] as $errors
| $errors + $not_passed + $not_read + $not_checked + $not_gated + $not_held
| if . == [] then empty else join("\n") + "\n" | halt_error(1) end
