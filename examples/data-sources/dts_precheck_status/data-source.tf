# The precheck of a job, read as it stands.
data "dts_precheck_status" "orders" {
  dts_job_id = "k2fm11x9d8t12ab"
}

# The precheck of a job, waited for, which must have passed.
data "dts_precheck_status" "catalog" {
  dts_job_id          = "qga3hvsw0tszz8i"
  wait_for_completion = true
  timeouts {
    read = "30m"
  }

  lifecycle {
    postcondition {
      condition     = self.passed
      error_message = self.failure_summary
    }
  }
}

# The schema migration of a job, without views and functions in the list.
data "dts_precheck_status" "schema" {
  dts_job_id   = "k2fm11x9d8t12ab"
  job_code     = "02"
  struct_phase = "Table"
}

output "orders" {
  value = {
    result = data.dts_precheck_status.orders.result
    failed = data.dts_precheck_status.orders.failed_items[*].item
  }
}
