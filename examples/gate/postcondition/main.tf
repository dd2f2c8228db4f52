# Postcondition: if the precheck has not passed, the plan fails, and nothing
# that uses the data source is planned.

data "dts_precheck_status" "migration" {
  dts_job_id          = var.dts_job_id
  wait_for_completion = true

  lifecycle {
    postcondition {
      condition     = self.passed
      error_message = self.failure_summary
    }
  }
}

# The gated resource. Any resource works.
resource "terraform_data" "deployment" {
  input = "switched over to ${data.dts_precheck_status.migration.dts_job_id}"

  lifecycle {
    create_before_destroy = true
  }
}

output "deployment" {
  value = terraform_data.deployment.output
}
