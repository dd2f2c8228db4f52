# Provider block that uses the gate: while the gate is closed, the provider of
# the gated resources can't be configured, so that they are not created, updated,
# replaced or deleted.

ephemeral "dts_precheck_gate" "migration" {
  dts_job_id          = var.dts_job_id
  wait_for_completion = true
}

# An alias, so that only the gated resources depend on the gate. The argument is
# a text that alicloud appends to its User-Agent.
provider "alicloud" {
  alias                = "gated"
  region               = "cn-hangzhou"
  configuration_source = ephemeral.dts_precheck_gate.migration.result
}

# The gated resource: another domain name replaces it.
resource "alicloud_alidns_record" "database" {
  provider    = alicloud.gated
  domain_name = var.domain_name
  rr          = "orders-db"
  type        = "CNAME"
  value       = var.database_host

  lifecycle {
    create_before_destroy = true
  }
}
