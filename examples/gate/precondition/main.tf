# Precondition: if the precheck has not passed, the plan fails for the gated
# resource. Other resources and outputs can use the data source.

data "dts_precheck_status" "migration" {
  dts_job_id          = var.dts_job_id
  wait_for_completion = true
}

# The gated resource. Any resource works.
resource "terraform_data" "deployment" {
  input = "switched over to ${var.dts_job_id}"

  lifecycle {
    create_before_destroy = true
    precondition {
      condition     = data.dts_precheck_status.migration.passed
      error_message = data.dts_precheck_status.migration.failure_summary
    }
  }
}

output "deployment" {
  value = terraform_data.deployment.output
}

output "failed_items" {
  value = data.dts_precheck_status.migration.failed_items[*].item
}
