# The plan fails unless the precheck has passed when it ends.
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
